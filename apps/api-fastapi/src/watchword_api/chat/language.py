"""The language of the assistant, as data that both backends read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final, NamedTuple
from typing import Literal as OneOf

from .template import Template, read_template

State = OneOf["open", "done", "all"]

_FILE = Path(__file__).resolve().parents[5] / "contract" / "chat" / "language.json"
_DOCUMENT: Final[dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))


class CommandTemplate(NamedTuple):
    """One way to say a command."""

    command: str
    state: State
    example: str
    template: Template


class ReferenceTemplate(NamedTuple):
    """One way to name tasks."""

    reference: str
    state: State
    template: Template


class ChoiceTemplate(NamedTuple):
    """One way to choose; a position from 1, -1 for the last, 0 for all."""

    position: int
    template: Template


def _read(text: str) -> Template:
    return read_template(text, _DOCUMENT["classes"])


def _said(entry: dict[str, Any]) -> list[str]:
    """The templates of a command, each also with its tail where there is one."""
    tail = entry.get("tail")
    return [text for says in entry["says"] for text in ([says] if tail is None else [says, f"{says} {tail}"])]


COURTESY_TEMPLATES: Final = {place: [_read(text) for text in says] for place, says in _DOCUMENT["courtesies"].items()}
"""What stands politely around a command."""

COMMAND_TEMPLATES: Final = [
    CommandTemplate(entry["command"], entry.get("state", "all"), entry.get("example", ""), _read(text))
    for entry in _DOCUMENT["commands"]
    for text in _said(entry)
]
"""Every way to say a command; the first that fits counts."""

REFERENCE_TEMPLATES: Final = [
    ReferenceTemplate(entry["reference"], entry.get("state", "all"), _read(text))
    for entry in _DOCUMENT["references"]
    for text in entry["says"]
]
"""Ways to name tasks other than by number and by words of the title."""

CHOICE_TEMPLATES: Final = [
    ChoiceTemplate(entry["position"], _read(text)) for entry in _DOCUMENT["choices"] for text in entry["says"]
]
"""Answers to a question with several candidates."""

FILLER_TEMPLATES: Final = {
    place: [_read(text) for text in _DOCUMENT["fillers"][place]] for place in ("before", "after")
}
"""Words around a name that are no part of it."""

WORDS_BETWEEN_NUMBERS: Final = frozenset(_DOCUMENT["fillers"]["between_numbers"])


def sentence(name: str, **places: object) -> str:
    """A sentence of the assistant with its places filled."""
    text: str = _DOCUMENT["sentences"][name]
    return re.sub(r"\{([a-z]+)\}", lambda place: str(places.get(place.group(1), "")), text)
