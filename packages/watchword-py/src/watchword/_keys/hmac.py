"""HMAC with SHA-256 under a shared key."""

from __future__ import annotations

import hmac

from .._encoding.base64url import encode_base64url
from .._encoding.segments import Segments


class HmacKey:
    """A shared key for HS256 (RFC 7518 §3.2)."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def is_signature(self, segments: Segments) -> bool:
        """Whether the MAC is of this key: compared in constant time, as the text that it must be."""
        expected = encode_base64url(hmac.digest(self._key, segments.input, "sha256")).encode("ascii")
        return hmac.compare_digest(expected, segments.signature)
