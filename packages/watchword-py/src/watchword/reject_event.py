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
_MAX_JSON_DEPTH = 16
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]")


def reject_event(refusal: WatchwordError, token: object, clock: Clock) -> RejectEvent:
    """`alg` and `kid` are the sender's word: cleaned, and only where the header is readable."""
    members = {} if refusal.code == "too_large" else _header_members(token)
    return RejectEvent(
        code=refusal.code,
        claim=refusal.claim,
        alg=_cleaned(members.get("alg")),
        kid=_cleaned(members.get("kid")),
        at=clock.now(),
    )


def _header_members(token: object) -> dict[str, Any]:
    try:
        header = split_segments(str(token)).header
    except WatchwordError:
        return {}
    return parse_json_object(decode_base64url(header), _MAX_JSON_DEPTH) or {}


def _cleaned(value: object) -> str | None:
    """Printable ASCII, so that no log can be forged or split by it."""
    return _NOT_PRINTABLE.sub("?", value[:_MAX_CHARACTERS]) if isinstance(value, str) else None
