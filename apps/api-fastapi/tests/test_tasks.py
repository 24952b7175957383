from typing import Any

import pytest
from watchword.testing import AdjustableClock

pytestmark = pytest.mark.anyio

Caller = Any
TASKS = "/api/ann/tasks"


async def test_a_new_task_has_version_1_and_its_entity_tag(ann: Caller) -> None:
    answer = await ann("POST", TASKS, json={"title": "buy milk"})
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "id": 1,
        "user_id": "ann",
        "title": "buy milk",
        "description": None,
        "completed": False,
        "version": 1,
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
    }


async def test_members_that_are_not_the_callers_to_set_are_ignored(ann: Caller) -> None:
    body = {"title": "t", "user_id": "bob", "id": 99, "version": 7, "created_at": "x", "__proto__": {}}
    task = (await ann("POST", TASKS, json=body)).json()
    assert (task["user_id"], task["id"], task["version"]) == ("ann", 1, 1)


async def test_every_change_adds_one_to_the_version_and_moves_the_time(ann: Caller, clock: AdjustableClock) -> None:
    await ann("POST", TASKS, json={"title": "one"})
    clock.advance(1.2345)
    full = {"title": "two", "description": "d", "completed": True}
    put = await ann("PUT", f"{TASKS}/1", json=full)
    assert (put.status_code, put.headers["ETag"]) == (200, '"2"')
    assert put.json()["updated_at"] == "2026-01-01T00:00:01.235Z"
    assert put.json()["created_at"] == "2026-01-01T00:00:00.000Z"
    patch = await ann("PATCH", f"{TASKS}/1", json={"description": None})
    assert (patch.json()["title"], patch.json()["description"], patch.json()["version"]) == ("two", None, 3)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    "members", [{"title": "u"}, {"description": None}, {"completed": True}, {"description": "e", "completed": True}]
)
async def test_the_members_sent_are_changed_and_the_rest_is_kept(
    ann: Caller, clock: AdjustableClock, method: str, members: dict[str, Any]
) -> None:
    before = (await ann("POST", TASKS, json={"title": "t", "description": "d"})).json()
    clock.advance(60)
    answer = await ann(method, f"{TASKS}/1", json=members)
    assert answer.json() == {**before, **members, "version": 2, "updated_at": "2026-01-01T00:01:00.000Z"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("members", [{}, {"unknown": 1}])
async def test_a_change_without_members_changes_nothing_and_keeps_the_version(
    ann: Caller, clock: AdjustableClock, method: str, members: dict[str, Any]
) -> None:
    before = (await ann("POST", TASKS, json={"title": "one"})).json()
    clock.advance(10)
    stale = await ann(method, f"{TASKS}/1", json=members, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    answer = await ann(method, f"{TASKS}/1", json=members)
    assert (answer.status_code, answer.headers["ETag"], answer.json()) == (200, '"1"', before)


@pytest.mark.parametrize(
    ("options", "completed"),
    [
        ({}, True),
        ({"json": {}}, True),
        ({"json": {"completed": True}}, True),
        ({"json": {"completed": False}}, False),
        ({"headers": {"Content-Type": "text/plain"}}, True),
    ],
)
async def test_complete_toggles_or_sets(ann: Caller, options: dict[str, Any], completed: bool) -> None:
    await ann("POST", TASKS, json={"title": "one"})
    answer = await ann("PATCH", f"{TASKS}/1/complete", **options)
    assert (answer.json()["completed"], answer.json()["version"]) == (completed, 2)


async def test_a_deleted_task_is_gone(ann: Caller) -> None:
    await ann("POST", TASKS, json={"title": "one"})
    answer = await ann("DELETE", f"{TASKS}/1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert (await ann("GET", f"{TASKS}/1")).status_code == 404
    assert (await ann("DELETE", f"{TASKS}/1")).status_code == 404


@pytest.mark.parametrize("members", [{"title": "two", "description": None, "completed": True}, {"title": "two"}, {}])
async def test_put_never_creates(ann: Caller, members: dict[str, Any]) -> None:
    assert (await ann("PUT", f"{TASKS}/1", json=members)).status_code == 404
    assert (await ann("GET", TASKS)).json()["total"] == 0


async def test_the_list_is_newest_first_and_pages(ann: Caller, clock: AdjustableClock) -> None:
    for title in ("a", "b", "c"):
        await ann("POST", TASKS, json={"title": title})
        clock.advance(1)
    page = (await ann("GET", TASKS, params={"limit": "2"})).json()
    assert ([task["title"] for task in page["items"]], page["total"]) == (["c", "b"], 3)
    rest = (await ann("GET", TASKS, params={"limit": "2", "offset": "2"})).json()
    assert [task["title"] for task in rest["items"]] == ["a"]
    assert (rest["limit"], rest["offset"]) == (2, 2)


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("title", ["B", "a", "b", "b", "é"]),
        ("-title", ["é", "b", "b", "a", "B"]),
        ("created_at", ["b", "B", "a", "é", "b"]),
    ],
)
async def test_text_order_is_binary(ann: Caller, sort: str, titles: list[str]) -> None:
    for title in ("b", "B", "a", "é", "b"):
        await ann("POST", TASKS, json={"title": title})
    items = (await ann("GET", TASKS, params={"sort": sort})).json()["items"]
    assert [task["title"] for task in items] == titles


@pytest.mark.parametrize(("sort", "ids"), [("title", [1, 2, 3]), ("-title", [3, 2, 1]), ("-created_at", [3, 2, 1])])
async def test_the_id_breaks_ties_in_the_same_direction(ann: Caller, sort: str, ids: list[int]) -> None:
    for _ in range(3):
        await ann("POST", TASKS, json={"title": "same"})
    assert [task["id"] for task in (await ann("GET", TASKS, params={"sort": sort})).json()["items"]] == ids


@pytest.mark.parametrize(
    ("q", "found"),
    [("MILK", [1]), ("100%", [2]), ("_", [3]), ("É", []), ("é", [3]), ("", [3, 2, 1]), ("bread", [2]), ("zz", [])],
)
async def test_search_finds_a_part_of_title_or_description(ann: Caller, q: str, found: list[int]) -> None:
    await ann("POST", TASKS, json={"title": "Buy milk"})
    await ann("POST", TASKS, json={"title": "100% rye", "description": "BREAD"})
    await ann("POST", TASKS, json={"title": "caf_é"})
    page = (await ann("GET", TASKS, params={"q": q})).json()
    assert [task["id"] for task in page["items"]] == found
    assert page["total"] == len(found)


async def test_the_list_filters_by_state(ann: Caller) -> None:
    await ann("POST", TASKS, json={"title": "open"})
    await ann("POST", TASKS, json={"title": "done", "completed": True})
    for completed, title in (("true", "done"), ("false", "open")):
        items = (await ann("GET", TASKS, params={"completed": completed})).json()["items"]
        assert [task["title"] for task in items] == [title]


@pytest.mark.parametrize("if_match", ['"1"', "*", '"7", "1"', 'W/"1" , "1"'])
async def test_a_precondition_that_holds_lets_the_change_through(ann: Caller, if_match: str) -> None:
    await ann("POST", TASKS, json={"title": "one"})
    answer = await ann("PATCH", f"{TASKS}/1", json={"title": "two"}, headers={"If-Match": if_match})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("if_match", ['"2"', 'W/"1"', "1", "", '"1', '"1", x', "**"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PATCH complete"])
async def test_a_precondition_that_fails_changes_nothing(ann: Caller, method: str, if_match: str) -> None:
    before = (await ann("POST", TASKS, json={"title": "one"})).json()
    verb, _, suffix = method.partition(" ")
    full = {"title": "two", "description": None, "completed": True}
    body = {} if verb == "DELETE" else {"json": full}
    path = f"{TASKS}/1/{suffix}" if suffix else f"{TASKS}/1"
    answer = await ann(verb, path, headers={"If-Match": if_match}, **body)
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert (await ann("GET", f"{TASKS}/1")).json() == before


async def test_several_if_match_headers_are_one_list(ann: Caller) -> None:
    await ann("POST", TASKS, json={"title": "one"})
    headers = [("If-Match", '"9"'), ("If-Match", '"1"')]
    assert (await ann("PATCH", f"{TASKS}/1/complete", headers=headers)).status_code == 200
