"""The only way to the profiles table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row
from watchword import Clock, Identity
from watchword.sqlalchemy import OwnedReader, OwnedWriter

from ..database.tables import profiles
from ..timestamp import timestamp
from .schemas import Profile, ProfileUpdate

_ANSWERED = (profiles.c.id, profiles.c.email, profiles.c.name, profiles.c.username)


class ProfileReader:
    """Reads the profile of the caller, and no other."""

    def __init__(self, mine: OwnedReader) -> None:
        self._mine = mine

    async def find(self) -> Profile | None:
        """The profile, if it has been made."""
        row = (await self._mine.execute(self._mine.select(profiles, *_ANSWERED))).one_or_none()
        return None if row is None else _profile(row)


class OwnProfile(ProfileReader):
    """Reads and changes the profile of the caller, and no other."""

    def __init__(self, mine: OwnedWriter, identity: Identity, clock: Clock) -> None:
        super().__init__(mine)
        self._writer = mine
        self._identity = identity
        self._clock = clock

    async def made(self) -> Profile:
        """The profile; the first time it is made from the token's claims. A claim that this API would refuse as input
        is not stored.
        """
        known = await self.find()
        if known is not None:
            return known
        now = timestamp(self._clock)
        values = {
            "email": _acceptable("email", self._identity.email),
            "name": _acceptable("name", self._identity.name),
            "created_at": now,
            "updated_at": now,
        }
        row = await self._writer.execute(self._writer.insert(profiles, values).returning(*_ANSWERED))
        return _profile(row.one())

    async def change(self, values: Mapping[str, Any]) -> Profile:
        """Sets the members given. The profile must exist."""
        changed = {**values, "updated_at": timestamp(self._clock)}
        row = await self._writer.execute(self._writer.update(profiles).values(changed).returning(*_ANSWERED))
        return _profile(row.one())


def _profile(row: Row[Any]) -> Profile:
    return Profile.model_validate(dict(row._mapping))


def _acceptable(member: str, value: str | None) -> str | None:
    try:
        ProfileUpdate.model_validate({member: value})
    except ValidationError:
        return None
    return value
