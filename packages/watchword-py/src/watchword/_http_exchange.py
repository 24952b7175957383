"""Requests of this package over HTTP, and what their answers hold."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from importlib.metadata import PackageNotFoundError, version
from socket import SHUT_RDWR, socket
from typing import NamedTuple
from urllib.parse import urlsplit


class HttpAnswer(NamedTuple):
    """An HTTP answer of any kind."""

    status: int
    body: bytes
    """Of an answer with status 200, cut one byte beyond the bound; of every other one empty."""


async def get(url: str, headers: Mapping[str, str], *, max_bytes: int, timeout_seconds: float, name: str) -> HttpAnswer:
    """Asks in a thread of its own, called `name`, which ends with the request: no other work waits for it. Redirects
    are not followed. `timeout_seconds` bounds the connection and each part of the answer, not the whole.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[HttpAnswer] = loop.create_future()
    exchange = _Exchange(url, headers, max_bytes, timeout_seconds)

    def give(result: HttpAnswer | BaseException) -> None:
        if answer.done():
            return
        if isinstance(result, BaseException):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    def work() -> None:
        try:
            result: HttpAnswer | BaseException = exchange.run()
        except Exception as fault:
            result = fault
        with suppress(RuntimeError):  # The loop may be closed by now.
            loop.call_soon_threadsafe(give, result)

    threading.Thread(target=work, name=name, daemon=True).start()
    try:
        return await answer
    finally:
        exchange.cut()


def user_agent() -> str:
    """`User-Agent` of the package's own requests (RFC 9110 §10.1.5): `watchword-python/<version>`."""
    try:
        return f"watchword-python/{version('watchword')}"
    except PackageNotFoundError:
        # The sources are on the path without being installed.
        return "watchword-python"


def read_body(response: HTTPResponse, max_bytes: int) -> bytes:
    """The body, cut one byte beyond `max_bytes`.

    Raises `IncompleteRead` where the connection ended before the body did (RFC 9112 §8), which reading a number of
    bytes alone passes over.
    """
    with response:
        body = response.read(max_bytes + 1)
    if response.length and len(body) <= max_bytes:
        raise IncompleteRead(body, response.length)
    return body


class _Exchange:
    def __init__(self, url: str, headers: Mapping[str, str], max_bytes: int, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        connection_class = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = connection_class(parts.hostname or "", parts.port, timeout=timeout_seconds)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {"User-Agent": user_agent(), **headers}
        self._max_bytes = max_bytes
        self._socket: socket | None = None

    def run(self) -> HttpAnswer:
        try:
            self._connection.connect()
            # Kept here: the connection lets go of it where the answer ends with it (RFC 9112 §6.3).
            self._socket = self._connection.sock
            self._connection.request("GET", self._target, headers=self._headers)
            response = self._connection.getresponse()
            return HttpAnswer(response.status, read_body(response, self._max_bytes) if response.status == 200 else b"")
        finally:
            self._connection.close()

    def cut(self) -> None:
        """Ends the exchange from another thread."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(SHUT_RDWR)
