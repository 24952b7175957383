"""Failed credentials, faults of the database, faults of the process, and what the log says of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from watchword.testing import AdjustableClock, fixed_clock

from watchword_api.app import Api
from watchword_api.database.open import SqliteLocation, open_database
from watchword_api.database.store import Database
from watchword_api.http.rate_limit import FailureLimit

pytestmark = pytest.mark.anyio

Caller = Any
NOW = 1_767_225_600
OTHER_KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
BAD = {"Authorization": "Bearer a.b.c"}


async def test_past_the_bound_a_bad_credential_is_429_and_a_good_one_passes(nobody: Caller, ann: Caller) -> None:
    for _ in range(3):
        assert (await nobody("GET", "/api/ann/tasks", headers=BAD)).status_code == 401
    answer = await nobody("GET", "/api/ann/tasks", headers=BAD)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (429, "rate_limited", "60")
    assert "WWW-Authenticate" not in answer.headers
    assert (await ann("GET", "/api/ann/tasks")).status_code == 200


async def test_the_bound_is_lifted_after_a_minute(nobody: Caller, clock: Any) -> None:
    for _ in range(4):
        await nobody("GET", "/api/ann/tasks", headers=BAD)
    clock.advance(59.5)
    assert (await nobody("GET", "/api/ann/tasks", headers=BAD)).headers["Retry-After"] == "1"
    clock.advance(0.5)
    assert (await nobody("GET", "/api/ann/tasks", headers=BAD)).status_code == 401


async def test_absent_credentials_and_foreign_urls_are_not_counted(nobody: Caller, ann: Caller) -> None:
    for _ in range(5):
        assert (await nobody("GET", "/api/ann/tasks")).status_code == 401
        assert (await ann("GET", "/api/bob/tasks")).status_code == 403
    assert (await nobody("GET", "/api/ann/tasks", headers=BAD)).status_code == 401


async def test_forwarded_headers_name_no_address(nobody: Caller) -> None:
    for number in range(3):
        await nobody("GET", "/api/ann/tasks", headers=BAD | {"X-Forwarded-For": f"10.0.0.{number}"})
    answer = await nobody("GET", "/api/ann/tasks", headers=BAD | {"X-Forwarded-For": "10.0.0.99"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_an_ipv6_network_of_64_bits_is_one_address(first: str, second: str, shared: bool) -> None:
    limit = FailureLimit(1, fixed_clock(NOW))
    assert limit.count(first) == 0
    assert (limit.count(second) > 0) is shared


def test_the_number_of_addresses_kept_is_bounded() -> None:
    limit = FailureLimit(1, fixed_clock(NOW))
    for number in range(20_000):
        limit.count(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limit._windows) <= 10_000


async def test_a_database_that_cannot_be_used_is_503(
    api_on: Callable[[Database], Api], caller_of: Any, tmp_path: Path, clock: AdjustableClock
) -> None:
    database = await open_database(SqliteLocation(tmp_path), clock)
    api = api_on(database)
    (tmp_path / "api.sqlite").write_bytes(b"this is no database" * 1000)
    for who, path in ((caller_of(api, "ann"), "/api/ann/tasks"), (caller_of(api), "/ready")):
        answer = await who("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"] == "5"
    assert (await caller_of(api)("GET", "/health")).status_code == 200
    await database.close()


async def test_a_statement_that_is_wrong_is_500(
    api_on: Callable[[Database], Api], caller_of: Any, tmp_path: Path, clock: AdjustableClock
) -> None:
    database = await open_database(SqliteLocation(tmp_path), clock)
    async with database._engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE profiles")
    answer = await caller_of(api_on(database), "ann")("GET", "/api/v1/users/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    await database.close()


async def test_a_fault_of_the_process_says_nothing_and_is_readable_for_a_listed_origin(
    api: Api, ann: Caller, log: Any
) -> None:
    @api.routes.get("/fault")
    async def fail() -> None:
        raise RuntimeError("secret text")

    answer = await ann("GET", "/fault", headers={"Origin": "https://app.example.test"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.test"
    assert "secret text" not in answer.text + json.dumps(log.lines)
    [fault] = log.of("watchword.fault")
    assert fault["exception.type"] == "RuntimeError"
    assert " fail" in fault["exception.stacktrace"]
    assert fault["http.request.id"] == answer.headers["X-Request-Id"]


async def test_the_log_holds_the_template_and_the_code_but_nothing_that_was_sent(
    ann: Caller, nobody: Caller, log: Any, token_of: Any
) -> None:
    await ann("GET", "/api/bob/tasks?q=private")
    await nobody("GET", "/nothing?q=private")
    await nobody("HEAD", "/health")
    await nobody("GET", "/api/ann/tasks", headers={"Authorization": f"Bearer {token_of('ann', key=OTHER_KEY)}"})
    lines = [
        (
            line["http.request.method"],
            line.get("http.route"),
            line["http.response.status_code"],
            line.get("error.type"),
        )
        for line in log.of("watchword.http.request")
    ]
    assert lines == [
        ("GET", "/api/{user_id}/tasks", 403, "wrong_subject"),
        ("GET", None, 404, "not_found"),
        ("HEAD", "/health", 200, None),
        ("GET", "/api/{user_id}/tasks", 401, "unknown_key"),
    ]
    text_of_log = json.dumps(log.lines)
    assert "private" not in text_of_log
    assert "eyJ" not in text_of_log


async def test_an_answer_after_a_lost_connection_is_no_fault(api: Api, token_of: Any, log: Any) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {token_of('ann')}".encode()), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/ann/tasks",
        "raw_path": b"/api/ann/tasks",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }
    await api.application(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 400
    assert log.of("watchword.fault") == []
