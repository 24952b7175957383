"""What a message asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from .language import CHOICE_TEMPLATES, COMMAND_TEMPLATES, COURTESY_TEMPLATES, State
from .reference import Reference, numbers_of, phrase_of, reference_of
from .template import Slots, match, match_end, match_start
from .words import Word, text_of, words_of

CommandKind = Literal[
    "add",
    "list",
    "show",
    "complete",
    "reopen",
    "delete",
    "rename",
    "summary",
    "incomplete",
    "help",
    "greeting",
    "thanks",
    "yes",
    "no",
    "unknown",
]

_NOTHING = Reference("mentioned")


@dataclass(frozen=True, slots=True)
class Command:
    """A command; which members count, `kind` says."""

    kind: CommandKind
    title: str = ""
    """For `add` and `rename`."""
    state: State = "all"
    about: str | None = None
    """For `list`: what is sought in titles and descriptions."""
    numbers: tuple[int, ...] = ()
    """For `show`."""
    which: Reference = _NOTHING
    """For `complete`, `reopen`, `delete` and `rename`."""
    example: str = ""
    """For `incomplete`."""


def command_of(message: str) -> Command:
    """Reads a message. Anything that fits no template is `unknown`."""
    words = _without_courtesies(words_of(message))
    for command, state, example, template in COMMAND_TEMPLATES:
        slots = match(template, words)
        if slots is not None:
            return _build(command, slots, state, example)
    return Command("unknown")


def choice_of(message: str) -> int | None:
    """A position from 1, -1 for the last, 0 for all; `None` where the message chooses none."""
    words = _without_courtesies(words_of(message))
    return next((position for position, template in CHOICE_TEMPLATES if match(template, words) is not None), None)


def named_in(message: str) -> Reference:
    """Tasks named by nothing but a message."""
    return reference_of(_without_courtesies(words_of(message)))


def _build(command: str, slots: Slots, state: State, example: str) -> Command:
    words = slots.get("words", ())
    if command == "list":
        return Command("list", state=state, about=phrase_of(words) if words else None)
    if command == "show":
        return Command("show", numbers=numbers_of(slots["number"]))
    if command == "find":
        numbers = numbers_of(words)
        return Command("show", numbers=numbers) if numbers else Command("list", about=phrase_of(words))
    named = slots.get("task", slots.get("number"))
    which = _NOTHING if named is None else reference_of(named)
    title = _title_of(slots["title"]) if "title" in slots else ""
    return Command(cast(CommandKind, command), title=title, which=which, example=example)


def _title_of(words: Sequence[Word]) -> str:
    """A title as it was written, without the full stop of the sentence."""
    text = text_of(words)
    last = words[-1].text
    ends_sentence = words[0].quoted is None and len(last) > 1 and last.find(".") == len(last) - 1
    return text[:-1] if ends_sentence else text


def _without_courtesies(words: Sequence[Word]) -> Sequence[Word]:
    kept = words

    def longest(lengths: Iterable[int]) -> int:
        return max((length for length in lengths if length < len(kept)), default=0)

    length = -1
    while length != 0:
        length = longest([match_start(template, kept) for template in COURTESY_TEMPLATES["before"]])
        kept = kept[length:]
    after = longest([match_end(template, kept) for template in COURTESY_TEMPLATES["after"]])
    return kept[: len(kept) - after]
