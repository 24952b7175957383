"""The recipe: from a token to an identity."""

from __future__ import annotations

from asyncio import wrap_future
from concurrent.futures import Future
from typing import Any, Generic, NamedTuple, cast

from .._encoding.segments import Segments, split_segments
from .._encoding.strict_json import JsonObject
from .._errors import WatchwordError
from .._keys.algorithms import key_algorithm_of
from .._keys.key_set import KeySet, VerificationKey
from .._keys.key_set_events import KeySetStatus
from .claims import (
    check_audience,
    check_claim_types,
    check_issuer,
    check_not_session_cookie,
    check_required_claims,
    check_subject,
    check_times,
    check_token_and_session_ids,
    check_unbound,
)
from .header import check_algorithm, check_critical, check_type, read_key_id
from .identity import ClaimsT, Identity, identity_of
from .jws import read_segment
from .known_headers import CheckedHeader
from .own_claims import with_own_claims
from .policy import Policy
from .reject_event import note_mismatch, reject_event
from .revocation import RevocationMode, check_not_revoked, preparation
from .signature import check_signature
from .token_cache import CachedToken


class PolicyVerifier(Generic[ClaimsT]):
    """What a verifier does once its options are checked."""

    _policy: Policy

    @property
    def revocation(self) -> RevocationMode:
        """Whether it asks a source of revocations, where the call does not say otherwise."""
        return "none" if self._policy.revocation is None else "feed"

    def status(self) -> KeySetStatus:
        """How the public keys are doing: those of `jwks_url` as last fetched, those that were given always `fresh`."""
        return self._policy.public_keys.status()

    async def verify(self, token: str, *, revocation: RevocationMode | None = None) -> Identity[ClaimsT]:
        """The identity of one compact JWS, given without scheme or white space.

        With `revocation="none"` it is not refused as revoked, nor because that is unknown.
        Raises `WatchwordError` for every token that is not accepted; nothing else.
        """
        policy = self._policy
        try:
            _check_size(token, policy.max_token_bytes)
            identity = _get_cached(token, policy)
            if identity is None:
                opened = _open(token, policy)
                key = opened.key
                identity = _check(opened, await wrap_future(key) if isinstance(key, Future) else key, policy)
            prepared = preparation(policy.revocation, revocation)
            if prepared is not None:
                await prepared.wait()
            check_not_revoked(identity, policy.revocation, revocation)
        except Exception as fault:
            refusal = _to_refusal(fault, token, policy)
            raise refusal from refusal.__cause__
        return cast(Identity[ClaimsT], identity)

    def verify_sync(self, token: str, *, revocation: RevocationMode | None = None) -> Identity[ClaimsT]:
        """As `verify`, where there is no event loop. It waits only where published keys have to be fetched first, for
        some seconds at most.
        """
        policy = self._policy
        try:
            _check_size(token, policy.max_token_bytes)
            identity = _get_cached(token, policy)
            if identity is None:
                opened = _open(token, policy)
                key = opened.key
                identity = _check(opened, key.result() if isinstance(key, Future) else key, policy)
            prepared = preparation(policy.revocation, revocation)
            if prepared is not None:
                prepared.wait_sync()
            check_not_revoked(identity, policy.revocation, revocation)
        except Exception as fault:
            refusal = _to_refusal(fault, token, policy)
            raise refusal from refusal.__cause__
        return cast(Identity[ClaimsT], identity)


class _Opened(NamedTuple):
    """A token whose header has passed, and the key that it names."""

    token: str
    segments: Segments
    header: CheckedHeader
    keys: KeySet
    key: VerificationKey | Future[VerificationKey]


def _open(token: str, policy: Policy) -> _Opened:
    """The recipe up to the key, in the order of the contract's clauses."""
    segments = split_segments(token)
    header = policy.headers.find(segments.header)
    if header is None:
        header = _checked_header(segments, policy)
    keys = policy.shared_keys if header.algorithm == "HS256" else policy.public_keys
    return _Opened(token, segments, header, keys, keys.find(key_algorithm_of(header.algorithm), header.kid))


def _check(opened: _Opened, key: VerificationKey, policy: Policy) -> Identity[Any]:
    """The recipe from the signature on."""
    token, segments, header, keys, _ = opened
    check_signature(segments, key)
    policy.headers.remember(segments.header, header)
    claims = read_segment(segments.payload, policy.max_json_depth)
    check_not_session_cookie(claims)
    check_claim_types(claims)
    check_required_claims(claims, policy.required_claims)
    check_times(
        claims,
        policy.clock.now(),
        clock_tolerance_seconds=policy.clock_tolerance_seconds,
        max_lifetime_seconds=policy.max_lifetime_seconds,
    )
    check_issuer(claims, policy.issuers)
    check_audience(claims, key.audience or policy.audience)
    check_subject(claims)
    check_token_and_session_ids(claims)
    check_unbound(claims)
    return with_own_claims(_remember_token(token, identity_of(claims), claims, keys, policy), policy.claims)


def _checked_header(segments: Segments, policy: Policy) -> CheckedHeader:
    """The header's part of the recipe, for one that is not known already."""
    header = read_segment(segments.header, policy.max_json_depth)
    algorithm = check_algorithm(header, policy.algorithms)
    check_critical(header)
    kid = read_key_id(header)
    check_type(header, policy.shared_types if algorithm == "HS256" else policy.public_types)
    return CheckedHeader(algorithm, kid)


def _check_size(token: object, max_token_bytes: float) -> None:
    """CS-2: the size, before any work is done on the text."""
    if not isinstance(token, str):
        raise WatchwordError("malformed")
    if len(token) > max_token_bytes:
        raise WatchwordError("too_large")
    if not token.isascii() and len(token.encode("utf-8", "surrogatepass")) > max_token_bytes:
        raise WatchwordError("too_large")


def _get_cached(token: str, policy: Policy) -> Identity[Any] | None:
    """CS-23: a token that was accepted before, while its keys are the same and its times still hold."""
    if policy.cache is None:
        return None
    entry = policy.cache.get(token)
    if entry is None or entry.key_generation != entry.keys.generation or not entry.keys.is_fresh():
        return None
    now = policy.clock.now()
    tolerance = policy.clock_tolerance_seconds
    if now < entry.identity.expires_at + tolerance and entry.valid_from <= now + tolerance:
        return with_own_claims(entry.identity, policy.claims)
    return None


def _remember_token(
    token: str, identity: Identity[JsonObject], claims: JsonObject, keys: KeySet, policy: Policy
) -> Identity[JsonObject]:
    """The identity, which the next request with the same token need not work out again."""
    if policy.cache is not None:
        valid_from = max(identity.issued_at, claims.get("nbf", identity.issued_at))
        policy.cache.set(token, CachedToken(identity, valid_from, keys, keys.generation))
    return identity


def _to_refusal(fault: Exception, token: object, policy: Policy) -> WatchwordError:
    """Tells the operator. A fault of this process, such as a clock that raises, refuses the token too."""
    refusal = fault if isinstance(fault, WatchwordError) else WatchwordError("internal_error")
    if refusal is not fault:
        refusal.__cause__ = fault
    _report(refusal, token, policy)
    return refusal


def _report(refusal: WatchwordError, token: object, policy: Policy) -> None:
    """Tells the operator."""
    note_mismatch(refusal, token, policy)
    if policy.on_reject is None:
        return
    try:
        policy.on_reject(reject_event(refusal, token, policy.clock))
    except Exception:
        # The verdict stands, whatever the listener does.
        return
