"""What is known of a request beside its content."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

_KEY: Final = "watchword_api.facts"


@dataclass(slots=True)
class RequestFacts:
    """Made when a request comes in, read when its answer has gone out."""

    request_id: str
    refusal: str | None = None
    """The refusal code that the request log names."""
    verification: str | None = None
    """What `Server-Timing` says of the caller's token."""


_in_course: ContextVar[RequestFacts | None] = ContextVar("watchword_api.facts", default=None)


def set_facts(scope: Scope, facts: RequestFacts) -> None:
    """Keeps the facts with the request."""
    scope[_KEY] = facts
    _in_course.set(facts)


def facts_in_course() -> RequestFacts | None:
    """The facts of the request that is being answered, for what is not given the request."""
    return _in_course.get()


def facts_of(scope: Scope) -> RequestFacts:
    """The facts; fresh ones where the application runs without its surroundings."""
    facts = scope.get(_KEY)
    return facts if isinstance(facts, RequestFacts) else RequestFacts("")


def field_values(scope: Scope, name: bytes) -> list[str]:
    """The values of a header field, one per header; `name` is lower case."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def route_template_of(scope: Scope) -> str | None:
    """The route as it is written in the document, such as `/api/{user_id}/tasks`; never the URL."""
    template: str | None = getattr(scope.get("route"), "path_format", None)
    return template
