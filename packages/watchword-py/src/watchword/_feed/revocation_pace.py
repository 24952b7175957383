"""How fast the feed may be asked."""

from __future__ import annotations

from typing import Final

from .._clock import Clock

# Whatever it answers. Held against `contract/defaults.json`.
BURST_REQUESTS: Final = 10
"""So many requests may follow each other at once, such as those for the pages of a long list."""
REQUESTS_PER_SECOND: Final = 3
"""On average beyond that: with the burst at most 40 in any 10 seconds."""


class RequestPace:
    """Spreads requests: a bucket that each request takes one from."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: float = BURST_REQUESTS
        self._filled_at = clock.now()

    def take(self) -> None:
        """A request is made now."""
        self._fill()
        self._left = max(0.0, self._left - 1)

    def pause_seconds(self) -> float:
        """Seconds until the next request may be made."""
        self._fill()
        return max(0.0, 1 - self._left) / REQUESTS_PER_SECOND

    def _fill(self) -> None:
        now = self._clock.now()
        # A clock that was set back fills nothing.
        filled = max(0.0, now - self._filled_at) * REQUESTS_PER_SECOND
        self._left = min(BURST_REQUESTS, self._left + filled)
        self._filled_at = now
