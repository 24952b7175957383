"""PyJWT as the oracle: whatever the verifier accepts, PyJWT accepts too, with the same claims."""

import asyncio
import json
from typing import Any

import jwt
from hypothesis import given, settings, strategies

from watchword import Verifier, WatchwordError
from watchword._token.claims import is_user_id
from watchword._token.jws import sign_hs256
from watchword.testing import fixed_clock

NOW = 1_767_225_600
KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"

VERIFIER = Verifier(issuer=ISSUER, audience=AUDIENCE, key=KEY, clock=fixed_clock(NOW), clock_tolerance_seconds=0)

leaves = strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=8)
values = strategies.recursive(leaves, lambda inner: strategies.lists(inner, max_size=3), max_leaves=6)
times = strategies.integers(NOW - 10, NOW + 10) | strategies.floats(NOW - 2, NOW + 2) | leaves
payloads = strategies.fixed_dictionaries(
    {
        "iss": strategies.just(ISSUER) | values,
        "aud": strategies.just(AUDIENCE) | strategies.just([AUDIENCE, "x"]) | values,
        "sub": strategies.just("user_a") | values,
        "exp": strategies.just(NOW + 900) | times,
        "iat": strategies.just(NOW - 60) | times,
    },
    optional={"nbf": times, "jti": values, "sid": values, "own": values},
)
headers = strategies.fixed_dictionaries(
    {}, optional={"typ": strategies.sampled_from(["at+jwt", "JWT", "AT+JWT"]), "own": values, "crit": values}
)


async def verified(token: str) -> dict[str, Any] | None:
    try:
        identity = await VERIFIER.verify(token)
    except WatchwordError:
        return None
    return dict(identity.claims)


def decoded(token: str) -> dict[str, Any]:
    """By PyJWT, without its times: it can be given no clock, and compares whole seconds only."""
    options: Any = {"require": ["iss", "aud", "sub", "exp", "iat"]}
    options |= {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(
        token, KEY, algorithms=["HS256"], audience=AUDIENCE, issuer=ISSUER, options=options
    )
    return claims


def thawed(value: Any) -> Any:
    return json.loads(json.dumps(value))


@settings(max_examples=400, deadline=None)
@given(payloads, headers)
def test_what_the_verifier_accepts_the_oracle_accepts(payload: dict[str, Any], header: dict[str, Any]) -> None:
    token = sign_hs256(key=KEY, payload=payload, header=header)
    claims = asyncio.run(verified(token))
    if claims is not None:
        assert decoded(token) == thawed(claims)
        assert claims["exp"] > NOW
        assert claims["iat"] <= NOW


@settings(max_examples=100, deadline=None)
@given(strategies.text(min_size=1, max_size=300))
def test_a_token_of_the_oracle_is_accepted_exactly_for_user_ids(subject: str) -> None:
    payload = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": NOW, "exp": NOW + 60}
    token = jwt.encode(payload, KEY, algorithm="HS256", headers={"typ": "at+jwt"})
    assert (asyncio.run(verified(token)) is not None) == is_user_id(subject)
