"""HMAC with SHA-256 under a key that is made ready once."""

from __future__ import annotations

import hashlib
import hmac

from .base64url import encode_base64url
from .jws import Segments

_BLOCK_BYTES = 64
_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))


class HmacKey:
    """A key for HMAC with SHA-256 (RFC 2104), the state after each of its two pads kept ready."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(block.translate(_INNER_PAD))
        self._outer = hashlib.sha256(block.translate(_OUTER_PAD))

    def digest(self, data: bytes) -> bytes:
        """The MAC of `data`, 32 bytes."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(data)
        outer.update(inner.digest())
        return outer.digest()

    def is_signature(self, segments: Segments) -> bool:
        """Whether the MAC (RFC 7518 §3.2) is of this key: compared in constant time, as the text that it must be."""
        expected = encode_base64url(self.digest(segments.input)).encode("ascii")
        return hmac.compare_digest(expected, segments.signature)
