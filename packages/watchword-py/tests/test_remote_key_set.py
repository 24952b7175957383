"""Keys published at an address."""

import asyncio
import json
import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from typing import Any, ClassVar

import pytest
from scripted_feed import until

from watchword import Verifier, WatchwordError
from watchword._keys.fetch_key_set import MAX_BYTES, KeySetError, fetch_key_set, fetch_over_http, read_key_set
from watchword._keys.remote_key_set import RemoteKeySet
from watchword.testing import AdjustableClock, FakeIssuer

pytestmark = pytest.mark.anyio

NOW = 1_767_225_600
ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"
Judge = Callable[..., Awaitable[str]]


def join_fetches() -> None:
    for thread in threading.enumerate():
        if thread.name == "watchword-key-set-refresh":
            thread.join()


@pytest.fixture
def issuer(clock: AdjustableClock) -> FakeIssuer:
    return FakeIssuer(issuer=ISSUER, audience=AUDIENCE, clock=clock)


@pytest.fixture
def verifier(verifier_with: Callable[..., Verifier], issuer: FakeIssuer) -> Verifier:
    return verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=issuer.fetch)


@pytest.fixture
def judge(verifier: Verifier, issuer: FakeIssuer) -> Judge:
    async def judged(token: str | None = None) -> str:
        try:
            await verifier.verify(token or issuer.mint_token(exp=NOW + 10_000))
        except WatchwordError as refusal:
            return refusal.code
        finally:
            # What goes on in the background ends here, so that the next step finds it done.
            for thread in threading.enumerate():
                if thread.name == "watchword-key-set-refresh":
                    thread.join()
        return "accepted"

    return judged


async def test_keys_are_fetched_once(judge: Judge, issuer: FakeIssuer) -> None:
    assert [await judge(), await judge()] == ["accepted", "accepted"]
    assert issuer.fetches == 1


async def test_all_requests_share_one_fetch(verifier: Verifier, issuer: FakeIssuer) -> None:
    await asyncio.gather(*[verifier.verify(issuer.mint_token()) for _ in range(50)])
    assert issuer.fetches == 1


async def test_who_gives_up_waiting_does_not_end_the_fetch(verifier: Verifier, issuer: FakeIssuer) -> None:
    first = asyncio.create_task(verifier.verify(issuer.mint_token()))
    second = asyncio.create_task(verifier.verify(issuer.mint_token()))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).user_id == "user_1"
    assert issuer.fetches == 1


