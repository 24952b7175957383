"""The tables of `contract/schema` as SQLAlchemy sees them: columns and types as stored, the same on both stores."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, Table, Text

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

conversations = Table(
    "conversations",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("pending", Text),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)
"""One conversation with the assistant; `pending` is what it asked last, as JSON."""

messages = Table(
    "messages",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("conversation_id", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    ForeignKeyConstraint(["user_id", "conversation_id"], ["conversations.user_id", "conversations.id"]),
)
"""One message of a conversation; `role` is `user` or `assistant`."""

posts = Table(
    "posts",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("is_private", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)
"""One post; `is_private` is 0 or 1."""

task_changes = Table(
    "task_changes",
    _metadata,
    Column("user_id", Text, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("task_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
)
"""What happened to one task: it was `created`, `updated` or `deleted`; `id` counts the changes of one user from 1."""
