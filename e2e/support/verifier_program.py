"""A verifier behind HTTP in a process of its own, told by `VERIFIER` (JSON) what to be: see verifier-program.ts."""

import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from watchword import Identity, RevocationFeed, Verifier, WatchwordError, to_problem
from watchword.fastapi import CurrentUser, install, require_scope

GIVEN: dict[str, Any] = json.loads(os.environ["VERIFIER"])


class ScaledClock:
    """A clock that runs faster than the real one from a moment on."""

    def now(self) -> float:
        start, factor = GIVEN["clock"]["start"], GIVEN["clock"]["factor"]
        return float(start + (time.time() - start) * factor)


def _feed() -> RevocationFeed | None:
    if "feed" not in GIVEN:
        return None
    own = GIVEN["feed"].get("feedSecret")
    secret = GIVEN.get("secret") if own is None else None
    return RevocationFeed(
        issuer=GIVEN["issuer"],
        audience=GIVEN["audience"],
        feed_secret=own,
        secret=secret,
        poll_seconds=GIVEN["feed"].get("pollSeconds"),
        when_unreachable=GIVEN["feed"].get("whenUnreachable", "closed"),
        stale_after_seconds=GIVEN["feed"].get("staleAfterSeconds", 60),
        refuse_after_seconds=GIVEN["feed"].get("refuseAfterSeconds"),
        clock=ScaledClock(),
    )


feed = _feed()


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    if feed is not None:
        feed.start()
    yield
    if feed is not None:
        await feed.close()


app = FastAPI(lifespan=_lifespan)
install(
    app,
    Verifier(
        issuer=GIVEN["issuer"],
        audience=GIVEN["audience"],
        secret=GIVEN.get("secret"),
        jwks_url=GIVEN.get("jwksUrl"),
        clock=ScaledClock(),
        revocation=feed,
    ),
)


@app.exception_handler(WatchwordError)
async def _refused(_: Request, refusal: WatchwordError) -> JSONResponse:
    headers = {**to_problem(refusal).headers, "Content-Type": "application/json"}
    return JSONResponse({"word": refusal.code}, refusal.status, headers)


@app.get("/")
async def _accepted(user: CurrentUser) -> dict[str, str]:
    return {"word": "accepted"}


@app.delete("/")
async def _deleted(user: Annotated[Identity, Depends(require_scope("tasks:write"))]) -> dict[str, str]:
    return {"word": "accepted"}


@app.get("/ready")
async def _ready() -> JSONResponse:
    state = "none" if feed is None else feed.status().state
    return JSONResponse({"word": state}, 503 if state == "loading" else 200)


uvicorn.run(app, host="127.0.0.1", port=GIVEN["port"], http="h11", log_level="critical", timeout_graceful_shutdown=2)
