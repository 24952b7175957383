"""The example of the guide."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from watchword.sqlalchemy import MissingOwner
from watchword.testing import mint_token

pytestmark = pytest.mark.anyio

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "owned_rows.py"
SETTINGS = {
    "BETTER_AUTH_SECRET": "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e",
    "BETTER_AUTH_URL": "http://localhost:3000",
    "API_AUDIENCE": "http://localhost:8000",
}


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, value in {**SETTINGS, "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'example.sqlite'}"}.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("owned_rows", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bearer(user: str) -> dict[str, str]:
    claims: Any = {"iss": SETTINGS["BETTER_AUTH_URL"], "aud": SETTINGS["API_AUDIENCE"], "sub": user}
    return {"Authorization": f"Bearer {mint_token(secret=SETTINGS['BETTER_AUTH_SECRET'], **claims)}"}


async def test_each_user_has_rows_of_their_own_and_everybody_the_public_ones(example: Any) -> None:
    async with example.engine.begin() as connection:
        await connection.run_sync(example.metadata.create_all)
    transport = httpx.ASGITransport(example.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        for user in ("ada", "bob"):
            body = {"title": f"of {user}", "user_id": "eve"}
            made = await client.post(f"/api/{user}/tasks", json=body, headers=bearer(user))
            assert made.json()["user_id"] == user
            async with example.owned.writing(user) as mine:
                rows = [{"title": f"{user} {private}", "is_private": private} for private in (0, 1)]
                await mine.execute(mine.insert(example.posts, rows))
        listed = [await client.get("/api/ada/tasks", headers=bearer(user)) for user in ("ada", "bob")]
        assert [(row["user_id"], row["title"]) for row in listed[0].json()] == [("ada", "of ada")]
        assert listed[1].status_code == 403
        assert [row["title"] for row in (await client.get("/posts")).json()] == ["ada 0", "bob 0"]
    async with example.engine.connect() as connection:
        with pytest.raises(MissingOwner):
            await connection.execute(select(example.tasks))
    await example.engine.dispose()
