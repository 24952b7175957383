"""The embedded database: one file, opened by both backends in the same way."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import create_async_engine
from watchword import Clock, ConfigurationError

from ..timestamp import timestamp
from .migrations import migrate_sqlite
from .owned import own_tables
from .store import Database

_BUSY_TIMEOUT_MILLISECONDS = 5000
_BUSY_PAUSE_SECONDS = 0.02
_CONNECTIONS = 8
# STRICT tables and RETURNING.
_OLDEST_SQLITE = (3, 37, 0)


def open_sqlite(folder: Path, clock: Clock) -> Database:
    """Opens `api.sqlite` in the folder, makes what is missing of either, and brings its tables up to date.

    Raises `ConfigurationError` when the folder or the file cannot be written.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise ConfigurationError(
            f"This Python brings SQLite {sqlite3.sqlite_version}, which is too old: "
            "use a Python that brings SQLite 3.37 or newer."
        )
    file = folder / "api.sqlite"
    with closing(_open_file(folder, file)) as database:
        _use_write_ahead_log(database)
        database.execute("PRAGMA synchronous = FULL")
        migrate_sqlite(database, timestamp(clock))
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_BUSY_TIMEOUT_MILLISECONDS / 1000,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    return Database(engine, own_tables(engine), "SELECT id FROM tasks LIMIT 1")


def _open_file(folder: Path, file: Path) -> sqlite3.Connection:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError
        database = sqlite3.connect(file, timeout=_BUSY_TIMEOUT_MILLISECONDS / 1000, isolation_level=None)
        database.execute("PRAGMA user_version")
        if not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError
    except (OSError, sqlite3.Error):
        raise ConfigurationError(
            f"The database folder {folder} cannot be written: make it writable or point DATABASE_URL at another folder."
        ) from None
    return database


def _use_write_ahead_log(database: sqlite3.Connection) -> None:
    """WAL is a property of the file and is set once. SQLite does not wait out `busy_timeout` for this switch, so
    processes that open a new file together try again until one of them has done it. See https://www.sqlite.org/wal.html
    """
    attempts = int(_BUSY_TIMEOUT_MILLISECONDS / 1000 / _BUSY_PAUSE_SECONDS)
    for attempt in range(1, attempts + 1):
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if attempt == attempts:
                raise
            time.sleep(_BUSY_PAUSE_SECONDS)
        else:
            return


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for setting in (
        f"busy_timeout = {_BUSY_TIMEOUT_MILLISECONDS}",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
