"""The only way to the profiles table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from countersign import Clock, Identity
from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ..database.tables import profiles
from ..timestamp import timestamp
from .schemas import Profile, ProfileUpdate

_ANSWERED = (profiles.c.id, profiles.c.email, profiles.c.name, profiles.c.username)


class OwnProfile:
    """The profile of the caller, and no other: every statement carries the token's `sub`."""

    def __init__(self, session: AsyncSession, identity: Identity, clock: Clock) -> None:
        self._session = session
        self._identity = identity
        self._clock = clock
        self._own = profiles.c.id == identity.user_id

    async def find(self) -> Profile | None:
        """The profile, if it has been made."""
        row = (await self._session.execute(select(*_ANSWERED).where(self._own))).one_or_none()
        return None if row is None else Profile.model_validate(dict(row._mapping))

    async def made(self) -> Profile:
        """The profile; the first time it is made from the token's claims. A claim that this API would refuse as input
        is not stored.
        """
        now = timestamp(self._clock)
        await self._session.execute(
            insert(profiles)
            .values(
                id=self._identity.user_id,
                email=_acceptable("email", self._identity.email),
                name=_acceptable("name", self._identity.name),
                created_at=now,
                updated_at=now,
            )
            .on_conflict_do_nothing()
        )
        row = await self._session.execute(select(*_ANSWERED).where(self._own))
        return Profile.model_validate(dict(row.one()._mapping))

    async def change(self, values: Mapping[str, Any]) -> Profile:
        """Sets the members given. The profile must exist."""
        row = await self._session.execute(
            update(profiles)
            .where(self._own)
            .values(dict(values))
            .values(updated_at=timestamp(self._clock))
            .returning(*_ANSWERED)
        )
        return Profile.model_validate(dict(row.one()._mapping))


def _acceptable(member: str, value: str | None) -> str | None:
    try:
        ProfileUpdate.model_validate({member: value})
    except ValidationError:
        return None
    return value
