"""The options of a verifier, as the environment gives them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from .._address import is_private_on_its_way, origin_of_address, without_slash
from .._errors import ConfigurationError
from .._keys.key_settings import shared_key_options
from .._white_space import trimmed
from .verifier_options import VerifierOptions

Environment = Mapping[str, str | None] | Mapping[str, str]
"""Settings by name, as in `os.environ`. A blank one counts as absent."""


def verifier_options_from_environment(environment: Environment = os.environ) -> VerifierOptions:
    """Options of a verifier from `BETTER_AUTH_URL` (or `NEXT_PUBLIC_APP_URL`), `API_AUDIENCE` (or
    `NEXT_PUBLIC_API_URL`), `JWKS_URL` and the settings of `shared_key_options`, of which `JWKS_URL` alone needs none.

    Raises `ConfigurationError` with one sentence that says what to do.
    """
    jwks_url = _key_set_address(environment)
    options: VerifierOptions = {
        "issuer": issuer_from_environment(environment),
        "audience": audience_from_environment(environment),
    }
    if jwks_url is not None:
        options["jwks_url"] = jwks_url
        # An insecure address was refused above, unless it may be one.
        if not is_private_on_its_way(origin_of_address(jwks_url) or ""):
            options["allow_http"] = True
    shared = {
        "key": setting(environment, "WATCHWORD_KEY"),
        "keys": setting(environment, "WATCHWORD_KEYS"),
        "secret": setting(environment, "BETTER_AUTH_SECRET"),
        "secrets": setting(environment, "BETTER_AUTH_SECRETS"),
    }
    if jwks_url is not None and all(one is None for one in shared.values()):
        return options
    keys = shared_key_options(**shared)
    if "key" in keys:
        options["key"] = keys["key"]
    if "secret" in keys:
        options["secret"] = keys["secret"]
    return options


def issuer_from_environment(environment: Environment = os.environ) -> str:
    """`iss` of every token: the origin of `BETTER_AUTH_URL`, else `NEXT_PUBLIC_APP_URL`, else
    `http://localhost:<WEB_PORT>`, but not where `NODE_ENV` is `production`.
    """
    return (
        _origin_of(environment, "BETTER_AUTH_URL")
        or _origin_of(environment, "NEXT_PUBLIC_APP_URL")
        or _local_address(environment, "BETTER_AUTH_URL", port_from_environment(environment, "WEB_PORT", 3000))
    )


def audience_from_environment(environment: Environment = os.environ) -> str:
    """`aud` of API tokens: `API_AUDIENCE` (of an address alone without the slash at its end), else the origin of
    `NEXT_PUBLIC_API_URL`, else `http://localhost:<API_PORT>`, but not where `NODE_ENV` is `production`.
    """
    return (
        without_slash(trimmed(setting(environment, "API_AUDIENCE") or ""))
        or _origin_of(environment, "NEXT_PUBLIC_API_URL")
        or _local_address(environment, "API_AUDIENCE", port_from_environment(environment, "API_PORT", 8000))
    )


def _local_address(environment: Environment, name: str, port: int) -> str:
    """Raises `ConfigurationError` in production, where each side would take its own machine for the address."""
    if environment.get("NODE_ENV") != "production":
        return f"http://localhost:{port}"
    raise ConfigurationError(
        f"{name} is not set. A deployed application needs it: set it to the same address for the web application and "
        "for the API."
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


def _key_set_address(environment: Environment) -> str | None:
    """Where public keys are published. What is fetched in the clear from elsewhere could be anyone's keys: only
    `ALLOW_HTTP=1` lets it.
    """
    text = setting(environment, "JWKS_URL")
    if text is None:
        return None
    origin = origin_of_address(trimmed(text))
    if origin is not None and (is_private_on_its_way(origin) or setting(environment, "ALLOW_HTTP") == "1"):
        return trimmed(text)
    raise ConfigurationError(
        "JWKS_URL must be an https: address, or an http: address on this machine, without a user name, such as "
        "https://app.example.com/api/auth/jwks. Set ALLOW_HTTP=1 for http: on another machine."
    )


def address_of(environment: Environment, name: str) -> str | None:
    """An address as it is written; `None` when it is absent. Raises `ConfigurationError` for what is no address, and
    for one to which tokens would travel in the clear.
    """
    return None if _origin_of(environment, name) is None else trimmed(setting(environment, name) or "")


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
