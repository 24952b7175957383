"""Following the feed over HTTP: in a thread, under uvicorn, past what is no answer."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any, ClassVar

import fastapi
import pytest
import uvicorn
from scripted_feed import answer_of, until

from watchword import (
    FeedEvent,
    Revocation,
    RevocationFeed,
    Verifier,
)
from watchword._feed.revocation_request import fetch_over_http
from watchword.fastapi import CurrentUser, install
from watchword.testing import mint_token

pytestmark = pytest.mark.anyio

KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"


class Issuer(BaseHTTPRequestHandler):
    """Serves a feed whose held request is answered once the test says so."""

    protocol_version = "HTTP/1.1"
    held = threading.Event()
    tell = threading.Event()
    agents: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.agents.append(self.headers["User-Agent"])
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
    await until(lambda: "watchword-revocation-feed" not in {one.name for one in threading.enumerate()})
    assert not Issuer.tell.is_set()


async def test_over_http_what_is_no_answer_is_a_failure(issuer: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        await fetch_over_http(f"http://127.0.0.1:{port}/", {})
    assert (await fetch_over_http(issuer, {})).status == 200
    assert Issuer.agents[-1] == f"watchword-python/{version('watchword')}"


async def test_over_http_an_answer_that_ends_before_its_length_is_none() -> None:
    body = json.dumps(answer_of("c1")).encode()

    class Cut(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + 1))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cut)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    events: list[FeedEvent] = []
    feed = RevocationFeed(issuer=f"http://127.0.0.1:{server.server_address[1]}", key=KEY, on_event=events.append)
    try:
        async with feed:
            await until(lambda: bool(events))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [(one.name, one.reason) for one in events] == [("watchword.feed.failed", "unreachable")]
    assert feed.status().state == "loading"


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
    assert [(event.name, event.reason) for event in events] == [("watchword.feed.failed", "redirect")]
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
