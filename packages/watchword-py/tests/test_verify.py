"""What an accepted token gives, and what the operator learns of a refused one."""

import base64
import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sample_token import KEY

from watchword import ConfigurationError, RejectEvent, Verifier, WatchwordError, compute_key_id, derive_key
from watchword.testing import OMITTED, AdjustableClock

pytestmark = pytest.mark.anyio

Mint = Callable[..., str]
CodeOf = Callable[..., Awaitable[str]]

NOW = 1_767_225_600


async def test_a_good_token_gives_the_identity(mint: Mint, verifier_with: Callable[..., Verifier]) -> None:
    token = mint(sid="s1", jti="t1", email="a@example.test", name="A", role="admin", scope="a  b", own={"x": [1]})
    identity = await verifier_with().verify(token)
    assert (identity.user_id, identity.session_id, identity.token_id) == ("user_a", "s1", "t1")
    assert (identity.email, identity.name, identity.role) == ("a@example.test", "A", "admin")
    assert identity.scopes == ("a", "b")
    assert identity.issuer == "https://auth.example.test"
    assert identity.audience == ("https://api.example.test",)
    assert (identity.issued_at, identity.expires_at) == (NOW, NOW + 900)
    assert identity.claims["own"]["x"] == (1,)


async def test_the_identity_is_frozen_at_every_level(mint: Mint, verifier_with: Callable[..., Verifier]) -> None:
    identity = await verifier_with().verify(mint(own={"x": {}}))
    with pytest.raises(AttributeError):
        identity.user_id = "user_b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        identity.claims["sub"] = "user_b"  # type: ignore[index]
    with pytest.raises(TypeError):
        identity.claims["own"]["x"]["y"] = 1


async def test_an_optional_claim_of_another_type_is_left_out(
    mint: Mint, verifier_with: Callable[..., Verifier]
) -> None:
    identity = await verifier_with().verify(mint(email=1, name=[], role=["admin"], scope=["a"]))
    assert (identity.email, identity.name, identity.role, identity.scopes) == (None, None, None, ())


async def test_a_verifier_with_the_secret_accepts_what_the_derived_key_signed(
    mint: Mint, verifier_with: Callable[..., Verifier]
) -> None:
    secret, audience = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa", "https://api.example.test"
    verifier = verifier_with(key=None, secret=secret)
    assert (await verifier.verify(mint(key=derive_key(secret, audience)))).user_id == "user_a"


async def test_a_token_signed_with_the_raw_secret_is_no_api_token(mint: Mint, code_of: CodeOf) -> None:
    secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
    token = mint(key=secret, header={"kid": OMITTED})
    assert await code_of(token, key=None, secret=secret) == "bad_signature"


async def test_the_operator_learns_the_code_the_claim_and_a_wrong_audience_but_no_other_value(
    mint: Mint, verifier_with: Callable[..., Verifier]
) -> None:
    events: list[RejectEvent] = []
    with pytest.raises(WatchwordError):
        await verifier_with(on_reject=events.append).verify(mint(aud="https://other.example.test"))
    audiences = {"audience": "https://other.example.test", "expected_audience": "https://api.example.test"}
    header = {"alg": "HS256", "kid": compute_key_id(KEY)}
    assert events == [RejectEvent(code="wrong_audience", claim="aud", **header, **audiences, at=NOW)]


async def test_a_listener_that_raises_does_not_change_the_verdict(mint: Mint, code_of: CodeOf) -> None:
    def fail(_event: RejectEvent) -> None:
        raise RuntimeError

    assert await code_of(mint(exp=NOW - 60), on_reject=fail) == "expired"


async def test_a_clock_that_raises_refuses_the_token(mint: Mint, code_of: CodeOf) -> None:
    class Broken:
        def now(self) -> float:
            raise OSError

    assert await code_of(mint(), clock=Broken()) == "internal_error"


async def test_the_same_token_expires_as_time_passes(mint: Mint, code_of: CodeOf, clock: AdjustableClock) -> None:
    token = mint()
    assert await code_of(token) == "accepted"
    clock.advance(904)
    assert await code_of(token) == "accepted"
    clock.advance(1)
    assert await code_of(token) == "expired"


@pytest.mark.parametrize(
    "options",
    [
        {"key": None},
        {"key": "short"},
        {"key": None, "secret": "a" * 64},
        {"issuer": ""},
        {"issuer": " x"},
        {"audience": ""},
        {"audience": []},
        {"audience": [1]},
        {"algorithms": []},
        {"algorithms": ["none"]},
        {"algorithms": ["HS256", "none"]},
        {"algorithms": "HS256"},
        {"accepted_types": []},
        {"accepted_types": "at+jwt"},
        {"required_claims": "sid"},
        {"required_claims": None},
        {"required_claims": [1]},
        {"required_claims": [""]},
        {"accepted_types": [1]},
        {"accepted_types": [None, ""]},
        {"clock_tolerance_seconds": None},
        {"max_lifetime_seconds": None},
        {"max_token_bytes": None},
        {"max_json_depth": None},
        {"clock_tolerance_seconds": -1},
        {"clock_tolerance_seconds": 61},
        {"clock_tolerance_seconds": math.nan},
        {"clock_tolerance_seconds": True},
        {"max_lifetime_seconds": 0},
        {"max_token_bytes": 0},
        {"max_json_depth": 1000},
    ],
)
async def test_a_configuration_that_cannot_be_right_makes_no_verifier(
    verifier_with: Callable[..., Verifier], options: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        verifier_with(**options)


async def test_nothing_but_a_refusal_leaves_the_verifier(verifier_with: Callable[..., Verifier], mint: Mint) -> None:
    token = mint()
    for position in range(len(token)):
        for character in ("A", ".", "é", "\ud800"):
            damaged = token[:position] + character + token[position + 1 :]
            if damaged != token:
                with pytest.raises(WatchwordError):
                    await verifier_with().verify(damaged)


def test_the_header_of_a_minted_token_names_its_key(mint: Mint) -> None:
    header = json.loads(base64.urlsafe_b64decode(mint().partition(".")[0] + "=="))
    assert header == {"alg": "HS256", "kid": compute_key_id(KEY), "typ": "at+jwt"}
