"""The tables of `contract/schema` as SQLAlchemy sees them: column names and types as stored."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, Text

_metadata = MetaData()

tasks = Table(
    "tasks",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("completed", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)
"""One row is one task; `completed` is 0 or 1, timestamps are RFC 3339 text with three decimals."""

profiles = Table(
    "profiles",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text),
    Column("name", Text),
    Column("username", Text),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)
"""What the API knows of one user; `id` is the `sub` of the user's tokens."""
