"""What a conversation keeps between two messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

_TaskId = Annotated[int, Field(ge=1)]


class _Stored(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Choose(_Stored):
    """Which of several tasks is meant."""

    kind: Literal["choose"] = "choose"
    operation: Literal["complete", "reopen", "delete", "rename"]
    tasks: list[_TaskId]
    title: str | None
    """The new title, for `rename`."""


class ConfirmDelete(_Stored):
    """Whether several tasks shall be deleted."""

    kind: Literal["confirm_delete"] = "confirm_delete"
    tasks: list[_TaskId]


Question = Choose | ConfirmDelete
"""What the assistant asked last and waits for."""


class _Memory(_Stored):
    question: Annotated[Question, Field(discriminator="kind")] | None
    mentioned: _TaskId | None


@dataclass(frozen=True, slots=True)
class Memory:
    """`mentioned` is the task that "it" stands for."""

    question: Question | None = None
    mentioned: int | None = None


EMPTY_MEMORY = Memory()

_RECORD = TypeAdapter(_Memory)


def read_memory(stored: str | None) -> Memory:
    """Reads what `stored_memory` wrote; anything else is no memory."""
    if stored is None:
        return EMPTY_MEMORY
    try:
        record = _RECORD.validate_json(stored)
    except ValidationError:
        return EMPTY_MEMORY
    return Memory(record.question, record.mentioned)


def stored_memory(memory: Memory) -> str | None:
    """The memory as the conversation's row keeps it; `None` when there is nothing to keep."""
    if memory == EMPTY_MEMORY:
        return None
    question = None if memory.question is None else memory.question.model_dump()
    record = {"question": question, "mentioned": memory.mentioned}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
