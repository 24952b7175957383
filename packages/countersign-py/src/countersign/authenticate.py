"""Who sends a request, and whose URL it is. Knows no framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

from .bearer import read_bearer
from .claims import is_user_id
from .errors import CountersignError
from .identity import Identity
from .verify import Verifier

AuthenticationMode = Literal["required", "optional"]
"""Whether a request without a credential is refused or anonymous."""


@overload
async def authenticate(
    verifier: Verifier, authorization: Sequence[str], mode: Literal["required"] = ...
) -> Identity: ...


@overload
async def authenticate(
    verifier: Verifier, authorization: Sequence[str], mode: AuthenticationMode
) -> Identity | None: ...


async def authenticate(
    verifier: Verifier, authorization: Sequence[str], mode: AuthenticationMode = "required"
) -> Identity | None:
    """Who sends a request. `authorization` has one entry per `Authorization` header as received.

    Returns `None` only in mode `optional` and only for a request without any `Authorization` header: a credential
    that is not accepted is refused in both modes. Raises `CountersignError`.
    """
    if mode == "optional" and not authorization:
        return None
    return await verifier.verify(read_bearer(authorization))


def require_self(identity: Identity, user_id: str | None) -> None:
    """CS-19: the user named in the URL is the one the token names, byte for byte.

    `user_id` is the path segment, percent-decoded exactly once; `None` where it cannot be decoded. Raises
    `CountersignError` `wrong_subject`.
    """
    if user_id is None or not is_user_id(user_id) or user_id != identity.user_id:
        raise CountersignError("wrong_subject")
