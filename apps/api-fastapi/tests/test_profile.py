from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Caller = Any
ME = "/api/v1/users/me"


async def test_the_profile_is_made_from_the_claims_on_first_sight(ann: Caller) -> None:
    expected = {"id": "ann", "email": "ann@example.test", "name": "Ann", "username": None}
    assert (await ann("GET", ME)).json() == expected
    assert (await ann("GET", ME)).json() == expected


async def test_put_changes_the_members_sent_and_null_clears(ann: Caller) -> None:
    assert (await ann("PUT", ME, json={"username": "ann_1"})).json()["email"] == "ann@example.test"
    changed = await ann("PUT", ME, json={"email": None, "name": "A. N."})
    assert changed.json() == {"id": "ann", "email": None, "name": "A. N.", "username": "ann_1"}
    assert (await ann("PUT", ME, json={})).json() == changed.json()


async def test_later_claims_do_not_overwrite_what_its_owner_set(caller: Callable[..., Caller]) -> None:
    await caller("ann", name="First")("PUT", ME, json={"name": "Own"})
    assert (await caller("ann", name="Second")("GET", ME)).json()["name"] == "Own"


@pytest.mark.parametrize("name", ["x" * 201, "a\0", "", " "])
async def test_a_claim_that_would_be_refused_as_input_is_not_stored(caller: Callable[..., Caller], name: str) -> None:
    assert (await caller("ann", name=name)("GET", ME)).json()["name"] is None


async def test_each_user_has_a_profile_of_their_own(ann: Caller, bob: Caller) -> None:
    await ann("PUT", ME, json={"username": "taken"})
    assert (await bob("GET", ME)).json() == {"id": "bob", "email": None, "name": None, "username": None}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"email": "a"}, ("/email", "too_short")),
        ({"email": "no-at-sign"}, ("/email", "invalid_format")),
        ({"email": "   "}, ("/email", "blank")),
        ({"email": "a@" + "x" * 320}, ("/email", "too_long")),
        ({"email": "a@b\n"}, ("/email", "invalid_format")),
        ({"name": ""}, ("/name", "too_short")),
        ({"name": " "}, ("/name", "blank")),
        ({"username": "a b"}, ("/username", "invalid_format")),
        ({"username": "é"}, ("/username", "invalid_format")),
        ({"username": "x" * 51}, ("/username", "too_long")),
        ({"username": 5}, ("/username", "invalid_type")),
    ],
)
async def test_a_bad_member_is_refused(ann: Caller, body: dict[str, Any], fault: tuple[str, str]) -> None:
    answer = await ann("PUT", ME, json=body)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [fault]


async def test_without_a_token_there_is_no_profile(nobody: Caller) -> None:
    assert (await nobody("GET", ME)).json()["code"] == "missing"
