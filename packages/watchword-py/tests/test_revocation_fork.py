"""Following the feed in a process and in its children."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from scripted_feed import answer_of

from watchword import RevocationFeed
from watchword._feed.revocation_thread import FollowingThread

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="This platform does not fork.")

KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"

PROGRAM = """
import asyncio, os, sys, time
from watchword import RevocationFeed, Verifier, WatchwordError
from watchword.testing import mint_token

issuer, key, how = sys.argv[1:]
feed = RevocationFeed(issuer=issuer, key=key)
verifier = Verifier(issuer=issuer, audience="http://localhost:8000", key=key, revocation=feed)
token = mint_token(key=key, iss=issuer, sid="session-1")

def verdict():
    try:
        asyncio.run(verifier.verify(token))
    except WatchwordError as refusal:
        return refusal.code
    return "accepted"

def wait_until_fresh():
    while feed.status().state != "fresh":
        time.sleep(0.01)

def fork():
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0
        return
    # Until the issuer has been told, it answers nobody.
    print("child", feed.status().state, verdict(), flush=True)
    if how == "restarted":
        feed.start()
    wait_until_fresh()
    print("child", verdict(), flush=True)
    feed.stop()
    os._exit(0)

async def main():
    async with feed:
        while feed.status().state != "fresh":
            await asyncio.sleep(0.01)
        print("parent", "accepted", flush=True)
        fork()

if how == "loop":
    asyncio.run(main())
else:
    feed.start()
    wait_until_fresh()
    print("parent", verdict(), flush=True)
    if how == "restarted":
        feed.stop()
    fork()
    feed.stop()
"""


class _Issuer(BaseHTTPRequestHandler):
    """Answers the first request at once, and every other one when the session has ended."""

    first: bool
    ended: threading.Event

    def do_GET(self) -> None:
        if type(self).first:
            type(self).first = False
            entries = []
        else:
            self.ended.wait(20)
            now = int(time.time())
            entries = [{"kind": "session", "id": "session-1", "at": now, "until": now + 900}]
        body = json.dumps(answer_of("c1", *entries)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        # Whoever asked may have left.
        with suppress(OSError):
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    _Issuer.first, _Issuer.ended = True, threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Issuer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    _Issuer.ended.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("how", ["thread", "loop", "restarted"])
def test_a_child_knows_nothing_at_first_and_refuses_what_was_revoked_after_the_fork(issuer: str, how: str) -> None:
    program = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PROGRAM, issuer, KEY, how]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (this very program)
        assert process.stdout is not None
        assert process.stdout.readline() == "parent accepted\n"
        assert process.stdout.readline() == "child loading unavailable\n"
        _Issuer.ended.set()
        assert process.stdout.readline() == "child revoked\n"
        assert process.wait(20) == 0


def test_a_start_looks_whether_its_thread_lives(issuer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[FollowingThread] = []

    class Noted(FollowingThread):
        def start(self) -> None:
            begun.append(self)
            super().start()

    monkeypatch.setattr("watchword._feed.revocation_feed.FollowingThread", Noted)
    feed = RevocationFeed(issuer=issuer, key=KEY)
    feed.start()
    feed.start()
    assert len(begun) == 1
    # It ends without the feed's knowledge.
    begun[0].stop()
    feed.start()
    assert [one.is_alive() for one in begun] == [False, True]
    feed.stop()
