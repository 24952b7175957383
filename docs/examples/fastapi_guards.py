from typing import Annotated

from fastapi import Depends, FastAPI
from watchword import Identity
from watchword.fastapi import (
    OptionalUser,
    ProtectedRouter,
    SelfUser,
    install,
    require_role,
    require_scope,
)

app = FastAPI()
install(app)

tasks = ProtectedRouter(prefix="/api/{user_id}")


@tasks.get("/tasks")
async def list_tasks(user: SelfUser) -> dict[str, str]:
    return {"owner": user.user_id}


@tasks.post("/tasks", dependencies=[Depends(require_scope("tasks:write"))])
async def add_task(user: SelfUser) -> dict[str, str]:
    return {"owner": user.user_id}


app.include_router(tasks)


@app.get("/admin")
async def administer(admin: Annotated[Identity, Depends(require_role("admin"))]) -> dict[str, str]:
    return {"admin": admin.user_id}


@app.get("/posts")
async def list_posts(reader: OptionalUser) -> dict[str, str | None]:
    return {"reader": reader.user_id if reader else None}
