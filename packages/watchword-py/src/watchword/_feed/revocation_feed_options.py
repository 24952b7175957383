"""The options of a feed, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from .._address import is_private_on_its_way, origin_of_address
from .._errors import ConfigurationError
from .._keys.key_set import SharedKey
from .._keys.keys import check_key, check_secret, derive_key
from .._white_space import trimmed
from .revocation_token import derive_feed_key

FEED_PATH: Final = "/api/auth/revocations"
"""Where the plugin serves the feed, at the issuer's origin. Held against `contract/defaults.json`."""


def checked_issuer(issuer: Any) -> str:
    """Raises `ConfigurationError`."""
    if not isinstance(issuer, str) or issuer == "" or issuer != trimmed(issuer):
        raise ConfigurationError("issuer must be the text that tokens carry as iss.")
    return issuer


def checked_address(url: Any, allow_http: bool) -> str:
    """Raises `ConfigurationError`."""
    origin = origin_of_address(url) if isinstance(url, str) else None
    if isinstance(url, str) and origin is not None and (allow_http is True or is_private_on_its_way(origin)):
        return url
    raise ConfigurationError(
        "The url of the revocation feed must be an https: address, or an http: address on this machine, without a "
        "user name. Set allow_http for http: on another machine."
    )


def checked_choice(value: Any) -> Literal["closed", "open"]:
    """Raises `ConfigurationError`."""
    if value == "closed":
        return "closed"
    if value == "open":
        return "open"
    raise ConfigurationError('when_unreachable must be "closed" or "open".')


def feed_keys_of(
    *,
    secret: str | Sequence[str] | None,
    audience: str | Sequence[str] | None,
    key: str | SharedKey | Sequence[str | SharedKey] | None,
    feed_secret: str | None,
) -> tuple[str, ...]:
    """Raises `ConfigurationError`."""
    if feed_secret is not None:
        check_secret(feed_secret, "feed_secret")
        return (derive_feed_key(feed_secret),)
    texts: list[str] = []
    for given in _listed(key):
        text = given.key if isinstance(given, SharedKey) else given
        check_key(text, "key")
        texts.append(text)
    for given in _listed(secret):
        check_secret(given, "secret")
        if audience is None:
            raise ConfigurationError("The revocation feed with a secret needs the audience of this API too.")
        texts += [derive_key(given, name) for name in _listed(audience)]
    if not texts:
        raise ConfigurationError("Give the revocation feed a secret, a key or a feed_secret.")
    return tuple(derive_feed_key(text) for text in dict.fromkeys(texts))


def _listed(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
