"""JSON read strictly: `json.loads` alone takes repeated members, NaN and unpaired surrogates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

JsonObject = Mapping[str, Any]
"""A JSON object as it was sent."""

_SURROGATE = re.compile("[\ud800-\udfff]")
# Longer integers are beyond every float. Python refuses to convert more than 4300 digits.
_MAX_INTEGER_CHARACTERS = 400

# A whole string, or one bracket. A string that never ends runs to the end of the text.
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


class _NotStrictJsonError(ValueError):
    pass


def parse_json_object(data: bytes, max_depth: int) -> dict[str, Any] | None:
    """Reads one JSON object: UTF-8 without BOM, no member twice at any level (RFC 7515 §4, RFC 8725 §2.4), no
    unpaired surrogate (RFC 8259 §8.2), at most `max_depth` levels, the object itself being the first.

    Returns `None` for anything else; it never raises.
    """
    try:
        text = data.decode("utf-8")
        # Before parsing, so that the parser's recursion is bounded by the text's depth.
        if is_deeper(text, max_depth):
            return None
        value = _parsed(text)
        # Text that was decoded holds a surrogate only where an escape made it.
        if not isinstance(value, dict) or ("\\u" in text and _holds_surrogate(value)):
            return None
    except (ValueError, RecursionError):
        return None
    return value


def is_deeper(text: str, max_depth: int) -> bool:
    """Whether brackets outside of strings nest deeper than `max_depth` levels. For text that is no JSON either
    answer is right.
    """
    if text.count("{") + text.count("[") <= max_depth:
        return False
    depth = 0
    index = 0
    while (found := _STRUCTURE.search(text, index)) is not None:
        index = found.end()
        character = found.group()
        if character in "{[":
            depth += 1
            if depth > max_depth:
                return True
        elif character in "}]":
            depth -= 1
    return False


def _parsed(text: str) -> Any:
    try:
        value, end = _DECODER.raw_decode(text)
        if end == len(text):
            return value
    except ValueError:
        # White space before the value; or more than 4300 digits, which Python refuses to convert.
        pass
    return _PATIENT_DECODER.decode(text)


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _NotStrictJsonError
    return members


def _refuse_constant(_name: str) -> Any:
    raise _NotStrictJsonError


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_INTEGER_CHARACTERS else float(text)


def _holds_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(_holds_surrogate(name) or _holds_surrogate(member) for name, member in value.items())
    if isinstance(value, list):
        return any(_holds_surrogate(member) for member in value)
    return False


# Made once: `json.loads` would make one per call.
_DECODER = json.JSONDecoder(object_pairs_hook=_unambiguous, parse_constant=_refuse_constant)
_PATIENT_DECODER = json.JSONDecoder(object_pairs_hook=_unambiguous, parse_constant=_refuse_constant, parse_int=_integer)
