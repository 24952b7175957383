from collections.abc import Callable
from typing import Any, get_args

import pytest

from watchword_api.http.violations import ViolationCode

pytestmark = pytest.mark.anyio

Caller = Any
TASKS = "/api/ann/tasks"


def faults(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422
    return {f"{error['in']}:{error['pointer']}": error["code"] for error in answer.json()["errors"]}


def test_the_codes_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    assert set(get_args(ViolationCode)) == set(contract("errors.json")["validation"])


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (None, "invalid_type"),
        (5, "invalid_type"),
        (True, "invalid_type"),
        (["t"], "invalid_type"),
        ("a\0" + "x" * 300, "invalid_text"),
        ("", "too_short"),
        ("x" * 201, "too_long"),
        (" " * 201, "too_long"),
        (" \t\n\r", "blank"),
    ],
)
async def test_a_bad_title_has_one_fault(ann: Caller, title: Any, code: str) -> None:
    assert faults(await ann("POST", TASKS, json={"title": title})) == {"body:/title": code}


@pytest.mark.parametrize("title", ["x" * 200, "😀" * 200, "\u00a0", " x "])
async def test_a_title_is_counted_in_code_points_and_kept_as_it_is(ann: Caller, title: str) -> None:
    assert (await ann("POST", TASKS, json={"title": title})).json()["title"] == title


@pytest.mark.parametrize("text", [b'"\\ud800"', b'"x\\udc00y"', b'"\\u0000"'])
async def test_text_that_cannot_be_stored_is_invalid_text(ann: Caller, text: bytes) -> None:
    content = b'{"title":"t","description":' + text + b"}"
    answer = await ann("POST", TASKS, content=content, headers={"Content-Type": "application/json"})
    assert faults(answer) == {"body:/description": "invalid_text"}


@pytest.mark.parametrize("body", [None, [], "text", 5, True])
async def test_a_body_that_is_no_object_is_one_fault_of_the_whole(ann: Caller, body: Any) -> None:
    await ann("POST", TASKS, json={"title": "t"})
    for method, path in (
        ("POST", TASKS),
        ("PUT", f"{TASKS}/1"),
        ("PATCH", f"{TASKS}/1"),
        ("PATCH", f"{TASKS}/1/complete"),
        ("PUT", "/api/v1/users/me"),
    ):
        content = {None: b"null", "text": b'"text"'}.get(body if isinstance(body, str | None) else "")
        options = {"json": body} if content is None else {"content": content}
        answer = await ann(method, path, headers={"Content-Type": "application/json"}, **options)
        assert faults(answer) == {"body:": "invalid_type"}


async def test_every_fault_is_listed_in_the_order_of_the_document(ann: Caller) -> None:
    await ann("POST", TASKS, json={"title": "t"})
    answer = await ann("PUT", f"{TASKS}/1", json={"completed": "yes", "title": ""})
    assert answer.json() == {
        "type": "urn:watchword:error:validation_failed",
        "title": "Validation failed",
        "status": 422,
        "detail": "Validation error.",
        "code": "validation_failed",
        "errors": [
            {"in": "body", "pointer": "/title", "code": "too_short"},
            {"in": "body", "pointer": "/completed", "code": "invalid_type"},
        ],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", {"query:/limit": "too_small"}),
        ("limit=101", {"query:/limit": "too_big"}),
        ("limit=", {"query:/limit": "invalid_format"}),
        ("limit=1_0", {"query:/limit": "invalid_format"}),
        ("limit=%201", {"query:/limit": "invalid_format"}),
        ("limit=-1", {"query:/limit": "invalid_format"}),
        ("limit=%D9%A2", {"query:/limit": "invalid_format"}),
        ("limit=0000000001", {"query:/limit": "invalid_format"}),
        ("offset=1e3", {"query:/offset": "invalid_format"}),
        ("offset=1000000000", {"query:/offset": "invalid_format"}),
        ("completed=1", {"query:/completed": "invalid_value"}),
        ("completed=True", {"query:/completed": "invalid_value"}),
        ("completed=", {"query:/completed": "invalid_value"}),
        ("sort=id", {"query:/sort": "invalid_value"}),
        ("sort=+title", {"query:/sort": "invalid_value"}),
        ("q=%00", {"query:/q": "invalid_text"}),
        ("q=" + "x" * 201, {"query:/q": "too_long"}),
        ("q=a&q=b", {"query:/q": "repeated"}),
        ("limit=1&limit=1", {"query:/limit": "repeated"}),
        (
            "sort=x&completed=1&completed=2&limit=0&offset=x&q=%00",
            {
                "query:/completed": "repeated",
                "query:/q": "invalid_text",
                "query:/sort": "invalid_value",
                "query:/limit": "too_small",
                "query:/offset": "invalid_format",
            },
        ),
    ],
)
async def test_a_bad_query_names_each_parameter_once(ann: Caller, query: str, expected: dict[str, str]) -> None:
    found = faults(await ann("GET", f"{TASKS}?{query}"))
    assert list(found.items()) == list(expected.items())


@pytest.mark.parametrize("query", ["page=x&page=y", "LIMIT=0", "limit=001", "q=", "user_id[]=x"])
async def test_unknown_parameters_are_ignored(ann: Caller, query: str) -> None:
    assert (await ann("GET", f"{TASKS}?{query}")).status_code == 200
