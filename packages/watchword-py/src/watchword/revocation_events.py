"""What the operator learns of the feed (`contract/events.json`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .source_status import SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """Something about the feed. Nothing in it is secret.

    `watchword.feed.state`: the state changed, or is `fresh` again after a failure (`state`, `entries`).
    `watchword.feed.failed`: a request failed otherwise than the one before (`reason`). `watchword.feed.revoked`: so
    many revocations were not known before (`count`). `watchword.user.erased`, `watchword.user.erase_failed`: what a
    user left is erased, or could not be yet (`user_id`).
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
