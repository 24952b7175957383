"""The request log."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from watchword import Clock

from ..log import Log
from .request_facts import facts_of, route_template_of

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE")
"""Those of RFC 9110 §9 and RFC 5789. Another is the sender's word, which could be anything."""


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
                "watchword.http.request",
                {
                    "http.request.id": facts.request_id,
                    "http.request.method": scope["method"] if scope["method"] in _METHODS else "_OTHER",
                    "http.route": route_template_of(scope),
                    "http.response.status_code": status,
                    "http.server.request.duration": round(self._clock.now() - start, 6),
                    "error.type": facts.refusal,
                },
            )
