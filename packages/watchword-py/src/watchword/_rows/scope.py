"""What one transaction may reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

_OPTION: Final = "watchword_scope"


@dataclass(frozen=True, slots=True)
class Scope:
    """Kept with the connection while the transaction lasts; a statement cannot bring one of its own."""

    owner: str | None
    """Whose rows; `None` for a reader without a name."""
    writing: bool = False
    all_owners: bool = False
    """Whether it may read the rows of every owner."""

    def as_option(self) -> dict[str, object]:
        """The execution option that marks a connection."""
        return {_OPTION: self}


def scope_of(connection: Connection) -> Scope | None:
    """The scope of the connection's transaction; `None` outside of a handle."""
    scope = connection.get_execution_options().get(_OPTION)
    return scope if isinstance(scope, Scope) else None
