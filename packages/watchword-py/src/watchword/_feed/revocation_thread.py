"""Following the feed in a process that has no event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class FollowingThread(threading.Thread):
    """An event loop of its own for what has none."""

    def __init__(self, follow: Callable[[], Any]) -> None:
        super().__init__(name="watchword-revocations", daemon=True)
        self._follow = follow
        self._begun = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def run(self) -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._main())
        finally:
            self._begun.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(self._follow())
        self._begun.set()
        await self._task

    def stop(self) -> None:
        self._begun.wait()
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # The loop may have ended by itself.
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.join()
