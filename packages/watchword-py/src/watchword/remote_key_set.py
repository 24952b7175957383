"""Keys published at an address."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable

from .algorithms import KeyAlgorithm
from .clock import Clock
from .errors import WatchwordError
from .fetch_key_set import FetchKeys, fetch_key_set
from .key_set import VerificationKey, find_key

# When published keys are asked for again. Held against `contract/defaults.json`.
REFRESH_AFTER_SECONDS = 300
"""From this age on they are fetched again while they are still used."""
MAX_AGE_SECONDS = 600
"""From this age on a request waits for the new ones."""
MAX_STALE_SECONDS = 3600
"""As long as they cannot be fetched, old ones serve until this age."""
COOL_DOWN_SECONDS = 30
"""Between two fetches that an unknown `kid`, or a failure with keys at hand, may cause."""
RETRY_SECONDS = 1
"""Between two fetches while there are no keys at all."""


class RemoteKeySet:
    """Keys published at an address (RFC 7517 §5). All requests share one fetch, an unknown `kid` causes at most one
    per cool-down, and keys at hand stay in use while the address cannot be reached.
    """

    def __init__(self, *, url: str, fetch: FetchKeys, clock: Clock) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._keys: tuple[VerificationKey, ...] | None = None
        self._published = b""
        self._generation = 0
        self._loaded_at = -math.inf
        self._tried_at = -math.inf
        self._unknown_kid_at = -math.inf
        self._underway: asyncio.Task[None] | None = None

    @property
    def generation(self) -> int:
        """Grows whenever other keys are published."""
        return self._generation

    def is_fresh(self) -> bool:
        """Whether the keys are young enough to be used without asking for them again."""
        return self._age() < MAX_AGE_SECONDS

    def find(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey | Awaitable[VerificationKey]:
        """As in `KeySet`."""
        age = self._age()
        if age >= MAX_AGE_SECONDS:
            used_up = self._keys is None or age > MAX_STALE_SECONDS
            if not self._may_try(RETRY_SECONDS if used_up else COOL_DOWN_SECONDS):
                return self._look_up(algorithm, kid)
            return self._look_up_fetched(algorithm, kid)
        if age >= REFRESH_AFTER_SECONDS and self._may_try(COOL_DOWN_SECONDS):
            self._refresh()
        found = find_key(self._usable(), algorithm, kid)
        if found is not None:
            return found
        # A fetch that is under way may bring the key: whoever asks meanwhile waits for it too.
        if not self._is_underway() and abs(self._clock.now() - self._unknown_kid_at) < COOL_DOWN_SECONDS:
            raise WatchwordError("unknown_key")
        self._unknown_kid_at = self._clock.now()
        return self._look_up_fetched(algorithm, kid)

    async def _load(self) -> None:
        self._tried_at = self._clock.now()
        try:
            published = await fetch_key_set(self._url, self._fetch, self._clock)
        except Exception:
            # What is at hand stays in use; without anything the lookup answers `unavailable`.
            return
        self._loaded_at = self._tried_at
        self._keys = published.keys
        if published.text != self._published:
            self._generation += 1
        self._published = published.text

    def _refresh(self) -> asyncio.Task[None]:
        """One fetch for everybody who waits in this event loop."""
        if self._underway is None or not self._is_underway():
            self._underway = asyncio.get_running_loop().create_task(self._load())
        return self._underway

    async def _look_up_fetched(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey:
        # Who gives up waiting does not end the fetch for the others.
        await asyncio.shield(self._refresh())
        found = find_key(self._usable(), algorithm, kid)
        if found is None:
            # A kid that is not among keys just fetched need not be asked for again.
            self._unknown_kid_at = self._tried_at
            raise WatchwordError("unknown_key")
        return found

    def _is_underway(self) -> bool:
        task = self._underway
        return task is not None and not task.done() and task.get_loop() is asyncio.get_running_loop()

    def _may_try(self, cool_down_seconds: float) -> bool:
        return self._is_underway() or abs(self._clock.now() - self._tried_at) >= cool_down_seconds

    def _age(self) -> float:
        """Seconds since the keys came; a clock that was set back makes them old."""
        seconds = self._clock.now() - self._loaded_at
        return seconds if seconds >= 0 else math.inf

    def _usable(self) -> tuple[VerificationKey, ...]:
        if self._keys is None or self._age() > MAX_STALE_SECONDS:
            raise WatchwordError("unavailable")
        return self._keys

    def _look_up(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey:
        found = find_key(self._usable(), algorithm, kid)
        if found is None:
            raise WatchwordError("unknown_key")
        return found
