"""The part of JSON Schema that `contract/chat/model.json` uses. Objects have no other members than those named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NOT_TEXT = re.compile("[\u0000\ud800-\udfff]")


def conforms(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value is what the schema says. A text with U+0000 or an unpaired surrogate is none."""
    kind = schema["type"]
    if kind == "object":
        known = schema["properties"]
        return (
            isinstance(value, dict)
            and all(name in known and conforms(member, known[name]) for name, member in value.items())
            and all(name in value for name in schema["required"])
        )
    if kind == "array":
        return (
            isinstance(value, list)
            and schema["minItems"] <= len(value) <= schema["maxItems"]
            and all(conforms(item, schema["items"]) for item in value)
        )
    if kind == "integer":
        return is_integer(value) and schema["minimum"] <= value <= schema["maximum"]
    return kind == "string" and isinstance(value, str) and _is_text(value, schema)


def is_integer(value: Any) -> bool:
    """Whether a JSON number has no fraction, however it is written (`1.0`)."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: str, schema: Mapping[str, Any]) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    return (
        _NOT_TEXT.search(value) is None
        and schema["minLength"] <= len(value) <= schema["maxLength"]
        and re.search(schema["pattern"], value) is not None
    )
