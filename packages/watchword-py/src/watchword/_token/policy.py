"""The options of a verifier, checked once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeGuard

from .._address import without_slash
from .._clock import Clock, system_clock
from .._encoding.strict_json import JsonObject
from .._errors import ConfigurationError
from .._keys.algorithms import Algorithm
from .._keys.key_set import KeySet, SharedKey
from .._keys.key_set_events import KeySetEvent
from .._omitted import OMITTED, Omitted
from .._white_space import trimmed
from .configured_keys import configured_keys
from .jws import TOKEN_TYPE
from .known_headers import KnownHeaders
from .revocation import RevocationSource
from .token_cache import TokenCache
from .verifier_options import CacheOptions, RejectEvent

if TYPE_CHECKING:
    from .._keys.fetch_key_set import FetchKeys

_DEFAULT_CACHE: Final[CacheOptions] = {"max_entries": 10_000}

# Without `typ` and `JWT`: what the official plugin of Better Auth issues.
PUBLIC_TYPES = (None, "JWT", TOKEN_TYPE)
SHARED_TYPES = (TOKEN_TYPE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The options once checked, every default filled in."""

    issuers: tuple[str, ...] | None
    audience: tuple[str, ...] | None
    shared_keys: KeySet
    public_keys: KeySet
    algorithms: tuple[Algorithm, ...]
    shared_types: tuple[str | None, ...]
    """Accepted `typ` where a shared key signs; `None` is a token without one."""
    public_types: tuple[str | None, ...]
    """Accepted `typ` where a public key signs."""
    required_claims: tuple[str, ...]
    claims: Callable[[JsonObject], Any] | None
    revocation: RevocationSource | None
    cache: TokenCache | None
    headers: KnownHeaders
    clock_tolerance_seconds: float
    max_lifetime_seconds: float
    max_token_bytes: float
    max_json_depth: int
    clock: Clock
    on_reject: Callable[[RejectEvent], object] | None


def check_options(
    *,
    issuer: str | Sequence[str] | None,
    audience: str | Sequence[str] | Omitted | None = OMITTED,
    secret: str | Sequence[str] | None = None,
    unsafe_raw_secret: bool = False,
    key: str | SharedKey | Sequence[str | SharedKey] | None = None,
    jwks: Mapping[str, Any] | None = None,
    jwks_url: str | None = None,
    allow_http: bool = False,
    jwks_fetch: FetchKeys | None = None,
    algorithms: Sequence[Algorithm] | None = None,
    accepted_types: Sequence[str | None] | None = None,
    required_claims: Sequence[str] = (),
    claims: Callable[[JsonObject], Any] | None = None,
    revocation: RevocationSource | None = None,
    cache: CacheOptions | Literal[False] = _DEFAULT_CACHE,
    clock_tolerance_seconds: float = 5,
    max_lifetime_seconds: float = 604_800,
    max_token_bytes: int = 8192,
    max_json_depth: int = 16,
    clock: Clock = system_clock,
    on_reject: Callable[[RejectEvent], object] | None = None,
    on_event: Callable[[KeySetEvent], object] | None = None,
) -> Policy:
    """Raises `ConfigurationError` for options that cannot be right."""
    if not isinstance(unsafe_raw_secret, bool):
        raise ConfigurationError("unsafe_raw_secret must be True or False.")
    if isinstance(audience, Omitted):
        audience = None if unsafe_raw_secret else ""
    is_own_issuer = jwks is None and jwks_url is None
    issuers = checked_names(issuer, "issuer", "iss", is_own_issuer=is_own_issuer)
    audiences = checked_names(audience, "audience", "aud", is_own_issuer=is_own_issuer)
    types = None if accepted_types is None else checked_types(accepted_types)
    keys = configured_keys(
        secret=secret,
        key=key,
        audience=audiences,
        unsafe_raw_secret=unsafe_raw_secret,
        jwks=jwks,
        jwks_url=jwks_url,
        allow_http=allow_http,
        jwks_fetch=jwks_fetch,
        algorithms=algorithms,
        clock=clock,
        on_event=on_event,
    )
    return Policy(
        issuers=issuers,
        audience=audiences,
        shared_keys=keys.shared,
        public_keys=keys.public,
        algorithms=keys.algorithms,
        shared_types=SHARED_TYPES if types is None else types,
        public_types=PUBLIC_TYPES if types is None else types,
        required_claims=all_required_claims(
            issuers, audiences, required_claims, tuple(getattr(revocation, "required_claims", ()))
        ),
        claims=checked_reader(claims),
        revocation=checked_revocation(revocation),
        cache=cache_of(cache),
        headers=KnownHeaders(),
        clock_tolerance_seconds=bounded(clock_tolerance_seconds, "clock_tolerance_seconds", 0, 60),
        max_lifetime_seconds=bounded(max_lifetime_seconds, "max_lifetime_seconds", 1, 31_536_000),
        max_token_bytes=bounded(max_token_bytes, "max_token_bytes", 64, 65_536),
        max_json_depth=int(bounded(max_json_depth, "max_json_depth", 1, 64)),
        clock=clock,
        on_reject=on_reject,
    )


