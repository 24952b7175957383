"""Tasks as they are sent and answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field

from ..http.fields import NOT_BLANK, WELL_FORMED, Timestamp

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK), WELL_FORMED]
Description = Annotated[str, Field(max_length=2000), WELL_FORMED] | None

SortOrder = Literal["created_at", "-created_at", "updated_at", "-updated_at", "title", "-title"]


class _Input(BaseModel):
    model_config = ConfigDict(strict=True)


class Task(BaseModel):
    """A task as it is answered."""

    id: Annotated[int, Field(ge=1)]
    user_id: str
    title: Title
    description: Description
    completed: bool
    version: Annotated[int, Field(ge=1)]
    created_at: Timestamp
    updated_at: Timestamp


class TaskList(BaseModel):
    """One page of tasks; `total` counts all that match."""

    items: list[Task]
    total: Annotated[int, Field(ge=0)]
    limit: Annotated[int, Field(ge=1, le=100)]
    offset: Annotated[int, Field(ge=0)]


class TaskCreate(_Input):
    """A new task."""

    title: Title
    description: Description | MISSING = MISSING
    completed: bool = False


class TaskUpdate(_Input):
    """What an owner changes; what is not sent stays."""

    title: Title | MISSING = MISSING
    description: Description | MISSING = MISSING
    completed: bool | MISSING = MISSING


class TaskCompletion(_Input):
    """The state to set; without it the state is toggled."""

    completed: bool | MISSING = MISSING


class TaskQuery(BaseModel):
    """What is listed, in which order, and which part of it."""

    completed: bool | None
    q: str
    sort: SortOrder
    limit: int
    offset: int
