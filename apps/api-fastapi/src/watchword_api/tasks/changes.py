"""What happened to the tasks of one owner, numbered from 1."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import Row, and_, func
from watchword.sqlalchemy import OwnedReader, OwnedWriter

from ..database.tables import task_changes, tasks
from .schemas import Task

_KEPT = 1000

ChangeKind = Literal["created", "updated", "deleted"]


class TaskChange(NamedTuple):
    """One change, and the task as it is now; `None` where it is gone."""

    number: int
    kind: ChangeKind
    task_id: int
    task: Task | None


class ChangeReader:
    """Reads the changes of one owner."""

    def __init__(self, mine: OwnedReader) -> None:
        self._mine = mine

    async def newest(self) -> int:
        """The number of the newest change; 0 where there is none."""
        return await self._mine.scalar(self._mine.select(task_changes, func.max(task_changes.c.id))) or 0

    async def after(self, number: int, limit: int) -> list[TaskChange] | None:
        """The next changes after a number, at most `limit`; `None` where not all that followed it are kept, or where
        there never was such a number.
        """
        # The change of that number is read too: that it is there says that nothing after it is missing.
        statement = (
            self._mine.select(
                task_changes,
                task_changes.c.id.label("number"),
                task_changes.c.kind,
                task_changes.c.task_id.label("changed_id"),
                *tasks.c,
            )
            .outerjoin(tasks, and_(self._mine.own(tasks), tasks.c.id == task_changes.c.task_id))
            .where(task_changes.c.id >= number)
            .order_by(task_changes.c.id)
            .limit(limit + 1)
        )
        changes = [_change(row) for row in await self._mine.execute(statement)]
        first = changes[0].number if changes else 0
        if first == number:
            return changes[1:] if changes else []
        return changes[:limit] if first == number + 1 else None


class TaskChanges(ChangeReader):
    """Reads and records the changes of one owner."""

    def __init__(self, mine: OwnedWriter) -> None:
        super().__init__(mine)
        self._writer = mine

    async def record(self, kind: ChangeKind, task_id: int, changed_at: str) -> None:
        """Records one change in the transaction that makes it, and lets go of those past the newest thousand."""
        number = await self.newest() + 1
        change = {"id": number, "task_id": task_id, "kind": kind, "changed_at": changed_at}
        await self._writer.execute(self._writer.insert(task_changes, change))
        if number > _KEPT:
            await self._writer.execute(self._writer.delete(task_changes).where(task_changes.c.id <= number - _KEPT))


def _change(row: Row[Any]) -> TaskChange:
    gone = row.id is None
    task = None if gone else Task.model_validate({**row._mapping, "completed": row.completed == 1})
    return TaskChange(row.number, row.kind, row.changed_id, task)
