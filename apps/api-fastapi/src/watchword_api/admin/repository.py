"""The profiles of all users."""

from __future__ import annotations

from sqlalchemy import func
from watchword.sqlalchemy import AllOwnersReader

from ..database.tables import profiles
from .schemas import User, UserList


class AllUsers:
    """Reads the profiles of all users."""

    def __init__(self, everyone: AllOwnersReader) -> None:
        self._everyone = everyone

    async def list(self, limit: int, offset: int) -> UserList:
        """One page in the order of their ids, and how many there are in all."""
        total = await self._everyone.scalar(self._everyone.select(profiles, func.count()))
        page = self._everyone.select(profiles).order_by(profiles.c.id).limit(limit).offset(offset)
        rows = await self._everyone.execute(page)
        users = [User.model_validate(dict(row._mapping)) for row in rows]
        return UserList(items=users, total=total, limit=limit, offset=offset)
