"""The OpenAPI document, in the contract's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from .problem_schema import problem_schemas

TITLE = "Watchword Todo API"
VERSION = "0.1.0"

_DEFAULT_422 = "#/components/schemas/HTTPValidationError"
_DEFAULT_COMPONENTS = ("HTTPValidationError", "ValidationError")


def openapi_document(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The document of these routes, without what FastAPI adds by itself: titles made from names, summaries and
    descriptions made from functions, the 422 of its own validation, `anyOf` for a type or null.
    """
    document = get_openapi(title=TITLE, version=VERSION, routes=routes)
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        _strip_operation(operation)
    schemas = document["components"]["schemas"]
    for name in _DEFAULT_COMPONENTS:
        schemas.pop(name, None)
    schemas.update(problem_schemas())
    for schema in schemas.values():
        schema.pop("description", None)
    stripped: dict[str, Any] = _strip_schemas(document)
    return stripped


def _strip_operation(operation: dict[str, Any]) -> None:
    for member in ("summary", "description"):
        operation.pop(member, None)
    responses = operation["responses"]
    content = responses.get("422", {}).get("content", {}).get("application/json", {})
    if content.get("schema", {}).get("$ref") == _DEFAULT_422:
        del responses["422"]


def _strip_schemas(node: Any) -> Any:
    """The tree without `title` of schemas, with whole numbers as such, and `anyOf` of a type and null as a list of
    types.
    """
    if isinstance(node, list):
        return [_strip_schemas(member) for member in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    if not isinstance(node, dict):
        return node
    members = {name: _strip_schemas(member) for name, member in node.items()}
    if isinstance(members.get("title"), str) and "version" not in members:
        del members["title"]
    options = members.get("anyOf")
    if isinstance(options, list) and len(options) == 2 and options[1] == {"type": "null"}:
        del members["anyOf"]
        members = {**options[0], **members, "type": [options[0]["type"], "null"]}
    return members
