"""The only way to the tasks table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from countersign import Clock
from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..database.tables import tasks
from ..timestamp import timestamp
from .schemas import Task, TaskList, TaskQuery


class OwnerTasks:
    """The tasks of one owner. No statement in here can reach a row of anyone else."""

    def __init__(self, session: AsyncSession, owner: str, clock: Clock) -> None:
        """`owner` is the `sub` of the verified token."""
        self._session = session
        self._owner = owner
        self._clock = clock

    async def list(self, query: TaskQuery) -> TaskList:
        """One page, and how many there are in all."""
        matching = and_(tasks.c.user_id == self._owner, _filter(query))
        column = tasks.c[query.sort.removeprefix("-")]
        descending = query.sort.startswith("-")
        order = [part.desc() if descending else part.asc() for part in (column, tasks.c.id)]
        total = await self._session.scalar(select(func.count()).select_from(tasks).where(matching))
        page = select(tasks).where(matching).order_by(*order).limit(query.limit).offset(query.offset)
        rows = await self._session.execute(page)
        return TaskList(items=[_task(row) for row in rows], total=total or 0, limit=query.limit, offset=query.offset)

    async def find(self, task_id: int) -> Task | None:
        """The task, if it is there and is the owner's."""
        row = (await self._session.execute(select(tasks).where(self._own(task_id)))).one_or_none()
        return None if row is None else _task(row)

    async def create(self, values: Mapping[str, Any]) -> Task:
        """A new task at version 1."""
        now = timestamp(self._clock)
        row = await self._session.execute(
            insert(tasks)
            .values({"description": None, **_stored(values)})
            .values(user_id=self._owner, version=1, created_at=now, updated_at=now)
            .returning(tasks)
        )
        return _task(row.one())

    async def change(self, task_id: int, values: Mapping[str, Any]) -> Task:
        """Sets the members given, adds one to `version` and moves `updated_at`."""
        row = await self._session.execute(
            update(tasks)
            .where(self._own(task_id))
            .values(_stored(values))
            .values(version=tasks.c.version + 1, updated_at=timestamp(self._clock))
            .returning(tasks)
        )
        return _task(row.one())

    async def remove(self, task_id: int) -> None:
        """Removes the task."""
        await self._session.execute(delete(tasks).where(self._own(task_id)))

    def _own(self, task_id: int) -> ColumnElement[bool]:
        return and_(tasks.c.user_id == self._owner, tasks.c.id == task_id)


def _filter(query: TaskQuery) -> ColumnElement[bool]:
    """SQLite's `lower` folds ASCII only, which is exactly the contract's search."""
    conditions: list[ColumnElement[bool]] = [true()]
    if query.completed is not None:
        conditions.append(tasks.c.completed == int(query.completed))
    if query.q:
        sought = func.lower(query.q)
        conditions.append(
            or_(
                func.instr(func.lower(tasks.c.title), sought) > 0,
                func.instr(func.lower(func.coalesce(tasks.c.description, "")), sought) > 0,
            )
        )
    return and_(*conditions)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """`completed` is 0 or 1 in the table."""
    return {name: int(value) if name == "completed" else value for name, value in values.items()}


def _task(row: Row[Any]) -> Task:
    return Task.model_validate({**row._mapping, "completed": row.completed == 1})
