import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from countersign import ConfigurationError
from countersign.testing import AdjustableClock
from sqlalchemy import text

from countersign_api.database.migrations import migrate
from countersign_api.database.open import Database, open_database

pytestmark = pytest.mark.anyio

NAMES = ["0001_tasks", "0002_profiles"]


def ledger(folder: Path) -> list[tuple[str, str]]:
    database = sqlite3.connect(folder / "api.sqlite")
    rows = database.execute("SELECT name, applied_at FROM countersign_migrations ORDER BY name").fetchall()
    database.close()
    return rows


async def test_every_migration_is_applied_once(tmp_path: Path, clock: AdjustableClock) -> None:
    await open_database(tmp_path, clock).close()
    clock.advance(60)
    await open_database(tmp_path, clock).close()
    assert ledger(tmp_path) == [(name, "2026-01-01T00:00:00.000Z") for name in NAMES]


async def test_processes_that_start_together_apply_each_migration_once(tmp_path: Path, clock: AdjustableClock) -> None:
    with ThreadPoolExecutor(8) as pool:
        databases = list(pool.map(lambda _: open_database(tmp_path, clock), range(8)))
    for database in databases:
        await database.close()
    assert [name for name, _ in ledger(tmp_path)] == NAMES


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text("-- A comment; with a semicolon.\nCREATE TABLE a (x TEXT) STRICT;\n")
    (tmp_path / "0002_bad.sql").write_text("CREATE TABLE b (x TEXT) STRICT;\nCREATE TABLE b (x TEXT);\n")
    database = sqlite3.connect(":memory:", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, "2026-01-01T00:00:00.000Z", tmp_path)
    assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    database.close()


async def test_the_database_is_durable(database: Database) -> None:
    async with database.reading() as session:
        settings = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


async def test_a_transaction_that_fails_writes_nothing(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.writing() as session:
            await session.execute(text("INSERT INTO profiles (id, created_at, updated_at) VALUES ('x', '', '')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    async with database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM profiles"))).scalar() == 0


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, clock: AdjustableClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written: make it writable or point DATABASE_URL"):
        open_database(tmp_path / "file" / "data", clock)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, clock: AdjustableClock) -> None:
    (tmp_path / "api.sqlite").mkdir()
    with pytest.raises(ConfigurationError):
        open_database(tmp_path, clock)
