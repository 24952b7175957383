"""Faults of the database."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# Primary result codes of SQLite that time or an operator can cure: PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL,
# CANTOPEN, NOTADB. See https://www.sqlite.org/rescode.html
_CURABLE_RESULT_CODES = frozenset({3, 5, 6, 8, 10, 11, 13, 14, 26})
# Python 3.10 names no result code; these classes are what SQLite's faults of operation become there.
_CURABLE_TEXTS = ("locked", "readonly", "disk", "unable to open", "malformed", "not a database", "full", "busy")


def is_database_unavailable(error: Exception) -> bool:
    """Whether the error says that the database cannot be used now, rather than that a statement is wrong."""
    if isinstance(error, PoolTimeoutError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return False
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in _CURABLE_RESULT_CODES
    return isinstance(cause, sqlite3.DatabaseError) and any(text in str(cause) for text in _CURABLE_TEXTS)
