"""Reads a JSON body from its bytes, as strictly as the contract says (HTTP rule 4, RFC 8259)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NamedTuple

_MAX_DEPTH = 32
# A whole string, or one bracket. A string that never ends runs to the end of the text.
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
# Python refuses to convert more than 4300 digits; no member of this API is a number, so the value does not matter.
_MAX_INTEGER_CHARACTERS = 400


class JsonDocument(NamedTuple):
    """A document, wrapped so that the document `null` is told from a fault."""

    value: Any


def read_json_document(data: bytes) -> JsonDocument | None:
    """`None` for bytes that are no well-formed UTF-8 or JSON, start with a byte order mark, or nest deeper than 32
    levels.
    """
    try:
        text = data.decode("utf-8")
        # Before parsing, so that the parser's recursion is bounded by the depth of the text.
        if _depth_of(text) > _MAX_DEPTH:
            return None
        return JsonDocument(json.loads(text, parse_constant=_refuse, parse_int=_integer))
    except (ValueError, RecursionError):
        return None


def _depth_of(text: str) -> int:
    """The deepest nesting of arrays and objects outside of strings."""
    depth = deepest = 0
    for bracket in _STRUCTURE.finditer(text):
        if bracket.group() in ("{", "["):
            depth += 1
            deepest = max(deepest, depth)
        elif bracket.group() in ("}", "]"):
            depth -= 1
    return deepest


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_INTEGER_CHARACTERS else math.inf
