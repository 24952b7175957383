"""The embedded database: one file, opened by both backends in the same way."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from countersign import Clock, ConfigurationError
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from ..timestamp import timestamp
from .migrations import migrate

_BUSY_TIMEOUT_MILLISECONDS = 5000
_BUSY_PAUSE_SECONDS = 0.02
_CONNECTIONS = 8
# STRICT tables and RETURNING.
_OLDEST_SQLITE = (3, 37, 0)


class Database:
    """Gives sessions, each of which is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._readers = async_sessionmaker(engine, expire_on_commit=False)
        self._writers = async_sessionmaker(
            engine.execution_options(countersign_begin="BEGIN IMMEDIATE"), expire_on_commit=False
        )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One consistent view of the data."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Everything in it happens together or not at all. It holds the write lock from its first statement: a
        transaction that took it only when it writes would fail at once where another one was faster.
        """
        async with self._writers.begin() as session:
            yield session

    async def close(self) -> None:
        """Ends all connections."""
        await self._engine.dispose()


def open_database(folder: Path, clock: Clock) -> Database:
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
        migrate(database, timestamp(clock))
    return Database(_engine(file))


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


def _engine(file: Path) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_BUSY_TIMEOUT_MILLISECONDS / 1000,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver itself would begin transactions late, and only before some statements; `_begin` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in (
        f"busy_timeout = {_BUSY_TIMEOUT_MILLISECONDS}",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("countersign_begin", "BEGIN"))
