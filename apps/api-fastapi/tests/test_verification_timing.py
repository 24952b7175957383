"""What an API that shows its verification tells its callers, and whom it tells nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from watchword_api.app import Api
from watchword_api.database.store import Database

pytestmark = pytest.mark.anyio

SHOWN = re.compile(r'verify;desc="(warm|cold)";dur=[0-9]+\.[0-9]{3}, backend;desc="fastapi"')


@pytest.fixture
def showing(api_on: Callable[..., Api], database: Database) -> Api:
    return api_on(database, show_verification=True)


def recognition_of(answer: Response) -> str:
    shown = SHOWN.fullmatch(answer.headers.get("Server-Timing", ""))
    return shown[1] if shown else "not shown"


async def test_a_new_token_is_cold_and_the_same_token_again_is_warm(
    caller_of: Callable[..., Any], token_of: Callable[..., str], showing: Api
) -> None:
    nobody, token = caller_of(showing), token_of("ann", jti="first")
    for scheme, recognition in (("Bearer", "cold"), ("Bearer", "warm"), ("bearer", "warm")):
        answer = await nobody("GET", "/api/ann/tasks", headers={"Authorization": f"{scheme} {token}"})
        assert recognition_of(answer) == recognition
    assert recognition_of(await caller_of(showing, "ann", jti="second")("GET", "/api/ann/tasks")) == "cold"


async def test_refusals_to_a_known_caller_say_it_too(caller_of: Callable[..., Any], showing: Api) -> None:
    ann = caller_of(showing, "ann")
    other = await ann("GET", "/api/bob/tasks")
    assert (other.status_code, other.json()["code"], recognition_of(other)) == (403, "wrong_subject", "cold")
    row = await ann("GET", "/api/ann/tasks/999")
    assert (row.status_code, row.json()["code"], recognition_of(row)) == (404, "not_found", "warm")


async def test_a_refused_credential_and_nobody_are_told_nothing(
    caller_of: Callable[..., Any], token_of: Callable[..., str], showing: Api
) -> None:
    nobody = caller_of(showing)
    head, payload, _ = token_of("ann").split(".")
    forged = {"Authorization": f"Bearer {head}.{payload}.{'A' * 43}"}
    answer = await nobody("GET", "/api/ann/tasks", headers=forged)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert "Server-Timing" not in answer.headers
    for path in ("/api/ann/tasks", "/api/v1/posts", "/health"):
        assert "Server-Timing" not in (await nobody("GET", path)).headers


async def test_what_anyone_may_read_says_it_to_somebody_known(caller_of: Callable[..., Any], showing: Api) -> None:
    answer = await caller_of(showing, "eve")("GET", "/api/v1/posts")
    assert (answer.status_code, recognition_of(answer)) == (200, "cold")


async def test_an_api_that_is_not_told_so_does_not_show_it(ann: Any) -> None:
    answer = await ann("GET", "/api/ann/tasks")
    assert answer.status_code == 200
    assert "Server-Timing" not in answer.headers
