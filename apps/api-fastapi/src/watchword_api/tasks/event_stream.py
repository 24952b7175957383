"""The answer that does not end by itself."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from watchword import Clock, Identity, RevocationFeed

from ..database.faults import DatabaseUnavailable
from ..http.head import is_head
from .feed import KEEP_ALIVE, RETRY, TaskFeed, end_event
from .watchers import EndReason, Watcher, Watchers

_POLL_SECONDS = 0.5
_KEEP_ALIVE_SECONDS = 15


class EventStream(Response):
    """Sends the events of a feed until the token expires, the client leaves or the server ends the stream. Changes of
    this process wake it; those of others are found by asking twice a second.
    """

    def __init__(
        self,
        *,
        feed: TaskFeed,
        first: str,
        user: Identity[Any],
        watchers: Watchers,
        revocation: RevocationFeed | None,
        clock: Clock,
    ) -> None:
        """`first` is what the feed gave first; `revocation` is asked at each step whether the token still holds."""
        # Not the parent's constructor: it gives the answer a body, and so a length.
        self.status_code = 200
        self.background = None
        self.init_headers({"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        self._feed = feed
        self._first = first
        self._user = user
        self._owner = user.user_id
        self._expires_at = user.expires_at
        self._watchers = watchers
        self._revocation = revocation
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if is_head(scope):
            await send({"type": "http.response.body", "body": b""})
            return
        watcher = self._watchers.join(self._owner)
        listening = asyncio.create_task(_leave_with_client(receive, watcher))
        try:
            await self._send_events(watcher, send)
        finally:
            listening.cancel()
            self._watchers.leave(self._owner, watcher)

    async def _send_events(self, watcher: Watcher, send: Send) -> None:
        await _send_text(send, RETRY + self._first)
        sent_at = self._clock.now()
        while (reason := self._end_of(watcher)) is None and not watcher.gone:
            text = await self._read()
            now = self._clock.now()
            if text == "" and now - sent_at >= _KEEP_ALIVE_SECONDS:
                text = KEEP_ALIVE
            if text != "":
                await _send_text(send, text)
                sent_at = now
            if not self._feed.behind:
                await watcher.wait(max(0.0, min(_POLL_SECONDS, self._expires_at - now)))
        if reason is not None:
            await _send_text(send, end_event(reason))
        await send({"type": "http.response.body", "body": b""})

    async def _read(self) -> str:
        """While the database cannot be used the stream stays open, and asks again."""
        try:
            return await self._feed.read()
        except DatabaseUnavailable:
            return ""

    def _end_of(self, watcher: Watcher) -> EndReason | None:
        if watcher.ended is not None:
            return watcher.ended
        if self._clock.now() >= self._expires_at:
            return "expired"
        return "revoked" if self._is_revoked() else None

    def _is_revoked(self) -> bool:
        """While the feed itself is away, an open stream goes on: it ends with its token at the latest."""
        try:
            return self._revocation is not None and self._revocation.is_revoked(self._user)
        except RuntimeError:
            return False


async def _leave_with_client(receive: Receive, watcher: Watcher) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    watcher.leave()


async def _send_text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode("utf-8"), "more_body": True})
