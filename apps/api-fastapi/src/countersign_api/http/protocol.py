"""What of HTTP/1.1 must be settled before there is a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

import h11
from countersign.fastapi import problem_response
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from .answer_headers import STANDARD_HEADERS, request_id_from
from .api_problem import ApiProblem

_ASCII = bytes(range(0x80))


class _Connection(h11.Connection):
    """Percent-encodes bytes beyond ASCII in targets: uvicorn would drop such a request without an answer."""

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request) and not event.target.isascii():
            target = quote_from_bytes(event.target, safe=_ASCII).encode("ascii")
            return h11.Request(
                method=event.method,
                target=target,
                headers=event.headers.raw_items(),
                http_version=event.http_version,
            )
        return event


class Protocol(H11Protocol):
    """HTTP/1.1 over h11, answering what is not HTTP in the form of every other answer."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any], **options: Any) -> None:
        super().__init__(config, server_state, app_state, **options)
        self.conn = _Connection(h11.SERVER, config.h11_max_incomplete_event_size or 0)

    def send_400_response(self, msg: str) -> None:
        """Answers 400 and ends the connection."""
        answer = problem_response(ApiProblem("malformed_body"))
        request_id = (b"x-request-id", request_id_from([]).encode("ascii"))
        standard = [*STANDARD_HEADERS, request_id, (b"connection", b"close")]
        replaced = {name for name, _ in standard}
        headers = [*(pair for pair in answer.raw_headers if pair[0] not in replaced), *standard]
        for event in (
            h11.Response(status_code=answer.status_code, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
