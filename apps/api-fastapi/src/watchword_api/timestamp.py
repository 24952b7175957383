"""Timestamps as they are stored and answered."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone

from watchword import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def timestamp(clock: Clock) -> str:
    """The present as RFC 3339 text in UTC with exactly three decimals: `2026-01-31T12:00:00.000Z`."""
    milliseconds = math.floor(clock.now() * 1000 + 0.5)
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"
