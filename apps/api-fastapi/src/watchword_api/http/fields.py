"""Checks of members and parameters: the same numbers check the input and stand in the OpenAPI document."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .repetition import Repetition
from .violations import ViolationCode

NOT_BLANK = "[^ \\t\\n\\r]"
"""Something other than space, tab, line feed and carriage return."""

Timestamp = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]
"""RFC 3339 text in UTC with exactly three decimals."""

_NOT_TEXT = re.compile("[\u0000\ud800-\udfff]")
_INTEGER = re.compile("[0-9]{1,9}")


def fault(code: ViolationCode) -> PydanticCustomError:
    """A fault under one of the contract's codes; its text is never shown."""
    return PydanticCustomError(code, "{code}", {"code": code})


def _well_formed(value: Any) -> Any:
    if isinstance(value, str) and _NOT_TEXT.search(value):
        raise fault("invalid_text")
    return value


def _once(value: Any) -> Any:
    if isinstance(value, Repetition):
        raise fault("repeated")
    return value


def _integer(value: Any) -> Any:
    if isinstance(value, str):
        if _INTEGER.fullmatch(value) is None:
            raise fault("invalid_format")
        return int(value)
    return value


def _boolean(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise fault("invalid_value")
        return value == "true"
    return value


WELL_FORMED = BeforeValidator(_well_formed)
"""A text without U+0000 and unpaired surrogates. It stands after the bounds of the text, so that it is asked first."""

ONCE = BeforeValidator(_once)
"""A query parameter that may stand once."""

INTEGER_FORM = BeforeValidator(_integer)
"""A parameter of one to nine decimal digits."""

BOOLEAN_FORM = BeforeValidator(_boolean)
"""A parameter that is exactly `true` or `false`."""
