"""The tables of an engine, reached through their owners."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from .guard import Guard
from .missing_owner import MissingOwner
from .ownership import Owned, Ownership, TableOrEntity
from .scope import Scope
from .statements import AllOwnersReader, AnyoneReader, OwnedReader, OwnedWriter
from .transactions import enter, prepare_engine


class OwnedTables:
    """Declares once which tables have owners; from then on no statement of the engine reaches them without one.

        owned = OwnedTables(engine, {tasks: "user_id"}, role="app_api")
        async with owned.writing(identity.user_id) as mine:
            await mine.execute(mine.insert(tasks, {"title": "Buy milk"}))

    Made before the engine's first connection. The keys are tables or mapped classes, parents before their children; the
    values the name of the owner's column, or `Owned` where others may read too. On PostgreSQL the tables are in
    `schema`, and every transaction takes `role`, which owns no table and is bound by row-level security, and sets
    `watchword.owner` and `watchword.all_owners` for its policies. Raises `ConfigurationError`.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        tables: Mapping[TableOrEntity, str | Owned],
        *,
        schema: str | None = None,
        role: str | None = None,
    ) -> None:
        self._engine = engine
        self._ownership = Ownership(tables)
        self._translation = {None: schema} if engine.dialect.name == "postgresql" and schema is not None else None
        self._role = role
        prepare_engine(engine.sync_engine)
        event.listen(engine.sync_engine, "before_execute", Guard(self._ownership).before_execute)

    @asynccontextmanager
    async def reading(self, owner: str) -> AsyncIterator[OwnedReader]:
        """A transaction that reads the rows of one owner. Raises `MissingOwner` for an empty owner."""
        async with self._transaction(Scope(_named(owner))) as session:
            yield OwnedReader(session, self._ownership, owner)

    @asynccontextmanager
    async def writing(self, owner: str) -> AsyncIterator[OwnedWriter]:
        """A transaction that happens as a whole or not at all. Those of one owner happen one after another, so what is
        read in it still holds when it writes. Raises `MissingOwner` for an empty owner.
        """
        async with self._transaction(Scope(_named(owner), writing=True)) as session:
            yield OwnedWriter(session, self._ownership, owner)

    @asynccontextmanager
    async def reading_as_anyone(self) -> AsyncIterator[AnyoneReader]:
        """A transaction that reads what anyone may read."""
        async with self._transaction(Scope(None)) as session:
            yield AnyoneReader(session, self._ownership)

    @asynccontextmanager
    async def reading_all_owners(self) -> AsyncIterator[AllOwnersReader]:
        """A transaction that reads the rows of every owner: for administrators, after their role has been checked."""
        async with self._transaction(Scope(None, all_owners=True)) as session:
            yield AllOwnersReader(session, self._ownership)

    async def erase(self, owner: str) -> dict[str, int]:
        """Deletes every row of the owner in all declared tables, together, children before parents. Returns how many
        there were of each table.
        """
        counts: dict[str, int] = {}
        async with self.writing(owner) as mine:
            for table in reversed([owned.table for owned in self._ownership]):
                counts[table.name] = (await mine.execute(mine.delete(table))).rowcount  # type: ignore[attr-defined]
        return counts

    @asynccontextmanager
    async def _transaction(self, scope: Scope) -> AsyncIterator[AsyncSession]:
        async with self._engine.connect() as connection:
            await connection.execution_options(schema_translate_map=self._translation, **scope.as_option())
            async with connection.begin():
                await enter(connection, scope, self._role)
                yield AsyncSession(bind=connection, expire_on_commit=False)


def _named(owner: str) -> str:
    if not isinstance(owner, str) or owner == "":
        raise MissingOwner("There is no owner: give the sub of the verified token.")
    return owner
