"""What stands on every answer: routes, methods, targets, headers, CORS."""

from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Caller = Any
ORIGIN = "https://app.example.test"
EXPOSED = "ETag, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/ann/tasks", "GET, HEAD, POST"),
        ("POST", "/api/ann/tasks/1", "GET, HEAD, PUT, PATCH, DELETE"),
        ("GET", "/api/ann/tasks/1/complete", "PATCH"),
        ("HEAD", "/api/ann/tasks/1/complete", "PATCH"),
        ("POST", "/api/v1/users/me", "GET, HEAD, PUT"),
        ("POST", "/health", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("OPTIONS", "/health", "GET, HEAD"),
        ("TRACE", "/health", "GET, HEAD"),
    ],
)
async def test_a_known_path_names_its_methods(nobody: Caller, method: str, path: str, allow: str) -> None:
    answer = await nobody(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    assert method == "HEAD" or answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/ann/tasks//",
        "/API/ann/tasks",
        "/health//",
        "/health%2f",
        "/docs/oauth2-redirect",
        "/redoc",
        "/api/ann/tasks/1/x",
    ],
)
async def test_an_unknown_path_is_404_and_never_a_redirect(ann: Caller, path: str) -> None:
    answer = await ann("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/ann/tasks", "/api/ann/tasks/1", "/health", "/docs", "/api/ann/tasks/9"])
async def test_head_answers_as_get_without_a_body(ann: Caller, path: str) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    get, head = await ann("GET", path), await ann("HEAD", path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert {**head.headers, "x-request-id": ""} == {**get.headers, "x-request-id": ""}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/nothing", 404),
        ("GET", "/api//", 404),
        ("GET", "/api/ann/tasks", 401),
        ("POST", "/health", 405),
    ],
)
async def test_every_answer_carries_the_standard_fields_once(
    nobody: Caller, method: str, path: str, status: int
) -> None:
    answer = await nobody(method, path)
    assert answer.status_code == status
    for name, value in (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Vary", "Origin")):
        assert answer.headers.get_list(name) == [value]
    assert len(answer.headers.get_list("X-Request-Id")) == 1


async def test_a_harmless_request_id_is_kept_and_another_one_is_replaced(nobody: Caller) -> None:
    kept = await nobody("GET", "/health", headers={"X-Request-Id": "abc_DEF-123"})
    assert kept.headers["X-Request-Id"] == "abc_DEF-123"
    for value in ("short", "x" * 65, "with space", 'quote"quote', "é" * 10):
        answer = await nobody("GET", "/health", headers={"X-Request-Id": value.encode()})
        assert answer.headers["X-Request-Id"] != value


async def test_a_preflight_of_a_listed_origin_is_answered_before_everything_else(nobody: Caller) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    for path in ("/api/ann/tasks", "/nothing", "/api//x"):
        answer = await nobody("OPTIONS", path, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, PUT, PATCH, DELETE"
        assert answer.headers["Access-Control-Allow-Headers"] == (
            "Authorization, Content-Type, If-Match, Last-Event-ID, X-Request-Id"
        )
        assert answer.headers["Access-Control-Max-Age"] == "600"
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.test", "null", ORIGIN + ".evil.test", ORIGIN + ":8443", ORIGIN.upper(), "http://app.example.test"],
)
async def test_another_origin_gets_no_grant(nobody: Caller, origin: str) -> None:
    preflight = await nobody("OPTIONS", "/health", headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
    plain = await nobody("GET", "/health", headers={"Origin": origin})
    assert (preflight.status_code, plain.status_code) == (204, 200)
    for answer in (preflight, plain):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/nothing", 404),
        ("GET", "/api/ann/tasks", 401),
        ("POST", "/health", 405),
        ("GET", "/api//", 404),
    ],
)
async def test_every_answer_to_a_listed_origin_is_readable(nobody: Caller, method: str, path: str, status: int) -> None:
    answer = await nobody(method, path, headers={"Origin": ORIGIN})
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Expose-Headers"] == EXPOSED
    assert "Access-Control-Allow-Methods" not in answer.headers


async def test_two_authorization_headers_are_refused_whichever_is_good(nobody: Caller, token_of: Any) -> None:
    good, bad = f"Bearer {token_of('ann')}", "Bearer a.b.c"
    for values in ((good, bad), (bad, good), (good, good)):
        answer = await nobody("GET", "/api/ann/tasks", headers=[("Authorization", value) for value in values])
        assert (answer.status_code, answer.json()["code"]) == (400, "ambiguous_credentials")
        assert answer.headers["WWW-Authenticate"].startswith('Bearer error="invalid_request"')
