"""What opens the revocation feed, and nothing else."""

from __future__ import annotations

import hmac
import math
from typing import Final
from uuid import uuid4

from .._clock import Clock
from .._encoding.base64url import encode_base64url
from .._token.jws import sign_hs256

# Held against `contract/defaults.json`.
FEED_TOKEN_INFO: Final = "watchword/revocation-feed/v1"  # noqa: S105 (a name)
FEED_TOKEN_TYPE: Final = "watchword-feed+jwt"  # noqa: S105 (a media type)
FEED_TOKEN_AUDIENCE: Final = "watchword:revocation-feed"  # noqa: S105 (a name)
FEED_TOKEN_SUBJECT: Final = "verifier"  # noqa: S105 (a name)
FEED_TOKEN_TTL_SECONDS: Final = 60


def derive_feed_key(key: str) -> str:
    """CS-24: the key that opens the revocation feed, a subkey of the one that signs API tokens, so that neither stands
    for the other: HKDF-SHA-256 (RFC 5869) over the text's UTF-8 bytes, empty salt, 32 bytes.

    `key` is the text of an API key (`WATCHWORD_KEY`, or `derive_key(BETTER_AUTH_SECRET)`), or
    `WATCHWORD_FEED_SECRET`. Returns 43 characters of base64url; their ASCII bytes are the HMAC key.
    """
    # RFC 5869 §2.2: an empty salt is as many zero bytes as the hash is long. §2.3: 32 bytes are the first block.
    pseudorandom_key = hmac.digest(bytes(32), key.encode("utf-8"), "sha256")
    return encode_base64url(hmac.digest(pseudorandom_key, FEED_TOKEN_INFO.encode("ascii") + b"\x01", "sha256"))


def sign_feed_token(*, feed_key: str, issuer: str, clock: Clock) -> str:
    """CS-24: a token for one request to the feed. `issuer` is the `iss` of API tokens."""
    issued_at = math.floor(clock.now())
    return sign_hs256(
        key=feed_key,
        header={"typ": FEED_TOKEN_TYPE},
        payload={
            "iss": issuer,
            "aud": FEED_TOKEN_AUDIENCE,
            "sub": FEED_TOKEN_SUBJECT,
            "iat": issued_at,
            "exp": issued_at + FEED_TOKEN_TTL_SECONDS,
            "jti": str(uuid4()),
        },
    )
