"""Waiting for the list of revocations, at the start and in requests."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from scripted_feed import NOW, Script, answer_of

from watchword import ConfigurationError, FeedEvent, RevocationFeed, Verifier, WatchwordError
from watchword.testing import AdjustableClock

pytestmark = pytest.mark.anyio

KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
ISSUER = "https://auth.example.test"
NOT_STARTED = FeedEvent(name="watchword.feed.failed", at=NOW, reason="not_started")
Feeds = Callable[..., RevocationFeed]
Verdict = Callable[..., Awaitable[str]]


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def events() -> list[FeedEvent]:
    return []


@pytest.fixture
def feed_with(script: Script, clock: AdjustableClock, events: list[FeedEvent]) -> Feeds:
    def made(**changes: Any) -> RevocationFeed:
        given = {"key": KEY, "clock": clock, "fetch": script.fetch, "sleep": script.sleep, "on_event": events.append}
        return RevocationFeed(**{"issuer": ISSUER, **given, **changes})

    return made


@pytest.fixture
def token_of(mint: Callable[..., str]) -> Callable[..., str]:
    return lambda **claims: mint(**{"sid": "session-1", "exp": NOW + 5000, **claims})


@pytest.fixture
def verdict(verifier_with: Callable[..., Verifier], token_of: Callable[..., str]) -> Verdict:
    async def judged(feed: RevocationFeed, **claims: Any) -> str:
        try:
            await verifier_with(revocation=feed).verify(token_of(**claims))
        except WatchwordError as refusal:
            return refusal.code
        return "accepted"

    return judged


def ended(session: str) -> dict[str, Any]:
    return {"kind": "session", "id": session, "at": NOW, "until": NOW + 1000}


async def test_ready_starts_the_feed_and_waits_until_its_list_is_complete(
    script: Script, feed_with: Feeds, verdict: Verdict
) -> None:
    feed = feed_with()
    waiting = asyncio.create_task(feed.ready(timeout_seconds=20))
    (await script.asked()).answer(200, answer_of("c1", more=True))
    second = await script.asked()
    assert not waiting.done()
    second.answer(200, answer_of("c2"))
    await waiting
    assert (feed.status().state, await verdict(feed)) == ("fresh", "accepted")
    await feed.ready()
    await feed.close()


async def test_ready_is_unavailable_after_its_time_and_the_feed_goes_on(script: Script, feed_with: Feeds) -> None:
    feed = feed_with()
    with pytest.raises(WatchwordError) as refused:
        await feed.ready(timeout_seconds=0.01)
    assert refused.value.code == "unavailable"
    (await script.asked()).answer(200, answer_of("c1"))
    await script.settled()
    assert feed.status().state == "fresh"
    await feed.close()


async def test_ready_ends_with_the_feed(script: Script, feed_with: Feeds) -> None:
    feed = feed_with()
    waiting = asyncio.create_task(feed.ready(timeout_seconds=20))
    await script.asked()
    await feed.close()
    with pytest.raises(WatchwordError):
        await waiting


def test_without_an_event_loop_it_is_ready_and_known_in_a_thread(
    feed_issuer: str, verifier_with: Callable[..., Verifier]
) -> None:
    from watchword.testing import mint_token

    feed = RevocationFeed(issuer=feed_issuer, key=KEY)
    feed.ready_sync(timeout_seconds=20)
    verifier = Verifier(issuer=feed_issuer, audience="http://localhost:8000", key=KEY, revocation=feed)
    with pytest.raises(WatchwordError) as refused:
        verifier.verify_sync(mint_token(key=KEY, iss=feed_issuer, sid="ended"))
    assert refused.value.code == "revoked"
    feed.stop()
    # This issuer holds every question with a cursor, even an empty one.
    silent = RevocationFeed(issuer=feed_issuer, key=KEY, url=f"{feed_issuer}/?after=")
    with pytest.raises(WatchwordError):
        silent.ready_sync(timeout_seconds=0.01)
    silent.stop()


async def test_requests_wait_for_the_first_list_up_to_the_bound(
    script: Script, feed_with: Feeds, verdict: Verdict
) -> None:
    async with feed_with(request_wait_seconds=10) as feed:
        held = await script.asked()
        verdicts = [asyncio.create_task(verdict(feed)), asyncio.create_task(verdict(feed, sid="another"))]
        await asyncio.sleep(0)
        held.answer(200, answer_of("c1", ended("another")))
        assert await asyncio.gather(*verdicts) == ["accepted", "revoked"]


async def test_a_request_is_unavailable_once_the_bound_has_passed(
    script: Script,
    feed_with: Feeds,
    verdict: Verdict,
    verifier_with: Callable[..., Verifier],
    token_of: Callable[..., str],
) -> None:
    async with feed_with(request_wait_seconds=0.01) as feed:
        await script.asked()
        assert await verdict(feed) == "unavailable"
        with pytest.raises(WatchwordError) as refused:
            verifier_with(revocation=feed).verify_sync(token_of())
        assert refused.value.code == "unavailable"
    # Nothing follows any more: there is nothing to wait for.
    assert feed.prepare() is None


async def test_requests_of_other_threads_wait_too(
    script: Script, feed_with: Feeds, verifier_with: Callable[..., Verifier], token_of: Callable[..., str]
) -> None:
    async with feed_with(request_wait_seconds=10) as feed:
        verifier = verifier_with(revocation=feed)
        begun = threading.Barrier(3)
        token = token_of()

        def wait_sync() -> str:
            begun.wait(20)
            return verifier.verify_sync(token).user_id

        def wait_in_a_loop() -> str:
            begun.wait(20)
            return asyncio.run(verifier.verify(token)).user_id

        held = await script.asked()
        waiting = [asyncio.create_task(asyncio.to_thread(one)) for one in (wait_sync, wait_in_a_loop)]
        await asyncio.to_thread(begun.wait, 20)
        held.answer(200, answer_of("c1"))
        assert await asyncio.gather(*waiting) == ["user_a", "user_a"]


async def test_requests_wait_for_a_list_that_is_too_old_also_with_a_token_that_is_known(
    script: Script,
    feed_with: Feeds,
    verifier_with: Callable[..., Verifier],
    token_of: Callable[..., str],
    clock: AdjustableClock,
) -> None:
    async with feed_with(request_wait_seconds=10) as feed:
        verifier = verifier_with(revocation=feed)
        (await script.asked()).answer(200, answer_of("c1"))
        await script.settled()
        token = token_of()
        await verifier.verify(token)
        clock.advance(301)
        assert (await verifier.verify(token, revocation="none")).session_id == "session-1"
        waiting = asyncio.create_task(verifier.verify(token))
        await asyncio.sleep(0)
        (await script.asked()).answer(200, answer_of("c2", ended("session-1")))
        with pytest.raises(WatchwordError) as refused:
            await waiting
        assert refused.value.code == "revoked"


async def test_requests_do_not_wait_where_nothing_was_asked_for(
    script: Script, feed_with: Feeds, verdict: Verdict
) -> None:
    async with feed_with() as feed:
        await script.asked()
        assert await verdict(feed) == "unavailable"


@pytest.mark.parametrize("seconds", [-1, 11, float("nan"), "1", True])
async def test_requests_wait_ten_seconds_at_most(feed_with: Feeds, seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="request_wait_seconds"):
        feed_with(request_wait_seconds=seconds)


async def test_a_feed_that_nobody_started_says_so_once_where_somebody_listens(
    feed_with: Feeds, verdict: Verdict, events: list[FeedEvent], caplog: pytest.LogCaptureFixture
) -> None:
    feed = feed_with(request_wait_seconds=10)
    assert [await verdict(feed), await verdict(feed)] == ["unavailable", "unavailable"]
    assert (events, caplog.records) == ([NOT_STARTED], [])


async def test_a_feed_that_nobody_started_says_so_once_in_the_log_otherwise(
    feed_with: Feeds, verdict: Verdict, caplog: pytest.LogCaptureFixture
) -> None:
    feed = feed_with(on_event=None)
    assert [await verdict(feed), await verdict(feed)] == ["unavailable", "unavailable"]
    [record] = caplog.records
    assert (record.name, record.levelno) == ("watchword", logging.WARNING)
    assert "Call feed.start()" in record.getMessage()


async def test_a_feed_says_nothing_of_it_once_it_was_started_or_closed(
    script: Script, feed_with: Feeds, verdict: Verdict, events: list[FeedEvent]
) -> None:
    feed = feed_with()
    feed.start()
    await script.asked()
    await feed.close()
    assert (await verdict(feed), events) == ("unavailable", [])


async def test_the_bounds_are_the_contract_s(contract: Callable[[str], Any], feed_with: Feeds) -> None:
    bounds = contract("defaults.json")["revocation"]["request_wait_seconds"]
    assert bounds == {"value": feed_with()._request_wait_seconds, "min": 0, "max": 10}
    assert feed_with(request_wait_seconds=10)._request_wait_seconds == bounds["max"]
