"""Base64url in its only encoding. Python's own decoder skips characters and ignores unused bits."""

from __future__ import annotations

import base64
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]+")
# Last characters whose unused bits are zero, by the length of the text modulo 4.
_LAST_OF_TWO = frozenset("AQgw")
_LAST_OF_THREE = frozenset("AEIMQUYcgkosw048")


def is_canonical_base64url(text: str) -> bool:
    """Whether the text is the only encoding of its bytes: unpadded, the URL alphabet alone, unused bits zero, not
    empty (RFC 7515 §2, RFC 4648 §3.5).
    """
    if _ALPHABET.fullmatch(text) is None:
        return False
    remainder = len(text) % 4
    if remainder == 2:
        return text[-1] in _LAST_OF_TWO
    if remainder == 3:
        return text[-1] in _LAST_OF_THREE
    return remainder == 0


def encode_base64url(data: bytes) -> str:
    """Unpadded base64url (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """The bytes of a text that `is_canonical_base64url` has accepted."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
