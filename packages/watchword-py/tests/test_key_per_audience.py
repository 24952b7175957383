from collections.abc import Sequence
from typing import Any

import pytest

from watchword import ConfigurationError, Verifier, WatchwordError, derive_key
from watchword.testing import OMITTED, fixed_clock, mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
ISSUER = "https://auth.example.test"
FIRST, SECOND = "https://first.example.test", "https://second.example.test"
CLOCK = fixed_clock(1_767_225_600)


def mint(aud: object, key: str | None = None) -> str:
    return mint_token(secret=None if key else SECRET, key=key, clock=CLOCK, iss=ISSUER, aud=aud)


async def verdict(token: str, audience: str | Sequence[str]) -> str:
    verifier = Verifier(issuer=ISSUER, audience=audience, secret=SECRET, clock=CLOCK)
    try:
        await verifier.verify(token)
    except WatchwordError as refusal:
        return refusal.code
    return "accepted"


async def test_a_derived_key_verifies_tokens_of_its_audience() -> None:
    assert await verdict(mint(FIRST), FIRST) == "accepted"
    assert await verdict(mint([FIRST, SECOND]), FIRST) == "accepted"


async def test_a_derived_key_is_unknown_to_the_verifier_of_another_audience() -> None:
    assert await verdict(mint(FIRST), SECOND) == "unknown_key"
    assert await verdict(mint(SECOND, derive_key(SECRET, FIRST)), SECOND) == "unknown_key"


async def test_a_derived_key_makes_no_token_for_the_other_audience_where_a_verifier_takes_both() -> None:
    both = [FIRST, SECOND]
    assert await verdict(mint(FIRST), both) == "accepted"
    assert await verdict(mint(SECOND), both) == "accepted"
    assert await verdict(mint(SECOND, derive_key(SECRET, FIRST)), both) == "wrong_audience"
    assert await verdict(mint([SECOND], derive_key(SECRET, FIRST)), both) == "wrong_audience"


async def test_a_derived_key_is_the_one_of_the_audience_without_the_slash_at_its_end_as_the_plugin_writes_it() -> None:
    assert await verdict(mint(FIRST), f"{FIRST}/") == "accepted"
    assert await verdict(mint(FIRST), [SECOND, f"{FIRST}/"]) == "accepted"
    assert await verdict(mint(f"{FIRST}/"), FIRST) == "unknown_key"
    verifier = Verifier(issuer=f"{ISSUER}/", audience=FIRST, secret=SECRET, clock=CLOCK)
    assert (await verifier.verify(mint(FIRST))).user_id == "user_1"


def test_a_derived_key_needs_an_audience() -> None:
    with pytest.raises(ConfigurationError, match="set audience"):
        Verifier(issuer=ISSUER, audience=None, secret=SECRET)
    for audience in ("", None, "\ud800"):
        with pytest.raises(ConfigurationError):
            derive_key(SECRET, audience)  # type: ignore[arg-type]


async def test_raw_mode_verifies_with_the_secret_itself_without_kid_and_aud() -> None:
    raw = mint_token(key=SECRET, header={"kid": OMITTED}, clock=CLOCK, iss=ISSUER, aud=OMITTED)
    verifier = Verifier(issuer=ISSUER, secret=SECRET, unsafe_raw_secret=True, clock=CLOCK)
    assert (await verifier.verify(raw)).user_id == "user_1"
    with pytest.raises(WatchwordError) as refused:
        await verifier.verify(mint(FIRST))
    assert refused.value.code == "unknown_key"
    strict = Verifier(issuer=ISSUER, audience=FIRST, secret=SECRET, unsafe_raw_secret=True, clock=CLOCK)
    with pytest.raises(WatchwordError) as refused:
        await strict.verify(raw)
    assert refused.value.code == "missing_claim"


@pytest.mark.parametrize("value", ["True", "False", 1, None])
def test_raw_mode_is_true_or_false(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="must be True or False"):
        Verifier(issuer=ISSUER, audience=FIRST, secret=SECRET, unsafe_raw_secret=value)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"secret": [SECRET, SECRET]},
        {"secret": "short"},
        {"secret": SECRET, "key": derive_key(SECRET, FIRST)},
        {"secret": SECRET, "jwks": {"keys": []}},
    ],
)
def test_raw_mode_stops_the_start_without_exactly_one_good_secret(keys: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Verifier(issuer=ISSUER, unsafe_raw_secret=True, **keys)
