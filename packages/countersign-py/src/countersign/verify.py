"""The recipe: from a token to an identity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
from .clock import Clock, system_clock
from .errors import CountersignError
from .header import check_algorithm, check_critical, check_type, read_key_id
from .identity import Identity, identity_of
from .jws import TOKEN_TYPE, check_hs256, read_segment, split_segments
from .key_set import ALGORITHMS, Algorithm
from .verifier_options import (
    Policy,
    RejectEvent,
    all_required_claims,
    bounded,
    checked_algorithms,
    checked_audience,
    checked_issuer,
    checked_types,
    key_set_of,
)


class Verifier:
    """Turns tokens into identities, without a network call. Made once per process.

    It does not compare the token with the user in the URL (`require_self` does), and it does not ask whether the
    session still exists: a token is good until it expires.
    """

    def __init__(
        self,
        *,
        issuer: str | None,
        audience: str | Sequence[str] | None,
        secret: str | None = None,
        key: str | None = None,
        algorithms: Sequence[Algorithm] = ALGORITHMS,
        accepted_types: Sequence[str | None] = (TOKEN_TYPE,),
        required_claims: Sequence[str] = (),
        clock_tolerance_seconds: float = 5,
        max_lifetime_seconds: float = 604_800,
        max_token_bytes: int = 8192,
        max_json_depth: int = 16,
        clock: Clock = system_clock,
        on_reject: Callable[[RejectEvent], object] | None = None,
    ) -> None:
        """Checks the options; raises `ConfigurationError` for those that cannot be right.

        - `issuer`: the expected `iss`, byte for byte; `None`, spelled out, accepts every issuer.
        - `audience`: the expected `aud`, or several of which one is enough; `None`, spelled out, accepts every one.
        - `secret`: `BETTER_AUTH_SECRET`, at least 32 characters, from which the key is derived.
        - `key`: `COUNTERSIGN_KEY`; when given, it is the only key and `secret` is not used.
        - `algorithms`: accepted `alg`.
        - `accepted_types`: accepted `typ`, `None` for a token without one.
        - `required_claims`: demanded beyond `iss`, `aud` (unless switched off), `sub`, `exp` and `iat`.
        - `clock_tolerance_seconds`: how far clocks may differ, 0–60.
        - `max_lifetime_seconds`: longest accepted `exp − iat`.
        - `max_token_bytes`, `max_json_depth` (levels): bounds of what is read.
        - `on_reject`: called for every refused token; what it raises is ignored, it cannot change the verdict.
        """
        checked_iss, checked_aud = checked_issuer(issuer), checked_audience(audience)
        self._policy = Policy(
            issuer=checked_iss,
            audience=checked_aud,
            keys=key_set_of(key=key, secret=secret),
            algorithms=checked_algorithms(algorithms),
            accepted_types=checked_types(accepted_types),
            required_claims=all_required_claims(checked_iss, checked_aud, required_claims),
            clock_tolerance_seconds=bounded(clock_tolerance_seconds, "clock_tolerance_seconds", 0, 60),
            max_lifetime_seconds=bounded(max_lifetime_seconds, "max_lifetime_seconds", 1, 31_536_000),
            max_token_bytes=bounded(max_token_bytes, "max_token_bytes", 64, 65_536),
            max_json_depth=int(bounded(max_json_depth, "max_json_depth", 1, 64)),
            clock=clock,
            on_reject=on_reject,
        )

    async def verify(self, token: str) -> Identity:
        """The identity of one compact JWS, given without scheme or white space.

        Raises `CountersignError` for every token that is not accepted; nothing else.
        """
        try:
            return _check(token, self._policy)
        except CountersignError as refusal:
            _report(refusal, self._policy)
            raise
        except Exception as fault:
            # A fault of this process, such as a clock that raises, refuses the token too.
            internal = CountersignError("internal_error")
            _report(internal, self._policy)
            raise internal from fault


def _check(token: str, policy: Policy) -> Identity:
    """The recipe, in the order of the contract's clauses."""
    _check_size(token, policy.max_token_bytes)
    segments = split_segments(token)
    header = read_segment(segments.header, policy.max_json_depth)
    algorithm = check_algorithm(header, policy.algorithms)
    check_critical(header)
    kid = read_key_id(header)
    check_type(header, policy.accepted_types)
    key = policy.keys.find(algorithm, kid).key
    check_hs256(segments, key)
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
    check_issuer(claims, policy.issuer)
    check_audience(claims, policy.audience)
    check_subject(claims)
    check_token_and_session_ids(claims)
    check_unbound(claims)
    return identity_of(claims)


def _check_size(token: object, max_token_bytes: float) -> None:
    """CS-2: the size, before any work is done on the text."""
    if not isinstance(token, str):
        raise CountersignError("malformed")
    if len(token) > max_token_bytes or len(token.encode("utf-8", "replace")) > max_token_bytes:
        raise CountersignError("too_large")


def _report(refusal: CountersignError, policy: Policy) -> None:
    """Tells the operator."""
    if policy.on_reject is None:
        return
    try:
        policy.on_reject(RejectEvent(refusal.code, refusal.claim, policy.clock.now()))
    except Exception:
        # The verdict stands, whatever the listener does.
        return
