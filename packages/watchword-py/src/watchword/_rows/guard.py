"""Holds every statement against the owner of its transaction, before the database sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update
from sqlalchemy.sql.compiler import Compiled
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlalchemy.sql.elements import ClauseElement

from .missing_owner import MissingOwner
from .owner_checks import NamedTable, check_conditions, check_insert, check_update
from .ownership import Ownership
from .scope import scope_of
from .statement_parts import Block, blocks


class Guard:
    """The check of one engine. What is executed as a driver's own SQL (`exec_driver_sql`) never comes by here."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        names = "|".join(re.escape(owned.table.name) for owned in ownership)
        self._named_in_text = re.compile(rf"\b(?:{names})\b", re.IGNORECASE)

    def before_execute(
        self,
        connection: Connection,
        statement: Any,
        multiparams: Sequence[Mapping[str, Any]],
        params: Mapping[str, Any],
        _options: Mapping[str, Any],
    ) -> None:
        """The engine's event. Raises `MissingOwner`."""
        if isinstance(statement, Compiled):
            statement = statement.statement
        if not isinstance(statement, ClauseElement) or isinstance(statement, ExecutableDDLElement):
            return
        given = [values for values in (*multiparams, params) if values]
        for block in blocks(statement):
            self._check(block, connection, given)

    def _check(self, block: Block, connection: Connection, given: Sequence[Mapping[str, Any]]) -> None:
        statement = block.statement
        owned = self._owned_in(block)
        if not owned:
            return
        names = ", ".join(sorted({named.owned.table.name for named in owned}))
        scope = scope_of(connection)
        if scope is None:
            raise MissingOwner(f"A statement on {names} without an owner: use reading or writing of OwnedTables.")
        if block.texts:
            raise MissingOwner(f"A statement on {names} holds SQL as text, which cannot be held against its owner.")
        if isinstance(statement, Select):
            if scope.all_owners and all(named.owned.all_owners for named in owned):
                return
        elif not scope.writing:
            raise MissingOwner(f"A statement changes {names} where it may only read: use writing of OwnedTables.")
        if isinstance(statement, Insert):
            check_insert(statement, owned, scope, given)
            return
        if given:
            raise MissingOwner(f"A statement on {names} takes values from outside of it, which could be its owner.")
        if isinstance(statement, Update):
            check_update(statement, owned)
        check_conditions(statement, owned, scope)

    def _owned_in(self, block: Block) -> list[NamedTable]:
        """The declared tables that the block names. Raises `MissingOwner` where a text names one."""
        if any(self._named_in_text.search(text) for text in block.texts):
            raise MissingOwner("SQL as text names a table with owners: write the statement with the session's verbs.")
        return [
            NamedTable(key, found)
            for key, table in block.tables.items()
            if (found := self._ownership.find(table.name)) is not None
        ]
