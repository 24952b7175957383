"""CS-21: a source of revocations is asked about every token, unless the call says otherwise."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from watchword import RevocationSubject, Verifier, WatchwordError, authenticate
from watchword._errors import ERROR_TABLE
from watchword.testing import AdjustableClock, FakeIssuer

pytestmark = pytest.mark.anyio

USES = (None, "feed", "none", "off")
ASKED_UNLESS_NONE = ["revoked", "revoked", "accepted", "revoked"]
NEVER_KNOWN = ["accepted", "internal_error", "accepted", "internal_error"]


class AllRevoked:
    """Says of every token that it is revoked."""

    def is_revoked(self, identity: RevocationSubject) -> bool:
        return True


async def codes(look: Callable[[Any], Awaitable[object]]) -> list[str]:
    """What each way of asking leads to."""
    found = []
    for use in USES:
        try:
            await look(use)
            found.append("accepted")
        except WatchwordError as refusal:
            found.append(refusal.code)
    return found


async def test_a_verifier_with_a_source_is_told_whether_to_ask_and_one_without_refuses_to(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    asking, plain = verifier_with(revocation=AllRevoked()), verifier_with()
    assert (asking.revocation, plain.revocation) == ("feed", "none")
    assert await codes(lambda use: asking.verify(mint(), revocation=use)) == ASKED_UNLESS_NONE
    assert await codes(lambda use: plain.verify(mint(), revocation=use)) == NEVER_KNOWN


async def test_a_known_token_is_looked_up_as_the_call_says(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    asking, plain, token = verifier_with(revocation=AllRevoked()), verifier_with(), mint()
    await asking.verify(token, revocation="none")
    await plain.verify(token)
    assert await codes(lambda use: asking.verify(token, revocation=use)) == ASKED_UNLESS_NONE
    assert await codes(lambda use: plain.verify(token, revocation=use)) == NEVER_KNOWN


async def test_a_call_is_heard_where_the_key_has_to_be_fetched_first(
    verifier_with: Callable[..., Verifier], clock: AdjustableClock
) -> None:
    issuer = FakeIssuer(issuer="https://auth.example.test", audience="https://api.example.test", clock=clock)

    def first(use: Any, **options: Any) -> Awaitable[object]:
        verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=issuer.fetch, **options)
        return verifier.verify(issuer.mint_token(), revocation=use)

    assert await codes(lambda use: first(use, revocation=AllRevoked())) == ASKED_UNLESS_NONE
    assert await codes(first) == NEVER_KNOWN


class CountingSource:
    """Counts how often it is asked, and revokes from the third time on."""

    asked = 0

    def is_revoked(self, identity: RevocationSubject) -> bool:
        self.asked += 1
        return self.asked > 2


async def test_authenticate_asks_once_also_where_the_token_is_known(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    source = CountingSource()
    verifier, header = verifier_with(revocation=source), [f"Bearer {mint()}"]
    for asked in (1, 2):
        await authenticate(verifier, header)
        assert source.asked == asked
    with pytest.raises(WatchwordError) as refused:
        await authenticate(verifier, header)
    assert refused.value.code == "revoked"


class BrokenSource:
    def is_revoked(self, identity: RevocationSubject) -> bool:
        raise OSError


async def test_an_answer_that_is_unavailable_says_whether_revocations_or_keys_are_missing(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    variants = ERROR_TABLE["unavailable"].variants
    with pytest.raises(WatchwordError, match=re.escape(variants["revocations"])):
        await verifier_with(revocation=BrokenSource()).verify(mint())
    issuer = FakeIssuer(issuer="https://auth.example.test", audience="https://api.example.test")
    issuer.reachable = False
    keys = {"key": None, "jwks_url": issuer.jwks_url, "jwks_fetch": issuer.fetch}
    with pytest.raises(WatchwordError, match=re.escape(variants["keys"])):
        await verifier_with(**keys).verify(issuer.mint_token())
