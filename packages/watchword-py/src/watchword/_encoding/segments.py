"""The compact JWS, taken apart."""

from __future__ import annotations

from typing import NamedTuple

from .._errors import WatchwordError
from .base64url import ALPHABET, ends_canonically


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
