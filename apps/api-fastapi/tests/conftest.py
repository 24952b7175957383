"""What all tests of the application share."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from watchword import Verifier
from watchword.testing import AdjustableClock, fixed_clock, mint_token

from watchword_api.app import Api, create_app
from watchword_api.database.open import SqliteLocation
from watchword_api.database.store import Database
from watchword_api.log import JsonLog

# What stands beside the tests is found in every import mode of pytest.
sys.path.insert(0, str(Path(__file__).parent))
from stores import PostgresStore, empty, opened, postgres_store

CONTRACT = Path(__file__).resolve().parents[3] / "contract"
SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
NOW = 1_767_225_600
ORIGIN = "https://app.example.test"
COMMON = json.loads((CONTRACT / "events.json").read_text("utf-8"))["record"]
"""The fields that every line of the log has."""


class RecordingLog(JsonLog):
    """Keeps what is logged."""

    def __init__(self) -> None:
        self._text = StringIO()
        super().__init__(self._text)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._text.getvalue().splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        """The attributes of the lines of one event."""
        found = [line for line in self.lines if line.pop("event.name") == event]
        return [{name: value for name, value in line.items() if name not in COMMON} for line in found]


class Caller:
    """One user with a token: sends requests to the application without a network."""

    def __init__(self, api: Api, token: str | None) -> None:
        transport = httpx.ASGITransport(api.application, raise_app_exceptions=True)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._client = httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers)

    async def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self._client.request(method, path, **options)


@pytest.fixture(scope="session")
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
def log() -> RecordingLog:
    return RecordingLog()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
async def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """Every test of the application runs on both stores."""
    if request.param == "sqlite":
        async with opened(SqliteLocation(tmp_path_factory.mktemp("shared")), fixed_clock(NOW)) as database:
            yield database
    else:
        async with postgres_store() as store, opened(store.location(), fixed_clock(NOW)) as database:
            yield database


@pytest.fixture
async def database(shared_database: Database) -> Database:
    """A database without rows."""
    await empty(shared_database)
    return shared_database


@pytest.fixture
async def server_store() -> AsyncIterator[PostgresStore]:
    """A database of the test's own on the PostgreSQL server."""
    async with postgres_store() as store:
        yield store


@pytest.fixture
def api_on(clock: AdjustableClock, log: RecordingLog) -> Callable[..., Api]:
    """The application on a database."""
    verifier = Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET, clock=clock)
    return lambda database, **options: create_app(
        verifier=verifier,
        database=database,
        cors_origins=[ORIGIN],
        auth_failures_per_minute=3,
        clock=clock,
        log=log,
        **options,
    )


@pytest.fixture
def api(api_on: Callable[..., Api], database: Database) -> Api:
    return api_on(database)


@pytest.fixture
def token_of(clock: AdjustableClock) -> Callable[..., str]:
    """A token of a user."""
    return lambda user, **claims: mint_token(secret=SECRET, clock=clock, sub=user, **claims)


@pytest.fixture
def caller_of(token_of: Callable[..., str]) -> Callable[..., Caller]:
    """Somebody who calls an application: a user by id, or nobody."""
    return lambda on, user=None, **claims: Caller(on, None if user is None else token_of(user, **claims))


@pytest.fixture
def caller(api: Api, caller_of: Callable[..., Caller]) -> Callable[..., Caller]:
    """Somebody who calls: a user by id, or nobody."""
    return lambda user=None, on=api, **claims: caller_of(on, user, **claims)


@pytest.fixture
def ann(caller: Callable[..., Caller]) -> Caller:
    return caller("ann", email="ann@example.test", name="Ann")


@pytest.fixture
def bob(caller: Callable[..., Caller]) -> Caller:
    return caller("bob")


@pytest.fixture
def nobody(caller: Callable[..., Caller]) -> Caller:
    return caller()
