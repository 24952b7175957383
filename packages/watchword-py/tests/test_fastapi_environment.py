"""`install(app)` and `Verifier()` without arguments."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from watchword import ConfigurationError, Verifier
from watchword.fastapi import SelfUser, install
from watchword.testing import mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


def application(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[dict[str, str]]] | None = None,
    verifier: Callable[[], Verifier] = Verifier,
) -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    install(app, verifier)

    @app.get("/api/{user_id}/tasks")
    async def list_tasks(user: SelfUser) -> dict[str, str]:
        return {"owner": user.user_id}

    return app


def bearer(**claims: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {mint_token(secret=SECRET, **claims)}"}


async def ask(app: FastAPI, user: str = "user_1", **claims: object) -> Response:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://api.test") as client:
        return await client.get(f"/api/{user}/tasks", headers=bearer(**claims))


def feed_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "watchword-revocations"]


async def test_a_wrong_environment_stops_the_start_with_its_sentence(environment: pytest.MonkeyPatch) -> None:
    app = application()
    environment.setenv("BETTER_AUTH_SECRET", "short")
    with pytest.raises(ConfigurationError, match="BETTER_AUTH_SECRET"):
        async with app.router.lifespan_context(app):
            pass


async def test_the_environment_is_read_at_the_start_and_the_lifespan_of_the_application_goes_on(
    environment: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, str]]:
        seen.append("started")
        yield {"state": "kept"}
        seen.append("stopped")

    app = application(lifespan)
    environment.setenv("BETTER_AUTH_SECRET", SECRET)
    async with app.router.lifespan_context(app) as state:
        assert state == {"state": "kept"}
        environment.setenv("BETTER_AUTH_SECRET", "short")
        assert (await ask(app)).json() == {"owner": "user_1"}
        assert (await ask(app, "user_2")).status_code == 403
    assert seen == ["started", "stopped"]


async def test_without_a_start_the_environment_is_read_at_the_first_request(environment: pytest.MonkeyPatch) -> None:
    app = application()
    with pytest.raises(ConfigurationError):
        await ask(app)
    environment.setenv("BETTER_AUTH_SECRET", SECRET)
    assert (await ask(app)).status_code == 200


async def test_a_function_makes_the_verifier_once_at_the_start() -> None:
    made: list[Verifier] = []

    def make() -> Verifier:
        made.append(Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET))
        return made[-1]

    app = application(verifier=make)
    assert made == []
    async with app.router.lifespan_context(app):
        assert len(made) == 1
        for _ in range(2):
            assert (await ask(app)).status_code == 200
    assert len(made) == 1


async def test_the_feed_that_the_environment_names_starts_and_stops_with_the_application(
    environment: pytest.MonkeyPatch, feed_issuer: str
) -> None:
    environment.setenv("BETTER_AUTH_SECRET", SECRET)
    environment.setenv("BETTER_AUTH_URL", feed_issuer)
    environment.setenv("REVOCATION", "feed")
    app = application()
    async with app.router.lifespan_context(app):
        assert len(feed_threads()) == 1
        status = 503
        while status == 503:
            status = (await ask(app, iss=feed_issuer, sid="open")).status_code
        assert status == 200
        ended = await ask(app, iss=feed_issuer, sid="ended")
        assert (ended.status_code, ended.json()["code"]) == (401, "revoked")
    assert feed_threads() == []
