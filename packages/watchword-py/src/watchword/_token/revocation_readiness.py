"""Waiting until the list of revocations can be relied on."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, wait
from typing import NamedTuple


class Preparation(NamedTuple):
    """Something to wait for, in any thread and in any event loop, at most so many seconds."""

    done: Future[None]
    seconds: float

    async def wait(self) -> None:
        """Until it is done, or the time is over."""
        await asyncio.wait((asyncio.wrap_future(self.done),), timeout=self.seconds)

    def wait_sync(self) -> None:
        """As `wait`, where there is no event loop."""
        wait((self.done,), timeout=self.seconds)


class Readiness:
    """Those who wait until the list can be relied on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = _pending()

    @property
    def next(self) -> Future[None]:
        """Done with the next call of `tell`. It has to be asked for before it is looked whether one may go on."""
        return self._next

    def tell(self) -> None:
        """Lets everybody go on."""
        with self._lock:
            done, self._next = self._next, _pending()
        done.set_result(None)


def _pending() -> Future[None]:
    future: Future[None] = Future()
    # Who gives up waiting does not end it for the others.
    future.set_running_or_notify_cancel()
    return future
