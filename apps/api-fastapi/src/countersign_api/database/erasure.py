"""Deleting what a user left."""

from __future__ import annotations

from sqlalchemy import delete

from .open import Database
from .tables import profiles, tasks


async def erase_user(database: Database, user_id: str) -> None:
    """Deletes every row of one user."""
    async with database.writing() as session:
        await session.execute(delete(tasks).where(tasks.c.user_id == user_id))
        await session.execute(delete(profiles).where(profiles.c.id == user_id))
