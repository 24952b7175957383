"""A clock that stands still."""

from __future__ import annotations


class AdjustableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, epoch_seconds: float) -> None:
        self._now = epoch_seconds

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves the clock; a negative number moves it back."""
        self._now += seconds


def fixed_clock(epoch_seconds: float) -> AdjustableClock:
    """A clock that stands at `epoch_seconds` since 1970-01-01T00:00:00Z."""
    return AdjustableClock(epoch_seconds)
