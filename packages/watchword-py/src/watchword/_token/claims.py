"""The checks of the claims, one per clause."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from .._encoding.strict_json import JsonObject
from .._errors import RefusalCode, WatchwordError
from .._white_space import trimmed

SESSION_CACHE_AUDIENCE: Final = "better-auth:session-cache"
"""The audience of Better Auth's own session cookie, which is never an API token."""

_MAX_SUBJECT_CHARACTERS = 255
_CONTROL_CHARACTERS = "\u0000-\u001f\u007f-\u009f"
_CONTROL = re.compile(f"[{_CONTROL_CHARACTERS}]")
# Characters that are not seen: they make two different users look the same.
_INVISIBLE_CHARACTERS = "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
# And characters that end or split a path segment, or start an escape in it.
_NOT_IN_A_USER_ID = re.compile(rf"[{_CONTROL_CHARACTERS}{_INVISIBLE_CHARACTERS}/\\?#%]")


def check_not_session_cookie(payload: JsonObject) -> None:
    """CS-11: the shape of Better Auth's session cookie."""
    if isinstance(payload.get("session"), dict) and isinstance(payload.get("user"), dict):
        raise WatchwordError("wrong_type")


def check_claim_types(payload: JsonObject) -> None:
    """CS-12: registered claims have the type that RFC 7519 §4.1 gives them."""
    for name in ("iss", "sub", "jti", "sid"):
        if not isinstance(payload.get(name, ""), str):
            _refuse("invalid_claim", name)
    if not _is_audience(payload.get("aud", "")):
        _refuse("invalid_claim", "aud")
    for name in ("exp", "nbf", "iat"):
        if not _is_finite_number(payload.get(name, 0)):
            _refuse("invalid_claim", name)


def check_required_claims(claims: JsonObject, required: Sequence[str]) -> None:
    """CS-13: every required claim is there. The first one missing is named."""
    for claim in required:
        if claim not in claims:
            raise WatchwordError("missing_claim", claim=claim, variant="sub" if claim == "sub" else None)


def check_times(
    claims: JsonObject,
    now_seconds: float,
    *,
    clock_tolerance_seconds: float,
    max_lifetime_seconds: float,
) -> None:
    """CS-14: `exp`, `nbf`, `iat` (RFC 7519 §4.1.4–4.1.6) in that order, as real numbers."""
    # As floats, so that both languages round alike.
    exp = float(claims.get("exp", -math.inf))
    nbf = float(claims.get("nbf", -math.inf))
    iat = float(claims.get("iat", 0))
    latest_start = now_seconds + clock_tolerance_seconds
    if not now_seconds < exp + clock_tolerance_seconds:
        _refuse("expired", "exp")
    if not nbf <= latest_start:
        _refuse("not_yet_valid", "nbf")
    if not iat <= latest_start:
        _refuse("not_yet_valid", "iat")
    if not (iat < exp and exp - iat <= max_lifetime_seconds):
        _refuse("invalid_claim", "exp")


def check_issuer(claims: JsonObject, issuers: Sequence[str] | None) -> None:
    """CS-15: `iss` is a configured issuer; `None` switches the comparison off."""
    if issuers is not None and claims.get("iss") not in issuers:
        _refuse("wrong_issuer", "iss")


def check_audience(claims: JsonObject, audience: Sequence[str] | None) -> None:
    """CS-16: `aud` holds a configured audience; `None` switches the comparison off."""
    given = audience_of(claims)
    if audience is not None and not any(one in audience for one in given):
        _refuse("wrong_audience", "aud")
    if SESSION_CACHE_AUDIENCE in given:
        _refuse("wrong_type", "aud")


def check_subject(claims: JsonObject) -> None:
    """CS-17: `sub` can name a user in a path segment, and looks like no other user."""
    if not is_user_id(claims.get("sub", "")):
        _refuse("invalid_claim", "sub")


def check_token_and_session_ids(claims: JsonObject) -> None:
    """CS-17: `jti` and `sid` can be looked up and logged."""
    for name in ("jti", "sid"):
        identifier = claims.get(name)
        if identifier is not None and (identifier == "" or _CONTROL.search(identifier)):
            _refuse("invalid_claim", name)


def check_unbound(claims: JsonObject) -> None:
    """CS-18: a token bound to a key is no bearer token (RFC 7800 §3.1, RFC 9449 §7.1)."""
    if "cnf" in claims:
        _refuse("sender_constrained", "cnf")


def audience_of(claims: JsonObject) -> tuple[str, ...]:
    """`aud` as a list."""
    audience = claims.get("aud", ())
    return (audience,) if isinstance(audience, str) else tuple(audience)


def is_user_id(text: str) -> bool:
    """Whether a text can be a user id: 1–255 code points, one path segment, no white space around it and
    nothing invisible in it.
    """
    if text in ("", ".", "..") or text != trimmed(text) or len(text) > _MAX_SUBJECT_CHARACTERS:
        return False
    return _NOT_IN_A_USER_ID.search(text) is None


def _refuse(code: RefusalCode, claim: str) -> NoReturn:
    raise WatchwordError(code, claim=claim)


def _is_audience(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _is_finite_number(value: Any) -> bool:
    """Python counts `True` as a number, and has integers beyond every float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
