"""The feed of what the issuer revokes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields

from countersign import FeedEvent, FeedSettings, RevocationFeed

from .log import Log


def revocation_feed(settings: FeedSettings, *, log: Log, erase: Callable[[str], Awaitable[object]]) -> RevocationFeed:
    """The feed, not started yet: each of its events is a line of the log. `erase` deletes every row of a user whose
    account is gone.
    """

    def write(event: FeedEvent) -> None:
        level = log.warn if _needs_a_look(event) else log.info
        level(event.name, **_facts(event))

    return RevocationFeed(**settings, on_user_deleted=erase, on_event=write)


def _needs_a_look(event: FeedEvent) -> bool:
    if event.name in ("countersign.feed.failed", "countersign.user.erase_failed"):
        return True
    return event.name == "countersign.feed.state" and event.state != "fresh"


def _facts(event: FeedEvent) -> dict[str, object]:
    """The line has its own time. Names as in the contract."""
    facts = {one.name: getattr(event, one.name) for one in fields(event) if one.name not in ("name", "at")}
    return {_in_contract(name): value for name, value in facts.items() if value is not None}


def _in_contract(name: str) -> str:
    return "userId" if name == "user_id" else name
