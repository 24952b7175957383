"""Which tasks are meant, before any task has been looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .language import FILLER_TEMPLATES, REFERENCE_TEMPLATES, WORDS_BETWEEN_NUMBERS, State
from .template import is_number, match, match_end, match_start
from .words import Word, keys_of, text_of, without_ends, words_of


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of tasks; which members count, `by` says."""

    by: Literal["numbers", "words", "state", "about", "mentioned"]
    numbers: tuple[int, ...] = ()
    said: str = ""
    """Everything that was said, for `words`."""
    all_keys: tuple[str, ...] = ()
    """Its keys, …"""
    keys: tuple[str, ...] = ()
    """… and those without words such as "the … one"."""
    state: State = "all"
    words: str = ""
    """What is sought, for `about`."""


def reference_of(words: Sequence[Word]) -> Reference:
    """Reads the words that stand for tasks."""
    numbers = numbers_of(words)
    if numbers:
        return Reference("numbers", numbers=numbers)
    for reference, state, template in REFERENCE_TEMPLATES:
        slots = match(template, words)
        if slots is None:
            continue
        if reference == "about":
            return Reference("about", words=phrase_of(slots["words"]))
        return Reference("mentioned") if reference == "mentioned" else Reference("state", state=state)
    said = without_ends(text_of(words))
    keys = keys_of(text_of(_without_fillers(words)))
    return Reference("words", said=said, all_keys=tuple(keys_of(said)), keys=tuple(keys))


def phrase_of(words: Sequence[Word]) -> str:
    """What is sought in titles and descriptions, without words around it that are no part of it."""
    return without_ends(text_of(_without_fillers(words)))


def numbers_of(words: Sequence[Word]) -> tuple[int, ...]:
    """The numbers, each once, where nothing else was said; otherwise none."""
    if any(word.quoted is not None for word in words):
        return ()
    parts = words_of(" ".join(re.sub("[,;&+]", " ", word.text) for word in words))
    if not all(is_number(part) or part.key in WORDS_BETWEEN_NUMBERS for part in parts):
        return ()
    return tuple(dict.fromkeys(int(part.key.replace("#", "")) for part in parts if is_number(part)))


def _without_fillers(words: Sequence[Word]) -> Sequence[Word]:
    kept = words
    for template in FILLER_TEMPLATES["before"]:
        length = match_start(template, kept)
        if length < len(kept):
            kept = kept[length:]
    for template in FILLER_TEMPLATES["after"]:
        length = match_end(template, kept)
        if length < len(kept):
            kept = kept[: len(kept) - length]
    return kept
