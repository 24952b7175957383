"""The compact JWS: its segments, and HS256."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from .base64url import decode_base64url, encode_base64url, is_canonical_base64url
from .errors import CountersignError
from .keys import key_id
from .strict_json import parse_json_object

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 (a media type)
"""`typ` of an API token (RFC 9068 §2.1)."""


class Omitted(Enum):
    """The type of `OMITTED`."""

    OMITTED = "omitted"


OMITTED: Final = Omitted.OMITTED
"""Stands for a member that is left out."""


class Segments(NamedTuple):
    """The three parts of a compact JWS (RFC 7515 §7.1), each in its only encoding."""

    header: str
    payload: str
    signature: str


def split_segments(token: str) -> Segments:
    """CS-3: three segments of canonical base64url, none of them empty."""
    parts = token.split(".", 3)
    if len(parts) != 3 or not all(is_canonical_base64url(part) for part in parts):
        raise CountersignError("malformed")
    return Segments(*parts)


def read_segment(segment: str, max_json_depth: int) -> dict[str, Any]:
    """CS-4 and CS-10: one strict JSON object per segment."""
    value = parse_json_object(decode_base64url(segment), max_json_depth)
    if value is None:
        raise CountersignError("malformed")
    return value


def check_hs256(segments: Segments, key: bytes) -> None:
    """CS-9: the MAC (RFC 7518 §3.2), compared in constant time as the text that it must be."""
    expected = _hs256(f"{segments.header}.{segments.payload}", key)
    if not hmac.compare_digest(expected, segments.signature):
        raise CountersignError("bad_signature")


def sign_hs256(*, key: str, payload: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
    """A compact JWS under HS256 (RFC 7515 §3.1, RFC 7518 §3.2). It signs what it is given and checks nothing.

    `key` is the key's text: `derive_key(BETTER_AUTH_SECRET)` or `COUNTERSIGN_KEY`. `header` changes the header
    `{ alg: "HS256", kid, typ: "at+jwt" }`; `OMITTED` leaves a member out of header or payload, `None` is `null`.
    """
    protected_header = {"alg": "HS256", "kid": key_id(key), "typ": TOKEN_TYPE, **(header or {})}
    signing_input = f"{_encoded(protected_header)}.{_encoded(payload)}"
    return f"{signing_input}.{_hs256(signing_input, key.encode('utf-8'))}"


def _encoded(members: Mapping[str, Any]) -> str:
    present = {name: value for name, value in members.items() if value is not OMITTED}
    text = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
    return encode_base64url(text.encode("utf-8"))


def _hs256(signing_input: str, key: bytes) -> str:
    return encode_base64url(hmac.digest(key, signing_input.encode("utf-8"), "sha256"))
