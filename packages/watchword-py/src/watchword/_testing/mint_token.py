"""Tokens without an issuer."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from typing import Any

from .._clock import Clock, system_clock
from .._errors import ConfigurationError
from .._keys.keys import derive_key
from .._token.jws import sign_hs256

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
