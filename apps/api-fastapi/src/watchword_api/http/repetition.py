"""Query parameters that stand more than once."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import QueryParams


class Repetition:
    """Stands for the values of a parameter that is repeated; Starlette alone would give the last one."""


_REPETITION = Repetition()


class SingleQueryParams(QueryParams):
    """Query parameters that show a repetition as one."""

    def get(self, key: Any, default: Any = None) -> Any:
        """The value, a `Repetition` where there are several, the default where there is none."""
        return _REPETITION if len(self.getlist(key)) > 1 else super().get(key, default)
