"""Posts as they are sent and answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import MISSING, BaseModel, ConfigDict, Field

from ..http.fields import NOT_BLANK, WELL_FORMED, Timestamp

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK), WELL_FORMED]
Text = Annotated[str, Field(min_length=1, max_length=10_000, pattern=NOT_BLANK), WELL_FORMED]


class _Input(BaseModel):
    model_config = ConfigDict(strict=True)


class Post(BaseModel):
    """A post as it is answered."""

    id: Annotated[int, Field(ge=1)]
    user_id: str
    title: Title
    body: Text
    is_private: bool
    created_at: Timestamp
    updated_at: Timestamp


class PostList(BaseModel):
    """One page of posts; `total` counts all that the reader may see."""

    items: list[Post]
    total: Annotated[int, Field(ge=0)]
    limit: Annotated[int, Field(ge=1, le=100)]
    offset: Annotated[int, Field(ge=0)]


class PostCreate(_Input):
    """A new post."""

    title: Title
    body: Text
    is_private: bool = False


class PostUpdate(_Input):
    """What an owner changes; what is not sent stays."""

    title: Title | MISSING = MISSING
    body: Text | MISSING = MISSING
    is_private: bool | MISSING = MISSING
