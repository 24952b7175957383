"""The schema, brought up to date at start."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from watchword import ConfigurationError

_SCHEMA_FOLDER = Path(__file__).resolve().parents[5] / "contract" / "schema"

# Held by every process that brings the tables in PostgreSQL up to date, of whichever backend.
_POSTGRES_MIGRATION_LOCK = 7_240_617_201

# The ledger of the project under its earlier name, whose tables are not migrated.
_EARLIER_LEDGER = "counter" + "sign" + "_migrations"


def migrate_sqlite(
    database: sqlite3.Connection, applied_at: str, folder: Path = _SCHEMA_FOLDER / "sqlite"
) -> list[str]:
    """Applies every SQL file that the ledger does not name yet, all or nothing. The write lock is held throughout, so
    that processes that start together (of either backend) apply each file once.

    `database` is in autocommit mode; `applied_at` is the RFC 3339 text in UTC that the ledger keeps. Returns the names
    that were applied now, without `.sql`. Raises `ConfigurationError` for a database of the project's earlier name.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        _refuse_earlier_sqlite(database)
        database.execute(
            "CREATE TABLE IF NOT EXISTS watchword_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
        )
        pending = _pending(folder, {name for (name,) in database.execute("SELECT name FROM watchword_migrations")})
        for file in pending:
            # Not executescript: it commits before it starts.
            for statement in _statements(file.read_text("utf-8")):
                database.execute(statement)
            database.execute(
                "INSERT INTO watchword_migrations (name, applied_at) VALUES (?, ?)", (file.stem, applied_at)
            )
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    return [file.stem for file in pending]


async def migrate_postgres(connection: Any, applied_at: str, folder: Path = _SCHEMA_FOLDER / "postgres") -> list[str]:
    """As `migrate_sqlite`, in one transaction under an advisory lock, on a connection of asyncpg. What exists is not
    made again, as that takes rights.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _POSTGRES_MIGRATION_LOCK)
        await _refuse_earlier_postgres(connection)
        if not await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'api' AND tablename = 'watchword_migrations')"
        ):
            await connection.execute("CREATE SCHEMA IF NOT EXISTS api")
            await connection.execute(
                "CREATE TABLE api.watchword_migrations (name text PRIMARY KEY, applied_at text NOT NULL)"
            )
        ledger = await connection.fetch("SELECT name FROM api.watchword_migrations")
        pending = _pending(folder, {name for (name,) in ledger})
        for file in pending:
            await connection.execute(file.read_text("utf-8"))
            await connection.execute(
                "INSERT INTO api.watchword_migrations (name, applied_at) VALUES ($1, $2)", file.stem, applied_at
            )
    return [file.stem for file in pending]


def _refuse_earlier_sqlite(database: sqlite3.Connection) -> None:
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_EARLIER_LEDGER,)).fetchone() is None:
        return
    _, _, file = database.execute("PRAGMA database_list").fetchone()
    raise ConfigurationError(
        f"The database {file} was made under the project's earlier name. Remove the folder that it lies in, or point "
        "DATABASE_URL at another one."
    )


async def _refuse_earlier_postgres(connection: Any) -> None:
    tables = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'api' AND tablename = $1)"
    if await connection.fetchval(tables, _EARLIER_LEDGER):
        raise ConfigurationError(
            "The database of DATABASE_URL was made under the project's earlier name. Drop its schemas api and auth, or "
            "point DATABASE_URL at another database."
        )


def _pending(folder: Path, applied: Collection[str]) -> list[Path]:
    return [file for file in sorted(folder.glob("*.sql")) if file.stem not in applied]


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; what stands behind the last semicolon may only be comments."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
