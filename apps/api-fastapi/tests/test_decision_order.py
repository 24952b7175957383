"""401 → 403 → 413, 415, 400 → 404 → 422 → 412."""

from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Caller = Any
JSON = {"Content-Type": "application/json"}
HUGE = b'{"title":"' + b"x" * 70_000 + b'"}'


@pytest.mark.parametrize("path", ["/api/ann/tasks", "/api/bob/tasks"])
@pytest.mark.parametrize("content", [b"{bad", b"{}", HUGE, b""])
async def test_without_a_token_the_body_says_nothing(nobody: Caller, path: str, content: bytes) -> None:
    answer = await nobody("POST", path, content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("content", [b"{bad", b"{}", HUGE])
async def test_under_another_users_url_the_body_says_nothing(ann: Caller, content: bytes) -> None:
    answer = await ann("POST", "/api/bob/tasks", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_subject")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [(HUGE, {"Content-Type": "text/plain"}, 413), (b"{bad", {"Content-Type": "text/plain"}, 415), (b"{bad", JSON, 400)],
)
@pytest.mark.parametrize("task_id", ["1", "2", "abc"])
async def test_an_unreadable_body_is_told_before_the_row_is_looked_for(
    ann: Caller, task_id: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    answer = await ann("PATCH", f"/api/ann/tasks/{task_id}", content=content, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("task_id", ["2", "abc", "0", "1_0", "-1", "+1", "%201", "1.0", "1e0", "１", "9" * 10])
async def test_a_row_that_is_not_there_comes_before_the_members(ann: Caller, task_id: str) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    for method, suffix in (("PUT", ""), ("PATCH", ""), ("PATCH", "/complete")):
        answer = await ann(method, f"/api/ann/tasks/{task_id}{suffix}", json={"title": 5, "completed": 5})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_members_come_before_the_precondition(ann: Caller) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    answer = await ann("PATCH", "/api/ann/tasks/1", json={"title": ""}, headers={"If-Match": '"9"'})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize("task_id", ["01", "000000001"])
async def test_leading_zeros_name_the_same_row(ann: Caller, task_id: str) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    assert (await ann("GET", f"/api/ann/tasks/{task_id}")).json()["id"] == 1