async def test_an_unknown_kid_is_asked_for_once_per_cool_down(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    await judge()
    unknown = issuer.mint_token(header={"kid": "other"})
    assert [await judge(unknown) for _ in range(5)] == ["unknown_key"] * 5
    assert issuer.fetches == 2
    clock.advance(29.9)
    assert (await judge(unknown), issuer.fetches) == ("unknown_key", 2)
    clock.advance(0.2)
    assert (await judge(unknown), issuer.fetches) == ("unknown_key", 3)


async def test_a_first_fetch_that_does_not_know_the_kid_counts(judge: Judge, issuer: FakeIssuer) -> None:
    unknown = issuer.mint_token(header={"kid": "other"})
    assert [await judge(unknown), await judge(unknown)] == ["unknown_key", "unknown_key"]
    assert issuer.fetches == 1


async def test_a_new_key_is_found_at_once(judge: Judge, issuer: FakeIssuer) -> None:
    await judge()
    old = issuer.mint_token()
    issuer.rotate()
    assert (await judge(), await judge(old), issuer.fetches) == ("accepted", "accepted", 2)


async def test_every_request_with_a_new_kid_waits_for_the_one_fetch_that_brings_it(
    verifier: Verifier, issuer: FakeIssuer
) -> None:
    await verifier.verify(issuer.mint_token())
    issuer.rotate()
    token = issuer.mint_token()
    identities = await asyncio.gather(*[verifier.verify(token) for _ in range(3)])
    assert (len(identities), issuer.fetches) == (3, 2)


async def test_a_withdrawn_key_ends_a_remembered_token(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    token = issuer.mint_token(exp=NOW + 10_000)
    assert await judge(token) == "accepted"
    issuer.rotate(keep=False)
    clock.advance(299)
    assert (await judge(token), issuer.fetches) == ("accepted", 1)
    clock.advance(302)
    assert (await judge(token), issuer.fetches) == ("unknown_key", 2)


async def test_keys_in_use_are_fetched_again_in_the_background(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    await judge()
    clock.advance(300)
    assert (await judge(), issuer.fetches) == ("accepted", 2)
    clock.advance(29)
    assert (await judge(), issuer.fetches) == ("accepted", 2)


async def test_without_any_keys_the_answer_is_unavailable(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    issuer.reachable = False
    assert (await judge(), await judge(), issuer.fetches) == ("unavailable", "unavailable", 1)
    clock.advance(1)
    issuer.reachable = True
    assert (await judge(), issuer.fetches) == ("accepted", 2)


async def test_keys_at_hand_serve_while_the_address_is_out_of_reach(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    await judge()
    issuer.reachable = False
    clock.advance(600)
    assert (await judge(), issuer.fetches) == ("accepted", 2)
    clock.advance(29)
    assert (await judge(), issuer.fetches) == ("accepted", 2)
    clock.advance(1)
    assert (await judge(), issuer.fetches) == ("accepted", 3)
    clock.advance(2970)
    assert (await judge(), issuer.fetches) == ("accepted", 4)
    clock.advance(1)
    assert (await judge(), issuer.fetches) == ("unavailable", 5)


def test_after_one_failed_fetch_keys_at_hand_serve_at_once_while_the_address_does_not_answer(
    verifier_with: Callable[..., Verifier], issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    held = Held(issuer)
    held.go_on.set()
    verifier = verifier_with(
        key=None, jwks_url=issuer.jwks_url, jwks_fetch=held.fetch, cache=False, max_lifetime_seconds=100_000
    )
    token = issuer.mint_token(exp=NOW + 10_000)
    verifier.verify_sync(token)
    issuer.reachable = False
    clock.advance(600)
    assert verdict_of(lambda: verifier.verify_sync(token)) == "accepted"
    # From now on the address takes the request and says nothing: whoever waited would wait for ever.
    held.go_on.clear()
    for _ in range(100):
        clock.advance(30)
        held.begun.clear()
        assert verdict_of(lambda: verifier.verify_sync(token)) == "accepted"
        assert held.begun.wait(20)
        held.go_on.set()
        join_fetches()
        held.go_on.clear()
    # The oldest age at which they serve.
    assert issuer.fetches == 102
    issuer.reachable = True
    held.go_on.set()
    clock.advance(1)
    assert verdict_of(lambda: verifier.verify_sync(token)) == "accepted"
    assert (issuer.fetches, verifier._policy.public_keys.is_fresh()) == (103, True)


async def test_while_nothing_is_asked_an_unknown_kid_stays_unknown(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    await judge()
    issuer.reachable = False
    clock.advance(600)
    await judge()
    assert (await judge(issuer.mint_token(header={"kid": "other"})), issuer.fetches) == ("unknown_key", 2)


async def test_a_clock_that_was_set_back_makes_the_keys_old(
    judge: Judge, issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    token = issuer.mint_token(iat=NOW - 5000)
    await judge(token)
    clock.advance(-3600)
    assert (await judge(token), issuer.fetches) == ("accepted", 2)


class Held:
    """A fetch that waits until the test lets it go on."""

    def __init__(self, issuer: FakeIssuer) -> None:
        self._issuer = issuer
        self.begun = threading.Event()
        self.go_on = threading.Event()

    async def fetch(self, url: str) -> bytes:
        self.begun.set()
        await asyncio.to_thread(self.go_on.wait, 20)
        return await self._issuer.fetch(url)


def verdict_of(verify: Callable[[], Any]) -> str:
    try:
        verify()
    except WatchwordError as refusal:
        return refusal.code
    return "accepted"


@pytest.mark.parametrize("count", [12, 50])
@pytest.mark.parametrize("way", ["loops", "sync"])
@pytest.mark.parametrize("keys", ["cold", "rotated"])
def test_all_threads_wait_for_the_one_fetch_under_way(
    verifier_with: Callable[..., Verifier], issuer: FakeIssuer, count: int, way: str, keys: str
) -> None:
    held = Held(issuer)
    verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=held.fetch)
    if keys == "rotated":
        held.go_on.set()
        verifier.verify_sync(issuer.mint_token())
        held.go_on.clear()
        held.begun.clear()
        issuer.rotate()
    before = issuer.fetches
    token = issuer.mint_token()

    def judge(_: int) -> str:
        if way == "sync":
            return verdict_of(lambda: verifier.verify_sync(token))
        return verdict_of(lambda: asyncio.run(verifier.verify(token)))

    with ThreadPoolExecutor(count) as threads:
        verdicts = threads.map(judge, range(count))
        assert held.begun.wait(20)
        held.go_on.set()
        assert list(verdicts) == ["accepted"] * count
    assert issuer.fetches == before + 1


def test_a_fetch_does_not_end_with_the_loop_of_the_request_that_caused_it(
    verifier_with: Callable[..., Verifier], issuer: FakeIssuer
) -> None:
    held = Held(issuer)
    verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=held.fetch)

    async def left_behind() -> None:
        task = asyncio.create_task(verifier.verify(issuer.mint_token()))
        await asyncio.to_thread(held.begun.wait, 20)
        task.cancel()

    asyncio.run(left_behind())
    held.go_on.set()
    assert asyncio.run(verifier.verify(issuer.mint_token())).user_id == "user_1"
    assert issuer.fetches == 1


def test_a_background_fetch_outlives_the_loop_of_its_request(
    verifier_with: Callable[..., Verifier], issuer: FakeIssuer, clock: AdjustableClock
) -> None:
    held = Held(issuer)
    held.go_on.set()
    verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=held.fetch)
    token = issuer.mint_token(exp=NOW + 10_000)
    asyncio.run(verifier.verify(token))
    held.go_on.clear()
    clock.advance(300)
    other = issuer.mint_token(exp=NOW + 10_000, sub="user_2")
    asyncio.run(verifier.verify(other))
    held.go_on.set()
    join_fetches()
    clock.advance(599)
    asyncio.run(verifier.verify(issuer.mint_token(exp=NOW + 10_000, sub="user_3")))
    join_fetches()
    # 899 s after the first fetch the keys of the second are in use: nobody had to wait for a third.
    assert verifier._policy.public_keys.is_fresh()
    assert issuer.fetches == 3


def test_without_room_for_another_thread_the_answer_is_unavailable(
    verifier: Verifier, issuer: FakeIssuer, clock: AdjustableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        assert verdict_of(lambda: verifier.verify_sync(issuer.mint_token())) == "unavailable"
    clock.advance(1)
    assert verdict_of(lambda: verifier.verify_sync(issuer.mint_token())) == "accepted"


def test_a_fetch_that_does_not_heed_its_cancellation_is_not_waited_for(
    verifier_with: Callable[..., Verifier], issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(issuer)
    monkeypatch.setattr("watchword._keys.fetch_key_set.TIMEOUT_SECONDS", 0.01)
    verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=held.fetch)
    assert verdict_of(lambda: verifier.verify_sync(issuer.mint_token())) == "unavailable"
    assert not held.go_on.is_set()
    held.go_on.set()
    join_fetches()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This platform does not fork.")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_of_a_fork_does_not_wait_for_what_its_parent_asked(
    verifier_with: Callable[..., Verifier], issuer: FakeIssuer
) -> None:
    held = Held(issuer)
    verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=held.fetch)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(verifier.verify_sync, issuer.mint_token())
        assert held.begun.wait(20)
        key_set = verifier._policy.public_keys
        assert isinstance(key_set, RemoteKeySet)
        with key_set._lock:
            child = os.fork()
        if child == 0:
            # Its own fetch is not held.
            key_set._fetch = issuer.fetch
            verdict = verdict_of(lambda: verifier.verify_sync(issuer.mint_token()))
            os._exit(0 if verdict == "accepted" else 1)
        assert os.waitpid(child, 0)[1] == 0
        held.go_on.set()
        assert waiting.result().user_id == "user_1"


async def test_a_fetch_that_takes_longer_than_5_seconds_is_no_answer(clock: AdjustableClock) -> None:
    async def slow(_url: str) -> bytes:
        clock.advance(5.1)
        return b'{"keys":[]}'

    with pytest.raises(KeySetError):
        await fetch_key_set("https://issuer.test", slow, clock)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<!doctype html>",
        b"{}",
        b'{"keys":{}}',
        b'{"keys":[],"keys":[]}',
        b'{"keys":[' + b"{}," * 100 + b"{}]}",
        b'{"keys":[]}'.ljust(MAX_BYTES + 1),
    ],
)
def test_a_body_that_is_no_key_set_is_refused(body: bytes) -> None:
    with pytest.raises(KeySetError):
        read_key_set(body)


def test_a_key_set_of_a_megabyte_is_read() -> None:
    jwk = FakeIssuer().jwks["keys"][0]
    body = json.dumps({"keys": [{"kty": "EC"}, jwk]}).encode().ljust(MAX_BYTES)
    assert [key.kid for key in read_key_set(body).keys] == [jwk["kid"]]


class _Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []
    agents: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.agents.append(self.headers["User-Agent"])
        self.send_response(302 if self.path == "/redirect" else 200 if "?" in self.path else 500)
        self.send_header("Location", "/jwks?followed")
        if self.path.endswith("cut"):
            self.send_header("Content-Length", "5")
        self.end_headers()
        with suppress(OSError):
            while self.path.endswith("trickle"):
                self.wfile.write(b" ")
                time.sleep(0.05)
        self.wfile.write(b"x" * (MAX_BYTES + 10) if self.path.endswith("huge") else b"body")

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    _Handler.asked.clear()
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_the_body_of_a_200_is_fetched_over_http(address: str) -> None:
    assert await fetch_over_http(f"{address}/jwks?a=1") == b"body"
    assert len(await fetch_over_http(f"{address}/jwks?huge")) == MAX_BYTES + 1
    assert _Handler.asked == ["/jwks?a=1", "/jwks?huge"]
    assert _Handler.agents[-1] == f"watchword-python/{version('watchword')}"


async def test_a_body_that_ends_before_its_length_is_no_answer(address: str) -> None:
    with pytest.raises(IncompleteRead):
        await fetch_over_http(f"{address}/jwks?cut")


@pytest.mark.parametrize("path", ["", "/redirect"])
async def test_another_status_is_refused_and_no_redirect_followed(address: str, path: str) -> None:
    with pytest.raises(KeySetError):
        await fetch_over_http(f"{address}{path}")
    assert _Handler.asked == [path or "/"]


async def test_an_answer_that_trickles_in_is_cut(
    address: str, clock: AdjustableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchword._keys.fetch_key_set.TIMEOUT_SECONDS", 0.2)
    with pytest.raises(KeySetError):
        await fetch_key_set(f"{address}/jwks?trickle", fetch_over_http, clock)
    # What is cut ends the thread that reads it, and the server's.
    await until(lambda: "watchword-key-set" not in {one.name for one in threading.enumerate()})
