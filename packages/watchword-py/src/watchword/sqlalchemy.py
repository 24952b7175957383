"""Rows that carry their owner, for asynchronous SQLAlchemy 2 on SQLite and PostgreSQL: declare once which tables have
owners with `OwnedTables`, and a statement that forgets the owner raises `MissingOwner` before it becomes SQL.
"""

from ._rows.missing_owner import MissingOwner
from ._rows.owned_tables import OwnedTables
from ._rows.ownership import Owned
from ._rows.statements import AllOwnersReader, AnyoneReader, OwnedReader, OwnedWriter

__all__ = [
    "AllOwnersReader",
    "AnyoneReader",
    "MissingOwner",
    "Owned",
    "OwnedReader",
    "OwnedTables",
    "OwnedWriter",
]
