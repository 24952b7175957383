"""Following the feed: requests, timers, listeners, erasing."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import fastapi
import pytest
import uvicorn

from countersign import (
    ConfigurationError,
    CountersignError,
    FeedEvent,
    Revocation,
    RevocationFeed,
    Verifier,
    derive_feed_key,
    derive_key,
    key_id,
)
from countersign.fastapi import CurrentUser, install
from countersign.jws import OMITTED, decode_base64url
from countersign.revocation_request import FeedResponse, fetch_over_http
from countersign.testing import AdjustableClock, mint_token

pytestmark = pytest.mark.anyio

NOW = 1_767_225_600
KEY = "Qv7BAeLRIMIIWD1bQ7_KtvIBmYPXyBjwOD5UteQ_kF8"
SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
ISSUER = "https://auth.example.test"


async def until(condition: Callable[[], bool]) -> None:
    """Lets everything else go on until the condition holds."""
    while not condition():  # noqa: ASYNC110 (what it waits for knows nothing of an event)
        await asyncio.sleep(0)


class Held:
    """A request that has reached the issuer, and waits for what the test answers."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.url = url
        self.query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.token = headers["Authorization"].removeprefix("Bearer ")
        self.answered: asyncio.Future[FeedResponse] = asyncio.get_running_loop().create_future()

    def answer(self, status: int, body: Any = None) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answered.set_result(FeedResponse(status, text.encode("utf-8")))

    def fail(self) -> None:
        self.answered.set_exception(ConnectionRefusedError())


class Script:
    """A feed that answers when the test says so, and timers that run out when it says so."""

    def __init__(self) -> None:
        self.requests: list[Held] = []
        self.limits: list[tuple[float, asyncio.Event]] = []

    async def fetch(self, url: str, headers: Mapping[str, str]) -> FeedResponse:
        held = Held(url, headers)
        self.requests.append(held)
        return await held.answered

    async def sleep(self, seconds: float) -> None:
        """Pauses between requests take no time; those that end a request do."""
        if seconds > 5:
            end = asyncio.Event()
            self.limits.append((seconds, end))
            await end.wait()

    async def settled(self) -> Held:
        """Once what was answered has been taken in, and the next request is there."""
        await until(lambda: bool(self.requests))
        return self.requests[0]

    async def asked(self) -> Held:
        await self.settled()
        return self.requests.pop(0)

    async def run_out(self, seconds: float) -> None:
        """Lets the time run out that a request may take."""
        await self.settled()
        await until(lambda: bool(self.limits) and self.limits[-1][0] == seconds)
        self.limits[-1][1].set()


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
        except CountersignError as refusal:
            return refusal.code
        return "accepted"

    return judged


def answer_of(cursor: str, *entries: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"entries": entries, "cursor": cursor, "more": more, "now": NOW}


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
            audience="countersign:revocation-feed",
            key=derive_feed_key(KEY),
            accepted_types=["countersign-feed+jwt"],
            max_lifetime_seconds=60,
        )
        assert (await opener.verify(shown)).user_id == "verifier"
        with pytest.raises(CountersignError) as refused:
            await verifier_with().verify(shown)
        assert refused.value.code == "wrong_type"


