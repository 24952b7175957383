from collections.abc import AsyncIterator
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

Caller = Any
TASKS = "/api/ann/tasks"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        'application/json; charset="UTF-8"',
        "application/json ; Charset=utf-8",
    ],
)
async def test_json_in_utf_8_is_accepted(ann: Caller, media_type: str) -> None:
    answer = await ann("POST", TASKS, content='{"title":"é"}'.encode(), headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["title"]) == (201, "é")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/merge-patch+json"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json; charset=utf-8; x=y"},
    ],
)
async def test_another_media_type_is_415(ann: Caller, headers: dict[str, str]) -> None:
    answer = await ann("POST", TASKS, content=b'{"title":"t"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_two_media_types_are_415(ann: Caller) -> None:
    headers = [("Content-Type", "application/json"), ("Content-Type", "application/json")]
    answer = await ann("POST", TASKS, content=b'{"title":"t"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{bad",
        b'{"title":"t"',
        b'{"title":"t"}}',
        b"\xef\xbb\xbf{}",
        b'{"title":"\xff"}',
        '{"title":"t"}'.encode("utf-16"),
        b'{"title":NaN}',
        b'{"title":Infinity}',
        b"{'title':'t'}",
        b'{"title":"\n"}',
        b'{"x":' * 33 + b"1" + b"}" * 33,
        b"[" * 60_000,
    ],
)
async def test_bytes_that_are_no_json_are_400(ann: Caller, content: bytes) -> None:
    answer = await ann("POST", TASKS, content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")


async def test_an_absent_body_without_a_type_is_400(ann: Caller) -> None:
    answer = await ann("POST", TASKS)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")


async def test_32_levels_are_readable(ann: Caller) -> None:
    content = b'{"title":"t","x":' + b"[" * 31 + b"]" * 31 + b"}"
    assert (await ann("POST", TASKS, content=content, headers=JSON)).status_code == 201


async def test_a_number_of_5000_digits_is_no_fault_of_the_server(ann: Caller) -> None:
    content = b'{"title":"t","x":' + b"9" * 5000 + b"}"
    assert (await ann("POST", TASKS, content=content, headers=JSON)).status_code == 201


@pytest.mark.parametrize(("size", "status"), [(65_536, 422), (65_537, 413)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_may_have_65536_bytes(ann: Caller, size: int, status: int, chunked: bool) -> None:
    content = b'{"title":"' + b"x" * (size - 12) + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        yield content[:1000]
        yield content[1000:]

    answer = await ann("POST", TASKS, content=pieces() if chunked else content, headers=JSON)
    assert answer.status_code == status


async def test_the_last_value_of_a_repeated_member_counts(ann: Caller) -> None:
    answer = await ann("POST", TASKS, content=b'{"title":1,"title":"last"}', headers=JSON)
    assert answer.json()["title"] == "last"
