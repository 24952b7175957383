"""The adapter over ASGI, as an application uses it."""

import os
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import unquote

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from watchword import ConfigurationError, Identity, Verifier, WatchwordError, verifier_options_from_environment
from watchword.fastapi import (
    CurrentUser,
    OptionalUser,
    ProtectedRouter,
    SelfUser,
    WatchwordRoute,
    install,
    require_role,
    require_scope,
    self_user,
    to_problem_response,
)
from watchword.testing import mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
TOKEN = mint_token(secret=SECRET)
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setenv("BETTER_AUTH_SECRET", SECRET)
    app = FastAPI()
    install(app, Verifier(**verifier_options_from_environment(os.environ)))

    @app.get("/api/{user_id}/tasks")
    async def list_tasks(user: SelfUser) -> dict[str, str]:
        return {"user": user.user_id}

    @app.post("/api/{user_id}/tasks")
    async def create_task(user: SelfUser, body: Annotated[dict[str, int], Body()]) -> dict[str, int]:
        return body

    @app.get("/me")
    async def me(user: CurrentUser) -> dict[str, str]:
        return {"user": user.user_id}

    @app.get("/public")
    async def public(user: OptionalUser) -> dict[str, str | None]:
        return {"user": user and user.user_id}

    @app.get("/owners/{owner_id}")
    async def owner(user: Annotated[Identity, Depends(self_user("owner_id"))]) -> dict[str, str]:
        return {"user": user.user_id}

    return app


@pytest.fixture
def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test")


@pytest.mark.parametrize("path", ["/api/user_1/tasks", "/me", "/public", "/owners/user_1", "/api/user%5F1/tasks"])
async def test_a_good_token_reaches_the_handler(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=BEARER)
    assert (answer.status_code, answer.json()) == (200, {"user": "user_1"})


@pytest.mark.parametrize("path", ["/api/user_1/tasks", "/api/user_2/tasks", "/me", "/owners/user_1"])
async def test_without_a_credential_the_answer_is_a_bare_challenge(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_public_route_is_anonymous_without_a_credential(client: httpx.AsyncClient) -> None:
    assert (await client.get("/public")).json() == {"user": None}


async def test_a_public_route_refuses_a_bad_token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/public", headers={"Authorization": "Bearer a.b.c"})
    assert (answer.status_code, answer.json()["code"]) == (401, "malformed")


@pytest.mark.parametrize(
    "segment", ["user_2", "USER_1", "user_1%20", "user%255F1", "user_1%00", "%C3%BCser_1", "user_1%ff", "x%2Fuser_1"]
)
async def test_another_user_in_the_url_is_refused(client: httpx.AsyncClient, segment: str) -> None:
    answer = await client.get(f"/api/{segment}/tasks", headers=BEARER)
    assert answer.status_code in {403, 404}
    assert answer.json().get("code", "wrong_subject") == "wrong_subject"


async def test_a_slash_that_is_hidden_in_the_path_ends_no_user_id(client: httpx.AsyncClient) -> None:
    for path in ("/api/user_1%2ftasks", "/api/user_1%2Ftasks"):
        answer = await client.get(path, headers=BEARER)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_subject")


async def test_a_path_that_was_rewritten_on_its_way_names_nobody(app: FastAPI) -> None:
    async def rewriting(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "path": "/api/user_1/tasks"}, receive, send)

    transport = httpx.ASGITransport(rewriting)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        answer = await client.get("/api/user_2/tasks", headers=BEARER)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_subject")
        assert (await client.get("/api/user_1/tasks", headers=BEARER)).json() == {"user": "user_1"}


