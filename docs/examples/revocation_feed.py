from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from os import environ

from fastapi import Depends, FastAPI
from watchword import (
    RevocationFeed,
    Verifier,
    feed_options_from_environment,
    verifier_options_from_environment,
)
from watchword.fastapi import CurrentUser, SelfUser, install, use_revocation

tasks = {"ada": ["Buy milk"], "gone": ["Leave"]}

settings = feed_options_from_environment(environ, "feed")
feed = RevocationFeed(**settings, on_user_deleted=lambda user_id: tasks.pop(user_id, None)) if settings else None


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    if feed:
        feed.start()
    yield
    if feed:
        await feed.close()


options = verifier_options_from_environment(environ)
options["revocation"] = feed

app = FastAPI(lifespan=lifespan)
install(app, Verifier(**options))


@app.get("/api/{user_id}/tasks")
async def list_tasks(user: SelfUser) -> dict[str, list[str]]:
    return {"tasks": tasks.get(user.user_id, [])}


# Whoever could read this a moment ago may go on until the token expires.
@app.get("/prices", dependencies=[Depends(use_revocation("none"))])
async def prices(_user: CurrentUser) -> dict[str, int]:
    return {"milk": 2}
