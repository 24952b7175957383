"""Opens the store that the configuration names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from watchword import Clock

from .postgres import open_postgres
from .sqlite import open_sqlite
from .store import Database

__all__ = ["Database", "DatabaseLocation", "PostgresLocation", "SqliteLocation", "open_database"]


@dataclass(frozen=True, slots=True)
class SqliteLocation:
    """The embedded database."""

    folder: Path
    """Absolute."""


@dataclass(frozen=True, slots=True)
class PostgresLocation:
    """A server."""

    url: str
    """May hold a password, so it is never shown."""
    pool_size: int
    """Connections at once."""

    def __repr__(self) -> str:
        return f"PostgresLocation(pool_size={self.pool_size})"


DatabaseLocation = SqliteLocation | PostgresLocation
"""Where the rows are."""


async def open_database(location: DatabaseLocation, clock: Clock) -> Database:
    """Opens the store and brings its tables up to date. Raises `ConfigurationError` with one sentence when it cannot be
    used as it is.
    """
    if isinstance(location, SqliteLocation):
        return open_sqlite(location.folder, clock)
    return await open_postgres(location.url, location.pool_size, clock)
