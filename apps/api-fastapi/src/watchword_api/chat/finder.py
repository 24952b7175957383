"""Looks for the tasks that are meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..tasks.repository import OwnerTasks
from ..tasks.schemas import SortOrder, Task, TaskList, TaskQuery
from .language import State, sentence
from .reference import Reference
from .report import count_of
from .words import keys_of

Operation = Literal["complete", "reopen", "rename", "delete"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a reference led to: tasks, several that it may mean, or the sentence that says why there is none."""

    kind: Literal["tasks", "several", "none"]
    tasks: Sequence[Task] = ()
    missing: Sequence[int] = ()
    text: str = ""


_MAX_CHANGED = 100
"""The most tasks that one message changes."""
_MAX_CANDIDATES = 20
"""The most candidates that the assistant offers."""
_MAX_SEARCHED = 500
"""How many tasks are looked through for words of a title, the newest first."""
_PAGE = 100

_PLAIN_WORD = re.compile("[a-z0-9]+")


async def find_tasks(tasks: OwnerTasks, which: Reference, operation: Operation, mentioned: int | None) -> Found:
    """Looks for the tasks that are meant; `mentioned` is the task that "it" stands for."""
    if which.by == "numbers":
        if len(which.numbers) > _MAX_CHANGED:
            return Found("none", text=sentence("too_many"))
        return await tasks_by_number(tasks, which.numbers)
    if which.by == "mentioned":
        if mentioned is None:
            return Found("none", text=sentence("which_task"))
        return await tasks_by_number(tasks, [mentioned])
    if which.by == "state":
        return await _find_all(tasks, which.state, "", operation)
    if which.by == "about":
        return await _find_all(tasks, "all", which.words, operation)
    return await _find_words(tasks, which, operation)


def best_matches(tasks: Sequence[Task], which: Reference) -> list[Task]:
    """The tasks whose titles fit best: the same words, the words in a row, the words, parts of words."""
    keys, phrase = which.keys, _spaced(which.keys)
    if not keys:
        return []
    fits: list[Callable[[Sequence[str]], bool]] = [
        lambda title: _spaced(title) in (_spaced(which.all_keys), phrase),
        lambda title: phrase in _spaced(title),
        lambda title: all(key in title for key in keys),
        lambda title: all(any(key in word for word in title) for key in keys),
    ]
    for fit in fits:
        found = [task for task in tasks if fit(keys_of(task.title))]
        if found:
            return sorted(found, key=lambda task: task.id)
    return []


async def tasks_by_number(tasks: OwnerTasks, numbers: Sequence[int]) -> Found:
    """The tasks with these numbers, and the numbers that are of none."""
    found: list[Task] = []
    missing: list[int] = []
    for number in numbers:
        task = await tasks.find(number)
        if task is None:
            missing.append(number)
        else:
            found.append(task)
    return Found("tasks", found, missing)


async def listed(tasks: OwnerTasks, state: State, q: str, sort: SortOrder, *, limit: int, offset: int = 0) -> TaskList:
    """The first tasks in this state that hold this text."""
    completed = None if state == "all" else state == "done"
    return await tasks.list(TaskQuery(completed=completed, q=q, sort=sort, limit=limit, offset=offset))


async def _find_all(tasks: OwnerTasks, state: State, q: str, operation: Operation) -> Found:
    sought = _state_for(operation) if state == "all" else state
    page = await listed(tasks, sought, q, "created_at", limit=_MAX_CHANGED)
    if page.total > _MAX_CHANGED:
        return Found("none", text=sentence("too_many"))
    if page.total > 0:
        return Found("tasks", page.items)
    if q != "":
        return Found("none", text=sentence("no_match", words=q))
    if sought == "all":
        return Found("none", text=sentence("no_tasks"))
    return Found("none", text=sentence("nothing_listed", kind=f"{sought} tasks"))


async def _find_words(tasks: OwnerTasks, which: Reference, operation: Operation) -> Found:
    narrowed = await _newest(tasks, _longest_plain_word(which.keys))
    matches = best_matches(narrowed, which) or best_matches(await _newest(tasks, ""), which)
    changeable = [task for task in matches if task.completed == (operation == "reopen")]
    is_toggle = operation in ("complete", "reopen")
    candidates = changeable if is_toggle and changeable else matches
    if not candidates:
        return Found("none", text=sentence("no_match", words=which.said))
    if len(candidates) > _MAX_CANDIDATES:
        return Found("none", text=sentence("many_match", count=count_of(len(candidates)), words=which.said))
    is_clear = len(candidates) == 1 or (is_toggle and not changeable)
    return Found("tasks" if is_clear else "several", candidates)


async def _newest(tasks: OwnerTasks, q: str) -> Sequence[Task]:
    found: list[Task] = []
    while len(found) < _MAX_SEARCHED:
        page = await listed(tasks, "all", q, "-created_at", limit=_PAGE, offset=len(found))
        found += page.items
        if len(page.items) < _PAGE:
            break
    return found


def _state_for(operation: Operation) -> State:
    """What "all" means where only some can be changed."""
    if operation == "complete":
        return "open"
    return "done" if operation == "reopen" else "all"


def _longest_plain_word(keys: Sequence[str]) -> str:
    """The word that narrows the search in the database most; none where its letters may be written in several ways."""
    return max((key for key in keys if _PLAIN_WORD.fullmatch(key)), key=len, default="")


def _spaced(keys: Sequence[str]) -> str:
    return f" {' '.join(keys)} "
