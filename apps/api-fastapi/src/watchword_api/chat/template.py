"""Ways to say something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .words import Word


@dataclass(frozen=True, slots=True)
class Literal:
    """One of these words, or nothing where it is optional."""

    keys: frozenset[str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one or more other words."""

    name: str


Template = Sequence[Literal | Slot]
"""Words, optional words and places for other words."""

Slots = dict[str, Sequence[Word]]
"""The words in the places of a template."""

_NUMBER = re.compile("#?[0-9]{1,9}")


def read_template(text: str, classes: Mapping[str, Sequence[str]]) -> Template:
    """Reads a template: `a|b` is one of these words, `[a|b]` the same or nothing, `NAME` a word of that class, `{name}`
    one or more words, `{number}` one word that is a number.
    """
    return [_element(part, classes) for part in text.split(" ")]


def match(template: Template, words: Sequence[Word]) -> Slots | None:
    """The words in the places, if all words fit; earlier places are kept as short as can be."""
    return _match_from(template, 0, words, 0)


def match_start(template: Template, words: Sequence[Word]) -> int:
    """How many of the first words fit the template, which has no places; 0 where they do not."""
    lengths = range(min(len(template), len(words)), 0, -1)
    return next((length for length in lengths if match(template, words[:length]) is not None), 0)


def match_end(template: Template, words: Sequence[Word]) -> int:
    """How many of the last words fit the template, which has no places; 0 where they do not."""
    lengths = range(min(len(template), len(words)), 0, -1)
    return next((length for length in lengths if match(template, words[-length:]) is not None), 0)


def is_number(word: Word) -> bool:
    """Whether a word is the number of a task, such as `3` or `#3`."""
    return word.quoted is None and _NUMBER.fullmatch(word.key) is not None


def _element(part: str, classes: Mapping[str, Sequence[str]]) -> Literal | Slot:
    if part.startswith("{"):
        return Slot(part[1:-1])
    optional = part.startswith("[")
    names = (part[1:-1] if optional else part).split("|")
    return Literal(frozenset(word for name in names for word in classes.get(name, [name])), optional)


def _match_from(template: Template, at: int, words: Sequence[Word], start: int) -> Slots | None:
    if at == len(template):
        return {} if start == len(words) else None
    element = template[at]
    if isinstance(element, Slot):
        return _match_slot(template, at, words, start)
    if start < len(words) and words[start].quoted is None and words[start].key in element.keys:
        slots = _match_from(template, at + 1, words, start + 1)
        if slots is not None:
            return slots
    return _match_from(template, at + 1, words, start) if element.optional else None


def _match_slot(template: Template, at: int, words: Sequence[Word], start: int) -> Slots | None:
    element = template[at]
    if not isinstance(element, Slot) or start >= len(words):
        return None
    single = element.name == "number"
    if single and not is_number(words[start]):
        return None
    is_last = at == len(template) - 1
    shortest = len(words) if is_last and not single else start + 1
    longest = start + 1 if single else len(words)
    for end in range(shortest, longest + 1):
        rest = _match_from(template, at + 1, words, end)
        if rest is not None:
            return {**rest, element.name: words[start:end]}
    return None
