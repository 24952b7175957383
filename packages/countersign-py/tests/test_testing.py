import pytest

from countersign import ConfigurationError, Verifier, derive_key
from countersign.testing import fixed_clock, mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


async def test_a_minted_token_passes_a_verifier_of_the_default_settings() -> None:
    verifier = Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET)
    identity = await verifier.verify(mint_token(secret=SECRET, role="admin"))
    assert (identity.user_id, identity.role) == ("user_1", "admin")


async def test_a_token_minted_with_the_derived_key_is_the_same() -> None:
    clock = fixed_clock(1_767_225_600.9)
    claims = {"jti": "t", "sid": "s"}
    by_secret = mint_token(secret=SECRET, clock=clock, **claims)
    assert by_secret == mint_token(key=derive_key(SECRET), clock=clock, **claims)


def test_a_fixed_clock_moves_only_when_it_is_moved() -> None:
    clock = fixed_clock(100)
    clock.advance(2.5)
    clock.advance(-1)
    assert (clock.now(), clock.now()) == (101.5, 101.5)


def test_without_a_key_nothing_is_minted() -> None:
    with pytest.raises(ConfigurationError):
        mint_token()
