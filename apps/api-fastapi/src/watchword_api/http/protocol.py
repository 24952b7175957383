"""What of HTTP/1.1 must be settled before there is a request."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from watchword import request_id_from
from watchword.fastapi import to_problem_response

from .answer_headers import STANDARD_HEADERS
from .api_problem import ApiProblem
from .request_head import MAX_HEAD_BYTES, clean_head, split_head

_HEAD_SECONDS = 15
_STALL_SECONDS = 20


class Protocol(H11Protocol):
    """HTTP/1.1 over h11. A request head is cleaned before h11 reads it, one that does not end is given up, and what is
    not HTTP is answered in the form of every other answer.
    """

    _received = b""
    _head_is_complete = False
    _head_timer: asyncio.TimerHandle | None = None
    _stall_timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self._head_is_complete or self.conn.their_state is not h11.IDLE or self.conn.trailing_data[0]:
            # A body, or the rest of a request that came in one piece with the one before.
            super().data_received(data)
        else:
            self._received += data
            self._receive_head()
        self._watch_head()

    def _receive_head(self) -> None:
        parts = split_head(self._received)
        if parts is None and len(self._received) <= MAX_HEAD_BYTES:
            return
        self._received = b""
        head = clean_head(parts[0]) if parts and len(parts[0]) <= MAX_HEAD_BYTES else None
        if parts is None or head is None:
            self.send_400_response("Invalid HTTP request received.")
            return
        self._head_is_complete = True
        super().data_received(head + parts[1])

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_watching()
        self._stop_stall_timer()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not read what is sent: the application waits, and after a while the connection is ended."""
        super().pause_writing()
        self._watch_stall()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._stop_stall_timer()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """One answer has gone out."""
        self._head_is_complete = False
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answers 400 and ends the connection."""
        answer = to_problem_response(ApiProblem("malformed_request"))
        own: list[tuple[bytes, bytes]] = [
            *STANDARD_HEADERS,
            (b"x-request-id", request_id_from(None).encode("ascii")),
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

    def _watch_stall(self) -> None:
        self._stall_timer = self.loop.call_later(_STALL_SECONDS, self._end_stalled, self._unread())

    def _end_stalled(self, unread: int) -> None:
        """A client that reads slowly is none that does not read."""
        if self._unread() < unread:
            self._watch_stall()
        else:
            self.transport.abort()

    def _unread(self) -> int:
        return self.transport.get_write_buffer_size()

    def _stop_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _watch_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def _stop_watching(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
