"""A client that does not read what it asked for."""

import asyncio
from typing import Any

import pytest
import uvicorn

from watchword_api.http import protocol
from watchword_api.http.protocol import Protocol
from watchword_api.server import listen

pytestmark = pytest.mark.anyio


async def test_a_client_that_does_not_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_STALL_SECONDS", 0.2)
    sent = 0
    gone = asyncio.Event()

    async def endless(_scope: Any, receive: Any, send: Any) -> None:
        async def sending() -> None:
            nonlocal sent
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
                sent += 65_536

        task = asyncio.create_task(sending())
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()
        task.cancel()

    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(endless, http=Protocol, lifespan="off", log_config=None)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname()[:2], limit=1)
    try:
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await asyncio.wait_for(gone.wait(), 10)
        # What the kernel holds for both ends, and no more: nothing is kept for a client that does not read.
        assert sent < 64 * 1024 * 1024
        reader.feed_eof()
    finally:
        writer.transport.abort()
        server.should_exit = True
        await asyncio.wait_for(serving, 10)
        listening.close()


async def test_a_client_that_reads_slowly_gets_its_whole_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_STALL_SECONDS", 0.2)
    size = 32 * 1024 * 1024

    async def large(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", str(size).encode("ascii")), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * size})

    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(large, http=Protocol, lifespan="off", log_config=None)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname()[:2])
    try:
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        read = 0
        while read < size:
            # Longer in all than a client may read nothing.
            read += len(await reader.readexactly(min(2 * 1024 * 1024, size - read)))
            await asyncio.sleep(0.05)
        assert read == size
    finally:
        writer.transport.abort()
        server.should_exit = True
        await asyncio.wait_for(serving, 10)
        listening.close()
