"""Verified tokens, remembered."""

from __future__ import annotations

from typing import NamedTuple

from .._encoding.strict_json import JsonObject
from .._keys.key_set import KeySet
from .identity import Identity


class CachedToken(NamedTuple):
    """What is remembered of a verified token."""

    identity: Identity[JsonObject]
    """With the claims as sent, frozen at every level: nothing outside can change what the next request is told."""
    valid_from: float
    """`nbf`, in seconds since 1970; `iat` where that is later."""
    keys: KeySet
    """The keys that vouched for it."""
    key_generation: int
    """Of these keys, then."""


class TokenCache:
    """Remembers verified tokens, at most `max_entries` of them, in two generations: when the younger one is full, the
    older one is forgotten as a whole. Refusals are never remembered. The whole text of a token names it.
    """

    def __init__(self, max_entries: int) -> None:
        self._per_generation = max_entries // 2
        self._young: dict[str, CachedToken] = {}
        self._old: dict[str, CachedToken] = {}

    def get(self, token: str) -> CachedToken | None:
        """What is remembered of exactly this token."""
        entry = self._young.get(token)
        if entry is None:
            entry = self._old.get(token)
            if entry is not None:
                self.set(token, entry)
        return entry

    def set(self, token: str, entry: CachedToken) -> None:
        """Remembers a token that every check has passed."""
        if len(self._young) >= self._per_generation:
            self._old = self._young
            self._young = {}
        self._young[token] = entry

    def __len__(self) -> int:
        """How many entries there are, for the bound's sake."""
        return len(self._young) + len(self._old)
