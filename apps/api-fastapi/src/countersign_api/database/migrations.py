"""The schema, brought up to date at start."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

_MIGRATION_FOLDER = Path(__file__).resolve().parents[5] / "contract" / "schema" / "sqlite"

_LEDGER = """CREATE TABLE IF NOT EXISTS countersign_migrations (
  name TEXT PRIMARY KEY, applied_at TEXT NOT NULL
) STRICT"""


def migrate(database: sqlite3.Connection, applied_at: str, folder: Path = _MIGRATION_FOLDER) -> list[str]:
    """Applies every SQL file that the ledger does not name yet, all or nothing. The write lock is held throughout, so
    that processes that start together (of either backend) apply each file once.

    `database` is in autocommit mode; `applied_at` is the RFC 3339 text in UTC that the ledger keeps. Returns the names
    that were applied now, without `.sql`.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        database.execute(_LEDGER)
        applied = {name for (name,) in database.execute("SELECT name FROM countersign_migrations")}
        pending = [file for file in sorted(folder.glob("*.sql")) if file.stem not in applied]
        for file in pending:
            # Not executescript: it commits before it starts.
            for statement in _statements(file.read_text("utf-8")):
                database.execute(statement)
            database.execute("INSERT INTO countersign_migrations VALUES (?, ?)", (file.stem, applied_at))
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    return [file.stem for file in pending]


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; what stands behind the last semicolon may only be comments."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
