"""Faults of the database."""

from __future__ import annotations

import asyncio
import re
import sqlite3

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# Primary result codes of SQLite that time or an operator can cure: PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL,
# CANTOPEN, NOTADB. See https://www.sqlite.org/rescode.html
_CURABLE_RESULT_CODES = frozenset({3, 5, 6, 8, 10, 11, 13, 14, 26})
# Python 3.10 names no result code; these classes are what SQLite's faults of operation become there.
_CURABLE_TEXTS = ("locked", "readonly", "disk", "unable to open", "malformed", "not a database", "full", "busy")

# The same of PostgreSQL: connections (08), resources (53), shutdown and start (57P0x), the system (58); a read-only
# server, a transaction that stood still, a refused login, no such database or one that takes no connections, a
# transaction given up for others, a lock or a statement that took too long. See
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CURABLE_STATE = re.compile(r"(?:08|53|57P0|58)|(?:25006|25P03|28000|28P01|3D000|40001|40P01|55000|55P03|57014)$")
_GIVEN_UP = ("40001", "40P01")


class DatabaseUnavailable(Exception):  # noqa: N818 - the word of the code
    """The database cannot be used now. The cause is what the driver said."""


class TransactionGivenUp(DatabaseUnavailable):
    """PostgreSQL gave the transaction up because of others: the same work may succeed when it is done again."""


def as_unavailable(error: Exception) -> DatabaseUnavailable | None:
    """What stands for an error that says that the database cannot be used now; `None` where a statement is wrong."""
    if not is_database_unavailable(error):
        return None
    return TransactionGivenUp() if state_of(error) in _GIVEN_UP else DatabaseUnavailable()


def is_database_unavailable(error: Exception) -> bool:
    """Whether the error says that the database cannot be used now, rather than that a statement is wrong."""
    # The drivers hand faults of the network on as they are; TimeoutError is no OSError before Python 3.11.
    if isinstance(error, (PoolTimeoutError, OSError, asyncio.TimeoutError)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _is_curable_in_sqlite(cause)
    state = state_of(error)
    if state is not None:
        return _CURABLE_STATE.match(state) is not None
    # Without a state it is the driver's own, and says that the connection was lost on the way.
    return isinstance(cause, asyncpg.InterfaceError) and "closed" in str(cause)


def state_of(error: BaseException | None) -> str | None:
    """The SQLSTATE of an error of PostgreSQL; `None` for every other one."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    return state if isinstance(state, str) else None


def _is_curable_in_sqlite(cause: sqlite3.Error) -> bool:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in _CURABLE_RESULT_CODES
    return isinstance(cause, sqlite3.DatabaseError) and any(text in str(cause) for text in _CURABLE_TEXTS)
