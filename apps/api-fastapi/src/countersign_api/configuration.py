"""Everything this process is told from outside."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from countersign import (
    ConfigurationError,
    Environment,
    FeedSettings,
    VerifierOptions,
    feed_settings_from_environment,
    issuer_from_environment,
    verifier_options_from_environment,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings once checked."""

    verifier: VerifierOptions
    revocation: FeedSettings | None
    """Where the issuer tells what it revoked; `None` where nobody asks."""
    host: str
    port: int
    database_folder: Path
    """The folder of the embedded database, absolute."""
    cors_origins: tuple[str, ...]
    auth_failures_per_minute: int


def configuration_from(environment: Environment) -> Configuration:
    """Reads the settings; a blank one counts as absent.

    Raises `ConfigurationError` with one sentence that says what to do.
    """
    return Configuration(
        verifier=verifier_options_from_environment(environment),
        revocation=feed_settings_from_environment(environment, "feed"),
        host=_setting(environment, "HOST") or "127.0.0.1",
        port=_integer(environment, "API_PORT", default=8000, largest=65_535),
        database_folder=_database_folder(_setting(environment, "DATABASE_URL") or "file:./data"),
        cors_origins=_origins(_setting(environment, "CORS_ORIGINS") or issuer_from_environment(environment)),
        auth_failures_per_minute=_integer(environment, "AUTH_FAILURES_PER_MINUTE", default=300, largest=1_000_000),
    )


def _database_folder(url: str) -> Path:
    """`file:<path>` is a path as written, from the working directory; `file://…` is a URL."""
    path = _path_of_file_url(url) if url.startswith("file://") else url.removeprefix("file:")
    if not url.startswith("file:") or path == "" or "\0" in path:
        raise ConfigurationError("DATABASE_URL names no folder: set it to file:<path>, such as file:./data.")
    return Path(os.path.abspath(path))


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


def _integer(environment: Environment, name: str, *, default: int, largest: int) -> int:
    text = _setting(environment, name) or str(default)
    if re.fullmatch(r"[0-9]{1,9}", text) and 1 <= int(text) <= largest:
        return int(text)
    raise ConfigurationError(f"{name} is not usable: set it to a whole number from 1 to {largest}.")


def _setting(environment: Environment, name: str) -> str | None:
    return (environment.get(name) or "").strip() or None
