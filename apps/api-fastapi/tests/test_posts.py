"""Posts of everybody, and of their owners alone."""

from typing import Any

import pytest
from watchword.testing import AdjustableClock

pytestmark = pytest.mark.anyio

Caller = Any
STAMP = "2026-01-01T00:00:00.000Z"


async def post(who: Caller, title: str, **members: Any) -> int:
    answer = await who("POST", "/api/v1/posts", json={"title": title, "body": "b", **members})
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number


async def titles(who: Caller, query: str = "") -> list[str]:
    answer = await who("GET", f"/api/v1/posts{query}")
    assert answer.status_code == 200
    return [item["title"] for item in answer.json()["items"]]


async def test_a_post_is_made_public_unless_it_says_otherwise(ann: Caller) -> None:
    answer = await ann("POST", "/api/v1/posts", json={"title": "t", "body": "b", "user_id": "bob"})
    assert (answer.status_code, "ETag" in answer.headers) == (201, False)
    members = {"title": "t", "body": "b", "is_private": False, "created_at": STAMP, "updated_at": STAMP}
    assert answer.json() == {"id": 1, "user_id": "ann", **members}


async def test_public_posts_are_for_everybody_and_private_ones_for_their_owner(
    ann: Caller, bob: Caller, nobody: Caller, clock: AdjustableClock
) -> None:
    for who, title, private in ((ann, "a", False), (ann, "A", True), (bob, "b", False), (bob, "B", True)):
        await post(who, title, is_private=private)
        clock.advance(1)
    assert await titles(ann) == ["b", "A", "a"]
    assert await titles(bob) == ["B", "b", "a"]
    assert await titles(nobody) == ["b", "a"]
    assert await titles(ann, "?limit=1&offset=1") == ["A"]
    listed = (await nobody("GET", "/api/v1/posts?limit=1")).json()
    assert (listed["total"], listed["limit"], listed["offset"]) == (2, 1, 0)


async def test_posts_of_the_same_moment_are_listed_by_id(ann: Caller) -> None:
    for title in ("1", "2", "3"):
        await post(ann, title)
    assert await titles(ann) == ["3", "2", "1"]


async def test_a_private_post_of_another_is_as_one_that_does_not_exist(
    ann: Caller, bob: Caller, nobody: Caller
) -> None:
    number = await post(ann, "t", is_private=True)
    assert (await ann("GET", f"/api/v1/posts/{number}")).status_code == 200
    for who in (bob, nobody):
        there = await who("GET", f"/api/v1/posts/{number}")
        absent = await who("GET", "/api/v1/posts/999")
        assert (there.status_code, there.json()) == (404, absent.json())
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await bob(method, f"/api/v1/posts/{number}", json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_bad_credential_is_refused_where_none_is_needed(nobody: Caller) -> None:
    answer = await nobody("GET", "/api/v1/posts", headers={"Authorization": "Bearer a.b.c"})
    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_public_post_of_another_cannot_be_changed(ann: Caller, bob: Caller, method: str) -> None:
    number = await post(ann, "t")
    answer = await bob(method, f"/api/v1/posts/{number}", json={"title": 5})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_subject")
    assert (await ann("GET", f"/api/v1/posts/{number}")).json()["title"] == "t"


async def test_the_body_is_judged_as_bytes_before_the_row_and_the_members_after_it(ann: Caller, bob: Caller) -> None:
    number = await post(ann, "t")
    bad = {"content": b"{", "headers": {"Content-Type": "application/json"}}
    assert (await bob("PUT", f"/api/v1/posts/{number}", **bad)).status_code == 400
    assert (await bob("PUT", "/api/v1/posts/x", **bad)).status_code == 400
    assert (await bob("PUT", "/api/v1/posts/x", json={"title": 5})).status_code == 404
    assert (await ann("PUT", f"/api/v1/posts/{number}", json={"title": 5})).status_code == 422


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    "members",
    [{"title": "u"}, {"body": "c"}, {"is_private": True}, {"title": "u", "body": "c", "is_private": True}],
)
async def test_the_owner_changes_what_is_sent(
    ann: Caller, clock: AdjustableClock, method: str, members: dict[str, Any]
) -> None:
    number = await post(ann, "t")
    before = (await ann("GET", f"/api/v1/posts/{number}")).json()
    clock.advance(60)
    assert (await ann(method, f"/api/v1/posts/{number}", json={})).json() == before
    changed = (await ann(method, f"/api/v1/posts/{number}", json=members)).json()
    assert changed == {**before, **members, "updated_at": "2026-01-01T00:01:00.000Z"}


@pytest.mark.parametrize("members", [{}, {"title": "u"}])
async def test_put_never_creates(ann: Caller, members: dict[str, Any]) -> None:
    assert (await ann("PUT", "/api/v1/posts/1", json=members)).status_code == 404
    assert (await ann("GET", "/api/v1/posts")).json()["total"] == 0


async def test_a_deleted_post_is_gone(ann: Caller) -> None:
    number = await post(ann, "t")
    assert (await ann("DELETE", f"/api/v1/posts/{number}")).status_code == 204
    assert (await ann("GET", f"/api/v1/posts/{number}")).status_code == 404


async def test_every_fault_of_the_members_is_named(ann: Caller) -> None:
    answer = await ann("POST", "/api/v1/posts", json={"title": " ", "body": "x" * 10_001, "is_private": "no"})
    assert answer.json()["errors"] == [
        {"in": "body", "pointer": "/title", "code": "blank"},
        {"in": "body", "pointer": "/body", "code": "too_long"},
        {"in": "body", "pointer": "/is_private", "code": "invalid_type"},
    ]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=x", "limit=1&limit=2"])
async def test_a_page_has_bounds(nobody: Caller, query: str) -> None:
    assert (await nobody("GET", f"/api/v1/posts?{query}")).status_code == 422
