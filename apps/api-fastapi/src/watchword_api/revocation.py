"""The feed of what the issuer revokes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from watchword import FeedEvent, FeedOptions, RevocationFeed

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
    is_advised = False

    def tell(event: FeedEvent) -> None:
        nonlocal is_advised
        log.audit(event)
        if event.name == "watchword.feed.failed" and not is_advised:
            log.warn("watchword.feed.missing", {"watchword.message": advice})
        # Also once a list has come: from then on an outage is no mistake of the settings.
        is_advised = True

    return RevocationFeed(**settings, on_user_deleted=erase, on_event=tell)
