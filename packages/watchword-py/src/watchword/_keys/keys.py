"""The key that signs API tokens, and its name."""

from __future__ import annotations

import hashlib
import hmac

from .._encoding.base64url import encode_base64url
from .._errors import ConfigurationError
from .key_strength import check_key, check_secret

__all__ = ["check_key", "check_secret", "compute_key_id", "derive_key"]

_DERIVATION_INFO = b"watchword/api-token/v1"
_KEY_ID_CHARACTERS = 16


def derive_key(secret: str, audience: str) -> str:
    """Derives the key of one API from `BETTER_AUTH_SECRET`: HKDF-SHA-256 (RFC 5869) over the secret's UTF-8 bytes, with
    an empty salt, 32 bytes. The audience is part of `info`, so the key of one API signs tokens for no other API and
    opens no session.

        key = derive_key(os.environ["BETTER_AUTH_SECRET"], "https://api.example.com")

    `audience` is `aud` of the API's tokens. Returns 43 characters of base64url; their ASCII bytes are the HMAC key.
    This string is `WATCHWORD_KEY`. Raises `ConfigurationError` when the audience is not a string or is empty.
    """
    try:
        name = audience.encode("utf-8")
    except (AttributeError, UnicodeEncodeError):
        name = b""
    if name == b"":
        raise ConfigurationError("A key is derived for one API: give its audience, such as https://api.example.com.")
    if not isinstance(secret, str) or secret == "":
        raise ConfigurationError("A key is derived from a secret: set BETTER_AUTH_SECRET first.")
    info = _DERIVATION_INFO + b"\0" + name
    # RFC 5869 §2.2: an empty salt is as many zero bytes as the hash is long. §2.3: 32 bytes are the first block.
    pseudorandom_key = hmac.digest(bytes(32), secret.encode("utf-8"), "sha256")
    return encode_base64url(hmac.digest(pseudorandom_key, info + b"\x01", "sha256"))


def compute_key_id(key: str) -> str:
    """The `kid` of a key: the first 16 base64url characters of SHA-256 over the key's text."""
    return encode_base64url(hashlib.sha256(key.encode("utf-8")).digest())[:_KEY_ID_CHARACTERS]
