"""The stream of a user's changes."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from watchword.testing import AdjustableClock

from watchword_api.app import Api
from watchword_api.database.store import Database
from watchword_api.database.tables import task_changes

pytestmark = pytest.mark.anyio

Caller = Any
STAMP = "2026-01-01T00:00:00.000Z"
TARGET = "/api/ann/tasks/events"


class Stream:
    """A client of one stream, without a network."""

    def __init__(self) -> None:
        self.start: dict[str, Any] = {}
        self.text = ""
        self.complete = False
        self._left = asyncio.Event()
        self._moved = asyncio.Condition()

    async def receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.text += message.get("body", b"").decode()
            self.complete = not message.get("more_body", False)
        async with self._moved:
            self._moved.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async def moved() -> None:
            async with self._moved:
                await self._moved.wait_for(condition)

        await asyncio.wait_for(moved(), 10)

    async def until_text(self, part: str) -> None:
        await self.until(lambda: part in self.text)

    def headers(self) -> dict[str, str]:
        return {name.decode().lower(): value.decode() for name, value in self.start["headers"]}

    def leave(self) -> None:
        self._left.set()

    def events(self) -> list[tuple[str | None, str, Any]]:
        """The id, the name and the data of each event; what has no name is left out."""
        found = []
        for block in self.text.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "event" in fields:
                found.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
        return found


Watch = Callable[..., Any]


@pytest.fixture
def watch(api: Api, token_of: Callable[..., str]) -> Watch:
    @asynccontextmanager
    async def watching(
        user: str = "ann", on: Api = api, method: str = "GET", **headers: str
    ) -> AsyncIterator[tuple[Stream, "asyncio.Task[None]"]]:
        stream = Stream()
        named = {"authorization": f"Bearer {token_of(user)}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        path = f"/api/{user}/tasks/events"
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "client": ("127.0.0.1", 1),
        }
        running = asyncio.ensure_future(on.application(scope, stream.receive, stream.send))  # type: ignore[arg-type]
        try:
            yield stream, running  # type: ignore[misc]
        finally:
            stream.leave()
            await asyncio.wait_for(running, 10)

    return watching


async def test_a_stream_begins_with_the_newest_number(watch: Watch, ann: Caller) -> None:
    async with watch() as (stream, _):
        await stream.until_text("ready")
        assert stream.text == "retry: 1000\n\nid: 0\nevent: ready\ndata: {}\n\n"
        headers = stream.headers()
        assert stream.start["status"] == 200
        assert headers["content-type"] == "text/event-stream"
        assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
        assert "content-length" not in headers
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    async with watch() as (stream, _):
        await stream.until_text("id: 1\nevent: ready\n")


async def test_each_change_is_sent_with_the_task_as_it_is_now(watch: Watch, ann: Caller) -> None:
    async with watch() as (stream, _):
        await stream.until_text("ready")
        await ann("POST", "/api/ann/tasks", json={"title": 'Brötchen \u2028 "x"'})
        await stream.until_text("created")
        await ann("PATCH", "/api/ann/tasks/1/complete")
        await stream.until_text("updated")
        await ann("DELETE", "/api/ann/tasks/1")
        await stream.until_text("deleted")
    task = {"id": 1, "user_id": "ann", "title": 'Brötchen \u2028 "x"', "description": None, "completed": False}
    times = {"version": 1, "created_at": STAMP, "updated_at": STAMP}
    first = json.dumps({"task_id": 1, "task": {**task, **times}}, ensure_ascii=False, separators=(",", ":"))
    assert f"\n\nid: 1\nevent: created\ndata: {first}\n\n" in stream.text
    assert [event[:2] for event in stream.events()[1:]] == [("1", "created"), ("2", "updated"), ("3", "deleted")]
    assert stream.events()[2][2]["task"]["completed"] is True
    assert stream.events()[3][2] == {"task_id": 1, "task": None}


async def test_what_changes_nothing_is_no_event(watch: Watch, ann: Caller) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    async with watch() as (stream, _):
        await stream.until_text("ready")
        await ann("PATCH", "/api/ann/tasks/1", json={})
        await ann("PUT", "/api/ann/tasks/1", json={"title": "t", "description": None, "completed": False, "x": 1})
        await stream.until_text("updated")
    assert [event[:2] for event in stream.events()] == [("1", "ready"), ("2", "updated")]


async def test_another_user_sees_nothing(watch: Watch, ann: Caller, bob: Caller) -> None:
    async with watch() as (stream, _):
        await stream.until_text("ready")
        await bob("POST", "/api/bob/tasks", json={"title": "of bob"})
        await ann("POST", "/api/ann/tasks", json={"title": "of ann"})
        await stream.until_text("created")
        assert [event[:2] for event in stream.events()] == [("0", "ready"), ("1", "created")]
        assert "bob" not in stream.text


async def test_a_change_of_another_process_arrives(
    watch: Watch, caller: Caller, api_on: Callable[[Database], Api], database: Database
) -> None:
    elsewhere = caller("ann", on=api_on(database))
    async with watch() as (stream, _):
        await stream.until_text("ready")
        await elsewhere("POST", "/api/ann/tasks", json={"title": "t"})
        await stream.until_text("created")


async def test_a_stream_goes_on_where_it_was_left(watch: Watch, ann: Caller) -> None:
    for number in range(3):
        await ann("POST", "/api/ann/tasks", json={"title": str(number)})
    for after, expected in (
        ("0", [("1", "created"), ("2", "created"), ("3", "created"), ("3", "ready")]),
        ("2", [("3", "created"), ("3", "ready")]),
        ("3", [("3", "ready")]),
        ("4", [("3", "reset")]),
        ("", [("3", "ready")]),
        ("x", [("3", "ready")]),
        ("1234567890", [("3", "ready")]),
    ):
        async with watch(last_event_id=after) as (stream, _):
            await stream.until(lambda: bool(stream.events()) and stream.events()[-1][1] in ("ready", "reset"))
            assert [event[:2] for event in stream.events()] == expected


async def test_a_long_absence_is_sent_in_parts_until_ready(watch: Watch, ann: Caller, database: Database) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    rows = [{"id": number, "task_id": 1, "kind": "updated", "changed_at": STAMP} for number in range(2, 252)]
    async with database.writing("ann") as mine:
        await mine.execute(mine.insert(task_changes, rows))
    async with watch(last_event_id="0") as (stream, _):
        await stream.until_text("ready")
    numbers = [int(number) for number, name, _ in stream.events() if name != "ready"]
    assert numbers == list(range(1, 252))


async def test_only_the_newest_thousand_changes_are_kept(watch: Watch, ann: Caller, database: Database) -> None:
    await ann("POST", "/api/ann/tasks", json={"title": "t"})
    rows = [{"id": number, "task_id": 1, "kind": "updated", "changed_at": STAMP} for number in range(2, 1002)]
    async with database.writing("ann") as mine:
        await mine.execute(mine.insert(task_changes, rows))
    await ann("PATCH", "/api/ann/tasks/1/complete")
    async with database.reading("ann") as mine:
        kept = [row.id for row in await mine.execute(mine.select(task_changes).order_by(task_changes.c.id))]
    assert kept == list(range(3, 1003))
    for after, expected in (("1", "reset"), ("2", "updated"), ("1002", "ready")):
        async with watch(last_event_id=after) as (stream, _):
            await stream.until(lambda: bool(stream.events()))
            assert stream.events()[0][1] == expected


async def test_a_stream_ends_with_its_token(watch: Watch, clock: AdjustableClock) -> None:
    async with watch() as (stream, running):
        await stream.until_text("ready")
        clock.advance(900)
        await asyncio.wait_for(running, 10)
    assert stream.text.endswith('event: end\ndata: {"reason":"expired"}\n\n')
    assert stream.complete


async def test_a_silent_stream_is_kept_alive(watch: Watch, clock: AdjustableClock) -> None:
    async with watch() as (stream, _):
        await stream.until_text("ready")
        clock.advance(14)
        clock.advance(1)
        await stream.until_text("\n\n: keep-alive\n\n")


async def test_past_twenty_streams_of_a_user_the_oldest_ends(watch: Watch, api: Api) -> None:
    async with watch("bob") as (others, _), watch() as (oldest, ended):
        await oldest.until_text("ready")
        opened = [watch() for _ in range(20)]
        streams = [(await one.__aenter__())[0] for one in opened]
        await asyncio.wait_for(ended, 10)
        assert oldest.text.endswith('event: end\ndata: {"reason":"replaced"}\n\n')
        await asyncio.gather(*(stream.until_text("ready") for stream in streams))
        assert not any(stream.complete for stream in [*streams, others])
        for one in opened:
            await one.__aexit__(None, None, None)
    assert len(api.watchers) == 0


async def test_at_shutdown_every_stream_ends_and_none_begins(watch: Watch, api: Api) -> None:
    async with watch() as (stream, running):
        await stream.until_text("ready")
        api.watchers.shut_down()
        await asyncio.wait_for(running, 10)
    assert stream.text.endswith('event: end\ndata: {"reason":"shutdown"}\n\n')
    async with watch() as (late, running):
        await asyncio.wait_for(running, 10)
    assert late.events()[-1] == (None, "end", {"reason": "shutdown"})


async def test_a_client_that_leaves_frees_everything(watch: Watch, api: Api) -> None:
    async with watch() as (stream, running):
        await stream.until_text("ready")
        assert len(api.watchers) == 1
        stream.leave()
        await asyncio.wait_for(running, 10)
    assert len(api.watchers) == 0
    assert "end" not in stream.text


async def test_head_answers_the_headers_alone(watch: Watch, api: Api) -> None:
    async with watch(method="HEAD") as (stream, running):
        await asyncio.wait_for(running, 10)
    assert (stream.start["status"], stream.text, stream.complete) == (200, "", True)
    assert stream.headers()["content-type"] == "text/event-stream"
    assert len(api.watchers) == 0


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
async def test_another_method_is_405_before_anything_is_asked(nobody: Caller, method: str) -> None:
    answer = await nobody(method, TARGET)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


async def test_a_stream_needs_the_token_of_its_user(nobody: Caller, bob: Caller) -> None:
    for who, status, code in ((nobody, 401, "missing"), (bob, 403, "wrong_subject")):
        answer = await who("GET", TARGET)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_simultaneous_changes_are_numbered_without_gaps(ann: Caller, database: Database, watch: Watch) -> None:
    requests: list[Awaitable[Any]] = [ann("POST", "/api/ann/tasks", json={"title": str(n)}) for n in range(30)]
    answers = await asyncio.gather(*requests)
    assert {answer.status_code for answer in answers} == {201}
    async with watch(last_event_id="0") as (stream, _):
        await stream.until_text("ready")
    assert [int(event[0] or 0) for event in stream.events()] == [*range(1, 31), 30]
