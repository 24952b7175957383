"""What the operations have in common: their routes, and how they stand in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.routing import APIRoute
from starlette.requests import Request
from watchword.fastapi import WatchwordRoute

from ..database.faults import TransactionGivenUp
from .body import JsonRequest, read_json
from .problem_answers import AllowedMethods
from .repetition import SingleQueryParams

_METHOD_ORDER = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

_PROBLEM_DESCRIPTIONS = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Access denied",
    404: "Not found",
    412: "Precondition failed",
    413: "Body too large",
    415: "Unsupported media type",
    422: "Validation failed",
    429: "Too many requests",
    503: "Unavailable",
}

Responses = dict[int | str, dict[str, Any]]
ProblemStatus = Literal[400, 401, 403, 404, 412, 413, 415, 422, 429, 503]


class Operation(WatchwordRoute):
    """A route in the contract's order of decision: who (401), whose URL (403), the body as bytes (413, 415, 400), and
    only then what FastAPI decides: the row (404) and the members (422). What PostgreSQL gave up because of others is
    done once more.
    """

    async def answer(self, request: Request, handler: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
        """Reads the body where the operation has one."""
        document = None
        if self.body_field is not None:
            document = await read_json(request, optional=not self.body_field.field_info.is_required())
        try:
            return await handler(_OperationRequest(request, document))
        except TransactionGivenUp:
            # Nothing of it has happened.
            return await handler(_OperationRequest(request, document))


class _OperationRequest(JsonRequest):
    @property
    def query_params(self) -> SingleQueryParams:
        return SingleQueryParams(self.scope["query_string"])


def operations(tag: str) -> APIRouter:
    """A router whose routes are operations of one tag."""
    return APIRouter(route_class=Operation, tags=[tag], redirect_slashes=False)


def problems(*statuses: ProblemStatus) -> Responses:
    """The refusals of an operation."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _PROBLEM_DESCRIPTIONS[status], "content": problem} for status in statuses}


def with_fields(*names: str) -> dict[str, Any]:
    """The text fields that a response carries."""
    return {"headers": {name: {"schema": {"type": "string"}} for name in names}}


def allowed_methods(routers: Sequence[APIRouter]) -> AllowedMethods:
    """What `Allow` says of a path, over all routes."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]

    def allowed(path: str) -> str:
        methods = {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
        if "GET" in methods:
            methods.add("HEAD")
        return ", ".join(method for method in _METHOD_ORDER if method in methods)

    return allowed
