"""The request target as it was sent (`contract/vectors/targets.json`), and one slash at its end over every route."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import CONTRACT, ORIGIN

from watchword_api.http.raw_target import reduce_target

pytestmark = pytest.mark.anyio

Caller = Any
CASES = json.loads((CONTRACT / "vectors" / "targets.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_target_is_read_as_the_contract_says(case: dict[str, str]) -> None:
    path, _, query = case["target"].encode("latin-1").partition(b"?")
    wanted = (
        None
        if case["path"] is None
        else (unquote(case["path"]), case["path"].encode("ascii"), case["query"].encode("ascii"))
    )
    assert reduce_target(path, query) == wanted


def test_a_query_beyond_ascii_names_nothing() -> None:
    assert reduce_target(b"/health", b"q=\xc3\xa9") is None


def test_a_path_is_measured_without_the_slash_at_its_end() -> None:
    longest = b"/" + b"u" * 8191
    for path in (longest, longest + b"/"):
        assert reduce_target(path, b"") == (longest.decode(), longest, b"")
    for path in (longest + b"u", longest + b"u/"):
        assert reduce_target(path, b"") is None


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ann/tasks", 200),
        ("GET", "/api/ann/tasks?limit=1&q=x/", 200),
        ("GET", "/api/ann/tasks?limit=x", 422),
        ("HEAD", "/api/ann/tasks", 200),
        ("GET", "/api/ann/tasks/999", 404),
        ("DELETE", "/api/ann/tasks", 405),
        ("GET", "/api/ann/tasks/1/complete", 405),
        ("GET", "/api/bob/tasks", 403),
        ("GET", "/api/ann/conversations", 200),
        ("GET", "/api/v1/posts", 200),
        ("GET", "/api/v1/users/me", 200),
        ("GET", "/api/v1/admin/users", 403),
        ("GET", "/health", 200),
        ("GET", "/ready", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("OPTIONS", "/health", 405),
        ("GET", "/nothing", 404),
    ],
)
async def test_a_slash_at_the_end_changes_no_answer(ann: Caller, method: str, path: str, status: int) -> None:
    name, mark, query = path.partition("?")
    without = await ann(method, path)
    with_slash = await ann(method, f"{name}/{mark}{query}")
    assert (without.status_code, with_slash.status_code) == (status, status)
    assert with_slash.content == without.content
    assert {**with_slash.headers, "x-request-id": ""} == {**without.headers, "x-request-id": ""}


async def test_writes_reach_their_route_with_a_slash_at_the_end(ann: Caller) -> None:
    created = await ann("POST", "/api/ann/tasks/", json={"title": "t"})
    assert created.status_code == 201
    path = f"/api/ann/tasks/{created.json()['id']}/"
    assert (await ann("PATCH", path, json={"title": "u"})).json()["title"] == "u"
    assert (await ann("PATCH", f"{path}complete/")).json()["completed"] is True
    assert (await ann("DELETE", path)).status_code == 204
    assert (await ann("GET", path)).status_code == 404


async def test_a_preflight_with_a_slash_at_the_end_is_granted(nobody: Caller) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = await nobody("OPTIONS", "/api/v1/posts/", headers=headers)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
