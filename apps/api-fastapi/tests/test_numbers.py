"""The numbers of this backend are those of the contract."""

from collections.abc import Callable
from typing import Any

import pytest

from watchword_api.configuration import configuration_from
from watchword_api.database import migrations, postgres
from watchword_api.database.open import PostgresLocation
from watchword_api.tasks import changes, event_stream, feed, watchers

SECRET = {"BETTER_AUTH_SECRET": "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"}


def test_the_numbers_of_the_database_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    numbers = contract("defaults.json")["database"]
    assert numbers["postgres_migration_lock"]["value"] == migrations._POSTGRES_MIGRATION_LOCK
    assert numbers["postgres_min_version"]["value"] * 10_000 == postgres._OLDEST_SERVER
    assert numbers["pool_wait_seconds"]["value"] == postgres._CONNECTION_SECONDS
    location = configuration_from(SECRET | {"DATABASE_URL": "postgres://localhost/x"}).database
    assert isinstance(location, PostgresLocation)
    assert location.pool_size == numbers["pool_size"]["value"]


@pytest.mark.parametrize("bound", ["min", "max"])
def test_the_bounds_of_the_pool_are_those_of_the_contract(contract: Callable[[str], Any], bound: str) -> None:
    size = contract("defaults.json")["database"]["pool_size"][bound]
    settings = SECRET | {"DATABASE_URL": "postgres://localhost/x", "DATABASE_POOL_SIZE": str(size)}
    assert configuration_from(settings).database == PostgresLocation("postgres://localhost/x", size)


def test_the_numbers_of_live_events_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    numbers = contract("defaults.json")["events"]
    assert f"retry: {numbers['retry_milliseconds']['value']}\n\n" == feed.RETRY
    assert numbers["keep_alive_seconds"]["value"] == event_stream._KEEP_ALIVE_SECONDS
    assert numbers["poll_milliseconds"]["value"] == event_stream._POLL_SECONDS * 1000
    assert numbers["kept_changes"]["value"] == changes._KEPT
    assert numbers["max_streams_per_user"]["value"] == watchers._STREAMS_OF_ONE_USER
