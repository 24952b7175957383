"""The keys of a verifier, checked once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .._address import is_private_on_its_way, origin_of_address
from .._clock import Clock
from .._errors import ConfigurationError
from .._keys.algorithms import ALGORITHMS, PUBLIC_ALGORITHMS, Algorithm
from .._keys.key_set import KeySet, SharedKey, StaticKeySet, shared_key
from .._keys.key_set_events import KeySetEvent
from .._keys.keys import check_key, check_secret, derive_key
from .._omitted import Omitted

if TYPE_CHECKING:
    from .._keys.fetch_key_set import FetchKeys

# What is accepted where the options do not say: `Ed25519` only when it is listed (RFC 9864 §4.1).
_DEFAULT_PUBLIC_ALGORITHMS = tuple(one for one in PUBLIC_ALGORITHMS if one != "Ed25519")


class ConfiguredKeys(NamedTuple):
    """The keys of the options, and the algorithms that tokens may be signed with."""

    shared: KeySet
    public: KeySet
    algorithms: tuple[Algorithm, ...]


def configured_keys(
    *,
    secret: object,
    key: object,
    audience: tuple[str, ...] | None,
    unsafe_raw_secret: bool,
    jwks: object,
    jwks_url: object,
    allow_http: bool = False,
    jwks_fetch: FetchKeys | None,
    algorithms: Sequence[Any] | None,
    clock: Clock,
    on_event: Callable[[KeySetEvent], object] | None = None,
) -> ConfiguredKeys:
    """`audience` is checked already; `None` accepts every audience. Raises `ConfigurationError` for keys that cannot
    protect anything, and for algorithms that they do not fit.
    """
    shared = _raw_secret_keys(key, secret) if unsafe_raw_secret else _shared_keys(key, secret, audience)
    url = None if jwks_url is None else _checked_address(jwks_url, allow_http)
    public = _public_keys(jwks, url, jwks_fetch, clock, on_event)
    if unsafe_raw_secret and public is not None:
        raise ConfigurationError("unsafe_raw_secret demands no audience: leave out jwks and jwks_url.")
    if shared is None and public is None:
        raise ConfigurationError("Give the verifier a secret, a key, jwks or jwks_url.")
    usual: list[Algorithm] = [] if shared is None else ["HS256"]
    if public is not None:
        usual += _DEFAULT_PUBLIC_ALGORITHMS
    accepted = tuple(usual) if algorithms is None else _checked_algorithms(algorithms)
    _check_fit("HS256" in accepted, shared, "HS256", "a secret or a key")
    _check_fit(any(one != "HS256" for one in accepted), public, "an algorithm of public keys", "jwks or jwks_url")
    return ConfiguredKeys(shared or StaticKeySet([]), public or StaticKeySet([]), accepted)


def _shared_keys(key: object, secret: object, audience: tuple[str, ...] | None) -> KeySet | None:
    if key is None and secret is None:
        return None
    bound: dict[str, tuple[SharedKey, tuple[str] | None]] = {}
    for entry in _list_of(key, "key"):
        configured = _checked_key(entry)
        bound[configured.key] = (configured, None)
    for entry in _list_of(secret, "secret"):
        for name in _derivation_audiences(entry, audience):
            derived = derive_key(str(entry), name)
            bound[derived] = (SharedKey(derived), (name,))
    keys = [shared_key(shared, name) for shared, name in bound.values()]
    names = [one.kid for one in keys if one.kid is not None]
    if len(set(names)) < len(names):
        raise ConfigurationError("Two different keys have the same key_id. Give each its own, or none.")
    return StaticKeySet(keys)


def _checked_key(given: Any) -> SharedKey:
    shared = given if isinstance(given, SharedKey) else SharedKey(given)
    check_key(shared.key, "key")
    if shared.key_id is None or isinstance(shared.key_id, Omitted):
        return shared
    if isinstance(shared.key_id, str) and shared.key_id != "":
        return shared
    raise ConfigurationError("key_id must be the text that tokens carry as kid, or None for a key without one.")


def _derivation_audiences(secret: Any, audience: tuple[str, ...] | None) -> tuple[str, ...]:
    """Decision 1: each audience has a key of its own, which verifies tokens for that audience alone."""
    check_secret(secret, "secret")
    if audience is None:
        raise ConfigurationError(
            "The key is derived from secret for one audience: set audience to what tokens carry as aud, or give key "
            "instead of secret."
        )
    return audience


def _raw_secret_keys(key: object, secret: Any) -> KeySet:
    """Tokens of raw mode carry no `kid`, so only one secret can verify them."""
    if key is not None or not isinstance(secret, str):
        raise ConfigurationError(
            "unsafe_raw_secret verifies with BETTER_AUTH_SECRET itself: give it as secret, a single string, and leave "
            "out key."
        )
    check_secret(secret, "secret")
    return StaticKeySet([shared_key(SharedKey(secret, None))])


def _list_of(value: object, name: str) -> Sequence[object]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        return [value]
    if not value:
        raise ConfigurationError(f"{name} must list at least one value.")
    return value


def _public_keys(
    jwks: object,
    url: str | None,
    fetch: FetchKeys | None,
    clock: Clock,
    on_event: Callable[[KeySetEvent], object] | None,
) -> KeySet | None:
    if jwks is None and url is None:
        return None
    try:
        # Only who has public keys needs the package.
        from .._keys.fetch_key_set import MAX_KEYS, fetch_over_http  # noqa: PLC0415
        from .._keys.public_keys import usable_keys  # noqa: PLC0415
        from .._keys.remote_key_set import RemoteKeySet  # noqa: PLC0415
    except ImportError as fault:
        raise ConfigurationError(
            "Public keys need the package cryptography. Install it with: pip install cryptography"
        ) from fault
    if jwks is None and url is not None:
        return RemoteKeySet(url=url, fetch=fetch or fetch_over_http, clock=clock, on_event=on_event)
    if url is not None:
        raise ConfigurationError("Give jwks or jwks_url, not both.")
    keys = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(keys, list | tuple) or len(keys) > MAX_KEYS:
        raise ConfigurationError(f'jwks must be a key set, {{"keys": [...]}}, of at most {MAX_KEYS} keys.')
    return StaticKeySet(usable_keys(keys))


def _checked_address(jwks_url: object, allow_http: bool) -> str:
    if isinstance(jwks_url, str):
        origin = origin_of_address(jwks_url)
        if origin is not None and (allow_http is True or is_private_on_its_way(origin)):
            return jwks_url
    raise ConfigurationError(
        "jwks_url must be an https: address, or an http: address on this machine, without a user name. Set allow_http "
        "for http: on another machine."
    )


def _checked_algorithms(algorithms: Sequence[Any]) -> tuple[Algorithm, ...]:
    if isinstance(algorithms, list | tuple) and algorithms and all(one in ALGORITHMS for one in algorithms):
        return tuple(algorithms)
    raise ConfigurationError(f"algorithms must list at least one of: {', '.join(ALGORITHMS)}.")


def _check_fit(listed: bool, keys: KeySet | None, algorithm: str, source: str) -> None:
    """An algorithm without keys verifies nothing, and keys without their algorithm neither: one of the two is a
    mistake.
    """
    if listed is (keys is not None):
        return
    if listed:
        raise ConfigurationError(f"algorithms lists {algorithm}: that needs {source} too.")
    raise ConfigurationError(f"There is {source}: algorithms must list {algorithm} too.")
