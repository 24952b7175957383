"""Own claims, in the shape that the application wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .._encoding.strict_json import JsonObject
from .._errors import WatchwordError
from .identity import ClaimsT, Identity


def check_own_claims(claims: JsonObject, reader: Callable[[JsonObject], ClaimsT]) -> ClaimsT:
    """CS-20: the claims are what the configured function wants. Its result becomes `identity.claims`.

    Raises `WatchwordError` `invalid_claim` when the function raises; what it says is not shown, it may quote the
    claims.
    """
    try:
        return reader(claims)
    except Exception as fault:
        raise WatchwordError("invalid_claim") from fault


def with_own_claims(identity: Identity[JsonObject], reader: Callable[[JsonObject], Any] | None) -> Identity[Any]:
    """CS-20, for every request anew: what the function makes can be changed by any caller that is given it."""
    if reader is None:
        return identity
    return replace(identity, claims=check_own_claims(identity.claims, reader))
