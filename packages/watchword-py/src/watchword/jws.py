"""The compact JWS: its segments, and HS256."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from .base64url import ALPHABET, decode_base64url, encode_base64url, ends_canonically
from .errors import WatchwordError
from .keys import compute_key_id
from .strict_json import parse_json_object

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 (a media type)
"""`typ` of an API token (RFC 9068 §2.1)."""


class Omitted(Enum):
    """The type of `OMITTED`."""

    OMITTED = "omitted"


OMITTED: Final = Omitted.OMITTED
"""Stands for a member that is left out."""


class Segments(NamedTuple):
    """The three parts of a compact JWS (RFC 7515 §7.1), each in its only encoding, and what its signature covers."""

    header: bytes
    payload: bytes
    signature: bytes
    input: bytes


def split_segments(token: str) -> Segments:
    """CS-3: three segments of canonical base64url, none of them empty."""
    if not token.isascii():
        raise WatchwordError("malformed")
    data = token.encode("ascii")
    if data.translate(None, ALPHABET) != b"..":
        raise WatchwordError("malformed")
    header, payload, signature = data.split(b".")
    for segment in (header, payload, signature):
        if not ends_canonically(segment):
            raise WatchwordError("malformed")
    return Segments(header, payload, signature, data[: -len(signature) - 1])


def read_segment(segment: bytes, max_json_depth: int) -> dict[str, Any]:
    """CS-4 and CS-10: one strict JSON object per segment."""
    value = parse_json_object(decode_base64url(segment), max_json_depth)
    if value is None:
        raise WatchwordError("malformed")
    return value


def sign_hs256(*, key: str, payload: Mapping[str, Any], header: Mapping[str, Any] | None = None) -> str:
    """A compact JWS under HS256 (RFC 7515 §3.1, RFC 7518 §3.2). It signs what it is given and checks nothing.

    `key` is the key's text: `derive_key(BETTER_AUTH_SECRET)` or `WATCHWORD_KEY`. `header` changes the header
    `{ alg: "HS256", kid, typ: "at+jwt" }`; `OMITTED` leaves a member out of header or payload, `None` is `null`.
    """
    protected_header = {"alg": "HS256", "kid": compute_key_id(key), "typ": TOKEN_TYPE, **(header or {})}
    signing_input = f"{encode_members(protected_header)}.{encode_members(payload)}"
    mac = hmac.digest(key.encode("utf-8"), signing_input.encode("utf-8"), "sha256")
    return f"{signing_input}.{encode_base64url(mac)}"


def encode_members(members: Mapping[str, Any]) -> str:
    """A segment: the members that are not `OMITTED`, as JSON in base64url."""
    present = {name: value for name, value in members.items() if value is not OMITTED}
    text = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
    return encode_base64url(text.encode("utf-8"))
