"""Asking the feed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from socket import SHUT_RDWR
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from .clock import Clock
from .http_body import read_body, user_agent
from .revocation_answer import MAX_BYTES
from .revocation_follower import FeedStep, RevocationFollower
from .revocation_token import sign_feed_token

REQUEST_MARGIN_SECONDS: Final = 10
"""Seconds that an answer may take beyond the time for which it was asked to be held. Held against
`contract/defaults.json`.
"""


class FeedResponse(NamedTuple):
    """An HTTP answer of any kind. The body may be cut one byte beyond `MAX_BYTES`."""

    status: int
    body: bytes


FetchFeed = Callable[[str, Mapping[str, str]], Awaitable[FeedResponse]]
"""Asks an address, with these headers. It follows no redirect, and ends where it is cancelled."""

Sleep = Callable[[float], Awaitable[object]]
"""Waits so many seconds."""


async def ask_feed(
    follower: RevocationFollower, *, url: str, issuer: str, clock: Clock, fetch: FetchFeed, sleep: Sleep
) -> FeedStep:
    """One request for what the follower needs next. Raises nothing but its cancellation."""
    after, wait, feed_key = follower.next()
    query = [*([("after", after)] if after is not None else []), *([("wait", str(wait))] if wait > 0 else [])]
    # A fragment is no part of what is asked, and would take the query with it.
    base = url.partition("#")[0]
    address = f"{base}{'&' if '?' in base else '?'}{urlencode(query)}" if query else base
    token = sign_feed_token(feed_key=feed_key, issuer=issuer, clock=clock)
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}", "Cache-Control": "no-cache"}
    asking = asyncio.ensure_future(fetch(address, headers))
    timer = asyncio.ensure_future(sleep(wait + REQUEST_MARGIN_SECONDS))
    try:
        await asyncio.wait((asking, timer), return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            return follower.failed("timeout")
        if asking.exception() is not None:
            return follower.failed("unreachable")
        status, body = asking.result()
        return follower.answered(status, body)
    finally:
        asking.cancel()
        timer.cancel()
        await asyncio.wait((timer,))


async def fetch_over_http(url: str, headers: Mapping[str, str]) -> FeedResponse:
    """Asks over HTTP in a thread of its own, which ends with the request: no other work waits for it."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[FeedResponse] = loop.create_future()
    exchange = _Exchange(url, headers)

    def give(result: FeedResponse | BaseException) -> None:
        if answer.done():
            return
        if isinstance(result, BaseException):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    def work() -> None:
        try:
            result: FeedResponse | BaseException = exchange.run()
        except Exception as fault:
            result = fault
        with suppress(RuntimeError):  # The loop may be closed by now.
            loop.call_soon_threadsafe(give, result)

    threading.Thread(target=work, name="watchword-revocation-feed", daemon=True).start()
    try:
        return await answer
    finally:
        exchange.cut()


class _Exchange:
    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        connection_class = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        # The feed holds its answer longer than any byte of it takes.
        timeout = 60
        self._connection = connection_class(parts.hostname or "", parts.port, timeout=timeout)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"User-Agent": user_agent(), **headers}

    def run(self) -> FeedResponse:
        try:
            self._connection.request("GET", self._target, headers=self._headers)
            response = self._connection.getresponse()
            return FeedResponse(response.status, read_body(response, MAX_BYTES) if response.status == 200 else b"")
        finally:
            self._connection.close()

    def cut(self) -> None:
        """Ends the exchange from another thread."""
        connected = self._connection.sock
        if connected is not None:
            with suppress(OSError):
                connected.shutdown(SHUT_RDWR)
