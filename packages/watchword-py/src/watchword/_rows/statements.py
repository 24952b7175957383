"""What can be said inside one owner's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Result,
    Select,
    Update,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import with_loader_criteria

from .missing_owner import MissingOwner
from .owner_checks import name_of, owner_keys
from .ownership import OwnedTable, Ownership, TableOrEntity
from .statement_parts import table_under


class Execution:
    """Runs statements in the transaction. The statements are SQLAlchemy's own and may be refined as usual; each one is
    held against the owner again before it runs.
    """

    def __init__(self, session: AsyncSession, ownership: Ownership) -> None:
        self._session = session
        self._ownership = ownership

    async def execute(self, statement: Executable) -> Result[Any]:
        """Runs a statement. Raises `MissingOwner` where it is not bound to the owner."""
        if getattr(self._session.bind, "closed", True):
            raise MissingOwner("The transaction is over, and its owner with it: begin another one.")
        return await self._session.execute(statement)

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row; `None` where there is no row."""
        return (await self.execute(statement)).scalar()

    def _owned(self, table: TableOrEntity) -> OwnedTable:
        owned = self._ownership.of(table)
        if owned is None:
            raise MissingOwner(
                f"{getattr(table, 'name', table)} is not declared: name its owner's column in OwnedTables."
            )
        return owned


class AnyoneReader(Execution):
    """The transaction of a reader who may own nothing."""

    def select_visible(self, table: TableOrEntity, *columns: Any) -> Select[Any]:
        """A select of the rows that anyone may read: of whole rows, or of the columns and functions given."""
        return _select(table, columns).where(_visible(self._owned(table)))


class AllOwnersReader(Execution):
    """The transaction of a reader who may see the rows of all owners, in tables declared with `all_owners`."""

    def select(self, table: TableOrEntity, *columns: Any) -> Select[Any]:
        """A select of all rows: of whole rows, or of the columns and functions given."""
        if not self._owned(table).all_owners:
            raise MissingOwner(f"The table {self._owned(table).table.name} cannot be read without an owner.")
        return _select(table, columns)


class OwnedReader(AnyoneReader):
    """A transaction that reads one owner's rows."""

    def __init__(self, session: AsyncSession, ownership: Ownership, owner: str) -> None:
        super().__init__(session, ownership)
        self.owner = owner
        # What the ORM adds to a statement by itself, such as eager joins, is not in the statement that is checked.
        self._entity_criteria = [
            with_loader_criteria(owned.entity, attribute == owner, include_aliases=True)
            for owned in ownership
            if owned.entity is not None and (attribute := owned.attribute) is not None
        ]

    async def execute(self, statement: Executable) -> Result[Any]:
        """Runs a statement. Raises `MissingOwner` where it is not bound to the owner."""
        if self._entity_criteria and isinstance(statement, Select):
            statement = statement.options(*self._entity_criteria)
        return await super().execute(statement)

    def own(self, table: TableOrEntity) -> ColumnElement[bool]:
        """The condition that a row of the table, or of an alias of it, is the owner's: for the further tables of a
        join.
        """
        base = table_under(table)
        column = self._owned(table if base is None else base).owner
        named: ColumnElement[Any] = column if base is table or base is None else table.c[column.key]
        return named == self.owner

    def select(self, table: TableOrEntity, *columns: Any) -> Select[Any]:
        """A select of the owner's rows: of whole rows, or of the columns and functions given."""
        return _select(table, columns).where(self.own(table))

    def select_visible(self, table: TableOrEntity, *columns: Any) -> Select[Any]:
        """A select of the owner's rows and of those that anyone may read."""
        return _select(table, columns).where(or_(self.own(table), _visible(self._owned(table))))


class OwnedWriter(OwnedReader):
    """A transaction that reads and changes one owner's rows, the only one of that owner at its time."""

    def insert(self, table: TableOrEntity, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Insert:
        """An insert of one row or several, which become the owner's. Raises `MissingOwner` where the values name an
        owner.
        """
        owned = self._owned(table)
        rows = [values] if isinstance(values, Mapping) else list(values)
        statement = insert(table)
        if owner_keys(statement, owned) & {name_of(key) for row in rows for key in row}:
            raise MissingOwner(f"An insert into {owned.table.name} names an owner: the session does that.")
        stamped = [{**row, owned.owner.key: self.owner} for row in rows]
        return statement.values(stamped[0] if len(stamped) == 1 else stamped)

    def update(self, table: TableOrEntity) -> Update:
        """An update of the owner's rows. The owner itself cannot be set."""
        return update(table).where(self.own(table))

    def delete(self, table: TableOrEntity) -> Delete:
        """A delete of the owner's rows."""
        return delete(table).where(self.own(table))


def _select(table: TableOrEntity, columns: Sequence[Any]) -> Select[Any]:
    return select(*columns).select_from(table) if columns else select(table)


def _visible(owned: OwnedTable) -> ColumnElement[bool]:
    if owned.visible is None:
        raise MissingOwner(f"No row of {owned.table.name} is visible to anyone else: declare which ones are.")
    return owned.visible
