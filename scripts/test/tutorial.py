"""What tutorials for FastAPI show, in their style: the routes, and the functions that decode tokens.

Run as `python tutorial.py NAME` with the settings in the environment; prints what came of it as JSON.
"""

import asyncio
import json
import os
import sys
from typing import Any

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from httpx import ASGITransport, AsyncClient
from jose import JWTError
from jose import jwt as jose_jwt

sys.path.insert(0, os.environ["EXAMPLES"])
SECRET = os.environ["BETTER_AUTH_SECRET"]
TOKENS: dict[str, str] = json.loads(os.environ["TOKENS"])
USER = os.environ["USER_ID"]


async def statuses(app: FastAPI) -> dict[str, Any]:
    """The answers to the five requests that every tutorial tries."""
    requests = {
        "missing": (f"/api/{USER}/tasks", None),
        "expired": (f"/api/{USER}/tasks", TOKENS.get("expired")),
        "another": ("/api/another/tasks", TOKENS["good"]),
        "good": (f"/api/{USER}/tasks", TOKENS["good"]),
        "me": ("/me", TOKENS["good"]),
        "anonymous": ("/posts", None),
    }
    answers: dict[str, Any] = {}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost:8000") as client:
        for name, (path, token) in requests.items():
            headers = {} if token is None else {"Authorization": f"Bearer {token}"}
            answer = await client.get(path, headers=headers)
            answers[name] = [answer.status_code, answer.json() if answer.status_code == 200 else None]
    return answers


def application(get_current_user: Any, get_current_user_id: Any, get_optional_user: Any, verify: Any) -> FastAPI:
    """The routes of the tutorial; none of them knows who decodes the token."""
    app = FastAPI()

    @app.get("/api/{user_id}/tasks")
    async def list_tasks(user_id: str, current_user: Any = Depends(verify)) -> dict[str, str]:  # noqa: B008
        return {"owner": user_id}

    @app.get("/me")
    async def me(user_id: str = Depends(get_current_user_id)) -> dict[str, str]:
        return {"id": user_id}

    @app.get("/profile")
    async def profile(user: Any = Depends(get_current_user)) -> dict[str, str]:  # noqa: B008
        return {"id": user.user_id}

    @app.get("/posts")
    async def posts(user: Any = Depends(get_optional_user)) -> dict[str, bool]:  # noqa: B008
        return {"signed_in": user is not None}

    return app


def replaced() -> Any:
    """The routes on `middleware/jwt_auth.py` of the guide."""
    import jwt_auth  # noqa: PLC0415
    from watchword.fastapi import install  # noqa: PLC0415

    app = application(
        jwt_auth.get_current_user,
        jwt_auth.get_current_user_id,
        jwt_auth.get_optional_user,
        jwt_auth.verify_user_access,
    )
    install(app)
    # FastAPI builds its routes before `install`, as in a main.py that imports its routers first.
    return asyncio.run(statuses(app))


def bearer() -> Any:
    """The routes on the tutorial's own functions, which know the raw secret alone."""
    security, optional_security = HTTPBearer(), HTTPBearer(auto_error=False)

    def decode(token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError as error:
            raise HTTPException(401, "Invalid token") from error

    async def get_current_user(
        credentials: HTTPAuthorizationCredentials = Depends(security),  # noqa: B008
    ) -> dict[str, Any]:
        return decode(credentials.credentials)

    async def get_current_user_id(user: dict[str, Any] = Depends(get_current_user)) -> str:  # noqa: B008
        return str(user["user_id"])

    async def get_optional_user(
        credentials: HTTPAuthorizationCredentials | None = Depends(optional_security),  # noqa: B008
    ) -> dict[str, Any] | None:
        return decode(credentials.credentials) if credentials else None

    async def verify_user_access(
        user_id: str,
        caller: str = Depends(get_current_user_id),
    ) -> str:
        if user_id != caller:
            raise HTTPException(403, "Access denied")
        return caller

    return asyncio.run(
        statuses(application(get_current_user, get_current_user_id, get_optional_user, verify_user_access))
    )


def libraries() -> Any:
    """Who reads which token: the raw secret and the derived key, by both libraries."""
    key, claims = os.environ["WATCHWORD_KEY"], {}
    expected = {"audience": os.environ["API_AUDIENCE"], "issuer": os.environ["BETTER_AUTH_URL"]}
    calls = {
        "raw: PyJWT": lambda token: jwt.decode(token, SECRET, algorithms=["HS256"]),
        "raw: python-jose": lambda token: jose_jwt.decode(token, SECRET, algorithms=["HS256"]),
        "derived: PyJWT": lambda token: jwt.decode(token, key, algorithms=["HS256"], **expected),
        "derived: python-jose": lambda token: jose_jwt.decode(token, key, algorithms=["HS256"], **expected),
        "derived: guide": lambda token: __import__("verify_jwt_token").verify_jwt_token(token),
    }
    for name, call in calls.items():
        for kind, token in TOKENS.items():
            try:
                claims[f"{name} {kind}"] = call(token)["sub"]
            except (jwt.InvalidTokenError, JWTError) as error:
                claims[f"{name} {kind}"] = type(error).__name__
    return claims


def test_token() -> Any:
    """A token of `create_test_token`, as the guide has it."""
    from create_test_token import create_test_token  # noqa: PLC0415
    from watchword import Verifier  # noqa: PLC0415

    async def verify() -> list[str | None]:
        identity = await Verifier().verify(create_test_token("user_9"))
        return [identity.user_id, identity.email]

    return asyncio.run(verify())


PROGRAMS = {"replaced": replaced, "bearer": bearer, "libraries": libraries, "test_token": test_token}
print(json.dumps(PROGRAMS[sys.argv[1]]()))
