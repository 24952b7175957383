"""The options of a verifier, as the environment gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .address import is_private_on_its_way, origin_of_address
from .errors import ConfigurationError
from .keys import check_key, check_secret
from .verifier_options import VerifierOptions
from .white_space import trimmed

Environment = Mapping[str, str | None] | Mapping[str, str]
"""Settings by name, as in `os.environ`. A blank one counts as absent."""


def verifier_options_from_environment(environment: Environment) -> VerifierOptions:
    """Options of a verifier from `BETTER_AUTH_URL` (or `NEXT_PUBLIC_APP_URL`), `API_AUDIENCE` (or
    `NEXT_PUBLIC_API_URL`) and the keys: `COUNTERSIGN_KEY` alone is the only key; `COUNTERSIGN_KEYS` (`new,old`)
    verify with every key and secret beside them; otherwise `BETTER_AUTH_SECRETS` (`2:new,1:old`) and
    `BETTER_AUTH_SECRET`.

    Raises `ConfigurationError` with one sentence that says what to do.
    """
    issuer = issuer_from_environment(environment)
    audience = audience_from_environment(environment)
    options: VerifierOptions = {"issuer": issuer, "audience": audience}
    keys = _keys(environment)
    if setting(environment, "COUNTERSIGN_KEYS") is None and keys:
        return {**options, "key": keys[0]}
    secrets = _secrets(environment)
    if keys:
        options["key"] = keys
    elif not secrets:
        raise ConfigurationError(
            "BETTER_AUTH_SECRET is not set. Set it to at least 32 random characters, the same for the web "
            "application and the API, for example from: openssl rand -base64 32"
        )
    if secrets:
        options["secret"] = secrets[0] if len(secrets) == 1 else secrets
    return options


def _keys(environment: Environment) -> list[str]:
    listed = setting(environment, "COUNTERSIGN_KEYS")
    keys = [] if listed is None else [trimmed(one) for one in listed.split(",")]
    for key in keys:
        check_key(key, "An entry of COUNTERSIGN_KEYS")
    single = setting(environment, "COUNTERSIGN_KEY")
    if single is not None:
        check_key(single, "COUNTERSIGN_KEY")
        keys.append(single)
    return keys


def _secrets(environment: Environment) -> list[str]:
    """The secrets that verify, the newest first. An entry that cannot be read is never quoted."""
    listed = setting(environment, "BETTER_AUTH_SECRETS")
    secrets = []
    for entry in [] if listed is None else listed.split(","):
        version, colon, secret = trimmed(entry).partition(":")
        if not colon or not re.fullmatch(r"[0-9]{1,9}", version):
            raise ConfigurationError(
                "An entry of BETTER_AUTH_SECRETS has no version. Write <version>:<secret>, the newest first, "
                "such as 2:new,1:old"
            )
        check_secret(secret, "An entry of BETTER_AUTH_SECRETS")
        secrets.append(secret)
    single = setting(environment, "BETTER_AUTH_SECRET")
    if single is not None:
        check_secret(single, "BETTER_AUTH_SECRET")
        secrets.append(single)
    return secrets


def issuer_from_environment(environment: Environment) -> str:
    """`iss` of every token: the origin of `BETTER_AUTH_URL`, else `NEXT_PUBLIC_APP_URL`, else
    `http://localhost:<WEB_PORT>`.
    """
    return (
        _origin_of(environment, "BETTER_AUTH_URL")
        or _origin_of(environment, "NEXT_PUBLIC_APP_URL")
        or f"http://localhost:{port_from_environment(environment, 'WEB_PORT', 3000)}"
    )


def audience_from_environment(environment: Environment) -> str:
    """`aud` of API tokens: `API_AUDIENCE`, else the origin of `NEXT_PUBLIC_API_URL`, else
    `http://localhost:<API_PORT>`.
    """
    return (
        trimmed(setting(environment, "API_AUDIENCE") or "")
        or _origin_of(environment, "NEXT_PUBLIC_API_URL")
        or f"http://localhost:{port_from_environment(environment, 'API_PORT', 8000)}"
    )


def port_from_environment(environment: Environment, name: str, default: int) -> int:
    """Raises `ConfigurationError`."""
    text = trimmed(setting(environment, name) or str(default))
    if re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65_535:
        return int(text)
    raise ConfigurationError(f"{name} is not a port. Set it to a number from 1 to 65535.")


def setting(environment: Environment, name: str) -> str | None:
    """One setting as it is; `None` when it is absent or blank."""
    value = environment.get(name)
    return None if value is None or trimmed(value) == "" else value


def _origin_of(environment: Environment, name: str) -> str | None:
    text = setting(environment, name)
    if text is None:
        return None
    origin = origin_of_address(trimmed(text))
    if origin is None:
        raise ConfigurationError(f"{name} is not an address. Set it to one such as https://app.example.com")
    insecure = not is_private_on_its_way(origin)
    if insecure and environment.get("NODE_ENV") == "production" and setting(environment, "ALLOW_HTTP") != "1":
        raise ConfigurationError(
            f"{name} is an http: address outside of this machine. Use https:, or set ALLOW_HTTP=1 to send tokens in "
            "the clear."
        )
    return origin