def checked_names(value: object, option: str, claim: str, *, is_own_issuer: bool) -> tuple[str, ...] | None:
    """The plugin writes an origin without the slash at its end; another issuer, whose keys are public, may write it.

    Raises `ConfigurationError`.
    """
    if value is None:
        return None
    names = tuple(value) if isinstance(value, list | tuple) else (value,)
    if names and all(_is_name(name) for name in names):
        return tuple(dict.fromkeys([*names, *map(without_slash, names)])) if is_own_issuer else names
    raise ConfigurationError(
        f"{option} must be the text that tokens carry as {claim}, a list of such texts, or None to accept every "
        f"{option}."
    )


def checked_types(accepted_types: Sequence[str | None]) -> tuple[str | None, ...]:
    """Raises `ConfigurationError`."""
    if isinstance(accepted_types, list | tuple) and accepted_types and all(map(_is_type, accepted_types)):
        return tuple(accepted_types)
    raise ConfigurationError("accepted_types must list at least one value, each a text or None.")


def all_required_claims(
    issuers: tuple[str, ...] | None,
    audience: tuple[str, ...] | None,
    additional: Sequence[str],
    for_revocation: Sequence[str] = (),
) -> tuple[str, ...]:
    """`iss` and `aud` unless switched off, `sub`, `exp`, `iat`, then the additional ones."""
    is_list = isinstance(additional, list | tuple | set | frozenset)
    if not is_list or not all(isinstance(name, str) and name != "" for name in additional):
        raise ConfigurationError("required_claims must be a list of names of claims.")
    always = [*(["iss"] if issuers is not None else []), *(["aud"] if audience is not None else [])]
    return tuple(dict.fromkeys([*always, "sub", "exp", "iat", *additional, *for_revocation]))


def checked_reader(claims: Any) -> Callable[[JsonObject], Any] | None:
    """Raises `ConfigurationError`."""
    if claims is None or callable(claims):
        reader: Callable[[JsonObject], Any] | None = claims
        return reader
    raise ConfigurationError("claims must be a function from the claims of a token to what identity.claims shall be.")


def checked_revocation(source: Any) -> RevocationSource | None:
    """Raises `ConfigurationError`."""
    if source is None or callable(getattr(source, "is_revoked", None)):
        known: RevocationSource | None = source
        return known
    raise ConfigurationError("revocation must have a method is_revoked.")


def cache_of(options: object) -> TokenCache | None:
    """Raises `ConfigurationError`."""
    if options is False:
        return None
    entries = options.get("max_entries") if isinstance(options, dict) else None
    entries = bounded(entries, "cache max_entries", 2, 1_000_000)
    if entries != int(entries):
        raise ConfigurationError("cache max_entries must be a whole number.")
    return TokenCache(int(entries))


def bounded(value: Any, name: str, smallest: float, largest: float) -> float:
    """Raises `ConfigurationError`."""
    if isinstance(value, int | float) and not isinstance(value, bool) and smallest <= value <= largest:
        return value
    raise ConfigurationError(f"{name} must be a number from {smallest} to {largest}.")


def _is_type(value: object) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value != "" and value == trimmed(value)
