"""Failed credentials, counted."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from watchword import Clock

_WINDOW_SECONDS = 60
_MAX_ADDRESSES = 10_000


@dataclass(slots=True)
class _Window:
    failures: int
    ends_at: float


class FailureLimit:
    """Counts failed credentials per address and minute (contract, HTTP rule 12)."""

    def __init__(self, max_per_minute: int, clock: Clock) -> None:
        self._max_per_minute = max_per_minute
        self._clock = clock
        # In the order in which they end, so the first ones are the ones to give up.
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def count(self, address: str) -> int:
        """Counts one failure. The minute starts with an address's first failure.

        Returns 0 while the bound holds, afterwards the seconds until the minute is over (at least 1).
        """
        now = self._clock.now()
        key = _network_of(address)
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            self._make_room(now)
            self._windows.pop(key, None)
            window = self._windows[key] = _Window(0, now + _WINDOW_SECONDS)
        window.failures += 1
        if window.failures <= self._max_per_minute:
            return 0
        return max(1, math.ceil(window.ends_at - now))

    def _make_room(self, now: float) -> None:
        while self._windows:
            window = next(iter(self._windows.values()))
            if window.ends_at > now and len(self._windows) < _MAX_ADDRESSES:
                return
            self._windows.popitem(last=False)


def _network_of(address: str) -> str:
    """An IPv4 address as it is; the /64 network of an IPv6 address, which one subscriber holds as a whole."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:19]
