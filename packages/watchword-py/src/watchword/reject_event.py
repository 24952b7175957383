"""What the operator learns of a refused token."""

from __future__ import annotations

import re
from typing import Any

from .base64url import decode_base64url
from .clock import Clock
from .errors import WatchwordError
from .jws import split_segments
from .strict_json import parse_json_object
from .verifier_options import RejectEvent

_MAX_CHARACTERS = 64
_MAX_AUDIENCE_CHARACTERS = 256
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
        at=clock.now(),
    )


def note_audience(refusal: WatchwordError, token: object, expected: tuple[str, ...] | None) -> None:
    """Writes on the refusal which audience the token names and which were expected, where that can be why. The payload
    is the sender's word. `expected` is `None` where the verifier accepts every audience.
    """
    if expected is None or refusal.code not in _AUDIENCE_CODES:
        return
    refusal.audience = _named_audience(token)
    if refusal.audience is not None:
        refusal.expected_audience = _cleaned(" ".join(expected), _MAX_AUDIENCE_CHARACTERS)


def _named_audience(token: object) -> str | None:
    try:
        payload = parse_json_object(decode_base64url(split_segments(str(token)).payload), _MAX_JSON_DEPTH) or {}
    except WatchwordError:
        return None
    names = payload.get("aud")
    names = names if isinstance(names, list) else [names]
    if not names or not all(isinstance(name, str) for name in names):
        return None
    return _cleaned(" ".join(names), _MAX_AUDIENCE_CHARACTERS)


def _header_members(token: object) -> dict[str, Any]:
    try:
        header = split_segments(str(token)).header
    except WatchwordError:
        return {}
    return parse_json_object(decode_base64url(header), _MAX_JSON_DEPTH) or {}


def _cleaned(value: object, longest: int = _MAX_CHARACTERS) -> str | None:
    """Printable ASCII, so that no log can be forged or split by it."""
    return _NOT_PRINTABLE.sub("?", value[:longest]) if isinstance(value, str) else None
