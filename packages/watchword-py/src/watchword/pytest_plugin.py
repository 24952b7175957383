"""Fixtures for pytest. In the `conftest.py` of an application:

pytest_plugins = ["watchword.pytest_plugin"]
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest

from .testing import AdjustableClock, fixed_clock, mint_token

if TYPE_CHECKING:
    from ._testing.fake_issuer import FakeIssuer


@pytest.fixture
def watchword_clock() -> AdjustableClock:
    """A clock that stands at 2026-01-01T00:00:00Z until it is moved."""
    return fixed_clock(1_767_225_600)


@pytest.fixture
def watchword_key() -> str:
    """A fresh `WATCHWORD_KEY`, for the verifier and for `mint`."""
    return secrets.token_urlsafe(32)


@pytest.fixture
def watchword_mint(watchword_key: str, watchword_clock: AdjustableClock) -> Callable[..., str]:
    """`mint_token` with `watchword_key` and `watchword_clock`: every argument is a claim."""
    return partial(mint_token, key=watchword_key, clock=watchword_clock)


@pytest.fixture
def watchword_issuer(watchword_clock: AdjustableClock) -> FakeIssuer:
    """A `FakeIssuer` in public-key mode at `watchword_clock`."""
    # Only who has public keys needs the package `cryptography`.
    from ._testing.fake_issuer import FakeIssuer  # noqa: PLC0415

    return FakeIssuer(clock=watchword_clock)
