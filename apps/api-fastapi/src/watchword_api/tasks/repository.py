"""The only way to the tasks table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, true
from watchword import Clock
from watchword.sqlalchemy import OwnedReader, OwnedWriter

from ..database.tables import tasks
from ..timestamp import timestamp
from .changes import TaskChanges
from .schemas import Task, TaskList, TaskQuery


class TaskReader:
    """Reads the tasks of one owner."""

    def __init__(self, mine: OwnedReader) -> None:
        """`mine` is a transaction of the `sub` of the verified token."""
        self._mine = mine

    async def list(self, query: TaskQuery) -> TaskList:
        """One page, and how many there are in all."""
        matching = _filter(query)
        column = tasks.c[query.sort.removeprefix("-")]
        descending = query.sort.startswith("-")
        order = [part.desc() if descending else part.asc() for part in (column, tasks.c.id)]
        total = await self._mine.scalar(self._mine.select(tasks, func.count()).where(matching))
        page = self._mine.select(tasks).where(matching).order_by(*order).limit(query.limit).offset(query.offset)
        rows = await self._mine.execute(page)
        return TaskList(items=[task_of(row) for row in rows], total=total, limit=query.limit, offset=query.offset)

    async def find(self, task_id: int) -> Task | None:
        """The task, if it is there and is the owner's."""
        found = await self._mine.execute(self._mine.select(tasks).where(tasks.c.id == task_id))
        row = found.one_or_none()
        return None if row is None else task_of(row)


class OwnerTasks(TaskReader):
    """Reads and changes the tasks of one owner. Each change is recorded in the same transaction."""

    def __init__(self, mine: OwnedWriter, clock: Clock) -> None:
        """`mine` is a transaction of the `sub` of the verified token."""
        super().__init__(mine)
        self._writer = mine
        self._changes = TaskChanges(mine)
        self._clock = clock

    async def create(self, values: Mapping[str, Any]) -> Task:
        """A new task at version 1."""
        now = timestamp(self._clock)
        stored = {"description": None, **_stored(values), "version": 1, "created_at": now, "updated_at": now}
        made = await self._writer.execute(self._writer.insert(tasks, stored).returning(tasks))
        task = task_of(made.one())
        await self._changes.record("created", task.id, now)
        return task

    async def change(self, task_id: int, values: Mapping[str, Any]) -> Task:
        """Sets the members given, adds one to `version` and moves `updated_at`."""
        now = timestamp(self._clock)
        changed = await self._writer.execute(
            self._writer.update(tasks)
            .where(tasks.c.id == task_id)
            .values({**_stored(values), "version": tasks.c.version + 1, "updated_at": now})
            .returning(tasks)
        )
        task = task_of(changed.one())
        await self._changes.record("updated", task_id, now)
        return task

    async def remove(self, task_id: int) -> None:
        """Removes the task. It must exist."""
        await self._writer.execute(self._writer.delete(tasks).where(tasks.c.id == task_id))
        await self._changes.record("deleted", task_id, timestamp(self._clock))


def task_of(row: Row[Any]) -> Task:
    """A row as it is answered."""
    return Task.model_validate({**row._mapping, "completed": row.completed == 1})


def _filter(query: TaskQuery) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if query.completed is not None:
        conditions.append(tasks.c.completed == int(query.completed))
    if query.q:
        conditions.append(or_(_holds(tasks.c.title, query.q), _holds(tasks.c.description, query.q)))
    return and_(*conditions)


def _holds(column: ColumnElement[Any], sought: str) -> ColumnElement[bool]:
    """Both stores' `lower` folds ASCII only in these columns, so only ASCII is folded here."""
    folded = re.sub("[A-Z]+", lambda letters: letters.group().lower(), sought)
    pattern = re.sub(r"[\\%_]", r"\\\g<0>", folded)
    return func.lower(column).like(f"%{pattern}%", escape="\\")


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """`completed` is 0 or 1 in the table."""
    return {name: int(value) if name == "completed" else value for name, value in values.items()}
