"""The options of a verifier, as the environment gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

from .errors import ConfigurationError
from .keys import check_key, check_secret
from .verifier_options import VerifierOptions
from .white_space import trimmed

Environment = Mapping[str, str | None] | Mapping[str, str]
"""Settings by name, as in `os.environ`. A blank one counts as absent."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127(\.\d+){3}|\[::1\]")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
# White space, which parsers drop in different places, and letters that IDNA 2003 (Python) and 2008 (browsers) map
# apart.
_UNCLEAR = re.compile("[\u0000-\u0020\u007fßς\u200c\u200d]")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


def verifier_options_from_environment(environment: Environment) -> VerifierOptions:
    """Options of a verifier from `BETTER_AUTH_URL` (or `NEXT_PUBLIC_APP_URL`), `API_AUDIENCE` (or
    `NEXT_PUBLIC_API_URL`) and `COUNTERSIGN_KEY`, else `BETTER_AUTH_SECRET`. With `COUNTERSIGN_KEY` set,
    `BETTER_AUTH_SECRET` is not used.

    Raises `ConfigurationError` with one sentence that says what to do.
    """
    issuer = issuer_from_environment(environment)
    audience = audience_from_environment(environment)
    key = setting(environment, "COUNTERSIGN_KEY")
    if key is not None:
        check_key(key, "COUNTERSIGN_KEY")
        return {"issuer": issuer, "audience": audience, "key": key}
    secret = setting(environment, "BETTER_AUTH_SECRET")
    if secret is None:
        raise ConfigurationError(
            "BETTER_AUTH_SECRET is not set. Set it to at least 32 random characters, the same for the web "
            "application and the API, for example from: openssl rand -base64 32"
        )
    check_secret(secret, "BETTER_AUTH_SECRET")
    return {"issuer": issuer, "audience": audience, "secret": secret}


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


def origin_of_address(text: str) -> str | None:
    """The origin of an `http:` or `https:` address as a browser writes it; `None` for anything else."""
    if _UNCLEAR.search(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or host is None or "@" in parts.netloc:
        return None
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def _origin_of(environment: Environment, name: str) -> str | None:
    text = setting(environment, name)
    if text is None:
        return None
    origin = origin_of_address(trimmed(text))
    if origin is None:
        raise ConfigurationError(f"{name} is not an address. Set it to one such as https://app.example.com")
    host = re.sub(r":\d+\Z", "", origin.partition("//")[2])
    insecure = origin.startswith("http:") and _LOOPBACK.fullmatch(host) is None
    if insecure and environment.get("NODE_ENV") == "production" and setting(environment, "ALLOW_HTTP") != "1":
        raise ConfigurationError(
            f"{name} is an http: address outside of this machine. Use https:, or set ALLOW_HTTP=1 to send tokens in "
            "the clear."
        )
    return origin


def _host(name: str) -> str | None:
    """A host as a browser writes it: lower case, punycode, addresses in their usual form."""
    if ":" in name:
        return f"[{IPv6Address(name).compressed}]"
    ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    lower = ascii_name.lower()
    if _HOST_NAME.fullmatch(lower) is None:
        return None
    if _NUMERIC_LABEL.fullmatch(lower.rstrip(".").rpartition(".")[2]):
        try:
            return str(IPv4Address(lower))
        except AddressValueError:
            return None
    return lower
