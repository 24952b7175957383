"""The configuration of a verifier, checked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, TypeGuard

from .clock import Clock
from .errors import ConfigurationError, RefusalCode
from .key_set import ALGORITHMS, Algorithm, KeySet, shared_key
from .keys import check_key, check_secret, derive_key
from .white_space import trimmed


@dataclass(frozen=True, slots=True)
class RejectEvent:
    """What the operator learns of a refused token: never the token, never the value of a claim."""

    code: RefusalCode
    claim: str | None
    """Name of the claim that was refused."""
    at: float
    """Seconds since 1970."""


class _ExpectedOptions(TypedDict):
    issuer: str | None
    audience: str | Sequence[str] | None


class VerifierOptions(_ExpectedOptions, total=False):
    """What the environment says about a verifier: keyword arguments of `Verifier`."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The options once checked, every default filled in."""

    issuer: str | None
    audience: tuple[str, ...] | None
    keys: KeySet
    algorithms: tuple[Algorithm, ...]
    accepted_types: tuple[str | None, ...]
    required_claims: tuple[str, ...]
    clock_tolerance_seconds: float
    max_lifetime_seconds: float
    max_token_bytes: float
    max_json_depth: int
    clock: Clock
    on_reject: Callable[[RejectEvent], object] | None


def key_set_of(*, key: str | None, secret: str | None) -> KeySet:
    """The one key: `key` as it is, else derived from `secret`. Raises `ConfigurationError`."""
    if key is not None:
        check_key(key, "key")
        return KeySet([shared_key(key)])
    if secret is None:
        raise ConfigurationError("Give the verifier a secret or a key.")
    check_secret(secret, "secret")
    return KeySet([shared_key(derive_key(secret))])


def checked_issuer(issuer: object) -> str | None:
    """Raises `ConfigurationError`."""
    if issuer is None or _is_name(issuer):
        return issuer
    raise ConfigurationError("issuer must be the text that tokens carry as iss, or None to accept every issuer.")


def checked_audience(audience: object) -> tuple[str, ...] | None:
    """Raises `ConfigurationError`."""
    if audience is None:
        return None
    names = tuple(audience) if isinstance(audience, list | tuple) else (audience,)
    if names and all(_is_name(name) for name in names):
        return names
    raise ConfigurationError(
        "audience must be the text that tokens carry as aud, a list of such texts, or None to accept every audience."
    )


def checked_algorithms(algorithms: Sequence[Any]) -> tuple[Algorithm, ...]:
    """Raises `ConfigurationError`."""
    if not isinstance(algorithms, str) and algorithms and all(one in ALGORITHMS for one in algorithms):
        return tuple(algorithms)
    raise ConfigurationError(f"algorithms must list at least one of: {', '.join(ALGORITHMS)}.")


def checked_types(accepted_types: Sequence[str | None]) -> tuple[str | None, ...]:
    """Raises `ConfigurationError`."""
    if isinstance(accepted_types, str) or not accepted_types:
        raise ConfigurationError("accepted_types must list at least one value.")
    return tuple(accepted_types)


def all_required_claims(
    issuer: str | None, audience: tuple[str, ...] | None, additional: Sequence[str]
) -> tuple[str, ...]:
    """`iss` and `aud` unless switched off, `sub`, `exp`, `iat`, then the additional ones."""
    if isinstance(additional, str):
        raise ConfigurationError("required_claims must be a list of claim names.")
    always = [*(["iss"] if issuer is not None else []), *(["aud"] if audience is not None else [])]
    return tuple(dict.fromkeys([*always, "sub", "exp", "iat", *additional]))


def bounded(value: float, name: str, smallest: float, largest: float) -> float:
    """Raises `ConfigurationError`."""
    if isinstance(value, int | float) and not isinstance(value, bool) and smallest <= value <= largest:
        return value
    raise ConfigurationError(f"{name} must be a number from {smallest} to {largest}.")


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value != "" and value == trimmed(value)
