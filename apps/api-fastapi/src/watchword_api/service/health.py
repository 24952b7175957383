"""`/health` says that the process runs; `/ready` that its database answers, and that it knows what was revoked."""

# No `from __future__ import annotations` here: FastAPI reads the signatures below.
from typing import Literal

from pydantic import BaseModel

from ..http.api_problem import unavailable
from ..http.operations import operations, problems
from ..http.services import UsedServices

router = operations("service")


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """The service can answer."""

    status: Literal["ready"]
    revocation: Literal["none", "fresh", "stale"]


@router.get("/health", operation_id="getHealth", response_description="The process runs")
async def get_health() -> Health:
    return Health(status="ok")


@router.get(
    "/ready",
    operation_id="getReadiness",
    response_description="The service can answer",
    responses=problems(503),
)
async def get_readiness(services: UsedServices) -> Readiness:
    await services.database.ping()
    state = "none" if services.revocation is None else services.revocation.status().state
    match state:
        case "none" | "fresh" | "stale":
            return Readiness(status="ready", revocation=state)
        case _:
            raise unavailable()
