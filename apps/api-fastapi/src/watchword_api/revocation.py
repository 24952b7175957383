"""The feed of what the issuer revokes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from watchword import FeedOptions, RevocationFeed

from .log import Log


def revocation_feed(settings: FeedOptions, *, log: Log, erase: Callable[[str], Awaitable[object]]) -> RevocationFeed:
    """The feed, not started yet: each of its events is a line of the log. `erase` deletes every row of a user whose
    account is gone.
    """
    return RevocationFeed(**settings, on_user_deleted=erase, on_event=log.audit)
