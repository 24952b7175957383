"""The feed of what the issuer revokes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from watchword import FeedEvent, FeedOptions, RevocationFeed, RevocationSubject

from .log import Log


def revocation_feed(settings: FeedOptions, *, log: Log, erase: Callable[[str], Awaitable[object]]) -> RevocationFeed:
    """The feed, not started yet: each of its events is a line of the log. `erase` deletes every row of a user whose
    account is gone.
    """
    advice = (
        f"The revocation feed at {settings.get('url')} has not answered yet: until it does, every token is refused "
        "with 503. Start the web application there, set REVOCATION_FEED_URL to where it is, or set REVOCATION=none for "
        "an API that runs alone."
    )
    return _AdvisingFeed(log, advice, **settings, on_user_deleted=erase)


class _AdvisingFeed(RevocationFeed):
    def __init__(self, log: Log, advice: str, **settings: Any) -> None:
        super().__init__(**settings, on_event=self._tell)
        self._log = log
        self._advice = advice
        self._may_be_missing = True

    def _tell(self, event: FeedEvent) -> None:
        self._log.audit(event)
        # Once a list has come, an outage is no mistake of the settings.
        if event.name == "watchword.feed.state" and event.state == "fresh":
            self._may_be_missing = False

    def is_revoked(self, identity: RevocationSubject) -> bool:
        """As in `RevocationFeed`. The first refusal is told: at a start of both services at once, the list comes a
        moment later.
        """
        try:
            return super().is_revoked(identity)
        except Exception:
            if self._may_be_missing:
                self._may_be_missing = False
                self._log.warn("watchword.feed.missing", {"watchword.message": self._advice})
            raise
