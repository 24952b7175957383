"""The configuration of a verifier, as it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from .._clock import Clock
from .._errors import RefusalCode
from .._keys.algorithms import Algorithm
from .._keys.key_set import SharedKey
from .._keys.key_set_events import KeySetEvent
from .revocation import RevocationSource

if TYPE_CHECKING:
    from .._keys.fetch_key_set import FetchKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectEvent:
    """What the operator learns of a refused token: never the token, and of the claims only `aud` and `iss`."""

    code: RefusalCode
    claim: str | None = None
    """Name of the claim that was refused."""
    alg: str | None = None
    """`alg` as the header says it: printable ASCII, at most 64 characters."""
    kid: str | None = None
    """`kid` as the header says it: printable ASCII, at most 64 characters."""
    audience: str | None = None
    """`audience` of the refusal: which audience the token names. `None` where the payload cannot be read."""
    expected_audience: str | None = None
    """`expected_audience` of the refusal: which audiences the verifier accepts."""
    issuer: str | None = None
    """`issuer` of the refusal: which issuer the token names. Set where the code is `wrong_issuer`."""
    expected_issuer: str | None = None
    """`expected_issuer` of the refusal: which issuers the verifier accepts."""
    at: float
    """Seconds since 1970."""


class CacheOptions(TypedDict):
    """How many verified tokens are remembered."""

    max_entries: int
    """At least 2. Default 10000."""


class OtherVerifierOptions(TypedDict, total=False):
    """The options that fit every kind of key."""

    jwks: Mapping[str, Any] | None
    jwks_url: str | None
    allow_http: bool
    jwks_fetch: FetchKeys | None
    algorithms: Sequence[Algorithm] | None
    accepted_types: Sequence[str | None] | None
    required_claims: Sequence[str]
    revocation: RevocationSource | None
    cache: CacheOptions | Literal[False]
    clock_tolerance_seconds: float
    max_lifetime_seconds: float
    max_token_bytes: int
    max_json_depth: int
    clock: Clock
    on_reject: Callable[[RejectEvent], object] | None
    on_event: Callable[[KeySetEvent], object] | None


class _ExpectedOptions(TypedDict):
    issuer: str | Sequence[str] | None
    audience: str | Sequence[str] | None


class VerifierOptions(_ExpectedOptions, OtherVerifierOptions, total=False):
    """The keyword arguments of `Verifier`, apart from `claims`. Defaults are those of `contract/defaults.json`. At
    least one source of keys is needed: `secret`, `key`, `jwks` or `jwks_url`; each key verifies the tokens of one
    algorithm only.
    """

    secret: str | Sequence[str] | None
    key: str | SharedKey | Sequence[str | SharedKey] | None
