"""`HEAD`."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEAD: Final = "watchword_api.head"


def is_head(scope: Scope) -> bool:
    """Whether the request is `HEAD`, for an answer whose body would not end."""
    return _HEAD in scope


class HeadAsGet:
    """Answers `HEAD` as `GET`, with the same fields and without the body (RFC 9110 §9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        inside = {**scope, "method": "GET", _HEAD: True}
        try:
            await self._app(inside, receive, send_without_body)
        finally:
            if "route" in inside:
                scope["route"] = inside["route"]
