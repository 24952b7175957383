"""The request target as the client sent it, before any library has normalised it (contract, HTTP rule 1). A path that
two parsers could read differently names nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from .api_problem import ApiProblem
from .problem_answers import answer_problem

_MAX_PATH_BYTES = 8192
# Scheme and authority of an absolute-form target (RFC 9112 §3.2.2).
_ABSOLUTE_FORM = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_AMBIGUOUS = re.compile(rb"//|\\|%2f|%5c|%(?![0-9A-Fa-f]{2})", re.IGNORECASE)
_CONTROL = re.compile("[\u0000-\u001f\u007f]")


class Target(NamedTuple):
    """A target that can be routed."""

    path: str
    """Percent-decoded exactly once."""
    raw_path: bytes
    query: bytes


class RawTarget:
    """Answers 404 where the target is ambiguous, and hands everything inside the one path that was checked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raw_path = scope.get("raw_path") or scope["path"].encode("utf-8")
        target = reduce_target(raw_path, scope["query_string"])
        if target is None:
            await answer_problem(scope, ApiProblem("not_found"))(scope, receive, send)
            return
        scope["path"], scope["raw_path"], scope["query_string"] = target
        await self._app(scope, receive, send)


def reduce_target(raw_path: bytes, query: bytes) -> Target | None:
    """Reduces a raw target to its path and query; `None` where it must be answered with 404."""
    match = _ABSOLUTE_FORM.match(raw_path)
    path, fragment, _ = raw_path[match.end() if match else 0 :].partition(b"#")
    path = path or b"/"
    query = b"" if fragment else query.partition(b"#")[0]
    if not path.startswith(b"/") or _AMBIGUOUS.search(path):
        return None
    if not path.isascii() or not query.isascii():
        return None
    try:
        decoded = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if _CONTROL.search(decoded) or any(segment in (".", "..") for segment in decoded.split("/")):
        return None
    if len(path) > 1 and path.endswith(b"/"):
        # A redirect would lose the Authorization field in browsers, so both spellings are one route.
        decoded, path = decoded[:-1], path[:-1]
    return None if len(path) > _MAX_PATH_BYTES else Target(decoded, path, query)
