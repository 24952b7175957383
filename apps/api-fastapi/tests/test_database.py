"""Both stores: the schema at the start, what a transaction is, and what the start refuses."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from stores import PostgresStore, opened
from watchword import ConfigurationError
from watchword.sqlalchemy import MissingOwner
from watchword.testing import AdjustableClock

from watchword_api.database.migrations import migrate_sqlite
from watchword_api.database.open import PostgresLocation, SqliteLocation, open_database
from watchword_api.database.sqlite import open_sqlite
from watchword_api.database.store import Database
from watchword_api.database.tables import tasks

pytestmark = pytest.mark.anyio

SCHEMA = Path(__file__).resolve().parents[3] / "contract" / "schema"
NAMES = {store: sorted(file.stem for file in (SCHEMA / store).glob("*.sql")) for store in ("sqlite", "postgres")}
LEDGER = "SELECT name, applied_at FROM api.watchword_migrations ORDER BY name"
START = """
import asyncio, sys
from watchword import system_clock
from watchword_api.configuration import configuration_from
from watchword_api.database.open import open_database

async def main():
    settings = {"BETTER_AUTH_SECRET": "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa", "DATABASE_URL": sys.argv[1]}
    location = configuration_from(settings).database
    sys.stdin.readline()
    database = await open_database(location, system_clock)
    await database.ping()
    await database.close()

