"""CS-23: what is remembered of a token, and what ends it."""

from collections.abc import Callable
from typing import Any

import pytest

from watchword import Verifier, WatchwordError, authenticate
from watchword.testing import AdjustableClock, FakeIssuer


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
    with pytest.raises(WatchwordError) as refused:
        await verifier.verify(token)
    assert refused.value.code == "unknown_key"


@pytest.mark.anyio
async def test_a_known_token_gives_the_same_identity_and_what_differs_in_one_character_does_not(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    verifier, token = verifier_with(), mint()
    identity = await verifier.verify(token)
    assert await verifier.verify(token) is identity
    for other in (f"{token}=", f"{token},{token}", f" {token}"):
        with pytest.raises(WatchwordError) as refused:
            await verifier.verify(other)
        assert refused.value.code == "malformed"


@pytest.mark.anyio
async def test_a_verifier_that_remembers_nothing_makes_the_identity_anew(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    verifier, token = verifier_with(cache=False), mint()
    assert await verifier.verify(token) is not await verifier.verify(token)


class _Revoked:
    def __init__(self) -> None:
        self.users: set[str] = set()

    def is_revoked(self, identity: Any) -> bool:
        return identity.user_id in self.users


@pytest.mark.anyio
async def test_cs_21_a_known_token_is_asked_about_and_its_refusal_is_told(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    source, told = _Revoked(), list[str]()
    verifier = verifier_with(revocation=source, on_reject=lambda event: told.append(event.code))
    token = mint()
    await verifier.verify(token)
    source.users.add("user_a")
    with pytest.raises(WatchwordError) as refused:
        await verifier.verify(token)
    assert refused.value.code == "revoked"
    assert told == ["revoked"]


class _BreakingClock:
    broken = False

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        if self.broken:
            raise RuntimeError("no time")
        return self._now


@pytest.mark.anyio
async def test_a_clock_that_raises_refuses_a_known_token_too(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str], clock: AdjustableClock
) -> None:
    breaking = _BreakingClock(clock.now())
    verifier, token = verifier_with(clock=breaking), mint()
    await verifier.verify(token)
    breaking.broken = True
    with pytest.raises(WatchwordError) as refused:
        await verifier.verify(token)
    assert refused.value.code == "internal_error"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["Bearer {0}", "Bearer {0}"], "ambiguous_credentials"),
        (["Bearer {0}", ""], "ambiguous_credentials"),
        (["Bearer {0},Bearer {0}"], "ambiguous_credentials"),
        (["Bearer {0} "], "malformed"),
        (["Bearer{0}"], "malformed"),
        (["{0}"], "malformed"),
        (["Basic {0}"], "missing"),
        (["Digest {0}"], "missing"),
    ],
)
async def test_cs_1_a_credential_is_read_as_ever_although_its_token_is_known(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str], values: list[str], code: str
) -> None:
    verifier, token = verifier_with(), mint()
    identity = await authenticate(verifier, [f"Bearer {token}"])
    assert await authenticate(verifier, [f"Bearer {token}"]) is identity
    assert await authenticate(verifier, [f"BEARER  {token}"]) is identity
    with pytest.raises(WatchwordError) as refused:
        await authenticate(verifier, [value.format(token) for value in values])
    assert refused.value.code == code


def test_verify_sync_knows_a_remembered_token_too(
    verifier_with: Callable[..., Verifier], mint: Callable[..., str]
) -> None:
    verifier, token = verifier_with(), mint()
    identity = verifier.verify_sync(token)
    assert verifier.verify_sync(token) is identity
