"""Which part of a list is asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from .fields import INTEGER_FORM, ONCE

Limit = Annotated[Annotated[int, Field(ge=1, le=100), INTEGER_FORM, ONCE], Query()]
"""How many rows at most; 50 where nothing is said."""

Offset = Annotated[Annotated[int, Field(ge=0, le=999_999_999), INTEGER_FORM, ONCE], Query()]
"""How many rows to pass over."""
