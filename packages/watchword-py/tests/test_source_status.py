"""What is told of published keys and of the feed, and what their status says."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from scripted_feed import NOW, Script, answer_of, until

from watchword import FeedEvent, KeySetEvent, RevocationFeed, Verifier, WatchwordError
from watchword._feed.revocation_request import FeedResponse
from watchword.testing import AdjustableClock, FakeIssuer

pytestmark = pytest.mark.anyio

KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
OTHER_KEY = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM"
ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"

ANSWERS = [
    (403, b"no", "status_403"),
    (404, b"", "status_404"),
    (500, b"", "status_500"),
    (301, b"", "redirect"),
    (302, b"", "redirect"),
    (303, b"", "redirect"),
    (307, b"", "redirect"),
    (308, b"", "redirect"),
    (200, b"<!doctype html>", "malformed"),
    (200, b"", "malformed"),
    ("no connection", b"", "unreachable"),
    ("nothing", b"", "timeout"),
]


@pytest.fixture
def over() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def serve(over: threading.Event) -> Iterator[Callable[[Any, bytes], str]]:
    """A server that gives one answer to everything, or none."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def served(status: Any, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if status == "nothing":
                    over.wait(20)
                    return
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        address = f"http://127.0.0.1:{server.server_port}"
        if status == "no connection":
            server.server_close()
            return address
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        servers.append((server, thread))
        return address

    yield served
    over.set()
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_published_keys_tell_a_failure_once_with_its_cause_and_the_recovery(
    answer: tuple[Any, bytes, str],
    serve: Callable[[Any, bytes], str],
    clock: AdjustableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from watchword._keys.fetch_key_set import fetch_over_http

    status, body, cause = answer
    if status == "nothing":
        monkeypatch.setattr("watchword._keys.fetch_key_set.TIMEOUT_SECONDS", 0.05)
    issuer = FakeIssuer(issuer=ISSUER, audience=AUDIENCE, clock=clock)
    events: list[KeySetEvent] = []
    good = False
    address = serve(status, body)

    async def fetch(url: str) -> bytes:
        return await (issuer.fetch(url) if good else fetch_over_http(address))

    verifier = Verifier(
        issuer=ISSUER,
        audience=AUDIENCE,
        jwks_url=issuer.jwks_url,
        jwks_fetch=fetch,
        clock=clock,
        cache=False,
        on_event=events.append,
    )
    token = issuer.mint_token(exp=NOW + 100_000)

    def verdict() -> str:
        try:
            verifier.verify_sync(token)
        except WatchwordError as refusal:
            return refusal.code
        finally:
            for thread in threading.enumerate():
                if thread.name == "watchword-key-set-refresh":
                    thread.join()
        return "accepted"

    assert verifier.status() == ("loading", 0, None, None)
    for _ in range(3):
        assert verdict() == "unavailable"
        clock.advance(1)
    failed = KeySetEvent(name="watchword.keys.failed", at=NOW, reason=cause)
    assert events == [failed]
    assert verifier.status() == ("loading", 0, None, cause)
    good = True
    assert verdict() == "accepted"
    assert events == [failed, KeySetEvent(name="watchword.keys.state", at=NOW + 3, state="fresh", entries=1)]
    # With keys at hand, and back in time: neither the failure nor its end goes unsaid.
    events.clear()
    good = False
    clock.advance(300)
    assert (verdict(), verifier.status()) == ("accepted", ("fresh", 1, NOW + 3, cause))
    good = True
    clock.advance(30)
    assert verdict() == "accepted"
    assert events == [
        KeySetEvent(name="watchword.keys.failed", at=NOW + 303, reason=cause),
        KeySetEvent(name="watchword.keys.state", at=NOW + 333, state="fresh", entries=1),
    ]
    events.clear()
    good = False
    clock.advance(600)
    assert verdict() == "accepted"
    clock.advance(3001)
    assert verdict() == "unavailable"
    assert [one.reason or one.state for one in events] == [cause, "stale", "refusing"]
    assert verifier.status() == ("refusing", 1, NOW + 333, cause)


def test_keys_are_not_disturbed_by_a_listener_that_raises(clock: AdjustableClock) -> None:
    issuer = FakeIssuer(clock=clock)

    def raising(_: object) -> None:
        raise RuntimeError("from a listener")

    verifier = Verifier(
        issuer=issuer.issuer,
        audience=issuer.audience,
        jwks_url=issuer.jwks_url,
        jwks_fetch=issuer.fetch,
        clock=clock,
        on_event=raising,
    )
    assert verifier.verify_sync(issuer.mint_token()).user_id == "user_1"


def test_keys_that_were_given_are_fresh(verifier_with: Callable[..., Verifier]) -> None:
    assert verifier_with(key=None, jwks=FakeIssuer().jwks).status() == ("fresh", 1, None, None)
    assert verifier_with().status() == ("fresh", 0, None, None)


@pytest.mark.parametrize(("status", "body", "cause"), ANSWERS)
async def test_the_feed_tells_a_failure_once_with_its_cause_and_the_recovery(
    status: Any, body: bytes, cause: str, clock: AdjustableClock
) -> None:
    script = Script()
    events: list[FeedEvent] = []
    good = False
    asked = 0

    async def fetch(url: str, headers: Mapping[str, str]) -> FeedResponse:
        nonlocal asked
        asked += 1
        if good:
            return await script.fetch(url, headers)
        if status == "nothing":
            await asyncio.Event().wait()
        if status == "no connection":
            raise ConnectionRefusedError
        return FeedResponse(status, body)

    async def sleep(seconds: float) -> None:
        # The time that a request may take runs out where nothing is answered; pauses take none.
        if seconds > 5 and (good or status != "nothing"):
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    feed = RevocationFeed(issuer=ISSUER, key=KEY, clock=clock, fetch=fetch, sleep=sleep, on_event=events.append)
    async with feed:
        await until(lambda: asked > 3)
        failed = FeedEvent(name="watchword.feed.failed", at=NOW, reason=cause)
        assert (events, feed.status()) == ([failed], ("loading", 0, None, cause))
        good = True
        (await script.asked()).answer(200, answer_of("c1"))
        await script.settled()
        assert events == [failed, FeedEvent(name="watchword.feed.state", at=NOW, state="fresh", entries=0)]
        assert feed.status() == ("fresh", 0, NOW, None)


async def test_the_feed_tells_a_refusal_of_all_its_keys_once_and_a_recovery_without_a_change_of_state(
    clock: AdjustableClock,
) -> None:
    script = Script()
    events: list[FeedEvent] = []
    keys = [KEY, OTHER_KEY]
    feed = RevocationFeed(
        issuer=ISSUER, key=keys, clock=clock, fetch=script.fetch, sleep=script.sleep, on_event=events.append
    )
    async with feed:
        (await script.asked()).answer(200, answer_of("c1"))
        for _ in range(6):
            (await script.asked()).answer(401)
        (await script.asked()).answer(200, answer_of("c1"))
        await script.settled()
    assert [(one.name, one.state or one.reason) for one in events] == [
        ("watchword.feed.state", "fresh"),
        ("watchword.feed.failed", "status_401"),
        ("watchword.feed.state", "fresh"),
    ]
