"""CS-23: what is remembered of a token does not outlive its key."""

from collections.abc import Callable

import pytest

from countersign import CountersignError, Verifier
from countersign.testing import AdjustableClock, FakeIssuer


@pytest.mark.anyio
async def test_a_remembered_token_is_forgotten_when_an_unknown_kid_has_brought_a_set_without_its_key(
    verifier_with: Callable[..., Verifier], clock: AdjustableClock
) -> None:
    issuer = FakeIssuer(issuer="https://auth.example.test", audience="https://api.example.test", clock=clock)
    verifier = verifier_with(key=None, jwks_url=issuer.jwks_url, jwks_fetch=issuer.fetch)
    token = issuer.mint_token()
    await verifier.verify(token)
    issuer.rotate(keep=False)
    clock.advance(31)
    await verifier.verify(issuer.mint_token())
    assert issuer.fetches == 2
    with pytest.raises(CountersignError) as refused:
        await verifier.verify(token)
    assert refused.value.code == "unknown_key"
