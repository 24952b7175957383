"""What of HTTP/1.1 must be settled before there is a request."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import h11
from countersign.fastapi import problem_response
from uvicorn.protocols.http.h11_impl import H11Protocol

from .answer_headers import STANDARD_HEADERS, request_id_from
from .api_problem import ApiProblem

_TARGET = re.compile(b" [^ ]* ")
_MAX_REQUEST_LINE_BYTES = 65_536
_HEAD_SECONDS = 15


class Protocol(H11Protocol):
    """HTTP/1.1 over h11. A target beyond ASCII reaches the application as one that names nothing, a request head that
    does not end is given up, and what is not HTTP is answered in the form of every other answer.
    """

    _request_line = b""
    _request_line_is_complete = False
    _head_timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self.conn.their_state is h11.IDLE and not self._request_line_is_complete:
            data = self._request_line + data
            line, line_end, rest = data.partition(b"\n")
            self._request_line_is_complete = line_end != b"" or len(line) > _MAX_REQUEST_LINE_BYTES
            self._request_line = b"" if self._request_line_is_complete else line
            if not self._request_line_is_complete:
                return
            data = line if line.isascii() else _TARGET.sub(b" * ", line)
            data += line_end + rest
        super().data_received(data)
        self._watch_head()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_watching()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """One answer has gone out."""
        self._request_line_is_complete = False
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answers 400 and ends the connection."""
        answer = problem_response(ApiProblem("malformed_body"))
        own: list[tuple[bytes, bytes]] = [
            *STANDARD_HEADERS,
            (b"x-request-id", request_id_from([]).encode("ascii")),
            (b"connection", b"close"),
        ]
        replaced = {name for name, _ in own}
        headers = [*(pair for pair in answer.raw_headers if pair[0] not in replaced), *own]
        events: list[Any] = [
            h11.Response(status_code=answer.status_code, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ]
        for event in events:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def _stop_watching(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
