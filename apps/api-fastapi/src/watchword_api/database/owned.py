"""Which tables have owners, and who else may read them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine
from watchword.sqlalchemy import Owned, OwnedTables

from .tables import conversations, messages, posts, profiles, task_changes, tasks


def own_tables(engine: AsyncEngine, *, schema: str | None = None, role: str | None = None) -> OwnedTables:
    """The owner-scoped handle of this application: the only way from the routes to the rows."""
    return OwnedTables(
        engine,
        {
            profiles: Owned("id", all_owners=True),
            tasks: "user_id",
            task_changes: "user_id",
            conversations: "user_id",
            messages: "user_id",
            posts: Owned("user_id", visible=posts.c.is_private == 0),
        },
        schema=schema,
        role=role,
    )
