"""Many requests at once, and databases that fail and come back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from proxy import Proxy, proxied
from stores import PostgresStore, opened
from watchword.testing import AdjustableClock, fixed_clock

from watchword_api.app import Api
from watchword_api.database.faults import TransactionGivenUp, as_unavailable, is_database_unavailable
from watchword_api.database.open import PostgresLocation
from watchword_api.database.store import Database

pytestmark = pytest.mark.anyio

Caller = Any
ApiOn = Callable[[Database], Api]
NOW = 1_767_225_600
LIST = "/api/ann/tasks"


async def is_unavailable(who: Caller, method: str = "GET", path: str = LIST, **options: Any) -> bool:
    answer = await who(method, path, **options)
    if answer.status_code < 400:
        return False
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")
    return True


async def recovered(who: Caller) -> None:
    """Waits until requests are answered again."""

    async def asking() -> None:
        while await is_unavailable(who):
            pass

    await asyncio.wait_for(asking(), 20)


@asynccontextmanager
async def behind_proxy(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, *, seconds: float
) -> AsyncIterator[tuple[Proxy, Database]]:
    """A database behind a proxy; `seconds` is how long anything is waited for."""
    monkeypatch.setattr("watchword_api.database.postgres._CONNECTION_SECONDS", seconds)
    monkeypatch.setattr("watchword_api.database.postgres._ANSWER_SECONDS", seconds)
    async with (
        proxied(store.url) as (proxy, url),
        opened(PostgresLocation(url, 2), fixed_clock(NOW)) as database,
    ):
        yield proxy, database


async def test_parallel_toggles_lose_nothing(ann: Caller) -> None:
    await ann("POST", LIST, json={"title": "t"})
    answers = await asyncio.gather(*(ann("PATCH", f"{LIST}/1/complete") for _ in range(51)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 53))
    task = (await ann("GET", f"{LIST}/1")).json()
    assert (task["version"], task["completed"]) == (52, True)


async def test_of_parallel_edits_of_one_version_one_succeeds(ann: Caller) -> None:
    await ann("POST", LIST, json={"title": "t"})
    edits = [ann("PATCH", f"{LIST}/1", json={"title": str(n)}, headers={"If-Match": '"1"'}) for n in range(20)]
    answers = await asyncio.gather(*edits)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
    won = next(answer.json()["title"] for answer in answers if answer.status_code == 200)
    assert (await ann("GET", f"{LIST}/1")).json()["title"] == won


async def test_a_profile_is_made_once_by_parallel_requests(ann: Caller) -> None:
    answers = await asyncio.gather(*(ann("GET", "/api/v1/users/me") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


async def test_on_one_connection_no_request_sees_the_rows_of_another(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(pool_size=1), clock) as database:
        on = api_on(database)
        users = {user: caller_of(on, user) for user in ("ann", "bob")}

        async def exchange(number: int) -> None:
            user = ("ann", "bob")[number % 2]
            path = f"/api/{user}/tasks"
            if number < 20:
                assert (await users[user]("POST", path, json={"title": user})).status_code == 201
            listed = (await users[user]("GET", path)).json()
            assert {item["title"] for item in listed["items"]} == {user}
            assert {item["user_id"] for item in listed["items"]} == {user}

        await asyncio.gather(*(exchange(number) for number in range(20)))
        await asyncio.gather(*(exchange(number) for number in range(20, 220)))
        for user in users:
            assert (await users[user]("GET", f"/api/{user}/tasks")).json()["total"] == 10


async def test_no_free_connection_is_503(
    server_store: PostgresStore,
    api_on: ApiOn,
    caller_of: Caller,
    clock: AdjustableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("watchword_api.database.postgres._CONNECTION_SECONDS", 0.3)
    async with opened(server_store.location(pool_size=1), clock) as database:
        ann = caller_of(api_on(database), "ann")
        async with database.reading("bob"):
            assert await is_unavailable(ann)
        assert not await is_unavailable(ann)


async def test_connections_that_the_server_ends_are_replaced(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(pool_size=3), clock) as database:
        ann = caller_of(api_on(database), "ann")
        for _ in range(3):
            await asyncio.gather(*(ann("GET", LIST) for _ in range(6)))
            await server_store.end_connections()
            await recovered(ann)
        assert (await ann("POST", LIST, json={"title": "t"})).status_code == 201


async def test_a_database_that_takes_no_connections_is_503_until_it_takes_them_again(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(pool_size=1), clock) as database:
        ann = caller_of(api_on(database), "ann")
        assert (await ann("POST", LIST, json={"title": "before"})).status_code == 201
        await server_store.end_connections()
        await server_store.allow_connections(False)
        assert await is_unavailable(ann)
        assert await is_unavailable(ann)
        await server_store.allow_connections(True)
        await recovered(ann)


async def test_a_connection_that_ends_within_a_transaction_is_503_and_nothing_was_written(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(), clock) as database:
        await server_store.execute(
            """CREATE FUNCTION api.fall() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
               $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$""",
            "CREATE TRIGGER fall BEFORE INSERT ON api.task_changes FOR EACH ROW EXECUTE FUNCTION api.fall()",
        )
        ann = caller_of(api_on(database), "ann")
        assert await is_unavailable(ann, "POST", LIST, json={"title": "t"})
        await server_store.execute("DROP TRIGGER fall ON api.task_changes")
        await recovered(ann)
        assert (await ann("GET", LIST)).json()["total"] == 0


async def test_a_server_that_goes_away_is_503_until_it_is_back(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, monkeypatch: pytest.MonkeyPatch, log: Any
) -> None:
    async with behind_proxy(server_store, monkeypatch, seconds=2) as (proxy, database):
        on = api_on(database)
        ann, nobody = caller_of(on, "ann"), caller_of(on)
        assert not await is_unavailable(ann)
        proxy.cut()
        for _ in range(3):
            assert await is_unavailable(ann)
            assert await is_unavailable(ann, "POST", LIST, json={"title": "t"})
            assert await is_unavailable(nobody, path="/ready")
            assert await is_unavailable(ann, path=f"{LIST}/events")
        assert not await is_unavailable(nobody, path="/health")
        proxy.restore()
        await recovered(ann)
        assert not await is_unavailable(nobody, path="/ready")
        assert (await ann("POST", LIST, json={"title": "t"})).status_code == 201
    assert {line["error.type"] for line in log.of("watchword.fault")} == {"unavailable"}


async def test_a_server_that_does_not_answer_is_503_until_it_does(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with behind_proxy(server_store, monkeypatch, seconds=0.5) as (proxy, database):
        ann = caller_of(api_on(database), "ann")
        await asyncio.gather(*(ann("GET", LIST) for _ in range(2)))
        proxy.hold()
        assert await is_unavailable(ann)
        proxy.restore()
        await recovered(ann)
        assert (await ann("POST", LIST, json={"title": "t"})).status_code == 201


async def test_a_database_that_may_only_be_read_is_503_for_writes(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, clock: AdjustableClock
) -> None:
    async with opened(server_store.location(), clock):
        pass
    async with opened(server_store.location(), clock) as database:
        ann = caller_of(api_on(database), "ann")
        await server_store.execute(f"ALTER DATABASE {server_store.name} SET default_transaction_read_only = on")
        assert await is_unavailable(ann, "POST", LIST, json={"title": "t"})
        assert not await is_unavailable(ann)
        await server_store.execute(
            "SET default_transaction_read_only = off",
            f"ALTER DATABASE {server_store.name} RESET default_transaction_read_only",
        )


GIVE_UP = """
CREATE SEQUENCE api.attempts;
GRANT USAGE ON SEQUENCE api.attempts TO watchword_api;
CREATE FUNCTION api.give_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('api.attempts') <= {times} THEN RAISE EXCEPTION 'given up' USING ERRCODE = '{state}'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER give_up BEFORE INSERT ON api.task_changes FOR EACH ROW EXECUTE FUNCTION api.give_up();
"""


@pytest.mark.parametrize(("state", "times"), [("40001", 1), ("40P01", 1), ("40001", 2)])
async def test_what_the_server_gave_up_is_done_once_more(
    server_store: PostgresStore, api_on: ApiOn, caller_of: Caller, state: str, times: int
) -> None:
    async with opened(server_store.location(), fixed_clock(NOW)) as database:
        await server_store.execute(GIVE_UP.format(times=times, state=state))
        ann = caller_of(api_on(database), "ann")
        assert await is_unavailable(ann, "POST", LIST, json={"title": "t"}) is (times == 2)
        assert (await ann("GET", LIST)).json()["total"] == (0 if times == 2 else 1)


@pytest.mark.parametrize(
    ("state", "unavailable"),
    [
        *((state, True) for state in ("08006", "08003", "53300", "53100", "57P01", "57P03", "58030", "25006", "3D000")),
        *((state, True) for state in ("28P01", "28000", "25P03", "40001", "40P01", "55000", "55P03", "57014")),
        *((state, False) for state in ("23505", "42501", "42P01", "22P02", "25P02", "XX000", "57000")),
    ],
)
def test_a_state_that_time_can_cure_is_told_from_a_wrong_statement(state: str, unavailable: bool) -> None:
    fault = asyncpg.PostgresError()
    fault.sqlstate = state
    assert is_database_unavailable(fault) is unavailable
    assert isinstance(as_unavailable(fault), TransactionGivenUp) is (state in ("40001", "40P01"))


@pytest.mark.parametrize("fault", [ConnectionRefusedError(), asyncio.TimeoutError(), TimeoutError(), OSError()])
def test_a_fault_of_the_network_is_one_of_the_database(fault: Exception) -> None:
    assert is_database_unavailable(fault)


@pytest.mark.parametrize("fault", [RuntimeError(), ValueError(), asyncpg.InterfaceError("wrong argument")])
def test_a_fault_of_the_program_is_none_of_the_database(fault: Exception) -> None:
    assert not is_database_unavailable(fault)
