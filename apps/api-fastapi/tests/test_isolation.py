from typing import Any

import anyio
import pytest

pytestmark = pytest.mark.anyio

Caller = Any
FULL = {"title": "mine now", "description": None, "completed": True}
ROW_REQUESTS = [
    ("GET", "", {}),
    ("PUT", "", {"json": FULL}),
    ("PATCH", "", {"json": {"title": "mine now"}}),
    ("PATCH", "", {"json": {}}),
    ("DELETE", "", {}),
    ("PATCH", "/complete", {}),
]


@pytest.mark.parametrize(("method", "suffix", "options"), ROW_REQUESTS)
async def test_another_users_url_is_403_and_changes_nothing(
    ann: Caller, bob: Caller, method: str, suffix: str, options: dict[str, Any]
) -> None:
    before = (await bob("POST", "/api/bob/tasks", json={"title": "of bob"})).json()
    answer = await ann(method, f"/api/bob/tasks/1{suffix}", **options)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_subject")
    assert (await bob("GET", "/api/bob/tasks/1")).json() == before


@pytest.mark.parametrize(("method", "suffix", "options"), ROW_REQUESTS)
async def test_another_users_row_under_ones_own_url_answers_like_no_row(
    ann: Caller, bob: Caller, method: str, suffix: str, options: dict[str, Any]
) -> None:
    before = (await bob("POST", "/api/bob/tasks", json={"title": "of bob"})).json()
    foreign = await ann(method, f"/api/ann/tasks/1{suffix}", **options)
    absent = await ann(method, f"/api/ann/tasks/2{suffix}", **options)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")
    assert foreign.content == absent.content
    assert (await bob("GET", "/api/bob/tasks/1")).json() == before


async def test_lists_and_totals_hold_only_ones_own_rows(ann: Caller, bob: Caller) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "secret of ann"})
    for query in ("", "?q=secret", "?user_id=ann", "?q=%25", "?sort=title&limit=100"):
        page = (await bob("GET", f"/api/bob/tasks{query}")).json()
        assert (page["items"], page["total"]) == ([], 0)


async def test_the_owner_is_the_tokens_subject_whatever_else_is_sent(ann: Caller, bob: Caller) -> None:
    headers = {"X-User-Id": "bob", "Cookie": "user_id=bob"}
    task = (
        await ann("POST", "/api/ann/tasks?user_id=bob", json={"title": "t", "user_id": "bob"}, headers=headers)
    ).json()
    assert task["user_id"] == "ann"
    await ann("PATCH", "/api/ann/tasks/1", json={"user_id": "bob"})
    assert (await bob("GET", "/api/bob/tasks")).json()["total"] == 0
    assert (await ann("GET", "/api/ann/tasks")).json()["total"] == 1


@pytest.mark.parametrize("user", ["Ann", "ann ", "ánn", "1", "01"])
async def test_ids_that_differ_in_one_byte_are_different_users(caller: Any, ann: Caller, user: str) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    if user != user.strip():
        assert (await caller(user)("GET", "/api/v1/users/me")).json()["code"] == "invalid_claim"
        return
    assert (await caller(user)("GET", f"/api/{user}/tasks")).json()["total"] == 0


async def test_parallel_requests_each_get_their_own_answer(ann: Caller, bob: Caller) -> None:
    seen: list[tuple[str, str]] = []

    async def create(who: Caller, name: str) -> None:
        task = (await who("POST", f"/api/{name}/tasks", json={"title": name})).json()
        seen.append((name, task["user_id"]))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(create, ann, "ann")
            group.start_soon(create, bob, "bob")
    assert len(seen) == 40
    assert all(name == owner for name, owner in seen)


async def test_parallel_changes_with_the_same_precondition_happen_once(ann: Caller) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    statuses: list[int] = []

    async def change(number: int) -> None:
        answer = await ann("PATCH", "/api/ann/tasks/1", json={"title": str(number)}, headers={"If-Match": '"1"'})
        statuses.append(answer.status_code)

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(change, number)
    assert sorted(statuses) == [200] + [412] * 9
    assert (await ann("GET", "/api/ann/tasks/1")).json()["version"] == 2
