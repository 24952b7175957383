"""Base64url in its only encoding. Python's own decoder skips characters and ignores unused bits."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from typing import Final

ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
_PADDING = (b"", b"===", b"==", b"=")
# Last characters whose unused bits are zero, by the length of the text modulo 4.
_LAST_CHARACTERS = (ALPHABET, b"", b"AQgw", b"AEIMQUYcgkosw048")


def is_canonical_base64url(text: str) -> bool:
    """Whether the text is the only encoding of its bytes: unpadded, the URL alphabet alone, unused bits zero, not
    empty (RFC 7515 §2, RFC 4648 §3.5).
    """
    if not text.isascii():
        return False
    data = text.encode("ascii")
    return not data.translate(None, ALPHABET) and ends_canonically(data)


def ends_canonically(text: bytes) -> bool:
    """Whether a text of the alphabet is the only encoding of its bytes, and not empty."""
    return text != b"" and text[-1] in _LAST_CHARACTERS[len(text) % 4]


def encode_base64url(data: bytes) -> str:
    """Unpadded base64url (RFC 7515 §2)."""
    return b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def decode_base64url(text: bytes) -> bytes:
    """The bytes of a text in its only encoding."""
    return a2b_base64(text.translate(_FROM_URL) + _PADDING[len(text) % 4])
