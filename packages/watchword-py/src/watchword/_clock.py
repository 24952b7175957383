"""Where the time comes from."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Everything that compares times takes one, so that tests need not wait."""

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z, fractions allowed (RFC 7519 §2, NumericDate)."""
        ...


class _SystemClock:
    def now(self) -> float:
        return time.time()


system_clock: Clock = _SystemClock()
"""The clock of this machine."""
