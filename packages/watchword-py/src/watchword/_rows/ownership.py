"""Which tables have owners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, inspect
from sqlalchemy.orm import Mapper

from .._errors import ConfigurationError

TableOrEntity = Any
"""A `Table`, or a class that the ORM maps to one."""


@dataclass(frozen=True, slots=True)
class Owned:
    """How the rows of one table belong to somebody."""

    owner: str
    """The name of the column that holds the owner."""
    visible: ColumnElement[bool] | None = None
    """Which rows anyone may read, such as `posts.c.is_private == 0`; without it nobody but the owner reads any."""
    all_owners: bool = False
    """Whether `reading_all_owners` may read the table."""


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """One declared table."""

    table: Table
    owner: Column[Any]
    visible: ColumnElement[bool] | None
    all_owners: bool
    entity: type[Any] | None
    """The mapped class, where the table was declared by one."""

    @property
    def attribute(self) -> Any:
        """The attribute of the mapped class that holds the owner; `None` where there is no class."""
        if self.entity is None:
            return None
        return getattr(self.entity, inspect(self.entity).get_property_by_column(self.owner).key)


class Ownership:
    """The declared tables, found by name: another description of a table is the same table."""

    def __init__(self, declared: Mapping[TableOrEntity, str | Owned]) -> None:
        tables = [_owned_table(what, owned) for what, owned in declared.items()]
        self._by_name = {owned.table.name.lower(): owned for owned in tables}
        if not tables or len(self._by_name) != len(tables):
            raise ConfigurationError("OwnedTables needs at least one table, and each of them once.")

    def __iter__(self) -> Iterator[OwnedTable]:
        return iter(self._by_name.values())

    def find(self, name: str) -> OwnedTable | None:
        """The declared table of that name; `None` where there is none."""
        return self._by_name.get(name.lower())

    def of(self, what: TableOrEntity) -> OwnedTable | None:
        """What was declared of a table or a mapped class; `None` where nothing was."""
        table = _table_of(what)
        return None if table is None else self.find(table.name)


def _owned_table(what: TableOrEntity, owned: str | Owned) -> OwnedTable:
    declared = Owned(owned) if isinstance(owned, str) else owned
    table = _table_of(what)
    if table is None:
        raise ConfigurationError("OwnedTables is given something that is no table: give it tables or mapped classes.")
    column = table.c.get(declared.owner)
    if column is None:
        raise ConfigurationError(
            f"The table {table.name} has no column {declared.owner}: name the column that holds its owner."
        )
    return OwnedTable(table, column, declared.visible, declared.all_owners, None if isinstance(what, Table) else what)


def _table_of(what: TableOrEntity) -> Table | None:
    if isinstance(what, Table):
        return what
    mapper = inspect(what, raiseerr=False)
    if isinstance(mapper, Mapper) and isinstance(mapper.local_table, Table):
        return mapper.local_table
    return None
