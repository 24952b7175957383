"""The answers of the feed."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from .._encoding.strict_json import parse_json_object
from .revocation_list import Revocation

# Bounds of one answer. Held against `contract/defaults.json`.
MAX_BYTES: Final = 8_388_608
MAX_ENTRIES: Final = 10_000
MAX_CURSOR_CHARACTERS: Final = 1024

_MAX_JSON_DEPTH = 8
_MAX_SAFE_INTEGER = 2**53 - 1


class FeedAnswer(NamedTuple):
    """One answer of the feed."""

    entries: list[Revocation]
    cursor: str
    """Where to go on: opaque."""
    more: bool
    """Whether there is more to be had at once."""


def read_feed_answer(body: bytes) -> FeedAnswer | None:
    """CS-25: an answer of the feed, or `None` where any part of it is not what the contract says: a verifier that
    guessed would let tokens pass that are revoked. Members that it does not know are ignored, kinds are not.
    """
    answer = parse_json_object(body, _MAX_JSON_DEPTH) if len(body) <= MAX_BYTES else None
    if answer is None:
        return None
    entries, cursor, more = answer.get("entries"), answer.get("cursor"), answer.get("more")
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        return None
    if not isinstance(cursor, str) or cursor == "" or _utf16_length(cursor) > MAX_CURSOR_CHARACTERS:
        return None
    if not isinstance(more, bool) or not _is_number(answer.get("now")):
        return None
    revocations = []
    for entry in entries:
        revocation = _revocation_of(entry)
        if revocation is None:
            return None
        revocations.append(revocation)
    return FeedAnswer(revocations, cursor, more)


def _revocation_of(entry: Any) -> Revocation | None:
    if not isinstance(entry, dict):
        return None
    kind, identifier, deleted = entry.get("kind"), entry.get("id"), entry.get("deleted", False)
    at, until = _second(entry.get("at")), _second(entry.get("until"))
    if kind not in ("session", "token", "user") or not isinstance(identifier, str) or identifier == "":
        return None
    if at is None or until is None or not isinstance(deleted, bool) or (deleted and kind != "user"):
        return None
    return Revocation(kind, identifier, at, until, deleted)


def _second(value: Any) -> int | None:
    """A whole number, also where it is written as `1e9`."""
    if not _is_number(value) or not 0 <= value <= _MAX_SAFE_INTEGER or value != int(value):
        return None
    return int(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        # A whole number beyond the greatest one, which JavaScript reads as infinite.
        return False


def _utf16_length(text: str) -> int:
    """The length as JavaScript counts it."""
    return len(text.encode("utf-16-le")) // 2
