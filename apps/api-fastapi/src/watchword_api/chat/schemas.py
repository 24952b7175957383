"""What is said to the assistant, and what it answers."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import MISSING, BaseModel, BeforeValidator, ConfigDict, Field

from ..http.fields import NOT_BLANK, WELL_FORMED, Timestamp, fault
from ..tasks.schemas import Task
from .json_schema import is_integer

_Id = Annotated[int, Field(ge=1)]
_Content = Annotated[str, Field(min_length=1, max_length=20_000)]
_Title = Annotated[str, Field(min_length=1, max_length=80)]


def _whole_number(value: Any) -> Any:
    """A JSON number without a fraction is an integer, however it is written. One beyond every double is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not is_integer(value) or abs(value) >= 2**1024 or math.isinf(value):
            raise fault("invalid_type")
        return int(value)
    return value


_ConversationNumber = Annotated[int, Field(ge=1, le=999_999_999), BeforeValidator(_whole_number)] | None


class ChatRequest(BaseModel):
    """What a caller says; `conversation_id` continues a conversation."""

    model_config = ConfigDict(strict=True)

    message: Annotated[str, Field(min_length=1, max_length=2000, pattern=NOT_BLANK), WELL_FORMED]
    conversation_id: Annotated[int, Field(ge=1, le=999999999), BeforeValidator(_whole_number)] | MISSING | None = (
        MISSING
    )


class ChatAnswer(BaseModel):
    """What the assistant answers, and the tasks that it speaks of."""

    conversation_id: _Id
    message: _Content
    tasks: list[Task]


class Conversation(BaseModel):
    """A conversation without its messages."""

    id: _Id
    title: _Title
    created_at: Timestamp
    updated_at: Timestamp


class ConversationList(BaseModel):
    """One page of conversations; `total` counts all."""

    items: list[Conversation]
    total: Annotated[int, Field(ge=0)]
    limit: Annotated[int, Field(ge=1, le=100)]
    offset: Annotated[int, Field(ge=0)]


class Message(BaseModel):
    """One message of a conversation."""

    id: _Id
    role: Literal["user", "assistant"]
    content: _Content
    created_at: Timestamp


class ConversationDetail(BaseModel):
    """A conversation with its messages, the oldest first."""

    id: _Id
    title: _Title
    created_at: Timestamp
    updated_at: Timestamp
    messages: list[Message]
