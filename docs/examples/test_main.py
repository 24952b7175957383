import os
from typing import Any

from fastapi.testclient import TestClient
from watchword.testing import mint_token

SECRET = "kR2vB7xQ9mW4tY8uZ1pL6nD3sF5gH0jC"
os.environ |= {
    "BETTER_AUTH_SECRET": SECRET,
    "BETTER_AUTH_URL": "http://localhost:3000",
    "API_AUDIENCE": "http://localhost:8000",
}

from main import app  # noqa: E402 (it reads the settings at the first request)

client = TestClient(app)


def status_of(path: str, **claims: Any) -> int:
    headers = {"Authorization": f"Bearer {mint_token(secret=SECRET, **claims)}"} if claims else {}
    status: int = client.get(path, headers=headers).status_code
    return status


def test_only_a_users_own_valid_token_opens_a_users_tasks() -> None:
    assert status_of("/api/ada/tasks") == 401
    assert status_of("/api/ada/tasks", sub="bob") == 403
    assert status_of("/api/ada/tasks", sub="ada", exp=1) == 401
    assert status_of("/api/ada/tasks", sub="ada") == 200
