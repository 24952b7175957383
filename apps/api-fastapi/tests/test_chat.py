"""The assistant over HTTP, and its conversations."""

from typing import Any

import anyio
import pytest
from watchword.testing import AdjustableClock

from watchword_api.chat.repository import OwnerConversations
from watchword_api.database import tables
from watchword_api.database.store import Database

pytestmark = pytest.mark.anyio

Caller = Any
STAMP = "2026-01-01T00:00:00.000Z"


async def say(who: Caller, message: str, conversation_id: int | None = None, user: str = "ann") -> Any:
    body = {"message": message, "conversation_id": conversation_id}
    answer = await who("POST", f"/api/{user}/chat", json=body)
    assert answer.status_code == 200
    return answer.json()


async def test_an_answer_names_its_tasks_in_a_conversation_that_goes_on(ann: Caller) -> None:
    first = await say(ann, "add buy milk")
    assert [(task["user_id"], task["title"]) for task in first["tasks"]] == [("ann", "buy milk")]
    second = await say(ann, "done with it", first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert [(task["completed"], task["version"]) for task in second["tasks"]] == [(True, 2)]
    assert (await say(ann, "hello"))["conversation_id"] != first["conversation_id"]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("{}", [("/message", "required")]),
        ('{"message":5}', [("/message", "invalid_type")]),
        ('{"message":""}', [("/message", "too_short")]),
        ('{"message":" \\n\\t"}', [("/message", "blank")]),
        ('{"message":"a\\u0000"}', [("/message", "invalid_text")]),
        ('{"message":"' + "x" * 2001 + '"}', [("/message", "too_long")]),
        ('{"message":"hi","conversation_id":"1"}', [("/conversation_id", "invalid_type")]),
        ('{"message":"hi","conversation_id":true}', [("/conversation_id", "invalid_type")]),
        ('{"message":"hi","conversation_id":1.5}', [("/conversation_id", "invalid_type")]),
        ('{"message":"hi","conversation_id":1e999}', [("/conversation_id", "invalid_type")]),
        ('{"message":"hi","conversation_id":1' + "0" * 350 + "}", [("/conversation_id", "invalid_type")]),
        ('{"message":"hi","conversation_id":0}', [("/conversation_id", "too_small")]),
        ('{"message":"hi","conversation_id":1000000000}', [("/conversation_id", "too_big")]),
        ('{"message":"hi","conversation_id":100000000000000000000}', [("/conversation_id", "too_big")]),
        (
            '{"message":"","conversation_id":-1}',
            [("/message", "too_short"), ("/conversation_id", "too_small")],
        ),
        ("[]", [("", "invalid_type")]),
    ],
)
async def test_faulty_members_are_422(ann: Caller, body: str, faults: list[tuple[str, str]]) -> None:
    answer = await ann("POST", "/api/ann/chat", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"in": "body", "pointer": pointer, "code": code} for pointer, code in faults]


async def test_2000_characters_are_taken_counted_in_code_points(ann: Caller) -> None:
    assert (await say(ann, "😀" * 2000))["message"].startswith("I did not understand")


