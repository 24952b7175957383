"""How a transaction of one owner begins, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, event, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from .._errors import ConfigurationError
from .scope import Scope, scope_of


def prepare_engine(engine: Engine) -> None:
    """Makes transactions of the engine begin where they should. Raises `ConfigurationError` for other databases."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_begin)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name != "postgresql":
        raise ConfigurationError("OwnedTables works on SQLite and PostgreSQL: give it an engine of one of them.")


async def enter(connection: AsyncConnection, scope: Scope, role: str | None) -> None:
    """The first statement of a transaction. On PostgreSQL it takes the role and tells row-level security whose rows
    these are, both until the transaction ends, and lets one writer of an owner in at a time; SQLite has done the last
    when the transaction began, and knows nothing of the others.
    """
    if connection.dialect.name != "postgresql":
        return
    settings = [
        _set("watchword.owner", scope.owner or ""),
        _set("watchword.all_owners", "on" if scope.all_owners else "off"),
    ]
    if role is not None:
        settings.append(_set("role", role))
    if scope.writing:
        settings.append(func.pg_advisory_xact_lock(func.hashtextextended(scope.owner, 0)).label("lock"))
    else:
        settings.append(_set("transaction_read_only", "on"))
    await connection.execute(select(*settings))


def _set(name: str, value: str) -> ColumnElement[Any]:
    return func.set_config(name, value, true()).label(name)


def _leave_transactions_to_begin(connection: Any, _record: object) -> None:
    """The driver itself would begin late, and only before some statements."""
    connection.isolation_level = None


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that took the write lock only when it writes would fail at once where another one was faster.
    See https://www.sqlite.org/lang_transaction.html
    """
    scope = scope_of(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if scope is not None and scope.writing else "BEGIN")
