"""Following the feed: requests, timers, listeners, erasing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from scripted_feed import NOW, Script, answer_of

from watchword import (
    ConfigurationError,
    FeedEvent,
    Revocation,
    RevocationFeed,
    Verifier,
    WatchwordError,
    compute_key_id,
    derive_feed_key,
    derive_key,
)
from watchword._omitted import OMITTED
from watchword._token.jws import decode_base64url
from watchword.testing import AdjustableClock

pytestmark = pytest.mark.anyio

KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
AUDIENCE = "https://api.example.test"
ISSUER = "https://auth.example.test"


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def events() -> list[FeedEvent]:
    return []


@pytest.fixture
def feed_with(script: Script, clock: AdjustableClock, events: list[FeedEvent]) -> Callable[..., RevocationFeed]:
    def made(**changes: Any) -> RevocationFeed:
        given = {"key": KEY, "clock": clock, "fetch": script.fetch, "sleep": script.sleep, "random": lambda: 1}
        return RevocationFeed(**{"issuer": ISSUER, "on_event": events.append, **given, **changes})

    return made


@pytest.fixture
def verdict(verifier_with: Callable[..., Verifier], mint: Callable[..., str]) -> Callable[..., Awaitable[str]]:
    async def judged(feed: RevocationFeed, **claims: Any) -> str:
        try:
            await verifier_with(revocation=feed).verify(mint(**{"sid": "session-1", "exp": NOW + 5000, **claims}))
        except WatchwordError as refusal:
            return refusal.code
        return "accepted"

    return judged


def entry(kind: str, identifier: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "id": identifier, "at": NOW, "until": NOW + 1000, **more}


Feeds = Callable[..., RevocationFeed]
Verdict = Callable[..., Awaitable[str]]


async def test_tokens_are_unavailable_until_the_list_is_complete(
    script: Script, feed_with: Feeds, verdict: Verdict
) -> None:
    feed = feed_with()
    assert await verdict(feed) == "unavailable"
    async with feed:
        (await script.asked()).answer(200, answer_of("c1", entry("session", "another"), more=True))
        second = await script.asked()
        assert (second.query, await verdict(feed)) == ({"after": "c1"}, "unavailable")
        second.answer(200, answer_of("c2"))
        await script.settled()
        assert [await verdict(feed), await verdict(feed, sid="another")] == ["accepted", "revoked"]
        assert feed.status().state == "fresh"


@pytest.mark.parametrize(
    ("url", "query"),
    [("/feed#part", "?after=c1&wait=25"), ("/feed?for=api#part?", "?for=api&after=c1&wait=25")],
)
async def test_a_fragment_of_the_url_leaves_the_query_to_the_issuer(
    script: Script, feed_with: Feeds, url: str, query: str
) -> None:
    async with feed_with(url=f"{ISSUER}{url}"):
        (await script.asked()).answer(200, answer_of("c1"))
        asked = urlsplit((await script.asked()).url)
        assert (asked.path, f"?{asked.query}") == ("/feed", query)


async def test_the_issuer_holds_the_request_and_what_it_brings_is_refused_at_once(
    script: Script, feed_with: Feeds, verdict: Verdict
) -> None:
    told: list[Revocation] = []
    async with feed_with() as feed:
        feed.on_revocation(told.append)
        (await script.asked()).answer(200, answer_of("c 1"))
        held = await script.asked()
        assert held.url == f"{ISSUER}/api/auth/revocations?after=c+1&wait=25"
        assert await verdict(feed) == "accepted"
        held.answer(200, answer_of("c2", entry("session", "session-1")))
        await script.settled()
        assert await verdict(feed) == "revoked"
        assert told == [Revocation("session", "session-1", NOW, NOW + 1000)]


async def test_it_shows_a_token_of_its_own_kind_which_opens_no_api(
    script: Script, feed_with: Feeds, verifier_with: Callable[..., Verifier]
) -> None:
    async with feed_with():
        shown = (await script.asked()).token
        opener = verifier_with(
            audience="watchword:revocation-feed",
            key=derive_feed_key(KEY),
            accepted_types=["watchword-feed+jwt"],
            max_lifetime_seconds=60,
        )
        assert (await opener.verify(shown)).user_id == "verifier"
        with pytest.raises(WatchwordError) as refused:
            await verifier_with().verify(shown)
        assert refused.value.code == "wrong_type"


async def test_other_keys_are_tried_where_one_is_refused(script: Script, feed_with: Feeds) -> None:
    async with feed_with(secret=SECRET, audience=AUDIENCE):
        first = await script.asked()
        first.answer(401)
        headers = [one.token.split(".")[0] for one in (first, await script.asked())]
        kids = [json.loads(decode_base64url(header.encode()))["kid"] for header in headers]
        assert kids == [compute_key_id(derive_feed_key(key)) for key in (KEY, derive_key(SECRET, AUDIENCE))]


async def test_a_failure_is_reported_once_and_the_states_that_follow_from_it(
    script: Script, feed_with: Feeds, verdict: Verdict, clock: AdjustableClock, events: list[FeedEvent]
) -> None:
    async with feed_with() as feed:
        (await script.asked()).answer(200, answer_of("c1"))
        (await script.asked()).fail()
        await script.settled()
        clock.advance(100)
        (await script.asked()).fail()
        (await script.asked()).answer(503)
        await script.settled()
        assert await verdict(feed) == "accepted"
        clock.advance(250)
        assert [await verdict(feed), feed.status().state] == ["unavailable", "refusing"]
        (await script.asked()).answer(200, answer_of("c1", entry("session", "session-1")))
        await script.settled()
        assert await verdict(feed) == "revoked"
    assert [(one.name.removeprefix("watchword.feed."), one.state or one.reason or one.count) for one in events] == [
        ("state", "fresh"),
        ("failed", "unreachable"),
        ("state", "stale"),
        ("failed", "status_503"),
        ("state", "refusing"),
        ("revoked", 1),
        ("state", "fresh"),
    ]


async def test_a_request_that_takes_too_long_is_given_up(
    script: Script, feed_with: Feeds, events: list[FeedEvent]
) -> None:
    async with feed_with():
        await script.run_out(10)
        first = await script.asked()
        (await script.asked()).answer(200, answer_of("c1"))
        await script.run_out(35)
        await script.asked()
        await script.settled()
        assert first.answered.cancelled()
        assert [one.reason for one in events if one.name == "watchword.feed.failed"] == ["timeout", "timeout"]


async def test_closing_ends_the_request_that_is_under_way_and_starting_goes_on_where_it_was(
    script: Script, feed_with: Feeds
) -> None:
    feed = feed_with()
    feed.start()
    feed.start()
    (await script.asked()).answer(200, answer_of("c1", entry("session", "session-1")))
    held = await script.asked()
    await feed.close()
    await feed.close()
    assert (held.answered.cancelled(), script.requests) == (True, [])
    feed.start()
    assert (await script.asked()).query["after"] == "c1"
    assert feed.status().entries == 1
    await feed.close()


async def test_listeners_that_raise_disturb_nobody_and_those_that_left_are_not_called(
    script: Script, feed_with: Feeds
) -> None:
    told: list[str] = []

    def raising(_: object) -> None:
        raise RuntimeError("from a listener")

    async with feed_with(on_event=raising) as feed:
        feed.on_revocation(raising)
        feed.on_revocation(lambda one: told.append(one.id))
        leave = feed.on_revocation(lambda one: told.append(f"left {one.id}"))
        leave()
        leave()
        (await script.asked()).answer(200, answer_of("c1", *[entry("session", "session-1")] * 2))
        await script.settled()
    assert told == ["session-1"]


async def test_the_claim_is_demanded_by_which_sessions_are_found(feed_with: Feeds, verdict: Verdict) -> None:
    assert await verdict(feed_with(), sid=OMITTED) == "missing_claim"


async def test_10_000_revocations_come_in_one_answer(script: Script, feed_with: Feeds, verdict: Verdict) -> None:
    async with feed_with() as feed:
        (await script.asked()).answer(200, answer_of("c1", *[entry("session", f"s{index}") for index in range(10_000)]))
        await script.settled()
        assert feed.status().entries == 10_000
        assert [await verdict(feed, sid="s9999"), await verdict(feed, sid="s10000")] == ["revoked", "accepted"]


async def test_who_is_gone_is_erased_until_that_succeeds_and_once_more(
    script: Script, feed_with: Feeds, clock: AdjustableClock, events: list[FeedEvent]
) -> None:
    erased: list[str] = []
    fails = True

    async def erase(user_id: str) -> None:
        erased.append(user_id)
        if fails:
            raise RuntimeError("the database is away")

    told = answer_of("c1", entry("user", "gone", deleted=True), entry("user", "banned"))

    async def quiet() -> None:
        (await script.asked()).answer(200, told)
        await script.settled()
        await asyncio.sleep(0)

    async with feed_with(on_user_deleted=erase):
        await quiet()
        assert erased == ["gone"]
        fails = False
        for seconds, times in ((0, 2), (0, 2), (30, 3), (60, 3)):
            clock.advance(seconds)
            await quiet()
            assert len(erased) == times
    names = [one.name for one in events if one.user_id == "gone"]
    assert names == ["watchword.user.erase_failed", "watchword.user.erased"]


async def test_erasing_may_be_a_plain_function(script: Script, feed_with: Feeds) -> None:
    erased: list[str] = []
    async with feed_with(on_user_deleted=erased.append):
        (await script.asked()).answer(200, answer_of("c1", entry("user", "gone", deleted=True)))
        await script.settled()
        await asyncio.sleep(0)
    assert erased == ["gone"]


@pytest.mark.parametrize(
    "options",
    [
        {"key": None},
        {"key": "short"},
        {"secret": "short"},
        {"feed_secret": "short"},
        {"issuer": " "},
        {"url": "/api/auth/revocations"},
        {"url": "http://web:3000/api/auth/revocations"},
        {"url": "https://me@auth.example.test/"},
        {"when_unreachable": "ajar"},
        {"poll_seconds": 0.1},
        {"poll_seconds": 31},
        {"stale_after_seconds": 60, "refuse_after_seconds": 59},
    ],
    ids=str,
)
async def test_options_that_cannot_be_right_stop_the_start(feed_with: Feeds, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        feed_with(**options)


async def test_an_http_address_of_another_machine_may_be_allowed(feed_with: Feeds) -> None:
    assert feed_with(url="http://web:3000/r", allow_http=True).status().state == "loading"


@pytest.mark.parametrize("allow_http", ["1", "no", 1])
async def test_only_the_boolean_allows_an_http_address(feed_with: Feeds, allow_http: Any) -> None:
    with pytest.raises(ConfigurationError, match="Set allow_http"):
        feed_with(url="http://web:3000/r", allow_http=allow_http)


async def test_feed_secret_alone_opens_the_feed_where_it_is_given(
    script: Script, feed_with: Feeds, verifier_with: Callable[..., Verifier]
) -> None:
    own = "kP4wZ8rT2yV6bN0mC5xL9qS3dF7gH1jE"
    async with feed_with(feed_secret=own, secret=SECRET, audience=AUDIENCE):
        opener = verifier_with(
            audience="watchword:revocation-feed",
            key=derive_feed_key(own),
            accepted_types=["watchword-feed+jwt"],
        )
        assert (await opener.verify((await script.asked()).token)).user_id == "verifier"
