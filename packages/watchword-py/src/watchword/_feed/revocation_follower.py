"""What to ask the feed next, and what is revoked after its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from .._clock import Clock
from .._keys.source_status import SourceState, SourceStatus, status_failure
from .._token.revocation import RevocationSubject
from .revocation_answer import read_feed_answer
from .revocation_list import Revocation, RevocationList
from .revocation_pace import RequestPace

# When the feed is asked, in seconds. Held against `contract/defaults.json`.
WAIT_SECONDS: Final = 25
"""How long the issuer may hold a request until there is something to tell."""
MIN_INTERVAL_SECONDS: Final = 0.25
"""Between two requests, also where the issuer does not hold them."""
RETRY_SECONDS: Final = 0.25
"""Before the first retry; doubled with each further failure up to `MAX_RETRY_SECONDS`."""
MAX_RETRY_SECONDS: Final = 1
SWEEP_SECONDS: Final = 60
"""Between two searches for what can be forgotten."""

MAX_PAGES: Final = 50
"""Pages of one load, after which there has to be an end. Held against `contract/defaults.json`."""


class FeedQuestion(NamedTuple):
    """What the next request asks for."""

    after: str | None
    """The cursor of the last answer; `None`: from the beginning."""
    wait: int
    """Seconds."""
    feed_key: str


class FeedStep(NamedTuple):
    """What follows from an answer."""

    pause_seconds: float
    """Seconds until the next request."""
    learned: Sequence[Revocation] = ()
    """What was not known before."""
    failure: str | None = None
    """Why a request failed, as in `SourceStatus`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerOptions:
    """The rules of a follower, all checked."""

    feed_keys: Sequence[str]
    """Newest first, at least one."""
    clock: Clock
    random: Callable[[], float]
    """A number from 0 to 1 that spreads the retries of many verifiers."""
    poll_seconds: float | None
    """Seconds between requests that the issuer does not hold; `None`: it holds them."""
    when_unreachable: Literal["closed", "open"]
    stale_after_seconds: float
    refuse_after_seconds: float


class RevocationFollower:
    """CS-26: what to ask the feed next, and what is revoked after its answers. It knows neither network nor timers."""

    def __init__(self, options: FollowerOptions) -> None:
        self._options = options
        self._list = RevocationList()
        self._cursor: str | None = None
        self._loaded = False
        self._last_answer_at: float | None = None
        self._asked_at = 0.0
        self._swept_at = options.clock.now()
        self._failures = 0
        self._key = 0
        # Keys that were refused since one was accepted.
        self._refused_keys = 0
        self._failure: str | None = None
        # Pages since the list was last complete.
        self._pages = 0
        self._pace = RequestPace(options.clock)

    @property
    def entries(self) -> int:
        """How many revocations are known."""
        return self._list.size

    @property
    def last_answer_at(self) -> float | None:
        """When the issuer last told all there was: seconds since 1970; `None` before that."""
        return self._last_answer_at

    @property
    def status(self) -> SourceStatus:
        """How the list is doing. A failure lasts until it is complete."""
        return SourceStatus(self.state, self.entries, self.last_answer_at, self._failure)

    @property
    def state(self) -> SourceState:
        """How far the list can be relied on."""
        if not self._loaded or self._last_answer_at is None:
            return "loading"
        # Without a sign: a clock that was set back far says as little as one that was set forward.
        age = abs(self._options.clock.now() - self._last_answer_at)
        if age <= self._options.stale_after_seconds:
            return "fresh"
        if age <= self._options.refuse_after_seconds or self._options.when_unreachable == "open":
            return "stale"
        return "refusing"

    @property
    def is_usable(self) -> bool:
        """Whether the list can be relied on."""
        return self.state in ("fresh", "stale")

    def is_revoked(self, subject: RevocationSubject) -> bool:
        """Raises `RuntimeError` while the list cannot be relied on."""
        state = self.state
        if state == "loading":
            raise RuntimeError("The list of revocations is not complete yet.")
        if state == "refusing":
            raise RuntimeError("The list of revocations is too old.")
        return self._list.holds(subject)

    def next(self) -> FeedQuestion:
        """What to ask now."""
        options = self._options
        self._asked_at = options.clock.now()
        self._pace.take()
        held = self._loaded and self._cursor is not None and options.poll_seconds is None
        return FeedQuestion(self._cursor, WAIT_SECONDS if held else 0, options.feed_keys[self._key])

    def answered(self, status: int, body: bytes) -> FeedStep:
        """An HTTP answer of any kind."""
        if status == 401:
            return self._key_refused()
        if status == 400:
            # The issuer does not know the cursor any more. What is known stays known.
            self._begin_anew()
        if status != 200:
            return self.failed(status_failure(status))
        answer = read_feed_answer(body)
        if answer is None or (answer.more and answer.cursor == self._cursor):
            return self.failed("malformed")
        reload = self._sweep()
        learned = [entry for entry in answer.entries if self._list.add(entry)]
        self._cursor = None if reload else answer.cursor
        self._refused_keys = 0
        if answer.more:
            return self._turned(learned)
        self._failures = 0
        self._failure = None
        self._pages = 0
        self._last_answer_at = self._options.clock.now()
        self._loaded = True
        return FeedStep(self._pause(), learned)

    def failed(self, failure: str) -> FeedStep:
        """No HTTP answer, or one that says nothing."""
        seconds = min(MAX_RETRY_SECONDS, RETRY_SECONDS * 2.0 ** min(self._failures, 16))
        self._failures += 1
        self._failure = failure
        self._refused_keys = 0
        return FeedStep(self._paced(seconds * (0.5 + self._options.random() / 2)), failure=failure)

    def _turned(self, learned: Sequence[Revocation]) -> FeedStep:
        """After a page that is not the last one. A list without an end is none: it begins anew."""
        self._pages += 1
        if self._pages < MAX_PAGES:
            return FeedStep(self._paced(0), learned)
        self._begin_anew()
        return self.failed("malformed")._replace(learned=learned)

    def _begin_anew(self) -> None:
        self._cursor = None
        self._pages = 0

    def _key_refused(self) -> FeedStep:
        """While keys are rotated the issuer may know another one: each is tried once before it counts as a failure."""
        count = len(self._options.feed_keys)
        self._key = (self._key + 1) % count
        self._refused_keys += 1
        return FeedStep(self._paced(0)) if self._refused_keys < count else self.failed("status_401")

    def _pause(self) -> float:
        if self._options.poll_seconds is not None:
            return self._paced(self._options.poll_seconds)
        elapsed = max(0.0, self._options.clock.now() - self._asked_at)
        return self._paced(MIN_INTERVAL_SECONDS - elapsed)

    def _paced(self, seconds: float) -> float:
        return max(seconds, self._pace.pause_seconds())

    def _sweep(self) -> bool:
        """Whether to load everything again: a clock that is set back brings tokens to life that were forgotten."""
        now = self._options.clock.now()
        elapsed = now - self._swept_at
        if abs(elapsed) < SWEEP_SECONDS:
            return False
        self._list.forget(now)
        self._swept_at = now
        return elapsed < 0
