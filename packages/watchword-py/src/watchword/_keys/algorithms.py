"""The algorithms, and what a key is bound to."""

from __future__ import annotations

from typing import Final, Literal

PublicAlgorithm = Literal["EdDSA", "Ed25519", "ES256", "RS256", "PS256"]

PUBLIC_ALGORITHMS: Final[tuple[PublicAlgorithm, ...]] = ("EdDSA", "Ed25519", "ES256", "RS256", "PS256")
"""Algorithms of public keys, each with the one kind of key it is for. `Ed25519` is the name RFC 9864 gives `EdDSA`
here.
"""

Algorithm = Literal["HS256", "EdDSA", "Ed25519", "ES256", "RS256", "PS256"]

ALGORITHMS: Final[tuple[Algorithm, ...]] = ("HS256", *PUBLIC_ALGORITHMS)
"""Algorithms that a verifier can be told to accept."""

KeyAlgorithm = Literal["HS256", "EdDSA", "ES256", "RS256", "PS256"]
"""What a key is bound to: `EdDSA` and `Ed25519` are two names of one algorithm (RFC 9864 §2.2)."""


def key_algorithm_of(algorithm: Algorithm) -> KeyAlgorithm:
    """The algorithm of the keys that can verify a token with this `alg`."""
    return "EdDSA" if algorithm == "Ed25519" else algorithm
