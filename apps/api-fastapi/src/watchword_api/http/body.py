"""The request body, as bytes and as JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from starlette.requests import ClientDisconnect, Request

from .api_problem import ApiProblem
from .json_document import JsonDocument, read_json_document
from .request_facts import field_values

_MAX_BODY_BYTES = 65_536
_BODY_SECONDS = 30
_JSON_MEDIA_TYPE = re.compile(
    r'application/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?', re.IGNORECASE | re.ASCII
)


async def read_json(request: Request, *, optional: bool) -> JsonDocument | None:
    """Reads the body as a JSON document; `None` for an empty one where it is optional.

    Raises `ApiProblem` in this order: `body_too_large` (413), `unsupported_media_type` (415), `malformed_body` (400).
    """
    data = await _read_bytes(request)
    if data == b"" and optional:
        return None
    if not _is_json(field_values(request.scope, b"content-type"), data):
        raise ApiProblem("unsupported_media_type")
    document = read_json_document(data)
    if document is None:
        raise ApiProblem("malformed_body")
    return document


class JsonRequest(Request):
    """A request whose body has been read by `read_json`."""

    def __init__(self, request: Request, document: JsonDocument | None) -> None:
        super().__init__(request.scope, request.receive)
        self._document = document

    async def body(self) -> bytes:
        """Something that is not empty where there is a document, which is all that FastAPI asks."""
        return b"" if self._document is None else b"{}"

    async def json(self) -> Any:
        """The document. FastAPI takes `null` for an absent body, so it is given a list, which is no object either."""
        value = None if self._document is None else self._document.value
        return [] if value is None else value


def _is_json(media_types: Sequence[str], data: bytes) -> bool:
    """An absent type is good for an absent body, which is then found to be no JSON."""
    if not media_types:
        return data == b""
    return len(media_types) == 1 and _JSON_MEDIA_TYPE.fullmatch(media_types[0]) is not None


async def _read_bytes(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > _MAX_BODY_BYTES:
        raise ApiProblem("body_too_large")
    try:
        return await asyncio.wait_for(_read_bounded(request), _BODY_SECONDS)
    except (ClientDisconnect, asyncio.TimeoutError):
        raise ApiProblem("malformed_body", headers={"Connection": "close"}) from None


async def _read_bounded(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MAX_BODY_BYTES:
            raise ApiProblem("body_too_large")
    return bytes(data)
