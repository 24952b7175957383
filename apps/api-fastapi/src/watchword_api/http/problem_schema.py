"""Problem documents as they stand in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import MISSING, BaseModel, Field
from watchword import RefusalCode

from .violations import ViolationCode


class ProblemError(BaseModel):
    """One fault of the input."""

    place: Literal["body", "query", "path", "header"] = Field(alias="in")
    pointer: str
    code: ViolationCode


class Problem(BaseModel):
    """Every refusal of this API (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: RefusalCode
    errors: list[ProblemError] | MISSING = MISSING


def problem_schemas() -> dict[str, Any]:
    """The components `Problem` and `ProblemError`."""
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**problem.pop("$defs"), "Problem": problem}
