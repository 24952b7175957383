"""What the operator learns of the feed (`contract/events.json`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from .._clock import Clock
from .._keys.source_status import SourceState, SourceStatus, ToldStatus

_log = logging.getLogger("watchword")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """Something about the feed. Nothing in it is secret.

    `watchword.feed.state`: the state changed, or is `fresh` again after a failure (`state`, `entries`).
    `watchword.feed.failed`: a request failed otherwise than the one before (`reason`; `not_started`: tokens come, and
    nobody started the feed). `watchword.feed.revoked`: so many revocations were not known before (`count`).
    `watchword.user.erased`, `watchword.user.erase_failed`: what a user left is erased, or could not be yet (`user_id`).
    """

    name: Literal[
        "watchword.feed.state",
        "watchword.feed.failed",
        "watchword.feed.revoked",
        "watchword.user.erased",
        "watchword.user.erase_failed",
    ]
    at: float
    """Seconds since 1970."""
    state: SourceState | None = None
    entries: int | None = None
    reason: str | None = None
    count: int | None = None
    user_id: str | None = None


class FeedTeller:
    """Tells what happens to a feed, each change once. What the listener raises is ignored."""

    def __init__(self, on_event: Callable[[FeedEvent], object] | None, clock: Clock) -> None:
        self._on_event = on_event
        self._clock = clock
        self._told = ToldStatus()

    def failure(self, failure: str | None) -> None:
        """Why the last request failed; `None` where the list is complete."""
        reason = self._told.new_failure(failure)
        if reason is not None:
            self._tell(FeedEvent(name="watchword.feed.failed", at=self._clock.now(), reason=reason))

    def state(self, status: SourceStatus) -> None:
        """How the feed is doing."""
        if self._told.is_new_state(status.state):
            at = self._clock.now()
            self._tell(FeedEvent(name="watchword.feed.state", at=at, state=status.state, entries=status.entries))

    def revoked(self, count: int) -> None:
        """So many revocations were not known before."""
        if count > 0:
            self._tell(FeedEvent(name="watchword.feed.revoked", at=self._clock.now(), count=count))

    def erasure(self, user_id: str, erased: bool) -> None:
        """What a user left is erased, or could not be yet."""
        at = self._clock.now()
        if erased:
            self._tell(FeedEvent(name="watchword.user.erased", at=at, user_id=user_id))
        else:
            self._tell(FeedEvent(name="watchword.user.erase_failed", at=at, user_id=user_id))

    def forgotten(self) -> None:
        """Tokens come, and nobody started the feed."""
        if self._on_event is None:
            _log.warning("The revocation feed was not started, so that every token is refused. Call feed.start().")
        else:
            self._tell(FeedEvent(name="watchword.feed.failed", at=self._clock.now(), reason="not_started"))

    def _tell(self, event: FeedEvent) -> None:
        if self._on_event is not None:
            # What listens cannot end the following.
            with suppress(Exception):
                self._on_event(event)
