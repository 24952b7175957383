"""What administrators may see."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Caller = Any
STAMP = "2026-01-01T00:00:00.000Z"


async def test_users_are_listed_by_id_for_administrators(caller: Callable[..., Caller], ann: Caller) -> None:
    await ann("GET", "/api/v1/users/me")
    for user in ("bob", "Zoe", "älf"):
        await caller(user)("GET", "/api/v1/users/me")
    root = caller("root", role="user, admin")
    answer = await root("GET", "/api/v1/admin/users?limit=2&offset=1")
    assert answer.status_code == 200
    first = {"id": "ann", "email": "ann@example.test", "name": "Ann", "username": None}
    second = {"id": "bob", "email": None, "name": None, "username": None}
    times = {"created_at": STAMP, "updated_at": STAMP}
    page = {"items": [{**first, **times}, {**second, **times}], "total": 4, "limit": 2, "offset": 1}
    assert answer.json() == page
    everyone = (await root("GET", "/api/v1/admin/users")).json()["items"]
    assert [user["id"] for user in everyone] == ["Zoe", "ann", "bob", "älf"]


@pytest.mark.parametrize("claims", [{}, {"role": "user"}, {"role": "Admin"}, {"roles": "user,admin"}])
async def test_without_the_role_nobody_is_listed(caller: Callable[..., Caller], claims: Any) -> None:
    answer = await caller("ann", **claims)("GET", "/api/v1/admin/users?limit=x")
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


async def test_a_token_is_needed_first(nobody: Caller) -> None:
    assert (await nobody("GET", "/api/v1/admin/users")).status_code == 401


async def test_each_use_is_a_line_of_the_log(caller: Callable[..., Caller], log: Any) -> None:
    answer = await caller("root", role="admin")("GET", "/api/v1/admin/users")
    line = {"http.request.id": answer.headers["X-Request-Id"], "user.id": "root"}
    assert log.of("watchword.admin.read") == [line]
