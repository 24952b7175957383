"""What the application makes of the feed of revocations."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from watchword import RevocationFeed, Verifier
from watchword._feed.revocation_request import FeedResponse
from watchword.testing import AdjustableClock

from watchword_api.app import create_app
from watchword_api.configuration import configuration_from
from watchword_api.database.open import Database
from watchword_api.revocation import revocation_feed

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
NOW = 1_767_225_600
SUBJECT = SimpleNamespace(token_id="t", session_id="s", user_id="ann", issued_at=NOW)


class Issuer:
    """Answers the first request with the entries given, and holds every other one; or is not there."""

    def __init__(self, *entries: dict[str, Any], there: bool = True) -> None:
        self._entries = entries
        self._there = there
        self.held = asyncio.Event()

    async def fetch(self, url: str, headers: Mapping[str, str]) -> FeedResponse:
        if not self._there:
            raise ConnectionRefusedError
        if "wait=" in url:
            self.held.set()
            await asyncio.Event().wait()
        answer = {"entries": self._entries, "cursor": "c1", "more": False, "now": NOW}
        return FeedResponse(200, json.dumps(answer).encode())


@pytest.fixture
def client_of(database: Database, clock: AdjustableClock, token_of: Callable[..., str]) -> Callable[..., Any]:
    def made(feed: RevocationFeed) -> httpx.AsyncClient:
        verifier = Verifier(
            issuer="http://localhost:3000",
            audience="http://localhost:8000",
            secret=SECRET,
            clock=clock,
            revocation=feed,
        )
        api = create_app(
            verifier=verifier,
            database=database,
            cors_origins=["http://localhost:3000"],
            auth_failures_per_minute=100,
            revocation=feed,
            clock=clock,
        )
        headers = {"Authorization": f"Bearer {token_of('ann', sid='session_ann')}"}
        transport = httpx.ASGITransport(api.application)
        return httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers)

    return made


def feed_of(issuer: Issuer, clock: AdjustableClock, **options: Any) -> RevocationFeed:
    named = {"issuer": "http://localhost:3000", "audience": "http://localhost:8000"}
    return RevocationFeed(**named, secret=SECRET, clock=clock, fetch=issuer.fetch, **options)


async def test_it_is_ready_once_it_knows_what_was_revoked_and_says_how_well(
    clock: AdjustableClock, client_of: Callable[..., httpx.AsyncClient]
) -> None:
    issuer = Issuer({"kind": "session", "id": "session_ann", "at": NOW, "until": NOW + 1000})
    feed = feed_of(issuer, clock)
    async with client_of(feed) as client:
        loading = await client.get("/ready")
        assert (loading.status_code, loading.headers["retry-after"]) == (503, "5")
        refused = await client.get("/api/ann/tasks")
        assert (refused.status_code, refused.headers["retry-after"], refused.json()["code"]) == (
            503,
            "5",
            "unavailable",
        )
        async with feed:
            await issuer.held.wait()
            assert (await client.get("/ready")).json() == {"status": "ready", "revocation": "fresh"}
            assert (await client.get("/api/ann/tasks")).json()["code"] == "revoked"
            clock.advance(61)
            assert (await client.get("/ready")).json() == {"status": "ready", "revocation": "stale"}
            clock.advance(240)
            assert (await client.get("/ready")).status_code == 503
            assert (await client.get("/health")).status_code == 200


async def test_a_user_whose_account_is_gone_leaves_no_rows(database: Database, caller: Callable[..., Any]) -> None:
    for user in ("ann", "bob"):
        await caller(user)("POST", f"/api/{user}/tasks", json={"title": "t"})
        await caller(user)("GET", "/api/v1/users/me")
    await database.erase("ann")
    totals = [(await caller(user)("GET", f"/api/{user}/tasks")).json()["total"] for user in ("ann", "bob")]
    assert totals == [0, 1]


async def test_events_of_the_feed_are_lines_of_the_log(log: Any, clock: AdjustableClock) -> None:
    settings = configuration_from({"BETTER_AUTH_SECRET": SECRET}).revocation
    assert settings is not None
    erased = asyncio.Event()

    async def erase(user_id: str) -> None:
        erased.set()

    feed = revocation_feed(settings, log=log, erase=erase)
    entry = {"kind": "user", "id": "ann", "at": NOW, "until": NOW + 1000, "deleted": True}
    feed._fetch = Issuer(entry).fetch
    async with feed:
        await erased.wait()
        await asyncio.sleep(0)
    assert [(line["severity"], line["event.name"]) for line in log.lines] == [
        ("INFO", "watchword.feed.revoked"),
        ("INFO", "watchword.feed.state"),
        ("INFO", "watchword.user.erased"),
    ]
    assert log.of("watchword.feed.revoked") == [{"watchword.feed.count": 1}]
    assert log.of("watchword.feed.state") == [{"watchword.feed.state": "fresh", "watchword.feed.entries": 1}]
    assert log.of("watchword.user.erased") == [{"user.id": "ann"}]


async def test_the_first_token_that_is_refused_for_an_issuer_that_is_away_tells_what_to_set(log: Any) -> None:
    settings = configuration_from({"BETTER_AUTH_SECRET": SECRET}).revocation
    assert settings is not None

    async def erase(user_id: str) -> None:
        """Nobody is gone."""

    feed = revocation_feed(settings, log=log, erase=erase)
    feed._fetch = Issuer(there=False).fetch
    async with feed:
        while not log.lines:  # noqa: ASYNC110 (the log is a list)
            await asyncio.sleep(0)
        assert log.of("watchword.feed.missing") == []
        for _ in range(2):
            with pytest.raises(RuntimeError, match="not complete yet"):
                feed.is_revoked(SUBJECT)
    assert [line["severity"] for line in log.lines] == ["WARN", "WARN"]
    assert log.of("watchword.feed.failed") == [{"watchword.reason": "unreachable"}]
    [told] = log.of("watchword.feed.missing")
    assert "http://localhost:3000/api/auth/revocations has not answered yet" in told["watchword.message"]
    assert "REVOCATION=none" in told["watchword.message"]


async def test_none_follows_nothing() -> None:
    assert configuration_from({"BETTER_AUTH_SECRET": SECRET, "REVOCATION": "none"}).revocation is None
