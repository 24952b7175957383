"""Everything this process is told from outside."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watchword import (
    ConfigurationError,
    Environment,
    FeedOptions,
    VerifierOptions,
    feed_options_from_environment,
    issuer_from_environment,
    verifier_options_from_environment,
)

from .chat.model_setting import ModelSetting, model_setting_from
from .database.open import DatabaseLocation, PostgresLocation, SqliteLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings once checked."""

    verifier: VerifierOptions
    revocation: FeedOptions | None
    """Where the issuer tells what it revoked; `None` where nobody asks."""
    host: str
    port: int
    database: DatabaseLocation
    cors_origins: tuple[str, ...]
    auth_failures_per_minute: int
    show_verification: bool
    """`SHOW_VERIFICATION=1`: answers tell accepted callers how their token was verified."""
    model: ModelSetting | None
    """The language model of the assistant, if there is one."""


def configuration_from(environment: Environment) -> Configuration:
    """Reads the settings; a blank one counts as absent.

    Raises `ConfigurationError` with one sentence that says what to do.
    """
    return Configuration(
        verifier=verifier_options_from_environment(environment),
        revocation=feed_options_from_environment(environment, "feed"),
        host=_setting(environment, "HOST") or "127.0.0.1",
        port=_integer(environment, "API_PORT", default=8000, largest=65_535),
        database=_database_location(environment),
        cors_origins=_origins(_setting(environment, "CORS_ORIGINS") or issuer_from_environment(environment)),
        auth_failures_per_minute=_integer(environment, "AUTH_FAILURES_PER_MINUTE", default=300, largest=1_000_000),
        show_verification=_integer(environment, "SHOW_VERIFICATION", default=0, smallest=0, largest=1) == 1,
        model=model_setting_from(environment),
    )


def _database_location(environment: Environment) -> DatabaseLocation:
    """The embedded database in a folder, or a PostgreSQL server. `DATABASE_POOL_SIZE` is PostgreSQL's alone."""
    url = _setting(environment, "DATABASE_URL") or "file:./data"
    pool_size = _integer(environment, "DATABASE_POOL_SIZE", default=10, largest=1000)
    if url.startswith("file:"):
        return SqliteLocation(_folder(url))
    if url.startswith(("postgres://", "postgresql://")) and _is_url(url):
        return PostgresLocation(url, pool_size)
    raise _unusable_database_url()


def _folder(url: str) -> Path:
    """`file:<path>` is a path as written, from the working directory; `file://…` is a URL."""
    path = _path_of_file_url(url) if url.startswith("file://") else url.removeprefix("file:")
    if path == "" or "\0" in path:
        raise _unusable_database_url()
    return Path(os.path.abspath(path))


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _unusable_database_url() -> ConfigurationError:
    """The address may hold a password, so it is not quoted."""
    return ConfigurationError(
        "DATABASE_URL names no database: set it to file:<folder>, such as file:./data, "
        "or to postgres://<user>:<password>@<host>/<database>."
    )


def _path_of_file_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.netloc not in ("", "localhost") or "%2f" in parts.path.lower():
        return ""
    return unquote(parts.path)


def _origins(listed: str) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in listed.split(","))
    if all(_is_origin(origin) for origin in origins):
        return origins
    raise ConfigurationError(
        "CORS_ORIGINS holds something that is not an origin: list origins such as https://app.example.com, "
        "without a path or a trailing slash, separated by commas."
    )


def _is_origin(text: str) -> bool:
    """Whether the text is an origin as a browser sends it: what the issuer of that address would be."""
    try:
        return issuer_from_environment({"BETTER_AUTH_URL": text or "-"}) == text
    except ConfigurationError:
        return False


def _integer(environment: Environment, name: str, *, default: int, smallest: int = 1, largest: int) -> int:
    text = _setting(environment, name) or str(default)
    if re.fullmatch(r"[0-9]{1,9}", text) and smallest <= int(text) <= largest:
        return int(text)
    raise ConfigurationError(f"{name} is not usable: set it to a whole number from {smallest} to {largest}.")


def _setting(environment: Environment, name: str) -> str | None:
    return (environment.get(name) or "").strip() or None
