"""The FastAPI adapter where a connection is no usual request: WebSockets, dependencies of a whole application, mounted
applications, and routes whose path lacks the parameter.
"""

import warnings
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

from watchword import ConfigurationError, Identity, Verifier
from watchword.fastapi import (
    CurrentUser,
    OptionalUser,
    SelfUser,
    current_user,
    install,
    require_role,
    self_user,
    use_revocation,
)
from watchword.testing import mint_token

with warnings.catch_warnings():
    # The client that it recommends instead is not yet what FastAPI's own users have.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
VERIFIER = Verifier(secret=SECRET, issuer="http://localhost:3000", audience="http://localhost:8000")
BEARER = {"Authorization": f"Bearer {mint_token(secret=SECRET)}"}


def _application(app: FastAPI) -> TestClient:
    install(app, VERIFIER)

    @app.websocket("/ws")
    async def me(socket: WebSocket, user: CurrentUser) -> None:
        await socket.accept()
        await socket.send_text(user.user_id)

    @app.websocket("/open")
    async def anyone(socket: WebSocket, user: OptionalUser) -> None:
        await socket.accept()
        await socket.send_text("nobody" if user is None else user.user_id)

    @app.websocket("/api/{user_id}/ws")
    async def own(socket: WebSocket, user: SelfUser) -> None:
        await socket.accept()
        await socket.send_text(user.user_id)

    @app.websocket("/admin", dependencies=[Depends(require_role("admin")), Depends(use_revocation("none"))])
    async def admins(socket: WebSocket) -> None:
        await socket.accept()

    @app.get("/plain")
    async def plain() -> dict[str, bool]:
        return {"ok": True}

    return TestClient(app)


@pytest.mark.parametrize("path", ["/ws", "/open", "/api/user_1/ws"])
def test_a_websocket_knows_its_caller(path: str) -> None:
    with _application(FastAPI()).websocket_connect(path, headers=BEARER) as socket:
        assert socket.receive_text() == "user_1"


def test_a_websocket_may_be_open_to_anyone() -> None:
    with _application(FastAPI()).websocket_connect("/open") as socket:
        assert socket.receive_text() == "nobody"


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/ws", {}, "missing"),
        ("/ws", {"Authorization": "Bearer x"}, "malformed"),
        ("/open", {"Authorization": "Bearer x"}, "malformed"),
        ("/api/user_2/ws", BEARER, "wrong_subject"),
        ("/admin", BEARER, "insufficient_scope"),
    ],
)
def test_a_refused_websocket_is_closed_with_1008_and_the_code(path: str, headers: dict[str, str], code: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        _application(FastAPI()).websocket_connect(path, headers=headers),
    ):
        pytest.fail("The connection was accepted.")
    assert (closed.value.code, closed.value.reason) == (1008, code)


def test_a_dependency_of_the_whole_application_protects_requests_and_websockets() -> None:
    client = _application(FastAPI(dependencies=[Depends(current_user)]))
    assert client.get("/plain").json()["code"] == "missing"
    assert client.get("/plain", headers=BEARER).json() == {"ok": True}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/open"):
        pytest.fail("The connection was accepted.")
    with client.websocket_connect("/open", headers=BEARER) as socket:
        assert socket.receive_text() == "user_1"


def _mounted(*, installed: bool) -> TestClient:
    app, mounted = FastAPI(), FastAPI()
    if installed:
        install(mounted, VERIFIER)

    @mounted.get("/me")
    async def me(user: CurrentUser) -> str:
        return user.user_id

    install(app, VERIFIER)
    app.mount("/sub", mounted)
    return TestClient(app)


def test_a_mounted_application_has_a_verifier_of_its_own_or_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match=r"A mounted application needs a call of its own, install\(mounted"):
        _mounted(installed=False).get("/sub/me", headers=BEARER)
    client = _mounted(installed=True)
    assert client.get("/sub/me", headers=BEARER).json() == "user_1"
    assert client.get("/sub/me").json()["code"] == "missing"


@pytest.mark.parametrize("name", ["user_id", "owner_id"])
def test_a_route_without_the_parameter_is_a_mistake_that_is_told_by_its_name(name: str) -> None:
    app = FastAPI()
    install(app, VERIFIER)

    @app.get("/api/{userId}/tasks")
    async def tasks(user: Annotated[Identity, Depends(self_user(name))]) -> str:
        return user.user_id

    with pytest.raises(ConfigurationError, match=f"no parameter named {name}. Name it as the path does."):
        TestClient(app).get("/api/user_1/tasks", headers=BEARER)
    answer = TestClient(app, raise_server_exceptions=False).get("/api/user_1/tasks", headers=BEARER)
    assert answer.status_code == 500


def test_the_parameter_may_stand_in_the_prefix_of_a_router() -> None:
    app, router = FastAPI(), APIRouter()
    install(app, VERIFIER)

    @router.get("/tasks")
    async def tasks(user: SelfUser) -> str:
        return user.user_id

    app.include_router(router, prefix="/api/{user_id}")
    assert TestClient(app).get("/api/user_1/tasks", headers=BEARER).json() == "user_1"
