"""Asking the feed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

from .._clock import Clock
from .._http_exchange import get
from .._keys.source_status import fault_failure
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
            return follower.failed(fault_failure(asking.exception()))
        status, body = asking.result()
        return follower.answered(status, body)
    finally:
        asking.cancel()
        timer.cancel()
        await asyncio.wait((timer,))


async def fetch_over_http(url: str, headers: Mapping[str, str]) -> FeedResponse:
    """Asks over HTTP in a thread of its own, which ends with the request: no other work waits for it."""
    # The feed holds its answer longer than any byte of it takes.
    answer = await get(url, headers, max_bytes=MAX_BYTES, timeout_seconds=60, name="watchword-revocation-feed")
    return FeedResponse(*answer)
