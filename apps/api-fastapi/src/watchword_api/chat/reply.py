"""What the assistant answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..tasks.schemas import Task
from .language import sentence
from .memory import Memory
from .report import number_names


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant says, the tasks it speaks of as they are now, and what it keeps in mind."""

    text: str
    tasks: Sequence[Task]
    memory: Memory


def say(text: str, memory: Memory) -> Reply:
    """An answer about no task: what was mentioned before stays in mind."""
    return Reply(text, (), memory)


def speak_of(tasks: Sequence[Task], text: str, memory: Memory) -> Reply:
    """An answer about these tasks: a single one is "it" from now on."""
    if not tasks:
        return say(text, memory)
    return Reply(text, tasks, replace(memory, mentioned=tasks[0].id if len(tasks) == 1 else None))


def ids_of(tasks: Sequence[Task]) -> list[int]:
    """Their numbers, in the same order."""
    return [task.id for task in tasks]


def missing_report(missing: Sequence[int]) -> list[str]:
    """The sentence that names the numbers of no task, where there are any."""
    return [sentence("no_number", numbers=number_names(missing))] if missing else []
