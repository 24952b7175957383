"""The settings that hold shared keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypedDict

from .._errors import ConfigurationError
from .._white_space import trimmed
from .keys import check_key, check_secret

_NUMBERED_SECRET = re.compile(r"([0-9]{1,9}):(.*)", re.DOTALL)


class SharedKeyOptions(TypedDict, total=False):
    """What verifies: keys as they are, and secrets that keys are derived from."""

    key: str | list[str]
    secret: str | list[str]


def shared_key_options(
    *,
    key: str | None = None,
    keys: str | None = None,
    secret: str | None = None,
    secrets: str | None = None,
) -> SharedKeyOptions:
    """From `WATCHWORD_KEY`, `WATCHWORD_KEYS` (`new,old`), `BETTER_AUTH_SECRET` and `BETTER_AUTH_SECRETS`
    (`2:new,1:old`), each `None` where it is absent.

    `WATCHWORD_KEY` stands alone; `WATCHWORD_KEYS` is a rotation, in which what is beside it verifies too; without
    either the secrets do. The order is that of the settings: new before old. Raises `ConfigurationError` that names the
    setting, and an entry by its place; a value is never quoted.
    """
    if key is not None:
        check_key(key, "WATCHWORD_KEY")
        if keys is None:
            return {"key": key}
    derived = _secrets_of(secret, secrets)
    if keys is not None:
        options: SharedKeyOptions = {"key": [*_entries(keys, check_key, "WATCHWORD_KEYS")]}
        if key is not None:
            options["key"] = [*options["key"], key]
        if derived:
            options["secret"] = derived
        return options
    if not derived:
        raise ConfigurationError(
            "BETTER_AUTH_SECRET is not set. Set it to at least 32 random characters, the same for the web "
            "application and the API, for example from: openssl rand -base64 32"
        )
    return {"secret": derived[0] if len(derived) == 1 else derived}


def _secrets_of(single: str | None, listed: str | None) -> list[str]:
    numbered = [] if listed is None else [_numbered(entry, place) for place, entry in _places(listed)]
    if len({version for version, _ in numbered}) < len(numbered):
        raise ConfigurationError("BETTER_AUTH_SECRETS names one version twice. Give every entry its own number.")
    secrets = [secret for _, secret in numbered]
    if single is not None:
        check_secret(single, "BETTER_AUTH_SECRET")
        secrets.append(single)
    return secrets


def _numbered(entry: str, place: int) -> tuple[int, str]:
    name = f"BETTER_AUTH_SECRETS, entry {place},"
    found = _NUMBERED_SECRET.fullmatch(entry)
    if found is None:
        raise ConfigurationError(f"{name} is not of the form <number>:<secret>, as in: 2:new,1:old")
    secret = trimmed(found[2])
    check_secret(secret, name)
    return int(found[1]), secret


def _entries(listed: str, check: Callable[[str, str], None], name: str) -> list[str]:
    for place, entry in _places(listed):
        check(entry, f"{name}, entry {place},")
    return [entry for _, entry in _places(listed)]


def _places(listed: str) -> list[tuple[int, str]]:
    return [(place, trimmed(entry)) for place, entry in enumerate(listed.split(","), start=1)]
