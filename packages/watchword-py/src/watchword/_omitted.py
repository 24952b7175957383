"""Stands for what is left out, where `None` means `null`."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Omitted(Enum):
    """The type of `OMITTED`."""

    OMITTED = "omitted"


OMITTED: Final = Omitted.OMITTED
"""Stands for a member that is left out."""
