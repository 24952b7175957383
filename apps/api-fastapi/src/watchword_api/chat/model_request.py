"""One HTTP/1.1 request to a language model, on the event loop."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

import h11


class ModelUnreachable(Exception):  # noqa: N818
    """There was no HTTP answer. The text is for nobody."""


async def post_json(url: str, key: str, body: bytes, max_bytes: int) -> tuple[int, bytes | None]:
    """Sends JSON and gives the status, and the body of a 200, `None` where it is longer than `max_bytes`. Redirects are
    not followed. Raises `ModelUnreachable` where no answer comes.
    """
    parts = urlsplit(url)
    host, is_encrypted = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_encrypted else 80)
    try:
        context = ssl.create_default_context() if is_encrypted else None
        reader, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, ValueError) as fault:
        raise ModelUnreachable from fault
    try:
        connection = h11.Connection(h11.CLIENT)
        fields = {
            "Host": parts.netloc,
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        head = h11.Request(method="POST", target=parts.path, headers=list(fields.items()))
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        return await _answer(connection, reader, max_bytes)
    except (OSError, h11.ProtocolError) as fault:
        raise ModelUnreachable from fault
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader, max_bytes: int) -> tuple[int, bytes | None]:
    status = 0
    data = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Response):
            status = event.status_code
            if status != 200:
                return status, None
        elif isinstance(event, h11.Data):
            data += event.data
            if len(data) > max_bytes:
                return status, None
        elif isinstance(event, h11.EndOfMessage):
            return status, bytes(data)
        elif not isinstance(event, h11.InformationalResponse):
            raise ModelUnreachable
