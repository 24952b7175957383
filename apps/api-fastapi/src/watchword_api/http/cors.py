"""Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .request_facts import field_values

_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE"
_REQUEST_HEADERS = b"Authorization, Content-Type, If-Match, Last-Event-ID, X-Request-Id"
_EXPOSED_HEADERS = b"ETag, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id"
_MAX_AGE_SECONDS = b"600"


class Cors:
    """Answers preflights before anything else is decided, and marks every other answer, errors too, as readable for
    the listed origins (contract, HTTP rule 11). Origins are compared as exact text.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        origin = ", ".join(field_values(scope, b"origin"))
        asked = field_values(scope, b"access-control-request-method")
        if scope["method"] == "OPTIONS" and origin and asked:
            await self._answer_preflight(origin, send)
            return
        granted = [*self._grants(origin), (b"access-control-expose-headers", _EXPOSED_HEADERS)]

        async def send_with_grants(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *granted]}
            await send(message)

        await self._app(scope, receive, send_with_grants if origin in self._origins else send)

    async def _answer_preflight(self, origin: str, send: Send) -> None:
        headers = self._grants(origin)
        if headers:
            headers += [
                (b"access-control-allow-methods", _METHODS),
                (b"access-control-allow-headers", _REQUEST_HEADERS),
                (b"access-control-max-age", _MAX_AGE_SECONDS),
            ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _grants(self, origin: str) -> list[tuple[bytes, bytes]]:
        if origin not in self._origins:
            return []
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
        ]
