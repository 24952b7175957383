"""For tests that run without Better Auth: a clock that stands still, tokens, and an issuer that publishes keys. As
fixtures for pytest they are in `watchword.pytest_plugin`.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .clock import Clock, system_clock
from .errors import ConfigurationError
from .jws import OMITTED, sign_hs256
from .keys import derive_key

if TYPE_CHECKING:
    from .fake_issuer import FakeIssuer

__all__ = ["OMITTED", "AdjustableClock", "FakeIssuer", "fixed_clock", "mint_token"]


class AdjustableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, epoch_seconds: float) -> None:
        self._now = epoch_seconds

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves the clock; a negative number moves it back."""
        self._now += seconds


def fixed_clock(epoch_seconds: float) -> AdjustableClock:
    """A clock that stands at `epoch_seconds` since 1970-01-01T00:00:00Z."""
    return AdjustableClock(epoch_seconds)


_DEFAULT_AUDIENCE = "http://localhost:8000"


def mint_token(
    *,
    secret: str | None = None,
    key: str | None = None,
    header: Mapping[str, Any] | None = None,
    clock: Clock = system_clock,
    **claims: Any,
) -> str:
    """A token as the issuer makes it. Nothing is checked, so that bad tokens can be minted too.

    `secret` is `BETTER_AUTH_SECRET`, from which the key is derived for the claim `aud`; `key` is `WATCHWORD_KEY` and
    comes first. `header` changes the header `{ alg: "HS256", kid, typ: "at+jwt" }`. Every other argument is a claim.
    `OMITTED` leaves a claim or header member out, `None` is `null`.

    Defaults: `iss` `http://localhost:3000`, `aud` `http://localhost:8000`, `sub` `user_1`, `iat` now, `exp` 900 s
    later, fresh `jti` and `sid`.
    """
    payload = {**default_claims(clock), **claims}
    if key is None and secret is not None:
        key = derive_key(secret, _first_audience(payload["aud"]))
    if key is None:
        raise ConfigurationError("Give mint_token a secret or a key.")
    return sign_hs256(key=key, payload=payload, header=header)


def _first_audience(aud: object) -> str:
    """The audience that a key is derived for; the default where a bad token names none."""
    first = aud[0] if isinstance(aud, list) and aud else aud
    return first if isinstance(first, str) and first != "" else _DEFAULT_AUDIENCE


def default_claims(clock: Clock) -> dict[str, Any]:
    """What a token says where its test does not."""
    issued_at = math.floor(clock.now())
    return {
        "iss": "http://localhost:3000",
        "aud": _DEFAULT_AUDIENCE,
        "sub": "user_1",
        "iat": issued_at,
        "exp": issued_at + 900,
        "jti": str(uuid.uuid4()),
        "sid": str(uuid.uuid4()),
    }


def __getattr__(name: str) -> Any:
    # Only who has public keys needs the package `cryptography`.
    if name == "FakeIssuer":
        from .fake_issuer import FakeIssuer  # noqa: PLC0415

        return FakeIssuer
    raise AttributeError(name)
