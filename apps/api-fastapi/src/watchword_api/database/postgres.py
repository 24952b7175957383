"""PostgreSQL: one schema, opened by both backends in the same way."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from watchword import Clock, ConfigurationError

from ..timestamp import timestamp
from .faults import is_database_unavailable, state_of
from .migrations import migrate_postgres
from .owned import own_tables
from .store import Database

_SCHEMA = "api"
# The role of every transaction: it owns no table and is bound by row-level security.
_ROLE = "watchword_api"
# How long a request waits for a free connection, and a connection for the server.
_CONNECTION_SECONDS = 5
# Past the server's own limits: for a server that does not answer at all.
_ANSWER_SECONDS = 12
_SESSION_LIMITS = (
    "set statement_timeout = '10s'; set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '30s'"
)
_OLDEST_SERVER = 140_000


async def open_postgres(url: str, pool_size: int, clock: Clock) -> Database:
    """Brings the tables up to date, makes sure that the rows of one owner cannot be reached by another, and opens the
    pool.

    Raises `ConfigurationError` when the server cannot be reached, or does not hold the rows apart.
    """
    await _prepare(url, clock)

    async def connect() -> Any:
        connection = await _connect(url, _ANSWER_SECONDS)
        await connection.execute(_SESSION_LIMITS)
        return connection

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_CONNECTION_SECONDS,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    event.listen(engine.sync_engine, "handle_error", _give_up_silent)
    return Database(engine, own_tables(engine, schema=_SCHEMA, role=_ROLE), "SELECT id FROM api.tasks LIMIT 1")


async def _connect(url: str, answer_seconds: float | None = None) -> Any:
    return await asyncpg.connect(
        url,
        timeout=_CONNECTION_SECONDS,
        command_timeout=answer_seconds,
        server_settings={"application_name": "watchword-api"},
    )


async def _prepare(url: str, clock: Clock) -> None:
    try:
        # Without a limit of its own: a migration may take its time, and another process may be at it.
        connection = await _connect(url)
        try:
            await _check_server(connection)
            await migrate_postgres(connection, timestamp(clock))
            await _check_isolation(connection)
        finally:
            await connection.close(timeout=_CONNECTION_SECONDS)
    except Exception as fault:
        sentence = _start_fault(fault)
        if sentence is None:
            raise
        raise ConfigurationError(sentence) from None


async def _check_server(connection: Any) -> None:
    version, encoding = await connection.fetchrow(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
    )
    if version < _OLDEST_SERVER:
        raise ConfigurationError("The server that DATABASE_URL names is older than PostgreSQL 14: use a newer one.")
    if encoding != "UTF8":
        raise ConfigurationError("The database that DATABASE_URL names is not in UTF8: create it with ENCODING 'UTF8'.")


async def _check_isolation(connection: Any) -> None:
    """As the role of every transaction: row-level security must bind it, and every table must have that in force."""
    async with connection.transaction():
        await connection.execute(f"SET LOCAL ROLE {_ROLE}")
        unbound = await connection.fetch(
            "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
        )
        open_tables = await connection.fetch(
            """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname <> 'watchword_migrations'
                 AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY c.relname""",
            _SCHEMA,
        )
    if unbound:
        raise ConfigurationError(
            f"The PostgreSQL role {_ROLE} bypasses row-level security: take SUPERUSER and BYPASSRLS from it."
        )
    if open_tables:
        names = ", ".join(f"{_SCHEMA}.{name}" for (name,) in open_tables)
        raise ConfigurationError(
            f"Row-level security is not forced on {names}: enable and force it in the PostgreSQL database."
        )


def _start_fault(fault: Exception) -> str | None:
    """What the person who started the process can do about it; the address is never quoted."""
    if isinstance(fault, ConfigurationError):
        return str(fault)
    state = state_of(fault) or ""
    if state.startswith("28"):
        return "The database refuses the user or the password in DATABASE_URL: correct it."
    if state == "3D000":
        return "The database that DATABASE_URL names does not exist: create it, or correct DATABASE_URL."
    if state == "42501":
        return (
            "The user in DATABASE_URL may not set up the database: let it create schemas there, "
            f"and create the role {_ROLE} and grant it to this user."
        )
    if is_database_unavailable(fault) or isinstance(fault, (ValueError, asyncpg.InterfaceError)):
        return "The database that DATABASE_URL names cannot be reached: start it, or correct DATABASE_URL."
    return None


def _replace_closed(connection: Any, _record: object, _proxy: object) -> None:
    """A connection that the server has ended is replaced before a request meets it."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _give_up_silent(context: ExceptionContext) -> None:
    """A connection on which no answer came is not used again: the answer could come to another request."""
    if isinstance(context.original_exception, (asyncio.TimeoutError, OSError)):
        context.is_disconnect = True