async def test_two_credentials_are_ambiguous(client: httpx.AsyncClient) -> None:
    headers = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer a.b.c")]
    answer = await client.get("/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "ambiguous_credentials")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/user_1/tasks", {}, 401),
        ("/api/user_2/tasks", BEARER, 403),
        ("/api/user_1/tasks", BEARER, 422),
    ],
)
async def test_the_caller_is_decided_before_the_body_is_read(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await client.post(path, headers=headers | {"Content-Type": "application/json"}, content=b"{bad")
    assert answer.status_code == status


async def test_a_router_of_its_own_decides_before_the_body_too(app: FastAPI, client: httpx.AsyncClient) -> None:
    router = APIRouter(route_class=WatchwordRoute, dependencies=[Depends(self_user("user_id"))])

    @router.post("/{user_id}/notes")
    async def create_note(body: Annotated[dict[str, int], Body()]) -> dict[str, int]:
        return body

    app.include_router(router, prefix="/v2")
    json_type = {"Content-Type": "application/json"}
    assert (await client.post("/v2/user_1/notes", content=b"{bad", headers=json_type)).status_code == 401
    assert (await client.post("/v2/user_2/notes", content=b"{bad", headers=json_type | BEARER)).status_code == 403
    assert (await client.post("/v2/user_1/notes", json={"a": 1}, headers=BEARER)).json() == {"a": 1}


async def test_a_dependency_can_be_overridden_in_tests(app: FastAPI, client: httpx.AsyncClient) -> None:
    from watchword.fastapi import current_user

    identity = Identity(user_id="user_9", issued_at=0, expires_at=1, claims={})
    app.dependency_overrides[current_user] = lambda: identity
    assert (await client.get("/me")).json() == {"user": "user_9"}


async def test_overriding_something_else_leaves_the_caller_decided_before_the_body(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    app.dependency_overrides[bearer] = dict
    json_type = {"Content-Type": "application/json"}
    assert (await client.post("/api/user_1/tasks", content=b"{bad", headers=json_type)).status_code == 401


async def test_routes_of_another_class_ask_for_the_user_the_scope_and_the_role_too(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    router = APIRouter(prefix="/plain", route_class=APIRoute)

    @router.get("/users/{user_id}")
    async def user(user: SelfUser) -> str:
        return user.user_id

    @router.get("/admin", dependencies=[Depends(require_role("admin"))])
    async def admin() -> str:
        return "in"

    app.include_router(router)
    assert (await client.get("/plain/users/user_1", headers=BEARER)).json() == "user_1"
    assert (await client.get("/plain/users/user_2", headers=BEARER)).json()["code"] == "wrong_subject"
    assert (await client.get("/plain/admin", headers=BEARER)).json()["code"] == "insufficient_scope"
    assert (await client.get("/plain/admin", headers=bearer(role="admin"))).json() == "in"


@pytest.mark.parametrize(
    ("raw_path", "status"),
    [
        (b"/api/user_1/files/x", 200),
        (b"/api/user_1/files/%C3%A9", 200),
        (b"/api/user_1/files/%zz", 403),
        (b"/api/user_1/files/%", 403),
        (b"/api/user_1/files/%ff", 403),
        ("/api/user_1/files/é".encode(), 403),
    ],
)
async def test_a_path_that_can_be_read_in_two_ways_is_refused_even_when_the_id_is_right(
    app: FastAPI, raw_path: bytes, status: int
) -> None:
    @app.get("/api/{user_id}/files/{name}")
    async def file(user: SelfUser, name: str) -> str:
        return name

    answers: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        # As servers give it: decoded once, whatever it was.
        "path": unquote(raw_path.decode("utf-8")),
        "raw_path": raw_path,
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {TOKEN}".encode())],
    }
    await app(scope, receive, send)
    assert answers[0]["status"] == status


def test_the_openapi_document_names_the_scheme_and_the_parameter(app: FastAPI) -> None:
    document: dict[str, Any] = app.openapi()
    operation = document["paths"]["/api/{user_id}/tasks"]["get"]
    assert document["components"]["securitySchemes"] == {
        "bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    assert operation["security"] == [{"bearerAuth": []}]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["user_id"]


async def test_without_a_verifier_a_protected_route_is_closed() -> None:
    app = FastAPI()

    @app.get("/me")
    async def me(user: CurrentUser) -> dict[str, str]:
        return {"user": user.user_id}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as client:
        with pytest.raises(ConfigurationError, match="install"):
            await client.get("/me", headers=BEARER)


@pytest.fixture
def guarded(app: FastAPI) -> FastAPI:
    @app.get("/scoped", dependencies=[Depends(require_scope("tasks:read"))])
    async def scoped() -> str:
        return "in"

    @app.get("/admin")
    async def admin(user: Annotated[Identity, Depends(require_role("admin"))]) -> str:
        return user.user_id

    router = ProtectedRouter(prefix="/closed", dependencies=[Depends(require_role("admin", "user"))])

    @router.get("/plain")
    async def plain() -> str:
        return "in"

    @router.get("/optional")
    async def optional(user: OptionalUser) -> bool:
        return user is None

    child = ProtectedRouter(prefix="/child")

    @child.post("")
    async def create(body: Annotated[dict[str, int], Body()]) -> dict[str, int]:
        return body

    router.include_router(child)
    app.include_router(router)
    return app


def bearer(**claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {mint_token(secret=SECRET, **claims)}"}


async def test_a_scope_and_a_role_are_needed(guarded: FastAPI, client: httpx.AsyncClient) -> None:
    assert (await client.get("/scoped", headers=bearer(scope="tasks:read"))).json() == "in"
    assert (await client.get("/admin", headers=bearer(role="user,admin"))).json() == "user_1"
    refused = await client.get("/scoped", headers=BEARER)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert refused.headers["WWW-Authenticate"].endswith(', scope="tasks:read"')
    assert (await client.get("/admin", headers=BEARER)).json()["code"] == "insufficient_scope"
    assert (await client.get("/admin")).json()["code"] == "missing"


@pytest.mark.parametrize("path", ["/closed/plain", "/closed/optional"])
async def test_every_route_of_a_protected_router_is_closed(
    guarded: FastAPI, client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).json()["code"] == "missing"
    assert (await client.get(path, headers=BEARER)).json()["code"] == "insufficient_scope"
    answer = await client.get(path, headers=bearer(role="user"))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


async def test_a_router_inside_a_protected_one_decides_before_the_body(
    guarded: FastAPI, client: httpx.AsyncClient
) -> None:
    json_type = {"Content-Type": "application/json"}
    bad = {"content": b"{bad", "headers": json_type}
    assert (await client.post("/closed/child", **bad)).status_code == 401  # type: ignore[arg-type]
    answer = await client.post("/closed/child", content=b"{bad", headers=json_type | bearer(role="user"))
    assert answer.status_code == 422
    # What the router above demands is decided before the body, too.
    assert (await client.post("/closed/child", content=b"{bad", headers=json_type | BEARER)).status_code == 403
    assert (await client.post("/closed/child", json={"a": 1}, headers=bearer(role="admin"))).json() == {"a": 1}


def test_a_protected_router_refuses_what_it_cannot_protect() -> None:
    router = ProtectedRouter()
    for add in (router.mount, router.add_route, router.add_websocket_route, router.add_api_websocket_route):
        with pytest.raises(ConfigurationError):
            add("/x", lambda: None)  # type: ignore[operator]
    with pytest.raises(ConfigurationError):
        router.include_router(APIRouter())


@pytest.mark.parametrize("require", [require_scope, require_role])
def test_a_guard_without_a_name_stops_the_start(require: Callable[..., object]) -> None:
    with pytest.raises(ConfigurationError):
        require()


async def test_an_answer_may_say_itself_how_it_is_cached(app: FastAPI, client: httpx.AsyncClient) -> None:
    @app.get("/own")
    async def own(user: CurrentUser, response: Response) -> str:
        response.headers["Cache-Control"] = "private, max-age=5"
        return user.user_id

    answer = await client.get("/own", headers=BEARER)
    assert answer.headers.get_list("Cache-Control") == ["private, max-age=5"]
    assert (await client.get("/me", headers=BEARER)).headers["Cache-Control"] == "no-store"


async def test_an_open_route_is_cached_as_ever(app: FastAPI, client: httpx.AsyncClient) -> None:
    @app.get("/open")
    async def opened() -> str:
        return "in"

    answer = await client.get("/open")
    assert (answer.json(), "Cache-Control" in answer.headers) == ("in", False)


def test_a_refusal_may_be_answered_with_further_headers() -> None:
    answer = to_problem_response(WatchwordError("missing"), headers={"X-Request-Id": "r-1"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["X-Request-Id"] == "r-1"


async def test_a_refusal_keeps_the_headers_of_cors(app: FastAPI, client: httpx.AsyncClient) -> None:
    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.test"], expose_headers=["WWW-Authenticate"])
    answer = await client.get("/me", headers={"Origin": "https://app.example.test"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.test"
