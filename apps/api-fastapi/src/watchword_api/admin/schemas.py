"""Users as administrators see them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from ..http.fields import Timestamp
from ..profile.schemas import Profile


class User(Profile):
    """What the API knows of one user."""

    created_at: Timestamp
    updated_at: Timestamp


class UserList(BaseModel):
    """One page of users; `total` counts all."""

    items: list[User]
    total: Annotated[int, Field(ge=0)]
    limit: Annotated[int, Field(ge=1, le=100)]
    offset: Annotated[int, Field(ge=0)]
