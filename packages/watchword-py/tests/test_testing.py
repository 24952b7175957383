import pytest

from watchword import ConfigurationError, Verifier, derive_key
from watchword.testing import FakeIssuer, fixed_clock, mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
AUDIENCE = "http://localhost:8000"


async def test_a_minted_token_passes_a_verifier_of_the_default_settings() -> None:
    verifier = Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET)
    identity = await verifier.verify(mint_token(secret=SECRET, role="admin"))
    assert (identity.user_id, identity.role) == ("user_1", "admin")


async def test_a_token_minted_with_the_derived_key_is_the_same() -> None:
    clock = fixed_clock(1_767_225_600.9)
    claims = {"jti": "t", "sid": "s"}
    by_secret = mint_token(secret=SECRET, clock=clock, **claims)
    assert by_secret == mint_token(key=derive_key(SECRET, AUDIENCE), clock=clock, **claims)


def test_a_fixed_clock_moves_only_when_it_is_moved() -> None:
    clock = fixed_clock(100)
    clock.advance(2.5)
    clock.advance(-1)
    assert (clock.now(), clock.now()) == (101.5, 101.5)


def test_without_a_key_nothing_is_minted() -> None:
    with pytest.raises(ConfigurationError):
        mint_token()


async def test_a_fake_issuer_publishes_what_it_signs_with() -> None:
    clock = fixed_clock(1_767_225_600)
    issuer = FakeIssuer(clock=clock)
    verifier = Verifier(
        issuer=issuer.issuer,
        audience=issuer.audience,
        jwks_url=issuer.jwks_url,
        jwks_fetch=issuer.fetch,
        clock=clock,
    )
    assert (await verifier.verify(issuer.mint_token(sub="user_a"))).user_id == "user_a"
    assert [key["kid"] for key in issuer.jwks["keys"]] == ["key-1"]


def test_there_is_nothing_else_in_the_kit() -> None:
    from watchword import testing

    with pytest.raises(AttributeError):
        testing.nothing  # noqa: B018


def test_the_fixtures_are_there_for_an_application(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["watchword.pytest_plugin"]')
    pytester.makepyfile(
        """
        import asyncio
        from watchword import Verifier

        def test_shared(watchword_key, watchword_mint, watchword_clock):
            verifier = Verifier(issuer="http://localhost:3000", audience=None, key=watchword_key,
                                clock=watchword_clock)
            assert asyncio.run(verifier.verify(watchword_mint(sub="user_a"))).user_id == "user_a"

        def test_public(watchword_issuer, watchword_clock):
            issuer = watchword_issuer
            verifier = Verifier(issuer=issuer.issuer, audience=issuer.audience, jwks=issuer.jwks,
                                clock=watchword_clock)
            assert asyncio.run(verifier.verify(issuer.mint_token(sub="user_b"))).user_id == "user_b"
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
