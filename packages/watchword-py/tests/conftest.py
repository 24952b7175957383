"""What all tests of the package share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from watchword import Verifier, WatchwordError
from watchword.testing import AdjustableClock, fixed_clock, mint_token

pytest_plugins = ["pytester"]

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
