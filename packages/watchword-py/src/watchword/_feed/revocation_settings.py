"""The options of a feed, as the environment gives them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal, TypedDict

from .._errors import ConfigurationError
from .._keys.key_set import SharedKey
from .._keys.keys import check_secret
from .._token.environment import (
    Environment,
    address_of,
    audience_from_environment,
    issuer_from_environment,
    setting,
    verifier_options_from_environment,
)
from .._white_space import trimmed
from .revocation_feed import RevocationFeed
from .revocation_feed_options import FEED_PATH


class _Openers(TypedDict, total=False):
    feed_secret: str
    key: str | SharedKey | Sequence[str | SharedKey] | None
    secret: str | Sequence[str] | None
    audience: str | Sequence[str] | None


class FeedOptions(_Openers):
    """Keyword arguments of `RevocationFeed`."""

    issuer: str
    url: str
    allow_http: bool
    when_unreachable: Literal["closed", "open"]


def feed_options_from_environment(
    environment: Environment = os.environ, otherwise: Literal["feed", "none"] = "none"
) -> FeedOptions | None:
    """Options of a feed from `REVOCATION` (`feed` or `none`; `otherwise` holds where it is absent),
    `REVOCATION_FEED_URL`, `WATCHWORD_FEED_SECRET`, `REVOCATION_WHEN_UNREACHABLE` (`closed` or `open`) and the
    settings of the verifier.

    Returns `None` for `none`. Raises `ConfigurationError` with one sentence that says what to do.
    """
    if _one_of(environment, "REVOCATION", ("feed", "none"), otherwise) == "none":
        return None
    issuer = issuer_from_environment(environment)
    url = address_of(environment, "REVOCATION_FEED_URL") or f"{issuer}{FEED_PATH}"
    openers = _openers(environment)
    when_unreachable = _one_of(environment, "REVOCATION_WHEN_UNREACHABLE", ("closed", "open"), "closed")
    return {
        "issuer": issuer,
        "url": url,
        **openers,
        # Insecure addresses were refused above, where they must be.
        "allow_http": True,
        "when_unreachable": "open" if when_unreachable == "open" else "closed",
    }


def environment_feed() -> RevocationFeed | None:
    """The feed that the environment names; `None` where it names none. Raises `ConfigurationError`."""
    options = feed_options_from_environment()
    return None if options is None else RevocationFeed(**options)


def _openers(environment: Environment) -> _Openers:
    """What opens the feed: its own secret, where there is one, else what opens the API."""
    feed_secret = setting(environment, "WATCHWORD_FEED_SECRET")
    if feed_secret is not None:
        check_secret(feed_secret, "WATCHWORD_FEED_SECRET")
        return {"feed_secret": feed_secret}
    options = verifier_options_from_environment(environment)
    openers: _Openers = {}
    if "key" in options:
        openers["key"] = options["key"]
    if "secret" in options:
        openers["secret"] = options["secret"]
        openers["audience"] = audience_from_environment(environment)
    if not openers:
        raise ConfigurationError(
            "WATCHWORD_FEED_SECRET is not set. Where tokens are signed with public keys, it opens the"
            " revocation feed: set it to what the web application has, or REVOCATION to none."
        )
    return openers


def _one_of(environment: Environment, name: str, values: tuple[str, ...], otherwise: str) -> str:
    text = trimmed(setting(environment, name) or otherwise)
    if text in values:
        return text
    raise ConfigurationError(f"{name} is not usable: set it to {' or '.join(values)}.")
