"""Answers messages, and carries out commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..tasks.repository import OwnerTasks
from .changes import add_task, change_tasks, remove_tasks, rename_task
from .command import Command, command_of
from .finder import listed, tasks_by_number
from .language import sentence
from .memory import ConfirmDelete, Memory
from .question import ask, chosen_tasks
from .reference import Reference
from .reply import Reply, missing_report, say, speak_of
from .report import list_report, summary_report, task_name

_LISTED_TASKS = 20


async def answer_by_rules(tasks: OwnerTasks, message: str, memory: Memory) -> Reply:
    """Answers a message by the rules of the language alone."""
    settled = await answer_to_question(tasks, message, memory)
    if settled is not None:
        return settled
    command = command_of(message)
    if memory.question is None:
        return await carry_out(tasks, command, memory)
    if command.kind in ("unknown", "yes"):
        return await ask(tasks, memory.question, memory)
    still_open = command.kind in ("help", "greeting", "thanks")
    return await carry_out(tasks, command, memory if still_open else replace(memory, question=None))


async def answer_to_question(tasks: OwnerTasks, message: str, memory: Memory) -> Reply | None:
    """Takes the message for an answer to what was asked last; `None` where nothing was asked or the message says
    something else.
    """
    question = memory.question
    if question is None:
        return None
    command = command_of(message)
    settled = replace(memory, question=None)
    if command.kind == "no":
        return Reply(sentence("cancelled"), (), settled)
    if isinstance(question, ConfirmDelete):
        return await remove_tasks(tasks, question.tasks) if command.kind == "yes" else None
    chosen = await chosen_tasks(tasks, question, message, command)
    if chosen is None:
        return None
    if not chosen:
        return await ask(tasks, question, memory)
    which = Reference("numbers", numbers=tuple(chosen))
    if question.operation == "rename":
        return await rename_task(tasks, which, question.title or "", settled)
    return await change_tasks(tasks, question.operation, which, settled)


async def carry_out(tasks: OwnerTasks, command: Command, memory: Memory) -> Reply:
    """Does what a command says. Everything happens inside the transaction of `tasks`."""
    kind = command.kind
    if kind == "add":
        return await add_task(tasks, command.title, memory)
    if kind == "list":
        page = await listed(tasks, command.state, command.about or "", "-created_at", limit=_LISTED_TASKS)
        return speak_of(page.items, list_report(page.items, page.total, command.state, command.about), memory)
    if kind == "show":
        return await _show(tasks, command.numbers, memory)
    if kind in ("complete", "reopen", "delete"):
        return await change_tasks(tasks, kind, command.which, memory)
    if kind == "rename":
        return await rename_task(tasks, command.which, command.title, memory)
    if kind == "summary":
        open_tasks = await listed(tasks, "open", "", "created_at", limit=1)
        done_tasks = await listed(tasks, "done", "", "created_at", limit=1)
        oldest = open_tasks.items[0] if open_tasks.items else None
        return speak_of(open_tasks.items, summary_report(open_tasks.total, done_tasks.total, oldest), memory)
    if kind == "incomplete":
        return say(sentence("incomplete", example=command.example), memory)
    return say(sentence("nothing_asked" if kind in ("yes", "no") else kind), memory)


async def _show(tasks: OwnerTasks, numbers: Sequence[int], memory: Memory) -> Reply:
    found = await tasks_by_number(tasks, numbers[:_LISTED_TASKS])
    lines = [sentence("is_done" if task.completed else "is_open", task=task_name(task)) for task in found.tasks]
    return speak_of(found.tasks, "\n".join([*lines, *missing_report(found.missing)]), memory)
