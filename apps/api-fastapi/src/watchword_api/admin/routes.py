"""What administrators may see. Every use of it is a line of the log."""

# No `from __future__ import annotations` here: FastAPI reads the signatures below.
from typing import Annotated

from fastapi import Depends, Request
from watchword import Identity
from watchword.fastapi import require_role

from ..http.operations import operations, problems
from ..http.page import Limit, Offset
from ..http.request_facts import facts_of
from ..http.services import UsedServices
from .repository import AllUsers
from .schemas import UserList

router = operations("admin")

Administrator = Annotated[Identity, Depends(require_role("admin"))]


@router.get(
    "/api/v1/admin/users",
    operation_id="listUsers",
    response_description="The profiles of all users",
    responses=problems(400, 401, 403, 422, 429, 503),
)
async def list_users(
    user: Administrator, request: Request, services: UsedServices, limit: Limit = 50, offset: Offset = 0
) -> UserList:
    request_id = facts_of(request.scope).request_id
    services.log.info("watchword.admin.read", {"http.request.id": request_id, "user.id": user.user_id})
    async with services.database.reading_all_owners() as everyone:
        return await AllUsers(everyone).list(limit, offset)
