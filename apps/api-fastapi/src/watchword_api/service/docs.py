"""The OpenAPI document, and the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

_CONTRACT = Path(__file__).resolve().parents[5] / "contract"


def documents() -> APIRouter:
    """The routes `/openapi.json` and `/docs`, which are no operations themselves. The document is the contract's own,
    so that every backend answers the same bytes; a test holds it against the one that the routes generate.
    """
    router = APIRouter(redirect_slashes=False)
    document = json.loads((_CONTRACT / "openapi.json").read_text("utf-8"))
    page = (_CONTRACT / "docs.html").read_text("utf-8")
    policy = _content_security_policy(page)

    @router.get("/openapi.json", include_in_schema=False)
    async def get_document() -> Response:
        return JSONResponse(document)

    @router.get("/docs", include_in_schema=False)
    async def get_page() -> Response:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        return Response(page, headers=headers)

    return router


def _content_security_policy(page: str) -> str:
    """Allows the page's own inline script and style, by their hashes, and requests to this origin; nothing else
    (https://www.w3.org/TR/CSP3/).
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hashes_of(page, 'script')}",
            f"style-src {_hashes_of(page, 'style')}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _hashes_of(page: str, element: str) -> str:
    contents = re.findall(f"<{element}>(.*?)</{element}>", page, re.DOTALL)
    digests = (hashlib.sha256(content.encode("utf-8")).digest() for content in contents)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
