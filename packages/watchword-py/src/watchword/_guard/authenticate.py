"""Who sends a request, and whose URL it is. Knows no framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, overload

from .._errors import ConfigurationError, WatchwordError
from .._feed.create_verifier import Verifier
from .._token.claims import is_user_id
from .._token.identity import ClaimsT, Identity
from .._token.revocation import RevocationMode
from .bearer import read_bearer

AuthenticationMode = Literal["required", "optional"]
"""Whether a request without a credential is refused or anonymous."""


@overload
async def authenticate(
    verifier: Verifier[ClaimsT],
    authorization: Sequence[str],
    mode: Literal["required"] = ...,
    *,
    revocation: RevocationMode | None = ...,
) -> Identity[ClaimsT]: ...


@overload
async def authenticate(
    verifier: Verifier[ClaimsT],
    authorization: Sequence[str],
    mode: AuthenticationMode,
    *,
    revocation: RevocationMode | None = ...,
) -> Identity[ClaimsT] | None: ...


async def authenticate(
    verifier: Verifier[ClaimsT],
    authorization: Sequence[str],
    mode: AuthenticationMode = "required",
    *,
    revocation: RevocationMode | None = None,
) -> Identity[ClaimsT] | None:
    """Who sends a request. `authorization` has one entry per `Authorization` header as received.
    `revocation="none"` does not ask whether the token is revoked.

    Returns `None` only in mode `optional` and only for a request without any `Authorization` header: a credential
    that is not accepted is refused in both modes. Raises `WatchwordError`.
    """
    if mode == "optional" and not authorization:
        return None
    return await verifier.verify(read_bearer(authorization), revocation=revocation)


def require_self(identity: Identity[Any] | None, user_id: str | None) -> None:
    """CS-19: the user named in the URL is the one the token names, byte for byte.

    `identity` is the caller; nobody is nobody's self. `user_id` is the path segment, percent-decoded exactly once;
    `None` where it cannot be decoded. Raises `WatchwordError` `missing` without a caller, `wrong_subject` for
    another one.
    """
    if identity is None:
        raise WatchwordError("missing")
    if user_id is None or not is_user_id(user_id) or user_id != identity.user_id:
        raise WatchwordError("wrong_subject")


def require_scope(identity: Identity[Any] | None, *scopes: str) -> None:
    """CS-22: the token grants every one of the scopes, by exact text.

    Raises `WatchwordError` `missing` without a caller, `insufficient_scope` otherwise; `ConfigurationError` when no
    scope is named: that would let everybody through.
    """
    check_named(scopes, "require_scope")
    if identity is None:
        raise WatchwordError("missing")
    if not all(one in identity.scopes for one in scopes):
        raise WatchwordError("insufficient_scope", scopes=scopes)


def require_role(identity: Identity[Any] | None, *roles: str) -> None:
    """CS-22: the caller has at least one of the roles, by exact text.

    Raises `WatchwordError` `missing` without a caller, `insufficient_scope` otherwise; `ConfigurationError` when no
    role is named.
    """
    check_named(roles, "require_role")
    if identity is None:
        raise WatchwordError("missing")
    if not any(one in identity.roles for one in roles):
        raise WatchwordError("insufficient_scope")


def check_named(names: Sequence[str], caller: str) -> None:
    """Called by the adapters when a route is set up, so that a mistake stops the start and not a request."""
    if names and all(isinstance(one, str) and one != "" for one in names):
        return
    raise ConfigurationError(f'{caller} needs at least one name, for example {caller}("admin").')
