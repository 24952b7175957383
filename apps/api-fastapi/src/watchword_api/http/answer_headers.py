"""The fields that stand on every answer."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from watchword import request_id_from

from .request_facts import RequestFacts, field_values, set_facts

STANDARD_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Origin"),
)
"""The fields of every answer, whatever it is (contract, HTTP rule 10), beside its request id."""


class AnswerHeaders:
    """Gives the request its id and the answer its standard fields."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        values = field_values(scope, b"x-request-id")
        request_id = request_id_from(values[0] if len(values) == 1 else None)
        facts = RequestFacts(request_id)
        set_facts(scope, facts)
        standard = [*STANDARD_HEADERS, (b"x-request-id", request_id.encode("ascii"))]
        replaced = {name for name, _ in standard}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name, value) for name, value in message["headers"] if name.lower() not in replaced]
                told = [] if facts.verification is None else [(b"server-timing", facts.verification.encode("ascii"))]
                message = {**message, "headers": [*own, *standard, *told]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
