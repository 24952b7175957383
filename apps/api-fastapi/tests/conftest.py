"""What all tests of the application share."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from countersign import Verifier
from countersign.testing import AdjustableClock, fixed_clock, mint_token
from sqlalchemy import text

from countersign_api.app import Api, create_app
from countersign_api.database.open import Database, open_database

CONTRACT = Path(__file__).resolve().parents[3] / "contract"
SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
NOW = 1_767_225_600
ORIGIN = "https://app.example.test"


class RecordingLog:
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def info(self, event: str, **fields: object) -> None:
        self.lines.append({"level": "info", "event": event, **fields})

    def warn(self, event: str, **fields: object) -> None:
        self.lines.append({"level": "warn", "event": event, **fields})

    def error(self, event: str, **fields: object) -> None:
        self.lines.append({"level": "error", "event": event, **fields})


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


@pytest.fixture(scope="session")
async def shared_database(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    database = open_database(tmp_path_factory.mktemp("shared"), fixed_clock(NOW))
    yield database
    await database.close()


@pytest.fixture
async def database(shared_database: Database) -> Database:
    """A database without rows."""
    async with shared_database.writing() as session:
        for statement in ("DELETE FROM tasks", "DELETE FROM profiles", "DELETE FROM sqlite_sequence"):
            await session.execute(text(statement))
    return shared_database


@pytest.fixture
def api_on(clock: AdjustableClock, log: RecordingLog) -> Callable[[Database], Api]:
    """The application on a database."""
    verifier = Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET, clock=clock)
    return lambda database: create_app(
        verifier=verifier,
        database=database,
        cors_origins=[ORIGIN],
        auth_failures_per_minute=3,
        clock=clock,
        log=log,
    )


@pytest.fixture
def api(api_on: Callable[[Database], Api], database: Database) -> Api:
    return api_on(database)


@pytest.fixture
def token_of(clock: AdjustableClock) -> Callable[..., str]:
    """A token of a user."""
    return lambda user, **claims: mint_token(secret=SECRET, clock=clock, sub=user, **claims)


@pytest.fixture
def caller(api: Api, token_of: Callable[..., str]) -> Callable[..., Caller]:
    """Somebody who calls: a user by id, or nobody."""
    return lambda user=None, on=api, **claims: Caller(on, None if user is None else token_of(user, **claims))


@pytest.fixture
def ann(caller: Callable[..., Caller]) -> Caller:
    return caller("ann", email="ann@example.test", name="Ann")


@pytest.fixture
def bob(caller: Callable[..., Caller]) -> Caller:
    return caller("bob")


@pytest.fixture
def nobody(caller: Callable[..., Caller]) -> Caller:
    return caller()
