"""A local stub in the place of a language model: real HTTP, and answers that a test has laid down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

StubAnswer = dict[str, Any]
"""What the stub answers: `calls`, text as `content`, a whole `message`, a whole `body`, or `text` that need not be
JSON; with a `status` other than 200 and a `location` where it says so.
"""

Answer = StubAnswer | Callable[[asyncio.StreamWriter], Awaitable[None]]


class StubRequest(NamedTuple):
    """A request as it came in."""

    line: str
    headers: dict[str, str]
    body: Any


class StubModel:
    """Keeps the requests, and answers them one after another."""

    def __init__(self) -> None:
        self.requests: list[StubRequest] = []
        self.url = ""
        self._answers: list[Answer] = []
        self._connections: list[asyncio.StreamWriter] = []

    def next(self, answer: Answer) -> None:
        """Lays down the answer to the next request."""
        self._answers.append(answer)

    async def hang_up(self) -> None:
        """Ends every connection, also those that were left without an answer."""
        for writer in self._connections:
            writer.transport.abort()
        for writer in self._connections:
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        self._connections.append(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head.rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append(StubRequest(line, headers, json.loads(body)))
        answer = self._answers.pop(0) if self._answers else {"status": 599}
        if callable(answer):
            await answer(writer)
        else:
            writer.write(answer_bytes(answer))
            writer.close()


@asynccontextmanager
async def stub_model() -> AsyncIterator[StubModel]:
    """A stub that listens; `url` is the address to configure as `CHAT_BASE_URL`."""
    model = StubModel()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    model.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield model
    finally:
        server.close()
        await model.hang_up()


def answer_bytes(answer: StubAnswer) -> bytes:
    """An answer as it goes over the connection."""
    body = _text(answer).encode("utf-8", "surrogatepass")
    status = answer.get("status", 200)
    location = f"Location: {answer['location']}\r\n" if "location" in answer else ""
    head = f"HTTP/1.1 {status} Stub\r\nContent-Type: application/json\r\n{location}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _text(answer: StubAnswer) -> str:
    if "text" in answer:
        return str(answer["text"])
    if "body" in answer:
        return json.dumps(answer["body"])
    if "message" in answer:
        return json.dumps({"choices": [{"index": 0, "message": answer["message"]}]})
    said: dict[str, Any] = {"role": "assistant", "content": answer.get("content")}
    if "calls" in answer:
        said["tool_calls"] = [
            {"id": f"call_{index}", "type": "function", "function": call} for index, call in enumerate(answer["calls"])
        ]
    return json.dumps({"id": "1", "choices": [{"index": 0, "message": said, "finish_reason": "stop"}]})
