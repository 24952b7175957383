"""Tokens that were verified before, and what ends them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from watchword import Identity, RevocationSubject, Verifier, WatchwordError
from watchword._keys.key_set import StaticKeySet
from watchword._token.known_headers import MAX_HEADERS, CheckedHeader, KnownHeaders
from watchword._token.token_cache import CachedToken, TokenCache
from watchword.testing import AdjustableClock

pytestmark = pytest.mark.anyio

NOW = 1_767_225_600
Mint = Callable[..., str]
VerifierWith = Callable[..., Verifier]


async def code(verifier: Verifier, token: str) -> str:
    try:
        await verifier.verify(token)
    except WatchwordError as refusal:
        return refusal.code
    return "accepted"


async def test_cs_23_a_token_that_was_verified_gives_the_same_identity(mint: Mint, verifier_with: VerifierWith) -> None:
    verifier, token = verifier_with(), mint()
    assert await verifier.verify(token) is await verifier.verify("".join(token))


async def test_cs_23_without_a_cache_every_request_verifies(mint: Mint, verifier_with: VerifierWith) -> None:
    verifier, token = verifier_with(cache=False), mint()
    assert await verifier.verify(token) is not await verifier.verify(token)


async def test_cs_23_a_remembered_token_ends_with_its_time(
    mint: Mint, verifier_with: VerifierWith, clock: AdjustableClock
) -> None:
    verifier, token = verifier_with(), mint(nbf=NOW - 100)
    assert await code(verifier, token) == "accepted"
    clock.advance(904)
    assert await code(verifier, token) == "accepted"
    clock.advance(1)
    assert await code(verifier, token) == "expired"


@pytest.mark.parametrize("claims", [{"nbf": NOW}, {"nbf": NOW - 60, "iat": NOW}, {"iat": NOW}])
async def test_cs_23_a_remembered_token_has_not_begun_when_the_clock_was_set_back(
    mint: Mint, verifier_with: VerifierWith, clock: AdjustableClock, claims: dict[str, Any]
) -> None:
    verifier, token = verifier_with(), mint(**claims)
    assert await code(verifier, token) == "accepted"
    clock.advance(-5)
    assert await code(verifier, token) == "accepted"
    clock.advance(-1)
    assert await code(verifier, token) == "not_yet_valid"


async def test_cs_23_refusals_are_not_remembered(
    mint: Mint, verifier_with: VerifierWith, clock: AdjustableClock
) -> None:
    verifier, token = verifier_with(), mint(nbf=NOW + 60)
    assert await code(verifier, token) == "not_yet_valid"
    clock.advance(60)
    assert await code(verifier, token) == "accepted"


async def test_cs_23_another_signature_is_another_token(mint: Mint, verifier_with: VerifierWith) -> None:
    verifier, token = verifier_with(), mint()
    await verifier.verify(token)
    assert await code(verifier, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BAAA")) == "bad_signature"


def entry(name: str) -> CachedToken:
    identity = Identity(user_id=name, issued_at=0, expires_at=1, claims={})
    return CachedToken(identity, 0, StaticKeySet([]), 0)


def test_cs_23_the_cache_never_holds_more_than_it_may() -> None:
    cache = TokenCache(10)
    for number in range(100):
        cache.set(str(number), entry(str(number)))
        assert len(cache) <= 10
    assert cache.get("99") is not None
    assert cache.get("0") is None


def test_cs_23_what_is_used_stays() -> None:
    cache = TokenCache(4)
    for name in ("a", "b", "c", "d"):
        cache.set(name, entry(name))
        assert cache.get("a") is not None
    cache.set("e", entry("e"))
    assert cache.get("a") is not None
    assert cache.get("b") is None


def test_only_so_many_headers_are_remembered() -> None:
    heads = KnownHeaders()
    for number in range(MAX_HEADERS + 1):
        heads.remember(str(number).encode(), CheckedHeader("HS256", None))
    assert heads.find(b"0") == CheckedHeader("HS256", None)
    assert heads.find(str(MAX_HEADERS).encode()) is None


async def test_a_header_that_is_known_is_read_as_before(mint: Mint, verifier_with: VerifierWith) -> None:
    verifier = verifier_with()
    assert (await verifier.verify(mint(sub="user_a"))).user_id == "user_a"
    assert (await verifier.verify(mint(sub="user_b"))).user_id == "user_b"
    header, _, rest = mint().partition(".")
    assert await code(verifier, f"{header}.{rest[:-3]}AAA") == "bad_signature"


class Revoked:
    def __init__(self, answer: Any = True) -> None:
        self.answer = answer
        self.asked: list[RevocationSubject] = []

    def is_revoked(self, identity: RevocationSubject) -> Any:
        self.asked.append(identity)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_cs_21_a_revoked_token_is_refused_although_it_is_known(mint: Mint, verifier_with: VerifierWith) -> None:
    source = Revoked(False)
    verifier, token = verifier_with(revocation=source), mint(jti="t1", sid="s1")
    assert await code(verifier, token) == "accepted"
    source.answer = True
    assert await code(verifier, token) == "revoked"
    asked = source.asked[-1]
    assert (asked.token_id, asked.session_id, asked.user_id, asked.issued_at) == ("t1", "s1", "user_a", NOW)


@pytest.mark.parametrize(
    ("answer", "expected"), [(None, "revoked"), (0, "revoked"), (RuntimeError(), "unavailable"), (False, "accepted")]
)
async def test_cs_21_only_a_plain_no_lets_a_token_pass(
    mint: Mint, verifier_with: VerifierWith, answer: Any, expected: str
) -> None:
    assert await code(verifier_with(revocation=Revoked(answer)), mint()) == expected


async def test_cs_21_a_bad_token_is_not_asked_about(mint: Mint, verifier_with: VerifierWith) -> None:
    source = Revoked()
    assert await code(verifier_with(revocation=source), mint(cnf={})) == "sender_constrained"
    assert source.asked == []


async def test_cs_20_own_claims_are_what_the_function_makes_of_them(mint: Mint, verifier_with: VerifierWith) -> None:
    verifier: Verifier[int] = verifier_with(claims=lambda claims: int(claims["level"]))
    assert (await verifier.verify(mint(level="3"))).claims == 3
    assert await code(verifier, mint()) == "invalid_claim"
    assert await code(verifier, mint(level="x")) == "invalid_claim"
    assert await code(verifier, mint(level="x", cnf={})) == "sender_constrained"


def test_verifiers_of_two_configurations_share_nothing(mint: Mint, verifier_with: VerifierWith) -> None:
    token = mint()
    assert asyncio.run(code(verifier_with(), token)) == "accepted"
    assert asyncio.run(code(verifier_with(audience="https://other.example.test"), token)) == "wrong_audience"