asyncio.run(main())
"""


def ledger(folder: Path) -> list[tuple[str, str]]:
    database = sqlite3.connect(folder / "api.sqlite")
    rows = database.execute("SELECT name, applied_at FROM watchword_migrations ORDER BY name").fetchall()
    database.close()
    return rows


async def test_every_migration_is_applied_once(tmp_path: Path, clock: AdjustableClock) -> None:
    await open_sqlite(tmp_path, clock).close()
    clock.advance(60)
    await open_sqlite(tmp_path, clock).close()
    assert ledger(tmp_path) == [(name, "2026-01-01T00:00:00.000Z") for name in NAMES["sqlite"]]


async def test_every_migration_is_applied_once_on_the_server(
    server_store: PostgresStore, clock: AdjustableClock
) -> None:
    for _ in range(2):
        async with opened(server_store.location(), clock):
            clock.advance(60)
    expected = [(name, "2026-01-01T00:00:00.000Z") for name in NAMES["postgres"]]
    assert await server_store.fetch(LEDGER) == expected


EARLIER_LEDGER = "counter" + "sign" + "_migrations"


async def test_a_file_of_the_earlier_name_stops_the_start_and_is_named(tmp_path: Path, clock: AdjustableClock) -> None:
    with closing(sqlite3.connect(tmp_path / "api.sqlite")) as database:
        database.execute(f"CREATE TABLE {EARLIER_LEDGER} (name TEXT)")
    with pytest.raises(ConfigurationError, match=r"api\.sqlite was made under .* Remove the folder"):
        open_sqlite(tmp_path, clock)


async def test_a_server_database_of_the_earlier_name_stops_the_start(
    server_store: PostgresStore, clock: AdjustableClock
) -> None:
    await server_store.fetch("CREATE SCHEMA api")
    await server_store.fetch(f"CREATE TABLE api.{EARLIER_LEDGER} (name text)")
    with pytest.raises(ConfigurationError, match="Drop its schemas api and auth"):
        async with opened(server_store.location(), clock):
            pass


async def test_threads_that_start_together_apply_each_migration_once(tmp_path: Path, clock: AdjustableClock) -> None:
    with ThreadPoolExecutor(8) as pool:
        databases = list(pool.map(lambda _: open_sqlite(tmp_path, clock), range(8)))
    for database in databases:
        await database.close()
    assert [name for name, _ in ledger(tmp_path)] == NAMES["sqlite"]


async def start_together(url: str) -> None:
    """Two processes that open the store at the same moment."""
    starts = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", START, url),
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": os.environ["PATH"]},
        )
        for _ in range(2)
    ]
    ended = await asyncio.gather(*(start.communicate(b"go\n") for start in starts))
    assert [(start.returncode, errors) for start, (_, errors) in zip(starts, ended, strict=True)] == [(0, b"")] * 2


async def test_processes_that_start_together_apply_each_migration_once(tmp_path: Path) -> None:
    await start_together(f"file:{tmp_path}")
    assert [name for name, _ in ledger(tmp_path)] == NAMES["sqlite"]


async def test_processes_that_start_together_apply_each_migration_once_on_the_server(
    server_store: PostgresStore,
) -> None:
    await start_together(server_store.url)
    assert [name for name, _ in await server_store.fetch(LEDGER)] == NAMES["postgres"]


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text("-- A comment; with a semicolon.\nCREATE TABLE a (x TEXT) STRICT;\n")
    (tmp_path / "0002_bad.sql").write_text("CREATE TABLE b (x TEXT) STRICT;\nCREATE TABLE b (x TEXT);\n")
    database = sqlite3.connect(":memory:", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate_sqlite(database, "2026-01-01T00:00:00.000Z", tmp_path)
    assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    database.close()


async def test_the_embedded_database_is_durable(tmp_path: Path, clock: AdjustableClock) -> None:
    async with opened(SqliteLocation(tmp_path), clock) as database, database._engine.connect() as connection:
        settings = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


ROW = {"title": "t", "description": None, "completed": 0, "version": 1, "created_at": "", "updated_at": ""}


async def test_a_transaction_that_fails_writes_nothing(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.writing("ann") as mine:
            await mine.execute(mine.insert(tasks, ROW))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    async with database.reading("ann") as mine:
        assert (await mine.execute(mine.select(tasks))).all() == []


async def test_a_statement_without_an_owner_never_becomes_sql(database: Database) -> None:
    async with database.writing("ann") as mine:
        with pytest.raises(MissingOwner):
            await mine.execute(select(tasks))


async def test_erasing_a_user_leaves_nothing_of_theirs(database: Database) -> None:
    for owner in ("ann", "bob"):
        async with database.writing(owner) as mine:
            await mine.execute(mine.insert(tasks, ROW))
    erased = await database.erase("ann")
    assert (erased["tasks"], set(erased)) == (
        1,
        {"profiles", "tasks", "task_changes", "conversations", "messages", "posts"},
    )
    for owner, left in (("ann", 0), ("bob", 1)):
        async with database.reading(owner) as mine:
            assert len((await mine.execute(mine.select(tasks))).all()) == left


# What the database itself does where a query has forgotten its owner. `exec_driver_sql` goes around the handle.


async def test_a_query_without_a_condition_sees_the_rows_of_the_owner_alone(
    server_store: PostgresStore, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(), clock) as database:
        for owner in ("ann", "bob"):
            async with database.writing(owner) as mine:
                await mine.execute(mine.insert(tasks, ROW))
        async with database.writing("ann") as mine:
            run = (await mine._session.connection()).exec_driver_sql
            assert [row.user_id for row in await run("SELECT user_id FROM api.tasks")] == ["ann"]
            assert (await run("UPDATE api.tasks SET title = 'taken'")).rowcount == 1
            assert (await run("DELETE FROM api.tasks WHERE user_id = 'bob'")).rowcount == 0
    assert await server_store.fetch("SELECT user_id, title FROM api.tasks ORDER BY user_id") == [
        ("ann", "taken"),
        ("bob", "t"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO api.tasks (user_id, title, created_at, updated_at) VALUES ('bob', 't', '', '')",
        "INSERT INTO api.profiles (id, created_at, updated_at) VALUES ('bob', '', '')",
        "INSERT INTO api.posts (user_id, title, body, created_at, updated_at) VALUES ('bob', 't', 'b', '', '')",
        "INSERT INTO api.task_changes (user_id, id, task_id, kind, changed_at) VALUES ('bob', 1, 1, 'created', '')",
        "UPDATE api.tasks SET user_id = 'bob'",
    ],
)
async def test_a_row_for_another_is_refused_by_the_database(
    server_store: PostgresStore, clock: AdjustableClock, statement: str
) -> None:
    async with opened(server_store.location(), clock) as database:
        async with database.writing("ann") as mine:
            await mine.execute(mine.insert(tasks, ROW))
        with pytest.raises(DBAPIError) as refused:
            async with database.writing("ann") as mine:
                await (await mine._session.connection()).exec_driver_sql(statement)
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"


async def test_the_login_itself_reads_nothing_outside_of_a_transaction_of_an_owner(
    server_store: PostgresStore, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(), clock) as database:
        async with database.writing("ann") as mine:
            await mine.execute(mine.insert(tasks, ROW))
        async with database._engine.connect() as connection:
            assert (await connection.exec_driver_sql("SELECT count(*) FROM api.tasks")).scalar() == 0


# What stops the start.


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, clock: AdjustableClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written: make it writable or point DATABASE_URL"):
        open_sqlite(tmp_path / "file" / "data", clock)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, clock: AdjustableClock) -> None:
    (tmp_path / "api.sqlite").mkdir()
    with pytest.raises(ConfigurationError):
        open_sqlite(tmp_path, clock)


Address = Callable[[PostgresStore], str]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (lambda store: "postgres://127.0.0.1:1/x", "cannot be reached: start it"),
        (lambda store: "postgres://nowhere.invalid/x", "cannot be reached: start it"),
        (lambda store: store.url + "x", "does not exist: create it"),
        (lambda store: store.url.replace("api_test", "api_nobody"), "user or the password|does not exist"),
    ],
)
async def test_a_server_that_cannot_be_used_is_one_sentence_without_its_address(
    server_store: PostgresStore, clock: AdjustableClock, address: Address, sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as refused:
        await open_database(PostgresLocation(address(server_store), 1), clock)
    assert "://" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_table_without_forced_row_level_security_stops_the_start(
    server_store: PostgresStore, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(), clock):
        pass
    await server_store.execute("ALTER TABLE api.posts NO FORCE ROW LEVEL SECURITY")
    with pytest.raises(ConfigurationError, match=r"not forced on api\.posts"):
        await open_database(server_store.location(), clock)


async def test_an_encoding_other_than_utf8_stops_the_start(clock: AdjustableClock, server_store: PostgresStore) -> None:
    await server_store.execute(
        f"CREATE DATABASE {server_store.name}_latin OWNER {server_store.name} "
        "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    try:
        with pytest.raises(ConfigurationError, match="not in UTF8"):
            await open_database(PostgresLocation(f"{server_store.url}_latin", 1), clock)
    finally:
        await server_store.execute(f"DROP DATABASE {server_store.name}_latin WITH (FORCE)")
