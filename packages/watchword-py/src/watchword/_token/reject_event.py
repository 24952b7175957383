"""What the operator learns of a refused token."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._clock import Clock
from .._encoding.base64url import decode_base64url
from .._encoding.segments import split_segments
from .._encoding.strict_json import parse_json_object
from .._errors import WatchwordError
from .verifier_options import RejectEvent

if TYPE_CHECKING:
    from .policy import Policy

_MAX_CHARACTERS = 64
_MAX_NAME_CHARACTERS = 256
_MAX_JSON_DEPTH = 16
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]")


# The refusals behind which a token for another API can stand: its key is another one, so that the audience is not even
# looked at.
_AUDIENCE_CODES = ("unknown_key", "wrong_audience")


def reject_event(refusal: WatchwordError, token: object, clock: Clock) -> RejectEvent:
    """`alg` and `kid` are the sender's word: cleaned, and only where the header is readable."""
    members = {} if refusal.code == "too_large" else _header_members(token)
    return RejectEvent(
        code=refusal.code,
        claim=refusal.claim,
        alg=_cleaned(members.get("alg")),
        kid=_cleaned(members.get("kid")),
        audience=refusal.audience,
        expected_audience=refusal.expected_audience,
        issuer=refusal.issuer,
        expected_issuer=refusal.expected_issuer,
        at=clock.now(),
    )


def note_mismatch(refusal: WatchwordError, token: object, policy: Policy) -> None:
    """Writes on the refusal what the token names in `aud` or `iss`, and what the verifier accepts, where the difference
    can be why. The payload is the sender's word.
    """
    if refusal.code == "wrong_issuer" and policy.issuers is not None:
        refusal.issuer = _names_in(token, "iss")
        if refusal.issuer is not None:
            refusal.expected_issuer = _listed(policy.issuers)
    elif refusal.code in _AUDIENCE_CODES and policy.audience is not None:
        refusal.audience = _names_in(token, "aud")
        if refusal.audience is not None:
            refusal.expected_audience = _listed(policy.audience)


def _names_in(token: object, claim: str) -> str | None:
    try:
        payload = parse_json_object(decode_base64url(split_segments(str(token)).payload), _MAX_JSON_DEPTH) or {}
    except WatchwordError:
        return None
    names = payload.get(claim)
    names = names if isinstance(names, list) else [names]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    return _listed(names)


def _listed(names: Sequence[str]) -> str | None:
    return _cleaned(" ".join(names), _MAX_NAME_CHARACTERS)


def _header_members(token: object) -> dict[str, Any]:
    try:
        header = split_segments(str(token)).header
    except WatchwordError:
        return {}
    return parse_json_object(decode_base64url(header), _MAX_JSON_DEPTH) or {}


def _cleaned(value: object, longest: int = _MAX_CHARACTERS) -> str | None:
    """Printable ASCII, so that no log can be forged or split by it."""
    return _NOT_PRINTABLE.sub("?", value[:longest]) if isinstance(value, str) else None
