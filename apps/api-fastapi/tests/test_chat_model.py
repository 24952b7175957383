"""The assistant with a language model, for which a local stub stands."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from chat_case import ChatCase
from conftest import CONTRACT, RecordingLog
from stub_model import StubModel, answer_bytes, stub_model
from watchword import Verifier
from watchword.testing import AdjustableClock

from watchword_api.app import Api, create_app
from watchword_api.chat import model as chat_model
from watchword_api.chat.model import ask_model_at
from watchword_api.chat.model_setting import ModelSetting
from watchword_api.database.store import Database

pytestmark = pytest.mark.anyio

Caller = Any
CASES = json.loads((CONTRACT / "chat" / "model-cases.json").read_text("utf-8"))["cases"]
KEY = "sk-of-the-tests-0123456789"
SILENT = "The language model did not answer. Nothing was changed. Try again in a moment."
UNUSABLE = "The language model gave an answer that I cannot use. Nothing was changed. Try other words."
SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


@pytest.fixture
async def model() -> AsyncIterator[StubModel]:
    async with stub_model() as stub:
        yield stub


@pytest.fixture
def api(database: Database, clock: AdjustableClock, log: RecordingLog, model: StubModel) -> Api:
    """The application with the stub as its model, which has one second to answer."""
    verifier = Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET, clock=clock)
    return create_app(
        verifier=verifier,
        database=database,
        cors_origins=[],
        auth_failures_per_minute=3,
        ask_model=ask_model_at(ModelSetting(model.url, KEY, "stub-1"), timeout_seconds=1),
        clock=clock,
        log=log,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
async def test_the_assistant_answers_as_the_contract_says(
    caller: Callable[..., Caller], model: StubModel, case: dict[str, Any]
) -> None:
    talk = ChatCase(caller(case["id"]), case["id"])
    await talk.make(case["given"])
    said = []
    for step in case["say"]:
        if step["model"] is not None:
            model.next(json.loads(talk.absolute(json.dumps(step["model"]))))
        said.append({**await talk.say(step["message"]), "model": step["model"]})
    assert (said, await talk.afterwards()) == (case["say"], case["afterwards"])
    assert len(model.requests) == sum(step["model"] is not None for step in case["say"])


async def test_tasks_and_conversation_go_in_openais_form_with_the_key_as_bearer(ann: Caller, model: StubModel) -> None:
    talk = ChatCase(ann, "ann")
    await talk.make([{"title": "Buy “milk” {1}"}, {"title": "Pay rent", "completed": True}])
    model.next({"content": "Good morning."})
    await talk.say("good morning")
    model.next({"content": "Yes."})
    await talk.say("are you there?")
    assert [request.line for request in model.requests] == ["POST /v1/chat/completions HTTP/1.1"] * 2
    sent = model.requests[1].body
    assert model.requests[1].headers["authorization"] == f"Bearer {KEY}"
    assert model.requests[1].headers["content-type"] == "application/json"
    assert list(sent) == ["model", "messages", "tools", "tool_choice"]
    assert (sent["model"], sent["tool_choice"]) == ("stub-1", "auto")
    assert sent["tools"] == json.loads((CONTRACT / "chat" / "model.json").read_text("utf-8"))["tools"]
    system, *others = sent["messages"]
    assert others == [
        {"role": "user", "content": "good morning"},
        {"role": "assistant", "content": "Good morning."},
        {"role": "user", "content": "are you there?"},
    ]
    first, second = talk.absolute("{1}"), talk.absolute("{2}")
    told = (
        f'[{{"number":{second},"title":"Pay rent","done":true}},'
        f'{{"number":{first},"title":"Buy “milk” {{1}}","done":false}}]'
    )
    assert system["role"] == "system"
    assert system["content"].endswith(f"The user has 2 tasks. The newest of them, as JSON: {told}")


async def test_the_last_20_messages_and_the_newest_100_tasks_go(ann: Caller, model: StubModel) -> None:
    talk = ChatCase(ann, "ann")
    await talk.make([{"title": f"task {index}"} for index in range(102)])
    for index in range(12):
        model.next({"content": f"answer {index}"})
        await talk.say(f"message {index}")
    messages = model.requests[-1].body["messages"]
    assert len(messages) == 22
    assert messages[1]["content"] == "message 1"
    tasks = json.loads(messages[0]["content"].partition("as JSON: ")[2])
    assert [len(tasks), tasks[0]["title"], tasks[-1]["title"]] == [100, "task 101", "task 2"]


async def test_no_number_reaches_another_users_task(ann: Caller, bob: Caller, model: StubModel) -> None:
    other = ChatCase(bob, "bob")
    await other.make([{"title": "secret of bob"}])
    number = other.absolute("{1}")
    model.next(
        {
            "calls": [
                {"name": "rename_task", "arguments": f'{{"number":{number},"title":"mine"}}'},
                {"name": "complete_tasks", "arguments": f'{{"numbers":[{number}]}}'},
                {"name": "delete_tasks", "arguments": f'{{"numbers":[{number}]}}'},
            ]
        }
    )
    answer = await ChatCase(ann, "ann").say("take it")
    assert (answer["answer"], answer["tasks"]) == ("\n".join([f"You have no task #{number}."] * 3), [])
    assert await other.afterwards() == [{"task": 1, "title": "secret of bob", "completed": False}]


async def test_no_transaction_is_open_while_the_model_thinks(ann: Caller, model: StubModel) -> None:
    meanwhile: list[int] = []

    async def think(writer: asyncio.StreamWriter) -> None:
        written = await ann("POST", "/api/ann/tasks", json={"title": "meanwhile"})
        meanwhile.append(written.status_code)
        writer.write(answer_bytes({"content": "Done thinking."}))
        writer.close()

    model.next(think)
    assert (await ChatCase(ann, "ann").say("think"))["answer"] == "Done thinking."
    assert meanwhile == [201]


async def test_a_conversation_deleted_while_the_model_thinks_is_404_and_nothing_changes(
    ann: Caller, model: StubModel
) -> None:
    model.next({"content": "Hello."})
    number = (await ann("POST", "/api/ann/chat", json={"message": "hello"})).json()["conversation_id"]

    async def think(writer: asyncio.StreamWriter) -> None:
        await ann("DELETE", f"/api/ann/conversations/{number}")
        writer.write(answer_bytes({"calls": [{"name": "add_task", "arguments": '{"title":"late"}'}]}))
        writer.close()

    model.next(think)
    answer = await ann("POST", "/api/ann/chat", json={"message": "add something", "conversation_id": number})
    assert answer.status_code == 404
    assert (await ann("GET", "/api/ann/tasks")).json()["total"] == 0


async def _cut(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _stay_silent(_writer: asyncio.StreamWriter) -> None:
    pass


async def _never_end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


async def _speak_no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"hello\r\n\r\n")
    writer.close()


@pytest.mark.parametrize("answer", [_cut, _stay_silent, _never_end, _speak_no_http])
async def test_no_answer_becomes_a_sentence_in_a_conversation_that_is_kept(
    ann: Caller, model: StubModel, log: RecordingLog, answer: Any
) -> None:
    model.next(answer)
    said = await ChatCase(ann, "ann").say("hello?")
    assert said == {"message": "hello?", "answer": SILENT, "tasks": []}
    kept = (await ann("GET", "/api/ann/conversations")).json()
    assert (kept["total"], kept["items"][0]["title"]) == (1, "hello?")
    assert [line["error.type"] for line in log.of("watchword.chat.model_failed")] == ["silent"]


async def test_an_address_where_nobody_listens_becomes_a_sentence() -> None:
    proposal = await ask_model_at(ModelSetting("http://127.0.0.1:9", KEY, "m"))([])
    assert proposal.failure == "silent"


async def test_an_answer_beyond_256_kib_is_not_read(ann: Caller, model: StubModel) -> None:
    padding = " " * chat_model.MAX_BYTES
    model.next({"text": padding + '{"choices":[{"message":{"content":"hello"}}]}'})
    assert (await ChatCase(ann, "ann").say("hello"))["answer"] == UNUSABLE


async def test_the_log_holds_neither_key_nor_message_nor_answer(
    ann: Caller, model: StubModel, log: RecordingLog
) -> None:
    model.next({"status": 401, "text": f'{{"error":"{KEY} is wrong"}}'})
    await ChatCase(ann, "ann").say("my secret message")
    lines = json.dumps(log.lines)
    assert '"error.type": "refused"' in lines
    assert KEY not in lines
    assert "secret message" not in lines


def test_the_model_is_asked_within_the_bounds_that_the_contract_names(contract: Callable[[str], Any]) -> None:
    bounds = contract("defaults.json")["chat"]
    assert bounds["model_timeout_seconds"]["value"] == chat_model.TIMEOUT_SECONDS
    assert bounds["model_max_bytes"]["value"] == chat_model.MAX_BYTES
    assert bounds["model_tool_calls"]["max"] == chat_model.MAX_TOOL_CALLS
    assert bounds["answer_characters"]["max"] == chat_model.MAX_TEXT_CHARACTERS
