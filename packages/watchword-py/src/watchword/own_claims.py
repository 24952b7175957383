"""Own claims, in the shape that the application wants."""

from __future__ import annotations

from collections.abc import Callable

from .errors import WatchwordError
from .identity import ClaimsT
from .strict_json import JsonObject


def check_own_claims(claims: JsonObject, reader: Callable[[JsonObject], ClaimsT]) -> ClaimsT:
    """CS-20: the claims are what the configured function wants. Its result becomes `identity.claims`.

    Raises `WatchwordError` `invalid_claim` when the function raises; what it says is not shown, it may quote the
    claims.
    """
    try:
        return reader(claims)
    except Exception as fault:
        raise WatchwordError("invalid_claim") from fault
