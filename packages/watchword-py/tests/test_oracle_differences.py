"""Every kind of token that PyJWT accepts and this verifier refuses, with the reason. Any other kind fails here."""

import asyncio
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import given, settings

from watchword import WatchwordError
from watchword._token.jws import encode_members, sign_hs256

from .test_oracle import KEY, NOW, VERIFIER, decoded, headers, payloads

GOOD = {
    "iss": "https://auth.example.test",
    "aud": "https://api.example.test",
    "sub": "user_a",
    "iat": NOW - 60,
    "exp": NOW + 900,
}


def minted(header: dict[str, Any] | None = None, **changes: Any) -> str:
    return sign_hs256(key=KEY, payload={**GOOD, **changes}, header=header)


def doubled_member() -> str:
    """PyJWT takes the last of two."""
    payload = encode_members(GOOD)
    text = jwt.utils.base64url_decode(payload).decode()[:-1] + ',"sub":"user_b"}'
    return jwt.api_jws.encode(text.encode(), KEY, algorithm="HS256", headers={"typ": "at+jwt"})


# What is refused (code, claim) → why, and a token that shows it.
DIFFERENCES: dict[tuple[str, str | None], tuple[str, Callable[[], str]]] = {
    ("malformed", None): ("two members of one name mean two things to two readers", doubled_member),
    ("unknown_key", None): ("a kid names a key, or none", lambda: minted({"kid": "other"})),
    ("wrong_type", None): ("other kinds of JWT are signed with the same key", lambda: minted({"typ": "JWT"})),
    ("invalid_claim", "sub"): ("a user id is one path segment and looks like no other", lambda: minted(sub="a/b")),
    ("invalid_claim", "jti"): ("it can be looked up and logged", lambda: minted(jti="")),
    ("invalid_claim", "sid"): ("it can be looked up and logged", lambda: minted(sid=1)),
    ("invalid_claim", "exp"): ("a lifetime has an end, and a time is a number", lambda: minted(exp="9999999999")),
    ("invalid_claim", "nbf"): ("a time is a number", lambda: minted(nbf="1")),
    ("invalid_claim", "iat"): ("a time is a number", lambda: minted(iat="1")),
    ("expired", "exp"): ("times are compared here: the oracle is given no clock", lambda: minted(exp=NOW)),
    ("not_yet_valid", "nbf"): ("times are compared here: the oracle is given no clock", lambda: minted(nbf=NOW + 1)),
    ("not_yet_valid", "iat"): ("times are compared here: the oracle is given no clock", lambda: minted(iat=NOW + 1)),
    ("sender_constrained", "cnf"): ("a bound token is no bearer token", lambda: minted(cnf={})),
}


def refusal_of(token: str) -> tuple[str, str | None] | None:
    try:
        asyncio.run(VERIFIER.verify(token))
    except WatchwordError as refusal:
        return refusal.code, refusal.claim
    return None


def oracle_accepts(token: str) -> bool:
    try:
        decoded(token)
    except jwt.PyJWTError:
        return False
    return True


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_a_listed_difference_is_one(difference: tuple[str, str | None]) -> None:
    token = DIFFERENCES[difference][1]()
    assert refusal_of(token) == difference
    assert oracle_accepts(token)


@settings(max_examples=600, deadline=None)
@given(payloads, headers)
def test_what_is_refused_and_the_oracle_accepts_is_listed(payload: dict[str, Any], header: dict[str, Any]) -> None:
    token = sign_hs256(key=KEY, payload=payload, header=header)
    refusal = refusal_of(token)
    if refusal is not None and oracle_accepts(token):
        assert refusal in DIFFERENCES
