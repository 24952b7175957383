from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from watchword import Identity, Verifier, verifier_options_from_environment
from watchword.fastapi import ProtectedRouter, current_user, install, require_role, require_scope


class Claims(BaseModel):
    plan: Literal["free", "gold"]


def read_claims(claims: Mapping[str, Any]) -> Claims:
    return Claims.model_validate(claims)


app = FastAPI()
install(app, Verifier(**verifier_options_from_environment(), claims=read_claims))

router = ProtectedRouter()


@router.post("/tasks", dependencies=[Depends(require_scope("tasks:write"))])
async def add_task() -> dict[str, bool]:
    return {"added": True}


@router.delete("/tasks", dependencies=[Depends(require_scope("tasks:purge")), Depends(require_role("admin"))])
async def purge_tasks() -> dict[str, bool]:
    return {"purged": True}


@router.get("/plan")
async def plan(user: Annotated[Identity[Claims], Depends(current_user)]) -> dict[str, str]:
    return {"plan": user.claims.plan}


app.include_router(router)
