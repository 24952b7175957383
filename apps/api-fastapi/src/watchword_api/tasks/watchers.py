"""Who in this process watches the tasks of whom."""

from __future__ import annotations

import asyncio
from typing import Literal

_STREAMS_OF_ONE_USER = 20

EndReason = Literal["expired", "revoked", "replaced", "shutdown"]


class Watcher:
    """One open stream."""

    def __init__(self) -> None:
        self.ended: EndReason | None = None
        """Why the server ends the stream; `None` while it does not."""
        self.gone = False
        """Whether its client has left."""
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may have changed."""
        self._woken.set()

    def end(self, reason: EndReason) -> None:
        """Ends the stream; the first reason stays."""
        self.ended = self.ended or reason
        self.wake()

    def leave(self) -> None:
        """The client has left."""
        self.gone = True
        self.wake()

    async def wait(self, seconds: float) -> None:
        """Waits until it is woken, at most so long."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except asyncio.TimeoutError:
            return
        self._woken.clear()


class Watchers:
    """All open streams of this process."""

    def __init__(self) -> None:
        self._of: dict[str, list[Watcher]] = {}
        self._shutting_down = False

    def join(self, owner: str) -> Watcher:
        """A new stream of a user; past 20 of them the oldest ends."""
        watcher = Watcher()
        streams = self._of.setdefault(owner, [])
        streams.append(watcher)
        if self._shutting_down:
            watcher.end("shutdown")
        open_streams = [stream for stream in streams if stream.ended is None]
        for stream in open_streams[:-_STREAMS_OF_ONE_USER]:
            stream.end("replaced")
        return watcher

    def leave(self, owner: str, watcher: Watcher) -> None:
        """A stream is over."""
        streams = self._of.get(owner, [])
        if watcher in streams:
            streams.remove(watcher)
        if not streams:
            self._of.pop(owner, None)

    def wake(self, owner: str) -> None:
        """The tasks of a user have changed, and the transaction has ended."""
        for watcher in self._of.get(owner, []):
            watcher.wake()

    def end(self, owner: str, reason: EndReason) -> None:
        """Ends all streams of a user."""
        for watcher in self._of.get(owner, []):
            watcher.end(reason)

    def shut_down(self) -> None:
        """Ends every stream, and every later one at once."""
        self._shutting_down = True
        for owner in list(self._of):
            self.end(owner, "shutdown")

    def __len__(self) -> int:
        return sum(len(streams) for streams in self._of.values())