async def test_a_whole_number_is_taken_however_it_is_written(ann: Caller) -> None:
    number = (await say(ann, "hello"))["conversation_id"]
    body = f'{{"message":"hello","conversation_id":{number}.0}}'
    answer = await ann("POST", "/api/ann/chat", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["conversation_id"] == number


async def test_a_conversation_of_nobody_and_of_another_is_404_after_422(ann: Caller, bob: Caller) -> None:
    number = (await say(bob, "add a secret", user="bob"))["conversation_id"]
    foreign = await ann("POST", "/api/ann/chat", json={"message": "add x", "conversation_id": number})
    absent = await ann("POST", "/api/ann/chat", json={"message": "add x", "conversation_id": 999_999_999})
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert (await ann("POST", "/api/ann/chat", json={"message": "", "conversation_id": number})).status_code == 422
    assert (await ann("GET", "/api/ann/tasks")).json()["total"] == 0
    assert len((await bob("GET", f"/api/bob/conversations/{number}")).json()["messages"]) == 2


async def test_no_word_and_no_number_reaches_another_users_task(ann: Caller, bob: Caller) -> None:
    number = (await say(bob, "add buy milk", user="bob"))["tasks"][0]["id"]
    for message in (
        f"delete {number}",
        f"done {number}",
        f"rename {number} to x",
        f"show {number}",
        "delete milk",
        "list all",
    ):
        assert (await say(ann, message))["tasks"] == []
    await say(ann, "delete everything")
    page = (await bob("GET", "/api/bob/tasks")).json()
    assert [(task["title"], task["version"]) for task in page["items"]] == [("buy milk", 1)]


async def test_each_changed_task_is_one_change(ann: Caller, database: Database) -> None:
    for message in ("add one", "add two", "complete all"):
        await say(ann, message)
    changes = tables.task_changes.c
    async with database.reading("ann") as mine:
        rows = await mine.execute(mine.select(tables.task_changes, changes.id, changes.kind).order_by(changes.id))
        assert [tuple(row) for row in rows] == [(1, "created"), (2, "created"), (3, "updated"), (4, "updated")]


async def test_without_its_messages_no_task_is_changed(ann: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(OwnerConversations, "record", broken)
    assert (await ann("POST", "/api/ann/chat", json={"message": "add buy milk"})).status_code == 500
    monkeypatch.undo()
    assert (await ann("GET", "/api/ann/tasks")).json()["total"] == 0
    assert (await ann("GET", "/api/ann/conversations")).json()["total"] == 0


async def test_messages_that_arrive_together_lose_nothing(ann: Caller) -> None:
    number = (await say(ann, "hello"))["conversation_id"]
    async with anyio.create_task_group() as group:
        for index in range(10):
            group.start_soon(say, ann, f"add errand {index}", number)
    assert (await ann("GET", "/api/ann/tasks")).json()["total"] == 10
    messages = (await ann("GET", f"/api/ann/conversations/{number}")).json()["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * 11
    for said, answer in zip(messages[2::2], messages[3::2], strict=True):
        assert said["content"].removeprefix("add ") in answer["content"]


async def test_a_conversation_shows_its_messages_the_oldest_first(ann: Caller) -> None:
    said = await say(ann, "  hello\n there ")
    number = said["conversation_id"]
    conversation = (await ann("GET", f"/api/ann/conversations/{number}")).json()
    messages = conversation.pop("messages")
    assert conversation == {"id": number, "title": "hello there", "created_at": STAMP, "updated_at": STAMP}
    assert [(message["role"], message["content"], message["created_at"]) for message in messages] == [
        ("user", "  hello\n there ", STAMP),
        ("assistant", said["message"], STAMP),
    ]


async def test_a_conversation_is_named_by_80_characters_of_its_first_message(ann: Caller) -> None:
    number = (await say(ann, "😀" * 81))["conversation_id"]
    await say(ann, "hello", number)
    assert (await ann("GET", f"/api/ann/conversations/{number}")).json()["title"] == "😀" * 80


async def test_conversations_are_listed_by_their_last_message(ann: Caller, clock: AdjustableClock) -> None:
    numbers = []
    for message in ("one", "two", "three"):
        numbers.append((await say(ann, message))["conversation_id"])
        clock.advance(1)
    one, two, three = numbers
    await say(ann, "again", one)
    page = (await ann("GET", "/api/ann/conversations")).json()
    assert (page["total"], page["limit"], page["offset"]) == (3, 50, 0)
    assert [item["id"] for item in page["items"]] == [one, three, two]
    part = (await ann("GET", "/api/ann/conversations?limit=1&offset=1")).json()
    assert [item["id"] for item in part["items"]] == [three]
    assert (await ann("GET", "/api/ann/conversations?limit=0")).status_code == 422


async def test_a_deleted_conversation_takes_its_messages_and_no_task(ann: Caller, database: Database) -> None:
    number = (await say(ann, "add buy milk"))["conversation_id"]
    answer = await ann("DELETE", f"/api/ann/conversations/{number}")
    assert (answer.status_code, answer.content) == (204, b"")
    for method in ("GET", "DELETE"):
        assert (await ann(method, f"/api/ann/conversations/{number}")).status_code == 404
    assert (await ann("GET", "/api/ann/tasks")).json()["total"] == 1
    async with database.reading("ann") as mine:
        assert (await mine.execute(mine.select(tables.messages))).all() == []


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_another_users_conversation_answers_like_none_and_stays(ann: Caller, bob: Caller, method: str) -> None:
    number = (await say(bob, "hello", user="bob"))["conversation_id"]
    foreign = await ann(method, f"/api/ann/conversations/{number}")
    absent = await ann(method, "/api/ann/conversations/999999999")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert (await ann(method, f"/api/bob/conversations/{number}")).json()["code"] == "wrong_subject"
    assert (await bob("GET", "/api/bob/conversations")).json()["total"] == 1
    assert (await ann("GET", "/api/ann/conversations")).json()["total"] == 0


@pytest.mark.parametrize("number", ["abc", "0", "1.0", "-1", "1234567890", "%31x"])
async def test_a_malformed_id_is_404(ann: Caller, number: str) -> None:
    assert (await ann("GET", f"/api/ann/conversations/{number}")).status_code == 404
