"""The caller's own profile: there is no way to name another one."""

# No `from __future__ import annotations` here: FastAPI reads the signatures below.
from typing import Annotated

from fastapi import Body
from watchword.fastapi import CurrentUser

from ..http.operations import operations, problems
from ..http.services import UsedServices
from .repository import OwnProfile, ProfileReader
from .schemas import Profile, ProfileUpdate

router = operations("profile")


@router.get(
    "/api/v1/users/me",
    operation_id="getProfile",
    response_description="The caller's profile",
    responses=problems(400, 401, 429, 503),
)
async def get_profile(user: CurrentUser, services: UsedServices) -> Profile:
    async with services.database.reading(user.user_id) as mine:
        known = await ProfileReader(mine).find()
    if known is not None:
        return known
    async with services.database.writing(user.user_id) as mine:
        return await OwnProfile(mine, user, services.clock).made()


@router.put(
    "/api/v1/users/me",
    operation_id="updateProfile",
    response_description="The caller's profile",
    responses=problems(400, 401, 413, 415, 422, 429, 503),
)
async def update_profile(user: CurrentUser, services: UsedServices, body: Annotated[ProfileUpdate, Body()]) -> Profile:
    async with services.database.writing(user.user_id) as mine:
        own = OwnProfile(mine, user, services.clock)
        await own.made()
        return await own.change(body.model_dump())
