"""Faults of the input, in the contract's own words: no library's text reaches an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, get_args

from watchword import ValidationFault

ViolationCode = Literal[
    "required",
    "invalid_type",
    "invalid_text",
    "invalid_format",
    "invalid_value",
    "blank",
    "too_short",
    "too_long",
    "too_small",
    "too_big",
    "repeated",
]
"""Every code of `errors[]` in a 422, as in `contract/errors.json`."""

_OWN_CODES = frozenset(get_args(ViolationCode))
_BLANK = re.compile(r"[ \t\n\r]+")

_CODES: Final[Mapping[str, ViolationCode]] = {
    "missing": "required",
    "string_type": "invalid_type",
    "bool_type": "invalid_type",
    "int_type": "invalid_type",
    "model_attributes_type": "invalid_type",
    "model_type": "invalid_type",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "literal_error": "invalid_value",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_big",
}


def violations(issues: Sequence[Mapping[str, Any]]) -> list[ValidationFault]:
    """What Pydantic found, one fault per member, in the order of the schema."""
    found: dict[str, ValidationFault] = {}
    for issue in issues:
        place, *members = issue["loc"]
        pointer = "".join(f"/{member}" for member in members)
        found.setdefault(pointer, {"in": place, "pointer": pointer, "code": _code_of(issue)})
    return list(found.values())


def concerns_path(issues: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a path parameter is malformed, so that the URL names nothing."""
    return any(issue["loc"][0] == "path" for issue in issues)


def _code_of(issue: Mapping[str, Any]) -> str:
    kind = str(issue["type"])
    if kind in _OWN_CODES:
        return kind
    if kind == "string_pattern_mismatch":
        return "blank" if _BLANK.fullmatch(issue["input"]) else "invalid_format"
    return _CODES.get(kind, "invalid_value")
