"""Reads a JSON body from its bytes, as strictly as the contract says (HTTP rule 4, RFC 8259)."""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

from countersign.strict_json import is_deeper

_MAX_DEPTH = 32
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
        if is_deeper(text, _MAX_DEPTH):
            return None
        return JsonDocument(json.loads(text, parse_constant=_refuse, parse_int=_integer))
    except (ValueError, RecursionError):
        return None


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_INTEGER_CHARACTERS else math.inf
