"""What a statement on owned tables must say: whose rows it reads, changes or makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Insert, Update, or_
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import SelectBase

from .missing_owner import MissingOwner
from .ownership import OwnedTable
from .scope import Scope
from .statement_parts import conditions, equality, identity_of


class NamedTable(NamedTuple):
    """A declared table under one of its names in a statement."""

    identity: int
    owned: OwnedTable


def check_conditions(statement: ClauseElement, tables: Sequence[NamedTable], scope: Scope) -> None:
    """Every owned table of the statement has a condition that leaves its owner's rows, or in a `SELECT` those that
    everyone may read. Raises `MissingOwner`.
    """
    waiting = list(tables)
    for condition, only_of in conditions(statement):
        waiting = [
            named
            for named in waiting
            if only_of not in (None, named.identity)
            or not (
                _is_owner(condition, named, scope)
                or (isinstance(statement, SelectBase) and _is_visible(condition, named.owned, scope))
            )
        ]
    if waiting:
        names = ", ".join(sorted({named.owned.table.name for named in waiting}))
        raise MissingOwner(f"A statement on {names} has no condition on its owner: begin it with the session's verbs.")


def check_update(statement: Update, tables: Sequence[NamedTable]) -> None:
    """An update does not set the owner. Raises `MissingOwner`."""
    values = [*(statement._values or {}), *(key for key, _ in getattr(statement, "_ordered_values", None) or ())]
    for named in tables:
        if owner_keys(statement, named.owned) & {name_of(key) for key in values}:
            raise MissingOwner(f"An update sets the owner of {named.owned.table.name}, which never changes.")


def check_insert(
    statement: Insert, tables: Sequence[NamedTable], scope: Scope, given: Sequence[Mapping[str, Any]]
) -> None:
    """Every row of an insert has the owner of the transaction, and no row that is there is changed. Raises
    `MissingOwner`.
    """
    name = statement.table.name
    target = [named for named in tables if named.identity == identity_of(statement.table)]
    after = statement._post_values_clause
    replaces = after is not None and after.__visit_name__ != "on_conflict_do_nothing"
    if len(target) != len(tables) or statement.select is not None or replaces or statement._prefixes:
        raise MissingOwner(f"An insert into {name} may only give values, and may only pass over rows that are there.")
    keys = owner_keys(statement, target[0].owned)
    rows = list(_rows(statement, given))
    if not rows or not all(_stamped(row, keys, scope) for row in rows):
        raise MissingOwner(f"An insert into {name} does not carry its owner: use the insert of the session.")


def _is_owner(condition: ClauseElement, named: NamedTable, scope: Scope) -> bool:
    parts = equality(condition)
    if parts is None or scope.owner is None:
        return False
    column, value = parts
    return (
        column.name == named.owned.owner.name
        and column.table is not None
        and identity_of(column.table) == named.identity
        and _value(value) == scope.owner
    )


def _is_visible(condition: ClauseElement, owned: OwnedTable, scope: Scope) -> bool:
    if owned.visible is None:
        return False
    if condition.compare(owned.visible):
        return True
    return scope.owner is not None and condition.compare(or_(owned.owner == scope.owner, owned.visible))


def owner_keys(statement: Insert | Update, owned: OwnedTable) -> set[str]:
    """The names under which values can be given for the owner's column."""
    keys = {owned.owner.name, owned.owner.key}
    mapper = statement.table._annotations.get("parentmapper")
    attributes = [] if mapper is None else mapper.column_attrs
    return keys | {attribute.key for attribute in attributes if owned.owner.name in _names_of(attribute)}


def name_of(key: Any) -> str:
    """The name under which a value is given: by text, by a column or by an attribute."""
    return key if isinstance(key, str) else str(key.key)


_Row = list[tuple[str, Any]]
"""Values by the name of their column. A name may stand in it twice, by text and by the column: either could be used."""


def _rows(statement: Insert, given: Sequence[Mapping[str, Any]]) -> Iterator[_Row]:
    """The values of every row; what is given beside the statement comes first."""
    own = _named(statement._values or {})
    for rows in statement._multi_values:
        # Values beside several rows could replace any of them.
        yield from ([] if given or not isinstance(row, Mapping) else _named(row) for row in rows)
    if not statement._multi_values:
        yield from ([*(one for one in own if one[0] not in values), *_named(values)] for values in given or [{}])


def _named(row: Mapping[Any, Any]) -> _Row:
    return [(name_of(key), value) for key, value in row.items()]


def _stamped(row: _Row, keys: set[str], scope: Scope) -> bool:
    values = [_value(value) for name, value in row if name in keys]
    return scope.owner is not None and values != [] and all(value == scope.owner for value in values)


def _names_of(attribute: Any) -> list[str]:
    return [column.name for column in attribute.columns]


def _value(value: Any) -> Any:
    if not isinstance(value, BindParameter):
        return value if isinstance(value, str) else None
    return None if value.callable is not None else value.value
