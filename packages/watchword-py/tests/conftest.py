"""What all tests of the package share."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from watchword import Verifier, WatchwordError
from watchword.testing import AdjustableClock, fixed_clock, mint_token

pytest_plugins = ["pytester"]

# A busy machine, or one that counts branches, takes longer than Hypothesis waits for an example.
hypothesis.settings.register_profile("no-deadline", deadline=None)
hypothesis.settings.load_profile("no-deadline")

# So that tests find what they share, `sample_token.py`.
sys.path.insert(0, str(Path(__file__).parent))

CONTRACT = Path(__file__).resolve().parents[3] / "contract"
NOW = 1_767_225_600
KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def contract() -> Callable[[str], Any]:
    """Reads one file of the contract."""
    return lambda name: json.loads((CONTRACT / name).read_text("utf-8"))


@pytest.fixture
def clock() -> AdjustableClock:
    return fixed_clock(NOW)


@pytest.fixture
def mint(clock: AdjustableClock) -> Callable[..., str]:
    """A good token, apart from the claims and the header that the test names."""

    def minted(**changes: Any) -> str:
        return mint_token(**{"key": KEY, "clock": clock, "iss": ISSUER, "aud": AUDIENCE, "sub": "user_a", **changes})

    return minted


@pytest.fixture
def verifier_with(clock: AdjustableClock) -> Callable[..., Verifier]:
    """A verifier, apart from the options that the test names."""

    def made(**changes: Any) -> Verifier:
        return Verifier(**{"issuer": ISSUER, "audience": AUDIENCE, "key": KEY, "clock": clock, **changes})

    return made


@pytest.fixture
def code_of(verifier_with: Callable[..., Verifier]) -> Callable[..., Any]:
    """The code that a token is refused with; `accepted` where it is not."""

    async def judged(token: str, **options: Any) -> str:
        try:
            await verifier_with(**options).verify(token)
        except WatchwordError as refusal:
            return refusal.code
        return "accepted"

    return judged


SETTINGS = (
    "BETTER_AUTH_SECRET",
    "BETTER_AUTH_SECRETS",
    "BETTER_AUTH_URL",
    "WATCHWORD_KEY",
    "WATCHWORD_KEYS",
    "API_AUDIENCE",
    "REVOCATION",
    "WATCHWORD_FEED_SECRET",
    "JWKS_URL",
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The settings of the environment; none of the machine's own is among them."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def feed_issuer() -> Iterator[str]:
    """Tells that the session `ended` has ended, and holds every further request until the test is over."""
    over = threading.Event()

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "after=" in self.path:
                over.wait(30)
                return
            now = int(time.time())
            entries = [{"kind": "session", "id": "ended", "at": now, "until": now + 900}]
            body = json.dumps({"entries": entries, "cursor": "c1", "more": False, "now": now}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    over.set()
    server.shutdown()
    thread.join()
    server.server_close()
