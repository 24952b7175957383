"""Takes a statement apart: which tables its rows come from, and which conditions hold for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BinaryExpression, ColumnClause, Delete, FromClause, Join, Select, TableClause, TextClause, Update
from sqlalchemy.sql import operators
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import BooleanClauseList, ClauseElement, Grouping
from sqlalchemy.sql.selectable import AliasedReturnsRows, SelectBase

_OPERATOR = re.compile(r"[A-Za-z]+|[-+*/<>=~!@#%^&|?]{1,3}")


@dataclass(slots=True)
class Block:
    """One `SELECT`, `INSERT`, `UPDATE` or `DELETE` by itself, without those nested in it."""

    statement: ClauseElement
    tables: dict[int, TableClause] = field(default_factory=dict)
    """The tables it names, by the identity of the name: an alias is another one than its table."""
    nested: list[ClauseElement] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """SQL as text in it, which nothing here can read."""


def blocks(statement: ClauseElement) -> Iterator[Block]:
    """The statement and every one nested in it, each once."""
    waiting = [statement]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            block = _block(one)
            waiting += block.nested
            yield block


def identity_of(source: Any) -> int:
    """The same for a table or alias and for the copies of it that the ORM annotates."""
    return hash(source)


def table_under(source: Any) -> TableClause | None:
    """The table itself, under any number of aliases."""
    while isinstance(source, AliasedReturnsRows):
        source = source.element
    return source if isinstance(source, TableClause) else None


def conditions(statement: ClauseElement) -> Iterator[tuple[ClauseElement, int | None]]:
    """Every condition that the rows of the statement meet, and the identity of the table whose rows alone meet it:
    `None` stands for all of its tables.
    """
    if isinstance(statement, (Select, Update, Delete)):
        for condition in _conjuncts(statement._where_criteria):
            yield condition, None
    if isinstance(statement, Select):
        for target, on, _, flags in statement._setup_joins:
            if on is not None and not flags["full"]:
                yield from _join_conditions(target, on)
        for source in statement._from_obj:
            yield from _conditions_of_join(source)


def _block(statement: ClauseElement) -> Block:
    block = Block(statement)
    waiting: list[Any] = [statement]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, (SelectBase, UpdateBase)) and part is not statement:
            block.nested.append(part)
            continue
        table = table_under(part)
        if table is not None:
            block.tables[identity_of(part)] = table
            continue
        if isinstance(part, ColumnClause):
            if part.is_literal and part.name != "*":
                block.texts.append(part.name)
            if part.table is not None:
                waiting.append(part.table)
        block.texts += _texts(part)
        waiting += part.get_children()
    return block


def _texts(part: Any) -> list[str]:
    """SQL as text that the part itself is, or carries before, behind or beside it."""
    found = [part.text] if isinstance(part, TextClause) else []
    operator = getattr(part, "operator", None)
    if isinstance(operator, operators.custom_op) and not _is_one_operator(operator.opstring):
        found.append(operator.opstring)
    for name in ("_prefixes", "_suffixes", "_statement_hints"):
        found += [str(text) for text, *_ in getattr(part, name, ())]
    return found


def _is_one_operator(text: str) -> bool:
    """Whether the text of an operator is a word or a few signs, and begins no comment."""
    return _OPERATOR.fullmatch(text) is not None and "--" not in text and "/*" not in text


def _conjuncts(criteria: Iterable[ClauseElement]) -> Iterator[ClauseElement]:
    for criterion in criteria:
        inner = criterion.element if isinstance(criterion, Grouping) else criterion
        if isinstance(inner, BooleanClauseList) and inner.operator is operators.and_:
            yield from _conjuncts(inner.clauses)
        else:
            yield inner


def _conditions_of_join(source: Any) -> Iterator[tuple[ClauseElement, int | None]]:
    if isinstance(source, Join):
        yield from _conditions_of_join(source.left)
        if source.onclause is not None and not source.full:
            yield from _join_conditions(source.right, source.onclause)


def _join_conditions(target: Any, on: Any) -> Iterator[tuple[ClauseElement, int | None]]:
    """What an `ON` says of the table on its right side; of an outer join it says nothing about the left side."""
    source = target.__clause_element__() if hasattr(target, "__clause_element__") else target
    clause = on.__clause_element__() if hasattr(on, "__clause_element__") else on
    if isinstance(source, FromClause) and isinstance(clause, ClauseElement):
        for condition in _conjuncts([clause]):
            yield condition, identity_of(source)


def equality(condition: ClauseElement) -> tuple[ColumnClause[Any], Any] | None:
    """The column and the value of `column = value`; `None` for every other condition."""
    if not isinstance(condition, BinaryExpression) or condition.operator is not operators.eq:
        return None
    left, right = condition.left, condition.right
    if not isinstance(left, ColumnClause):
        left, right = right, left
    return (left, right) if isinstance(left, ColumnClause) else None
