"""The changes of one user's tasks as the text of an event stream
(https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
"""

from __future__ import annotations

import json
from typing import Any

from ..database.store import Database
from .changes import ChangeReader, TaskChange

_PAGE = 100

RETRY = "retry: 1000\n\n"
KEEP_ALIVE = ": keep-alive\n\n"


class TaskFeed:
    """Reads on from one change to the next."""

    def __init__(self, database: Database, owner: str, after: int | None) -> None:
        """`after` is the number of the last change that the reader knows; `None` for a reader who begins now."""
        self._database = database
        self._owner = owner
        self._position = after
        self._ready = False
        self.behind = False
        """Whether there is more to read at once."""

    async def read(self) -> str:
        """The events since the last call; empty where there is none. Raises `DatabaseUnavailable`."""
        async with self._database.reading(self._owner) as mine:
            changes = ChangeReader(mine)
            if self._position is None:
                return self._jump("ready", await changes.newest())
            found = await changes.after(self._position, _PAGE)
            if found is None:
                return self._jump("reset", await changes.newest())
        self.behind = len(found) == _PAGE
        events = [_change_event(change) for change in found]
        if found:
            self._position = found[-1].number
        if not self._ready and not self.behind:
            events.append(self._jump("ready", self._position))
        return "".join(events)

    def _jump(self, event: str, number: int) -> str:
        self._position, self._ready, self.behind = number, True, False
        return f"id: {number}\nevent: {event}\ndata: {{}}\n\n"


def end_event(reason: str) -> str:
    """The last event of a stream that the server ends."""
    return f"event: end\ndata: {_json({'reason': reason})}\n\n"


def _change_event(change: TaskChange) -> str:
    task = None if change.task is None else change.task.model_dump()
    data = _json({"task_id": change.task_id, "task": task})
    return f"id: {change.number}\nevent: {change.kind}\ndata: {data}\n\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
