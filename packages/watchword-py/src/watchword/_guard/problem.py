"""The HTTP form of a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypedDict

from .._errors import ERROR_TABLE, WatchwordError
from .challenge import challenge

TYPE_PREFIX: Final = "urn:watchword:error:"
RETRY_AFTER_SECONDS: Final = 5
"""When to ask again after `unavailable`. Held against `contract/defaults.json`."""

ValidationFault = TypedDict("ValidationFault", {"in": str, "pointer": str, "code": str})
"""One fault of a body or query, as in `contract/errors.json` under `validation`. `pointer` is a JSON pointer into the
body, or `/name` of a query parameter.
"""


class Problem(NamedTuple):
    """An answer that refuses a request."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    """A problem document (RFC 9457)."""


def to_problem(refusal: WatchwordError, errors: Sequence[ValidationFault] | None = None) -> Problem:
    """The HTTP form of a refusal. Everything in it comes from the table of codes."""
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    authenticate = challenge(refusal)
    if authenticate is not None:
        headers["WWW-Authenticate"] = authenticate
    if refusal.code == "unavailable":
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    body: dict[str, Any] = {
        "type": f"{TYPE_PREFIX}{refusal.code}",
        "title": ERROR_TABLE[refusal.code].title,
        "status": refusal.status,
        "detail": str(refusal),
        "code": refusal.code,
    }
    if errors is not None:
        body["errors"] = list(errors)
    return Problem(refusal.status, headers, body)
