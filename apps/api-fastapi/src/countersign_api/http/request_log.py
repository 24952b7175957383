"""The request log."""

from __future__ import annotations

from countersign import Clock
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..log import Log
from .request_facts import facts_of, route_template_of


class RequestLog:
    """One line per request: the route's template rather than the URL, and the code of a refusal. Headers, queries,
    bodies and tokens are never logged.
    """

    def __init__(self, app: ASGIApp, log: Log, clock: Clock) -> None:
        self._app = app
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = self._clock.now()
        status: int | None = None

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting_status)
        finally:
            facts = facts_of(scope)
            self._log.info(
                "request",
                requestId=facts.request_id,
                method=scope["method"],
                route=route_template_of(scope),
                status=status,
                durationMs=round((self._clock.now() - start) * 1000, 3),
                **({} if facts.refusal is None else {"code": facts.refusal}),
            )
