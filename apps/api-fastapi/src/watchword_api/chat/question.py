"""Questions of the assistant, and the answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..tasks.repository import OwnerTasks
from .command import Command, choice_of, named_in
from .finder import best_matches, tasks_by_number
from .language import sentence
from .memory import Choose, Memory, Question
from .reply import Reply, ids_of
from .report import count_of, task_names


async def ask(tasks: OwnerTasks, question: Question, memory: Memory) -> Reply:
    """Asks, and keeps in mind what was asked. Tasks that are gone are no longer offered."""
    found = await tasks_by_number(tasks, question.tasks)
    if not found.tasks:
        return Reply(sentence("cancelled"), (), replace(memory, question=None))
    if isinstance(question, Choose):
        name = "which_single" if question.operation == "rename" else "which_one"
        text = sentence(name, tasks=task_names(found.tasks, "or"))
    else:
        text = sentence("confirm_delete", count=count_of(len(found.tasks)), tasks=task_names(found.tasks))
    offered = question.model_copy(update={"tasks": ids_of(found.tasks)})
    return Reply(text, found.tasks, Memory(offered, None))


async def chosen_tasks(tasks: OwnerTasks, question: Choose, message: str, command: Command) -> Sequence[int] | None:
    """The candidates that a message chooses; none where it chooses wrongly, `None` where it chooses nothing."""
    offered = question.tasks
    is_rename = question.operation == "rename"
    position = choice_of(message)
    if position == 0:
        return [] if is_rename else offered
    if position is not None:
        return offered[-1:] if position == -1 else offered[position - 1 : position]
    named = named_in(message)
    if named.by == "numbers":
        is_offered = all(number in offered for number in named.numbers)
        return named.numbers if is_offered and (not is_rename or len(named.numbers) == 1) else []
    if command.kind != "unknown" or named.by != "words":
        return None
    matches = best_matches((await tasks_by_number(tasks, offered)).tasks, named)
    return ids_of(matches) if len(matches) == 1 else None
