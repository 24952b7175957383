"""Stores for the tests: a folder for SQLite, a database of its own on the server for PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from watchword import Clock

from watchword_api.database.open import PostgresLocation, SqliteLocation, open_database
from watchword_api.database.store import Database

TABLES = ("task_changes", "messages", "conversations", "posts", "tasks", "profiles")


def administrator() -> str:
    """The address of an administrator of the PostgreSQL server."""
    address = os.environ.get("WATCHWORD_TEST_POSTGRES")
    assert address, "WATCHWORD_TEST_POSTGRES is not set: give it the address of a PostgreSQL administrator."
    return address


class PostgresStore:
    """A database, and a login that owns it but no role of the server."""

    def __init__(self, name: str) -> None:
        self.name = name
        parts = urlsplit(administrator())
        host = parts.netloc.rpartition("@")[2]
        self.admin_url = urlunsplit(parts._replace(path=f"/{name}"))
        self.url = urlunsplit(parts._replace(netloc=f"{name}:{name}@{host}", path=f"/{name}"))

    def location(self, pool_size: int = 10) -> PostgresLocation:
        return PostgresLocation(self.url, pool_size)

    async def execute(self, *statements: str) -> None:
        """As the administrator, inside the database."""
        await _execute(self.admin_url, *statements)

    async def fetch(self, query: str) -> list[Any]:
        """As the administrator, who is not bound by row-level security."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def end_connections(self) -> None:
        """Ends every connection of the login."""
        await _execute(
            administrator(),
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.name}'",
        )

    async def allow_connections(self, allowed: bool) -> None:
        await _execute(administrator(), f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS {allowed}")


@asynccontextmanager
async def postgres_store() -> AsyncIterator[PostgresStore]:
    name = f"watchword_api_test_{uuid.uuid4().hex[:12]}"
    await _execute(
        administrator(),
        """DO $$ BEGIN
             CREATE ROLE watchword_api NOLOGIN;
           EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$""",
        f"CREATE ROLE {name} LOGIN PASSWORD '{name}'",
        f"GRANT watchword_api TO {name}",
        f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'",
    )
    try:
        yield PostgresStore(name)
    finally:
        await _execute(administrator(), f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")


@asynccontextmanager
async def opened(location: SqliteLocation | PostgresLocation, clock: Clock) -> AsyncIterator[Database]:
    database = await open_database(location, clock)
    try:
        yield database
    finally:
        await database.close()


async def empty(database: Database) -> None:
    """Takes every row away, around the handle."""
    async with database._engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(f"api.{table}" for table in TABLES)
            await connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
            return
        for table in (*TABLES, "sqlite_sequence"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
