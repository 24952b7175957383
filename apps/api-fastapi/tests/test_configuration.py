from pathlib import Path

import pytest
from watchword import ConfigurationError

from watchword_api.configuration import configuration_from
from watchword_api.database.open import PostgresLocation, SqliteLocation

SECRET = {"BETTER_AUTH_SECRET": "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"}


def test_the_defaults_are_those_of_the_contract(contract: object) -> None:
    settings = contract("defaults.json")  # type: ignore[operator]
    configuration = configuration_from(SECRET)
    assert configuration.port == settings["settings"]["API_PORT"]["value"]
    assert configuration.host == settings["settings"]["HOST"]["value"]
    assert configuration.database == SqliteLocation(Path.cwd() / "data")
    assert configuration.cors_origins == ("http://localhost:3000",)
    assert configuration.auth_failures_per_minute == settings["http"]["auth_failures_per_minute"]["value"]
    assert configuration.show_verification is bool(settings["settings"]["SHOW_VERIFICATION"]["value"])


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("file:./data", Path.cwd() / "data"),
        ("file:a b", Path.cwd() / "a b"),
        ("file:/var/lib/x", Path("/var/lib/x")),
        ("file:///var/a%20b", Path("/var/a b")),
        ("file://localhost/var/x", Path("/var/x")),
    ],
)
def test_the_database_url_names_a_folder(url: str, folder: Path) -> None:
    assert configuration_from(SECRET | {"DATABASE_URL": url}).database == SqliteLocation(folder)


@pytest.mark.parametrize("url", ["postgres://localhost/x", "postgresql://u:p%40@db.example:5433/x?sslmode=require"])
def test_the_database_url_names_a_server(url: str) -> None:
    assert configuration_from(SECRET | {"DATABASE_URL": url}).database == PostgresLocation(url, 10)
    sized = configuration_from(SECRET | {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "3"}).database
    assert sized == PostgresLocation(url, 3)


def test_an_address_is_never_shown() -> None:
    shown = repr(configuration_from(SECRET | {"DATABASE_URL": "postgres://u:hunter2@localhost/x"}))
    assert "hunter2" not in shown
    with pytest.raises(ConfigurationError) as refused:
        configuration_from(SECRET | {"DATABASE_URL": "mysql://u:hunter2@localhost/x"})
    assert "hunter2" not in str(refused.value)


def test_origins_are_a_list() -> None:
    listed = SECRET | {"CORS_ORIGINS": "https://a.example.com, http://localhost:3000"}
    assert configuration_from(listed).cors_origins == ("https://a.example.com", "http://localhost:3000")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgres:localhost"),
        ("DATABASE_URL", "postgres://localhost:port/x"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "1001"),
        ("DATABASE_URL", "file:"),
        ("DATABASE_URL", "file://host/x"),
        ("DATABASE_URL", "./data"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example.com/"),
        ("CORS_ORIGINS", "https://a.example.com,"),
        ("CORS_ORIGINS", "null"),
        ("API_PORT", "0"),
        ("API_PORT", "80a"),
        ("API_PORT", "65536"),
        ("AUTH_FAILURES_PER_MINUTE", "0"),
        ("AUTH_FAILURES_PER_MINUTE", "many"),
        ("SHOW_VERIFICATION", "2"),
        ("SHOW_VERIFICATION", "yes"),
        ("BETTER_AUTH_SECRET", "short"),
        ("BETTER_AUTH_URL", "nonsense"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(setting: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{setting} "):
        configuration_from(SECRET | {setting: value})
