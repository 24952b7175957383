"""`ETag` and `If-Match`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .api_problem import ApiProblem

_ENTITY_TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"'
_ENTITY_TAG_LIST = re.compile(f"{_ENTITY_TAG}(?:[ \\t]*,[ \\t]*{_ENTITY_TAG})*")


def entity_tag_of(version: int) -> str:
    """The entity tag of a version: `"3"`."""
    return f'"{version}"'


def require_match(if_match: Sequence[str], version: int) -> None:
    """Holds the values of `If-Match`, one per header, against the row's version. Tags are compared strongly, so a weak
    tag matches nothing (RFC 9110 §13.1.1).

    Raises `ApiProblem` `precondition_failed` (412) when the field is there and matches nothing.
    """
    if not if_match:
        return
    field = ", ".join(if_match)
    if field == "*":
        return
    tags = re.findall(_ENTITY_TAG, field) if _ENTITY_TAG_LIST.fullmatch(field) else []
    if entity_tag_of(version) not in tags:
        raise ApiProblem("precondition_failed")
