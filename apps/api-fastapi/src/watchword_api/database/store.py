"""The store behind the API, whichever it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine
from watchword.sqlalchemy import AllOwnersReader, AnyoneReader, OwnedReader, OwnedTables, OwnedWriter

from .faults import as_unavailable

_Session = TypeVar("_Session")


class Database:
    """Gives transactions, each of them bound to an owner. Where the store cannot be used now, they raise
    `DatabaseUnavailable`.
    """

    def __init__(self, engine: AsyncEngine, owned: OwnedTables, ping: str) -> None:
        """`ping` is the statement that asks the store for something."""
        self._engine = engine
        self._owned = owned
        self._ping = ping

    def reading(self, owner: str) -> AbstractAsyncContextManager[OwnedReader]:
        """Reads the rows of one owner."""
        return _guarded(self._owned.reading(owner))

    def writing(self, owner: str) -> AbstractAsyncContextManager[OwnedWriter]:
        """Changes the rows of one owner, after every other one of this owner, as a whole or not at all."""
        return _guarded(self._owned.writing(owner))

    def reading_as_anyone(self) -> AbstractAsyncContextManager[AnyoneReader]:
        """Reads what anyone may read."""
        return _guarded(self._owned.reading_as_anyone())

    def reading_all_owners(self) -> AbstractAsyncContextManager[AllOwnersReader]:
        """Reads the rows of all owners, where a table allows that. For administrators."""
        return _guarded(self._owned.reading_all_owners())

    async def erase(self, owner: str) -> dict[str, int]:
        """Deletes every row of an owner. Returns how many there were of each table."""
        with _unavailable_told():
            return await self._owned.erase(owner)

    async def ping(self) -> None:
        """Asks the store for something."""
        async with _guarded(self._engine.connect()) as connection:
            await connection.exec_driver_sql(self._ping)

    async def close(self) -> None:
        """Ends all connections."""
        await self._engine.dispose()


@asynccontextmanager
async def _guarded(opened: AbstractAsyncContextManager[_Session]) -> AsyncIterator[_Session]:
    with _unavailable_told():
        async with opened as session:
            yield session


@contextmanager
def _unavailable_told() -> Iterator[None]:
    try:
        yield
    except Exception as fault:
        unavailable = as_unavailable(fault)
        if unavailable is None:
            raise
        raise unavailable from fault
