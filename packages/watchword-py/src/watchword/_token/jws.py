"""The compact JWS: its segments, and HS256."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from .._encoding.base64url import decode_base64url, encode_base64url
from .._encoding.strict_json import parse_json_object
from .._errors import WatchwordError
from .._keys.keys import compute_key_id
from .._omitted import OMITTED

TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 (a media type)
"""`typ` of an API token (RFC 9068 §2.1)."""


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
