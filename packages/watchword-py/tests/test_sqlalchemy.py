"""The owner-scoped handle on SQLite and PostgreSQL. WATCHWORD_TEST_POSTGRES names the server for PostgreSQL, by the
address of an administrator such as postgres://root@127.0.0.1:5432/postgres.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_not
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column, relationship

from watchword import ConfigurationError
from watchword.sqlalchemy import MissingOwner, Owned, OwnedReader, OwnedTables, OwnedWriter

pytestmark = pytest.mark.anyio

metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("shared", Integer, nullable=False, default=0),
)
lines = Table(
    "lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("note_id", ForeignKey("notes.id", ondelete="CASCADE"), nullable=False),
)
plain = Table("plain", metadata, Column("id", Integer, primary_key=True), Column("word", Text))


class Base(DeclarativeBase):
    metadata = MetaData()


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column("user_id")
    title: Mapped[str]
    shared: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[Line]] = relationship(lazy="joined")


class Line(Base):
    __tablename__ = "lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))


DECLARED: dict[Any, str | Owned] = {
    notes: Owned("user_id", visible=notes.c.shared == 1, all_owners=True),
    lines: "user_id",
}


def administrator() -> Any:
    address = os.environ.get("WATCHWORD_TEST_POSTGRES")
    assert address, "WATCHWORD_TEST_POSTGRES is not set: give it the address of a PostgreSQL administrator."
    return make_url(address).set(drivername="postgresql+asyncpg")


@asynccontextmanager
async def postgres() -> AsyncIterator[tuple[Any, str]]:
    """A database of its own with row-level security, and a role that is bound by it."""
    name = f"watchword_handle_{uuid.uuid4().hex[:12]}"
    outside = create_async_engine(administrator(), isolation_level="AUTOCOMMIT")
    async with outside.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
        await connection.execute(text(f"CREATE ROLE {name} NOLOGIN"))
    url = administrator().set(database=name)
    inside = create_async_engine(url)
    async with inside.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for owned in ("notes", "lines"):
            for statement in (
                f"ALTER TABLE {owned} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {owned} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY own ON {owned} USING (user_id = current_setting('watchword.owner', true))",
            ):
                await connection.exec_driver_sql(statement)
        await connection.exec_driver_sql("CREATE POLICY shared ON notes FOR SELECT USING (shared = 1)")
        await connection.exec_driver_sql(
            "CREATE POLICY everyone ON notes FOR SELECT USING (current_setting('watchword.all_owners', true) = 'on')"
        )
        await connection.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}")
        await connection.exec_driver_sql(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {name}")
    await inside.dispose()
    try:
        yield url, name
    finally:
        async with outside.connect() as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            await connection.execute(text(f"DROP ROLE {name}"))
        await outside.dispose()


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[tuple[Any, None]]:
    url = make_url(f"sqlite+aiosqlite:///{folder / 'handle.sqlite'}")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    yield url, None


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


class Store:
    """One database with the handle on it, and a way around the handle."""

    def __init__(self, engine: AsyncEngine, role: str | None) -> None:
        self.engine = engine
        self.role = role
        self.owned = OwnedTables(engine, DECLARED, role=role)

    async def all_titles(self) -> list[tuple[str, str]]:
        async with self.engine.connect() as connection:
            found = await connection.exec_driver_sql("SELECT user_id, title FROM notes ORDER BY id")
            return [(row.user_id, row.title) for row in found]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
async def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Any, str | None]]:
    opened: Any = postgres() if request.param == "postgres" else sqlite(tmp_path_factory.mktemp("handle"))
    async with opened as found:
        yield found


@pytest.fixture
async def store(place: tuple[Any, str | None]) -> AsyncIterator[Store]:
    """Ann has two notes, one of them shared, and Bob one; each note has one line."""
    url, role = place
    engine = create_async_engine(url, pool_size=5, max_overflow=0)
    made = Store(engine, role)
    async with engine.begin() as connection:
        for statement in (
            "DELETE FROM lines",
            "DELETE FROM notes",
            "INSERT INTO notes VALUES (1, 'ann', 'one', 0), (2, 'ann', 'two', 1), (3, 'bob', 'three', 0)",
            "INSERT INTO lines VALUES (1, 'ann', 1), (2, 'ann', 2), (3, 'bob', 3)",
        ):
            await connection.exec_driver_sql(statement)
        if role is not None:
            await connection.exec_driver_sql("SELECT setval('notes_id_seq', 100)")
    yield made
    await engine.dispose()


async def titles(mine: OwnedReader, statement: Any) -> list[str]:
    return sorted(row.title for row in await mine.execute(statement))


async def test_a_select_gives_the_rows_of_its_owner_alone(store: Store) -> None:
    for owner, expected in (("ann", ["one", "two"]), ("bob", ["three"]), ("eve", [])):
        async with store.owned.reading(owner) as mine:
            assert mine.owner == owner
            assert await titles(mine, mine.select(notes)) == expected
            assert await mine.scalar(mine.select(notes, func.count())) == len(expected)


async def test_an_insert_is_stamped_with_the_owner(store: Store) -> None:
    async with store.owned.writing("ann") as mine:
        row = (await mine.execute(mine.insert(notes, {"title": "new"}).returning(notes))).one()
        await mine.execute(mine.insert(notes, [{"title": "a", "shared": 0}, {"title": "b", "shared": 0}]))
    assert row.user_id == "ann"
    assert [owner for owner, title in await store.all_titles() if title in ("new", "a", "b")] == ["ann"] * 3


async def test_an_update_and_a_delete_reach_the_rows_of_the_owner_alone(store: Store) -> None:
    async with store.owned.writing("ann") as mine:
        await mine.execute(mine.update(notes).values(title="changed"))
        await mine.execute(mine.update(notes).where(or_(notes.c.id == 3, notes.c.id == 1)).values(shared=1))
        await mine.execute(mine.delete(notes).where(notes.c.id == 3))
    assert await store.all_titles() == [("ann", "changed"), ("ann", "changed"), ("bob", "three")]


async def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    async def write_and_fail() -> None:
        async with store.owned.writing("ann") as mine:
            await mine.execute(mine.delete(notes))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    assert len(await store.all_titles()) == 3


async def test_visible_rows_are_read_by_anyone_and_changed_by_their_owner(store: Store) -> None:
    async with store.owned.reading_as_anyone() as anyone:
        assert [row.title for row in await anyone.execute(anyone.select_visible(notes))] == ["two"]
    async with store.owned.writing("bob") as mine:
        assert await titles(mine, mine.select_visible(notes)) == ["three", "two"]
        await mine.execute(mine.update(notes).where(notes.c.id == 2).values(title="taken"))
    assert ("ann", "two") in await store.all_titles()


async def test_all_owners_are_read_where_the_table_allows_it(store: Store) -> None:
    async with store.owned.reading_all_owners() as everyone:
        assert await everyone.scalar(everyone.select(notes, func.count())) == 3
        with pytest.raises(MissingOwner):
            everyone.select(lines)
        with pytest.raises(MissingOwner):
            await everyone.execute(select(lines))
        with pytest.raises(MissingOwner):
            await everyone.execute(delete(notes))


async def test_a_join_needs_the_owner_on_both_sides(store: Store) -> None:
    async with store.owned.reading("ann") as mine:
        with pytest.raises(MissingOwner, match="on lines"):
            await mine.execute(mine.select(notes).join(lines, lines.c.note_id == notes.c.id))
        inner = mine.select(notes).join(lines, and_(lines.c.note_id == notes.c.id, mine.own(lines)))
        outer = mine.select(notes).outerjoin(lines, and_(lines.c.note_id == -notes.c.id, mine.own(lines)))
        other = lines.alias()
        under = mine.select(notes).join(other, other.c.note_id == notes.c.id).where(mine.own(other))
        for statement in (inner, outer, under):
            assert await titles(mine, statement) == ["one", "two"]


async def test_erase_deletes_every_row_of_the_owner_and_no_other(store: Store) -> None:
    assert await store.owned.erase("ann") == {"lines": 2, "notes": 2}
    assert await store.all_titles() == [("bob", "three")]


Wrong = Callable[[OwnedWriter], Any]
WRONG: dict[str, Wrong] = {
    "a select without an owner": lambda _: select(notes),
    "a column alone": lambda _: select(notes.c.title),
    "a count": lambda _: select(func.count()).select_from(notes),
    "another owner": lambda _: select(notes).where(notes.c.user_id == "bob"),
    "an owner beside another condition": lambda mine: select(notes).where(or_(mine.own(notes), notes.c.id > 0)),
    "an owner that is negated": lambda mine: select(notes).where(~mine.own(notes)),
    "an owner of another table": lambda mine: select(notes, lines).where(mine.own(lines)),
    "an alias": lambda mine: mine.select(notes).join(notes.alias(), notes.c.id > 0),
    "another description of the table": lambda _: select(table("NOTES", column("title"))),
    "a full join": lambda mine: mine.select(notes).join(lines, mine.own(lines), full=True),
    "a condition of the left side in an outer join": lambda mine: select(notes).outerjoin(
        lines, and_(mine.own(notes), mine.own(lines))
    ),
    "a subquery": lambda mine: mine.select(notes).where(notes.c.id.in_(select(lines.c.note_id))),
    "a scalar subquery": lambda mine: mine.select(notes, select(func.max(lines.c.id)).scalar_subquery().label("most")),
    "a subquery to select from": lambda _: select(select(notes).subquery()),
    "a common table expression": lambda _: select(select(notes).cte().c.title),
    "a union": lambda mine: union_all(mine.select(notes), select(notes)),
    "an exists": lambda mine: mine.select(notes).where(exists(select(lines.c.id))),
    "an undeclared table around it": lambda _: select(plain).where(plain.c.id.in_(select(notes.c.id))),
    "text": lambda _: text("SELECT * FROM Notes"),
    "text in a condition": lambda mine: mine.select(notes).where(text("1 = 1 OR 1 = 1")),
    "a literal column": lambda mine: mine.select(notes).where(literal_column("1) OR (1 = 1")),
    "an operator that is more than one": lambda mine: mine.select(notes).where(notes.c.id.op("> 0 OR 1 =")(1)),
    "an operator that is a comment": lambda mine: mine.select(notes).where(notes.c.id.op("--")(1)),
    "text that names it elsewhere": lambda _: select(plain).where(text("id IN (SELECT id FROM notes)")),
    "a suffix": lambda mine: mine.select(notes).suffix_with("OR 1 = 1"),
    "rows that are not visible": lambda _: select(notes).where(notes.c.shared == 0),
    "visible rows or another's": lambda _: select(notes).where(or_(notes.c.user_id == "bob", notes.c.shared == 1)),
    "an update without an owner": lambda _: update(notes).values(title="x"),
    "an update of the owner": lambda mine: mine.update(notes).values(user_id="bob"),
    "an update of the owner's column": lambda mine: mine.update(notes).values({notes.c.user_id: "bob"}),
    "an update in a given order": lambda mine: mine.update(notes).ordered_values((notes.c.user_id, "bob")),
    "an update from another table": lambda mine: mine.update(notes).where(lines.c.note_id == notes.c.id),
    "an update of what is visible": lambda _: update(notes).where(notes.c.shared == 1).values(title="x"),
    "a delete without an owner": lambda _: delete(notes),
    "a delete in a common table expression": lambda _: select(delete(notes).returning(notes.c.id).cte().c.id),
    "an insert without an owner": lambda _: insert(notes).values(title="x"),
    "an insert for another": lambda _: insert(notes).values(title="x", user_id="bob"),
    "an insert of a row for another": lambda _: insert(notes).values(
        [{"title": "x", "user_id": "ann"}, {"title": "y", "user_id": "bob"}]
    ),
    "an insert for another by the column, beside its name": lambda _: insert(notes).values(
        {notes.c.user_id: "bob", "title": "x", "user_id": "ann"}
    ),
    "an insert of rows for another by the column, beside its name": lambda _: insert(notes).values(
        [{notes.c.user_id: "bob", "title": one, "user_id": "ann"} for one in ("x", "y")]
    ),
    "an insert of the handle for another by the column": lambda mine: mine.insert(notes, {"title": "x"}).values(
        {notes.c.user_id: "bob"}
    ),
    "an owner that is computed": lambda _: insert(notes).values(title="x", user_id=func.lower("BOB")),
    "an insert from a select": lambda mine: insert(notes).from_select(["user_id", "title"], mine.select(notes)),
    "an upsert": lambda mine: (
        insert_or_not(notes)
        .values(id=3, title="x", user_id="ann")
        .on_conflict_do_update(index_elements=["id"], set_={"title": "x"})
    ),
    "a replacement": lambda mine: mine.insert(notes, {"id": 3, "title": "x"}).prefix_with("OR REPLACE"),
    "an entity": lambda _: select(Note),
    "an alias of an entity": lambda _: select(aliased(Note)),
    "an update of an entity": lambda _: update(Note).values(title="x"),
    "an update of an entity's owner": lambda _: update(Note).where(Note.holder == "ann").values(holder="bob"),
    "an insert of an entity for another": lambda _: insert(Note).values(title="x", holder="bob"),
    "a join along a relationship": lambda _: select(Note).join(Note.lines).where(Note.holder == "ann"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_a_statement_that_could_reach_others_is_refused(store: Store, wrong: Wrong) -> None:
    async with store.owned.writing("ann") as mine:
        with pytest.raises(MissingOwner):
            await mine.execute(wrong(mine))
    assert await store.all_titles() == [("ann", "one"), ("ann", "two"), ("bob", "three")]


async def test_an_owner_in_the_values_of_an_insert_is_refused(store: Store) -> None:
    async with store.owned.writing("ann") as mine:
        with pytest.raises(MissingOwner):
            mine.insert(notes, {"title": "x", "user_id": "ann"})
        with pytest.raises(MissingOwner):
            mine.insert(notes, {"title": "x", notes.c.user_id: "bob"})
        with pytest.raises(MissingOwner):
            mine.insert(notes, [{"title": "x"}, {"title": "y", notes.c.user_id: "bob"}])
        with pytest.raises(MissingOwner):
            mine.select(plain)


async def test_outside_of_the_handle_every_statement_is_refused(store: Store) -> None:
    own = select(notes).where(notes.c.user_id == "ann")
    async with store.engine.connect() as connection:
        for statement in (own, select(notes.c.id), insert(notes).values(user_id="ann"), text("SELECT 1 FROM notes")):
            with pytest.raises(MissingOwner):
                await connection.execute(statement)
        with pytest.raises(MissingOwner):
            await connection.execute(own.execution_options(watchword_scope="ann"))
        assert await connection.scalar(text("SELECT 1")) == 1
    async with AsyncSession(store.engine) as session:
        with pytest.raises(MissingOwner):
            await session.execute(select(Note).where(Note.holder == "ann"))
        session.add(Note(holder="ann", title="x"))
        with pytest.raises(MissingOwner):
            await session.flush()


async def test_values_beside_a_statement_are_refused(store: Store) -> None:
    async with store.owned.writing("ann") as mine:
        session = mine._session
        for statement, values in (
            (mine.select(notes), {"user_id_1": "bob"}),
            (mine.delete(notes), {"user_id_1": "bob"}),
            (insert(notes).values(title="x", user_id="ann"), {"user_id": "bob"}),
            (mine.insert(notes, [{"title": "x"}, {"title": "y"}]), {"user_id_m1": "bob"}),
        ):
            with pytest.raises(MissingOwner):
                await session.execute(statement, values)
    assert len(await store.all_titles()) == 3


async def test_reading_changes_nothing(store: Store) -> None:
    async with store.owned.reading("ann") as mine:
        with pytest.raises(MissingOwner, match="may only read"):
            await mine.execute(delete(notes).where(mine.own(notes)))


@asynccontextmanager
async def entities(place: tuple[Any, str | None]) -> AsyncIterator[OwnedTables]:
    engine = create_async_engine(place[0])
    yield OwnedTables(engine, {Note: "user_id", Line: "user_id"}, role=place[1])
    await engine.dispose()


async def test_entities_are_made_and_changed_by_their_owner(place: tuple[Any, str | None], store: Store) -> None:
    async with entities(place) as owned, owned.writing("ann") as mine:
        await mine.execute(insert(Note).values(holder="ann", title="new", shared=0))
        await mine.execute(mine.update(Note).where(Note.id == 1).values(title="changed"))
        await mine.execute(mine.delete(Line).where(Line.note_id == 2))
        await mine.execute(mine.delete(Note).where(Note.id == 2))
    assert sorted(await store.all_titles()) == [("ann", "changed"), ("ann", "new"), ("bob", "three")]


async def test_an_entity_brings_no_row_of_others_through_an_eager_relationship(
    place: tuple[Any, str | None], store: Store
) -> None:
    async with store.engine.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO lines VALUES (9, 'bob', 1)")
    async with entities(place) as owned, owned.reading("ann") as mine:
        found = (await mine.execute(mine.select(Note).order_by(Note.id))).unique().scalars().all()
        assert [[line.id for line in note.lines] for note in found] == [[1], [2]]


@pytest.mark.parametrize("owner", ["", None, 5])
async def test_there_is_no_transaction_without_an_owner(store: Store, owner: Any) -> None:
    with pytest.raises(MissingOwner):
        async with store.owned.writing(owner):
            pass


async def test_after_its_transaction_a_handle_reaches_nothing(store: Store) -> None:
    async with store.owned.reading("ann") as mine:
        pass
    with pytest.raises(MissingOwner, match="is over"):
        await mine.execute(mine.select(notes))


async def test_writers_of_one_owner_come_one_after_another(store: Store) -> None:
    async def count_up() -> None:
        async with store.owned.writing("ann") as mine:
            title = await mine.scalar(mine.select(notes, notes.c.title).where(notes.c.id == 1))
            await mine.execute(mine.update(notes).where(notes.c.id == 1).values(title=str(int(title) + 1)))

    async with store.owned.writing("ann") as mine:
        await mine.execute(mine.update(notes).where(notes.c.id == 1).values(title="0"))
    await asyncio.gather(*(count_up() for _ in range(20)))
    assert ("ann", "20") in await store.all_titles()


async def test_a_pool_of_one_connection_never_mixes_owners(place: tuple[Any, str | None], store: Store) -> None:
    engine = create_async_engine(place[0], pool_size=1, max_overflow=0)
    owned = OwnedTables(engine, DECLARED, role=place[1])

    async def read(owner: str) -> list[str]:
        async with owned.reading(owner) as mine:
            return await titles(mine, mine.select(notes))

    found = await asyncio.gather(*(read(("ann", "bob")[number % 2]) for number in range(200)))
    assert found == [["one", "two"], ["three"]] * 100
    await engine.dispose()


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({}, "at least one table"),
        ({notes: "nobody"}, "has no column nobody"),
        ({notes: "user_id", Note: "user_id"}, "each of them once"),
        ({"notes": "user_id"}, "is no table"),
    ],
)
async def test_a_declaration_that_cannot_be_right_is_one_sentence(declared: Any, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        OwnedTables(create_async_engine("sqlite+aiosqlite://"), declared)


# What the database itself does, behind a handle that a program has gone around.


@asynccontextmanager
async def around(store: Store, owner: str) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    async with store.owned.writing(owner) as mine:
        connection = await mine._session.connection()
        yield connection.exec_driver_sql


@pytest.fixture
def secured(store: Store) -> Store:
    if store.role is None:
        pytest.fail("This needs row-level security.")
    return store


only_postgres = pytest.mark.parametrize("place", ["postgres"], indirect=True)


@only_postgres
async def test_the_database_shows_a_broken_query_the_rows_of_the_owner_alone(secured: Store) -> None:
    async with around(secured, "ann") as run:
        assert [row.user_id for row in await run("SELECT user_id FROM lines")] == ["ann", "ann"]
        assert (await run("UPDATE notes SET title = 'x'")).rowcount == 2
        assert (await run("DELETE FROM notes WHERE user_id = 'bob'")).rowcount == 0
    assert ("bob", "three") in await secured.all_titles()


@only_postgres
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO notes (user_id, title, shared) VALUES ('bob', 'x', 0)",
        "UPDATE notes SET user_id = 'bob' WHERE id = 1",
    ],
)
async def test_the_database_refuses_a_row_for_another(secured: Store, statement: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with around(secured, "ann") as run:
            await run(statement)
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"


@only_postgres
async def test_the_owner_and_the_role_end_with_the_transaction(place: tuple[Any, str | None], secured: Store) -> None:
    engine = create_async_engine(place[0], pool_size=1, max_overflow=0)
    owned = OwnedTables(engine, DECLARED, role=place[1])
    with pytest.raises(RuntimeError):
        async with owned.writing("ann"):
            raise RuntimeError
    async with owned.reading_all_owners():
        pass
    settings = "SELECT current_setting('watchword.owner'), current_setting('watchword.all_owners'), current_user"
    async with engine.connect() as connection:
        owner, everyone, user = (await connection.exec_driver_sql(settings)).one()
    assert (owner, everyone, user != place[1]) == ("", "", True)
    await engine.dispose()
