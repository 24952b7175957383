"""What the assistant says of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..tasks.schemas import Task
from .language import State, sentence

_NAMED_TASKS = 20
"""How many tasks an answer names or lists."""


def task_name(task: Task) -> str:
    """`#3 “Buy milk”`."""
    return f"#{task.id} “{task.title}”"


def task_names(tasks: Sequence[Task], joint: Literal["and", "or"] = "and") -> str:
    """The names of the tasks, joined; the first of many."""
    names = [task_name(task) for task in tasks[:_NAMED_TASKS]]
    others = len(tasks) - len(names)
    return _joined([*names, f"{others} more"] if others > 0 else names, joint)


def number_names(numbers: Sequence[int]) -> str:
    """`#3, #5 or #9`."""
    return _joined([f"#{number}" for number in numbers], "or")


def count_of(count: int, state: State = "all") -> str:
    """`1 task`, `2 open tasks`."""
    return f"{count} {_kind_of(state)}{'' if count == 1 else 's'}"


def list_report(tasks: Sequence[Task], total: int, state: State, about: str | None) -> str:
    """The list of these tasks, out of `total` that were sought."""
    subject = "" if about is None else sentence("about", words=about)
    if total == 0 and about is None and state == "all":
        return sentence("no_tasks")
    if total == 0:
        return sentence("nothing_listed", kind=f"{_kind_of(state)}s", about=subject)
    shown = tasks[:_NAMED_TASKS]
    lines = [task_name(task) + (" (done)" if task.completed and state == "all" else "") for task in shown]
    more = [sentence("more", count=total - len(shown))] if total > len(shown) else []
    return "\n".join([sentence("list", count=count_of(total, state), about=subject), *lines, *more])


def summary_report(open_tasks: int, done_tasks: int, oldest: Task | None) -> str:
    """How many there are, and the open one that waits longest."""
    count = count_of(open_tasks + done_tasks)
    if open_tasks + done_tasks == 0:
        return sentence("no_tasks")
    if oldest is None:
        return sentence("all_done", count=count)
    numbers = sentence("summary", count=count, open=open_tasks, done=done_tasks)
    return f"{numbers} {sentence('oldest_open', task=task_name(oldest))}"


def tasks_report(name: str, tasks: Sequence[Task]) -> str:
    """A sentence about tasks, with `is` or `are`."""
    return sentence(name, tasks=task_names(tasks), be="is" if len(tasks) == 1 else "are")


def _kind_of(state: State) -> str:
    return "task" if state == "all" else f"{state} task"


def _joined(names: Sequence[str], joint: str) -> str:
    return "".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} {joint} {names[-1]}"
