"""The profile as it is sent and answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import MISSING, BaseModel, ConfigDict, Field

from ..http.fields import NOT_BLANK, WELL_FORMED

Email = Annotated[str, Field(min_length=3, max_length=320, pattern="^[^ \\t\\n\\r@]+@[^ \\t\\n\\r@]+$"), WELL_FORMED]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK), WELL_FORMED]
Username = Annotated[str, Field(min_length=1, max_length=50, pattern="^[A-Za-z0-9_.-]+$"), WELL_FORMED]


class Profile(BaseModel):
    """A profile as it is answered. `email` and `name` come from the token until their owner changes them."""

    id: str
    email: Annotated[str, Field(max_length=320)] | None
    name: Annotated[str, Field(max_length=200)] | None
    username: Annotated[str, Field(max_length=50)] | None


class ProfileUpdate(BaseModel):
    """What the caller changes; `null` clears, what is not sent stays."""

    model_config = ConfigDict(strict=True)

    email: Email | MISSING | None = MISSING
    name: Name | MISSING | None = MISSING
    username: Username | MISSING | None = MISSING
