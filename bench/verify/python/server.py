"""FastAPI with an open route, one behind this package, one behind a no-op and one behind PyJWT as most people write it.

Arguments: port, and the key of the tokens. `GET /cpu` answers the CPU time of the process in nanoseconds.
"""

from __future__ import annotations

import sys
import time
from typing import Annotated, Any

import jwt
import uvicorn
from fastapi import Depends, FastAPI
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from watchword import SharedKey, Verifier
from watchword.fastapi import CurrentUser, install

ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"
port, secret = int(sys.argv[1]), sys.argv[2]

app = FastAPI()
install(
    app,
    Verifier(issuer=ISSUER, audience=AUDIENCE, key=[SharedKey(secret, "HS256-1")], accepted_types=["at+jwt"]),
)
bearer = HTTPBearer()


def pyjwt_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> dict[str, Any]:
    return jwt.decode(credentials.credentials, secret, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE)


async def nobody() -> None:
    return None


@app.get("/open")
async def open_route() -> dict[str, bool]:
    return {"ok": True}


@app.get("/no-op")
async def no_op(_: Annotated[None, Depends(nobody)]) -> dict[str, bool]:
    return {"ok": True}


@app.get("/watchword")
async def with_watchword(_: CurrentUser) -> dict[str, bool]:
    return {"ok": True}


@app.get("/pyjwt")
async def with_pyjwt(_: Annotated[dict[str, Any], Depends(pyjwt_user)]) -> dict[str, bool]:
    return {"ok": True}


@app.get("/cpu")
async def cpu() -> int:
    return time.process_time_ns()


uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
