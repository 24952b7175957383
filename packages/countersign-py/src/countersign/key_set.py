"""Which key verifies a token. It follows from the configuration, never from the header alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from .errors import CountersignError
from .keys import key_id

Algorithm = Literal["HS256"]

ALGORITHMS: Final[tuple[Algorithm, ...]] = ("HS256",)
"""Algorithms that a verifier can be told to accept."""


class VerificationKey(NamedTuple):
    """A key bound to the one algorithm it is for (RFC 8725 §3.1)."""

    algorithm: Algorithm
    kid: str
    key: bytes

    def __repr__(self) -> str:
        return f"VerificationKey(algorithm={self.algorithm!r}, kid={self.kid!r})"


def shared_key(key: str) -> VerificationKey:
    """A shared key as text; its UTF-8 bytes are the HMAC key."""
    return VerificationKey("HS256", key_id(key), key.encode("utf-8"))


class KeySet:
    """The keys of one verifier."""

    def __init__(self, keys: Sequence[VerificationKey]) -> None:
        self._keys = tuple(keys)

    def find(self, algorithm: Algorithm, kid: str | None) -> VerificationKey:
        """CS-8: the key named by `kid` among the keys of the algorithm; without `kid` the only one there is.

        Raises `CountersignError` `unknown_key`.
        """
        family = [key for key in self._keys if key.algorithm == algorithm]
        found = family if kid is None else [key for key in family if key.kid == kid]
        if len(found) != 1:
            raise CountersignError("unknown_key")
        return found[0]