async def test_other_keys_are_tried_where_one_is_refused(script: Script, feed_with: Feeds) -> None:
    async with feed_with(secret=SECRET):
        first = await script.asked()
        first.answer(401)
        headers = [one.token.split(".")[0] for one in (first, await script.asked())]
        kids = [json.loads(decode_base64url(header.encode()))["kid"] for header in headers]
        assert kids == [key_id(derive_feed_key(key)) for key in (KEY, derive_key(SECRET))]


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
    assert [(one.name.removeprefix("countersign.feed."), one.state or one.reason or one.count) for one in events] == [
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
        assert [one.reason for one in events if one.name == "countersign.feed.failed"] == ["timeout", "timeout"]


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
    assert names == ["countersign.user.erase_failed", "countersign.user.erased"]


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


async def test_feed_secret_alone_opens_the_feed_where_it_is_given(
    script: Script, feed_with: Feeds, verifier_with: Callable[..., Verifier]
) -> None:
    own = "kP4wZ8rT2yV6bN0mC5xL9qS3dF7gH1jE"
    async with feed_with(feed_secret=own, secret=SECRET):
        opener = verifier_with(
            audience="countersign:revocation-feed",
            key=derive_feed_key(own),
            accepted_types=["countersign-feed+jwt"],
        )
        assert (await opener.verify((await script.asked()).token)).user_id == "verifier"


class Issuer(BaseHTTPRequestHandler):
    """Serves a feed whose held request is answered once the test says so."""

    protocol_version = "HTTP/1.1"
    held = threading.Event()
    tell = threading.Event()

    def do_GET(self) -> None:
        entries: list[dict[str, Any]] = []
        if "wait=25" in self.path:
            self.held.set()
            self.tell.wait(20)
            entries = [{"kind": "session", "id": "session-1", "at": int(time.time()), "until": int(time.time()) + 900}]
        body = json.dumps(answer_of("c1", *entries)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    Issuer.held, Issuer.tell = threading.Event(), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    Issuer.tell.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_an_event_loop_it_follows_in_a_thread(issuer: str) -> None:
    told: list[str] = []
    learned = threading.Event()

    def note(revocation: Revocation) -> None:
        told.append(revocation.id)
        learned.set()

    feed = RevocationFeed(issuer=issuer, key=KEY)
    feed.on_revocation(note)
    with feed:
        assert Issuer.held.wait(10)
        assert feed.status().state == "fresh"
        Issuer.tell.set()
        assert learned.wait(10)
        feed.start()
    assert told == ["session-1"]
    feed.stop()


async def test_over_http_a_request_that_is_given_up_ends_at_once(issuer: str) -> None:
    asking = asyncio.ensure_future(fetch_over_http(f"{issuer}/?wait=25", {}))
    await asyncio.to_thread(Issuer.held.wait, 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await until(lambda: "countersign-revocation-feed" not in {one.name for one in threading.enumerate()})
    assert not Issuer.tell.is_set()


async def test_over_http_what_is_no_answer_is_a_failure(issuer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        await fetch_over_http(f"http://127.0.0.1:{port}/", {})
    assert (await fetch_over_http(issuer, {})).status == 200


class Elsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks to another address."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Cache-Control"]))
        body = json.dumps(answer_of("c1")).encode()
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


async def test_over_http_a_redirect_is_a_failure_its_address_is_not_asked_and_caches_are_told_to_ask_the_issuer() -> (
    None
):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    events: list[FeedEvent] = []
    feed = RevocationFeed(issuer=f"http://127.0.0.1:{server.server_address[1]}", key=KEY, on_event=events.append)
    try:
        async with feed:
            await until(lambda: len(Elsewhere.asked) > 1)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert set(Elsewhere.asked) == {("/api/auth/revocations", "no-cache")}
    assert [(event.name, event.reason) for event in events] == [("countersign.feed.failed", "status_302")]
    assert feed.status().state == "loading"


def test_it_lives_with_an_application_under_uvicorn(issuer: str) -> None:
    feed = RevocationFeed(issuer=issuer, key=KEY)

    @asynccontextmanager
    async def lifespan(_: fastapi.FastAPI) -> Any:
        async with feed:
            yield

    app = fastapi.FastAPI(lifespan=lifespan)
    install(app, Verifier(issuer=issuer, audience="http://localhost:8000", key=KEY, revocation=feed))

    @app.get("/me")
    async def me(user: CurrentUser) -> str:
        return user.user_id

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http="h11", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    token = mint_token(key=KEY, iss=issuer, sid="session-1")

    def status() -> bytes:
        with socket.create_connection(listener.getsockname()) as connection:
            head = f"GET /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
            connection.sendall(head.encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).split(b" ")[1]

    assert Issuer.held.wait(10)
    assert status() == b"200"
    Issuer.tell.set()
    deadline = time.monotonic() + 10
    while status() != b"401" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert status() == b"401"
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
