"""Following what an issuer revokes."""

from __future__ import annotations

import asyncio
import os
import random as random_numbers
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal
from weakref import WeakSet

from .._clock import Clock, system_clock
from .._errors import WatchwordError
from .._keys.key_set import SharedKey
from .._keys.source_status import SourceState, SourceStatus
from .._token.policy import bounded
from .._token.revocation import RevocationSubject
from .._token.revocation_readiness import Preparation, Readiness
from .revocation_erasure import EraseUser, Erasures
from .revocation_events import FeedEvent, FeedTeller
from .revocation_feed_options import FEED_PATH, checked_address, checked_choice, checked_issuer, feed_keys_of
from .revocation_follower import FollowerOptions, RevocationFollower
from .revocation_list import Revocation
from .revocation_request import FetchFeed, Sleep, ask_feed, fetch_over_http
from .revocation_thread import FollowingThread

FeedState = SourceState
"""How far the list can be relied on."""

FeedStatus = SourceStatus
"""What a feed knows about itself; `failure` lasts until the list is complete again."""


class RevocationFeed:
    """Follows what an issuer revokes: given to a verifier as `revocation`, and started with the process.

    It asks the issuer for all that is revoked, and then, by a request that the issuer holds until there is more, for
    what follows; `is_revoked` answers from memory, in any thread.

        feed = RevocationFeed(issuer="https://app.example.com", key=os.environ["WATCHWORD_KEY"])

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            async with feed:
                yield

    Without an event loop, `with feed:` or `start()` and `stop()` follow it in a thread. After `os.fork` the child knows
    nothing, and loads the list again in a thread of its own, where the parent followed it.
    """

    required_claims = ("sid",)
    """Claims without which a token could not be found here: a verifier with this source demands them."""

    def __init__(
        self,
        *,
        issuer: str,
        url: str | None = None,
        secret: str | Sequence[str] | None = None,
        audience: str | Sequence[str] | None = None,
        key: str | SharedKey | Sequence[str | SharedKey] | None = None,
        feed_secret: str | None = None,
        allow_http: bool = False,
        poll_seconds: float | None = None,
        request_wait_seconds: float = 0,
        when_unreachable: Literal["closed", "open"] = "closed",
        stale_after_seconds: float = 60,
        refuse_after_seconds: float | None = None,
        on_user_deleted: EraseUser | None = None,
        on_event: Callable[[FeedEvent], object] | None = None,
        clock: Clock = system_clock,
        fetch: FetchFeed = fetch_over_http,
        sleep: Sleep = asyncio.sleep,
        random: Callable[[], float] = random_numbers.random,
    ) -> None:
        """Checks the options; raises `ConfigurationError` for those that cannot be right.

        - `issuer`: `iss` of API tokens: the origin of `BETTER_AUTH_URL`.
        - `url`: where the feed is: `https:`, or `http:` on this machine. Default: `<issuer>/api/auth/revocations`.
        - `secret`, `key`: as for the verifier, newest first; what opens the feed is derived from them. `secret` needs
          `audience`, `aud` of this API's tokens: each API has a key of its own.
        - `feed_secret`: `WATCHWORD_FEED_SECRET`, at least 32 characters; given, it alone opens the feed.
        - `allow_http`: lets a plain `http:` address of another machine pass, such as one inside a cluster.
        - `poll_seconds`: for issuers that cannot hold a request: how often to ask, 0.25–30.
        - `request_wait_seconds`: how long a request waits for the list while there is none, or one too old to be used,
          0–10; with 0 it is refused at once.
        - `when_unreachable`: once the list is too old: `closed` refuses every token with `unavailable`, `open` goes on
          with what is known.
        - `stale_after_seconds`: age from which the list counts as stale, 30–3600.
        - `refuse_after_seconds`: age up to which it is used, from `stale_after_seconds` to 86400. Default 300.
        - `on_user_deleted`: erases what a user left whose account is gone; may be a coroutine function. Called again
          until it succeeds, and at every start for a while.
        - `on_event`: what it raises is ignored.
        - `fetch`, `sleep`, `random`: how the feed is asked, how time passes between requests, and what spreads them.
        """
        stale = bounded(stale_after_seconds, "stale_after_seconds", 30, 3600)
        refuse = max(300, stale) if refuse_after_seconds is None else refuse_after_seconds
        self._issuer = checked_issuer(issuer)
        self._url = checked_address(f"{issuer}{FEED_PATH}" if url is None else url, allow_http)
        self._clock = clock
        self._fetch = fetch
        self._sleep = sleep
        self._on_user_deleted = on_user_deleted
        self._on_event = on_event
        self._request_wait_seconds = bounded(request_wait_seconds, "request_wait_seconds", 0, 10)
        self._rules = FollowerOptions(
            feed_keys=feed_keys_of(secret=secret, audience=audience, key=key, feed_secret=feed_secret),
            clock=clock,
            random=random,
            poll_seconds=None if poll_seconds is None else bounded(poll_seconds, "poll_seconds", 0.25, 30),
            when_unreachable=checked_choice(when_unreachable),
            stale_after_seconds=stale,
            refuse_after_seconds=bounded(refuse, "refuse_after_seconds", stale, 86_400),
        )
        self._listeners: dict[object, Callable[[Revocation], object]] = {}
        self._begin()
        _feeds.add(self)

    def _begin(self) -> None:
        """What belongs to one process, as it is before anything is known."""
        self._follower = RevocationFollower(self._rules)
        self._teller = FeedTeller(self._on_event, self._clock)
        self._erasures = Erasures(self._on_user_deleted or (lambda _: None), self._teller.erasure)
        self._task: asyncio.Task[None] | None = None
        self._thread: FollowingThread | None = None
        self._readiness = Readiness()
        self._forgotten = True

    def _begin_in_child(self) -> None:
        """After a fork: no thread and no event loop goes on in the child, which therefore knows nothing that comes."""
        _of_parents.append((self._task, self._thread))
        followed = self._task is not None or self._thread is not None
        self._begin()
        if followed:
            self.start_thread()

    def is_revoked(self, identity: RevocationSubject) -> bool:
        """As in `RevocationSource`. Raises while the list cannot be relied on."""
        if self._forgotten:
            # Said once: whoever forgot the start would look for long.
            self._forgotten = False
            self._teller.forgotten()
        return self._follower.is_revoked(identity)

    def prepare(self) -> Preparation | None:
        """As in `RevocationSource`."""
        if self._request_wait_seconds == 0:
            return None
        done = self._readiness.next
        if self._follower.is_usable or not self._is_followed():
            return None
        return Preparation(done, self._request_wait_seconds)

    async def ready(self, *, timeout_seconds: float = 10) -> None:
        """Starts, where that has not happened, and waits until the list can be relied on:
        `await feed.ready(timeout_seconds=5)`.

        Raises `WatchwordError` `unavailable` where that takes longer; the feed goes on.
        """
        self.start()
        done = self._readiness.next
        if not self._follower.is_usable:
            await Preparation(done, timeout_seconds).wait()
        self._check_usable()

    def ready_sync(self, *, timeout_seconds: float = 10) -> None:
        """As `ready`, where there is no event loop."""
        self.start_thread()
        done = self._readiness.next
        if not self._follower.is_usable:
            Preparation(done, timeout_seconds).wait_sync()
        self._check_usable()

    def _check_usable(self) -> None:
        if not self._follower.is_usable:
            raise WatchwordError("unavailable", variant="revocations")

    def start(self) -> None:
        """Begins to follow: in the running event loop, or without one in a thread. Until the list is complete, tokens
        are refused with `unavailable`. A second call changes nothing.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.start_thread()
            return
        self._forgotten = False
        if not self._is_followed():
            self._task = loop.create_task(self._follow())

    def start_thread(self) -> None:
        """Follows in a thread, also where an event loop runs, which need not outlive the feed. `stop` ends it."""
        self._forgotten = False
        if not self._is_followed():
            self._thread = FollowingThread(self._follow)
            self._thread.start()

    def _is_followed(self) -> bool:
        if self._thread is not None and self._thread.is_alive():
            return True
        return self._task is not None and not self._task.done() and not self._task.get_loop().is_closed()

    async def close(self) -> None:
        """Ends the request that is under way, and the following."""
        if self._thread is not None:
            await asyncio.to_thread(self.stop)
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self._readiness.tell()

    def stop(self) -> None:
        """As `close`, where it was started without an event loop."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            self._readiness.tell()

    async def __aenter__(self) -> RevocationFeed:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __enter__(self) -> RevocationFeed:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def status(self) -> FeedStatus:
        """How the feed is doing."""
        status = self._follower.status
        self._teller.state(status)
        return status

    def on_revocation(self, listener: Callable[[Revocation], object]) -> Callable[[], None]:
        """Calls the listener for each revocation that was not known before, where the feed runs. What is returned ends
        that.
        """
        key = object()
        self._listeners[key] = listener
        return lambda: self._listeners.pop(key, None) and None

    async def _follow(self) -> None:
        erasing: set[asyncio.Task[None]] = set()
        try:
            while True:
                step = await ask_feed(
                    self._follower,
                    url=self._url,
                    issuer=self._issuer,
                    clock=self._clock,
                    fetch=self._fetch,
                    sleep=self._sleep,
                )
                self._teller.failure(self._follower.status.failure)
                self._teller.revoked(len(step.learned))
                for revocation in step.learned:
                    self._pass(revocation)
                self._teller.state(self._follower.status)
                if self._follower.is_usable:
                    self._readiness.tell()
                task = asyncio.ensure_future(self._erasures.run(self._clock.now()))
                erasing.add(task)
                task.add_done_callback(erasing.discard)
                if step.pause_seconds > 0:
                    await self._sleep(step.pause_seconds)
        finally:
            for task in erasing:
                task.cancel()

    def _pass(self, revocation: Revocation) -> None:
        if revocation.deleted and self._on_user_deleted is not None:
            self._erasures.add(revocation.id, self._clock.now())
        for listener in list(self._listeners.values()):
            # The others are called all the same.
            with suppress(Exception):
                listener(revocation)


_feeds: WeakSet[RevocationFeed] = WeakSet()
# Kept for ever: an event loop that the child collects closes the epoll that it shares with its parent's.
_of_parents: list[object] = []


def _begin_all_in_child() -> None:
    for feed in list(_feeds):
        feed._begin_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all_in_child)
