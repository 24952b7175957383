"""What the assistant changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..tasks.repository import OwnerTasks
from ..tasks.schemas import Task
from .finder import find_tasks, tasks_by_number
from .language import sentence
from .memory import EMPTY_MEMORY, Choose, ConfirmDelete, Memory
from .question import ask
from .reference import Reference
from .reply import Reply, ids_of, missing_report, say, speak_of
from .report import task_name, tasks_report

_MAX_TITLE_CHARACTERS = 200


async def add_task(tasks: OwnerTasks, title: str, memory: Memory) -> Reply:
    """Adds an open task."""
    too_long = _title_fault(title)
    if too_long is not None:
        return say(too_long, memory)
    task = await tasks.create({"title": title, "completed": False})
    return speak_of([task], sentence("added", task=task_name(task)), memory)


async def change_tasks(
    tasks: OwnerTasks, operation: Literal["complete", "reopen", "delete"], which: Reference, memory: Memory
) -> Reply:
    """Completes, opens again or deletes what is meant."""
    found = await find_tasks(tasks, which, operation, memory.mentioned)
    if found.kind == "none":
        return say(found.text, memory)
    if found.kind == "several":
        return await ask(tasks, Choose(operation=operation, tasks=ids_of(found.tasks), title=None), memory)
    if operation == "delete":
        is_sweeping = which.by in ("state", "about") or len(found.tasks) > 1
        if is_sweeping:
            return await _ask_to_delete(tasks, found.tasks, found.missing, memory)
        return await remove_tasks(tasks, [*ids_of(found.tasks), *found.missing])
    return await _toggle(tasks, operation == "complete", found.tasks, found.missing, memory)


async def remove_tasks(tasks: OwnerTasks, ids: Sequence[int]) -> Reply:
    """Deletes these tasks, without asking."""
    found = await tasks_by_number(tasks, ids)
    for task in found.tasks:
        await tasks.remove(task.id)
    deleted = [tasks_report("deleted", found.tasks)] if found.tasks else []
    return Reply(" ".join([*deleted, *missing_report(found.missing)]), found.tasks, EMPTY_MEMORY)


async def rename_task(tasks: OwnerTasks, which: Reference, title: str, memory: Memory) -> Reply:
    """Gives one task another title."""
    too_long = _title_fault(title)
    if too_long is not None:
        return say(too_long, memory)
    found = await find_tasks(tasks, which, "rename", memory.mentioned)
    if found.kind == "none":
        return say(found.text, memory)
    if found.kind == "several":
        return await ask(tasks, Choose(operation="rename", tasks=ids_of(found.tasks), title=title), memory)
    if len(found.tasks) + len(found.missing) > 1:
        return say(sentence("one_at_a_time"), memory)
    if not found.tasks:
        return say(" ".join(missing_report(found.missing)), memory)
    task = found.tasks[0]
    renamed = await tasks.change(task.id, {"title": title})
    return speak_of([renamed], sentence("renamed", task=task_name(task), title=title), memory)


async def _toggle(
    tasks: OwnerTasks, completed: bool, found: Sequence[Task], missing: Sequence[int], memory: Memory
) -> Reply:
    already = [task for task in found if task.completed == completed]
    changed: list[Task] = []
    now: list[Task] = []
    for task in found:
        if task.completed == completed:
            now.append(task)
        else:
            now.append(await tasks.change(task.id, {"completed": completed}))
            changed.append(now[-1])
    text = [
        *([tasks_report("done" if completed else "reopened", changed)] if changed else []),
        *([tasks_report("done_already" if completed else "open_already", already)] if already else []),
        *missing_report(missing),
    ]
    return speak_of(now, " ".join(text), memory)


async def _ask_to_delete(tasks: OwnerTasks, found: Sequence[Task], missing: Sequence[int], memory: Memory) -> Reply:
    """One task by its name is deleted at once; before several, or all of a kind, it is asked."""
    reply = await ask(tasks, ConfirmDelete(tasks=ids_of(found)), memory)
    return Reply(" ".join([*missing_report(missing), reply.text]), reply.tasks, reply.memory)


def _title_fault(title: str) -> str | None:
    return None if len(title) <= _MAX_TITLE_CHARACTERS else sentence("title_too_long", count=len(title))
