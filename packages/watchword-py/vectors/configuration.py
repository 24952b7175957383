"""Configurations of the cases as verifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from verdict import CannotRunError

from watchword import RevocationSubject, SharedKey, Verifier
from watchword.testing import fixed_clock

# Members of a configuration and the option that each is.
_OPTIONS: Mapping[str, Callable[[Any, Mapping[str, Any]], dict[str, Any]]] = {
    "issuer": lambda value, _: {"issuer": value},
    "audience": lambda value, _: {"audience": value},
    "leeway": lambda value, _: {"clock_tolerance_seconds": value},
    "required_claims": lambda value, _: {"required_claims": value},
    "max_token_bytes": lambda value, _: {"max_token_bytes": value},
    "max_json_depth": lambda value, _: {"max_json_depth": value},
    "max_lifetime": lambda value, _: {"max_lifetime_seconds": value},
    "accepted_typ": lambda value, _: {"accepted_types": value},
    "algorithms": lambda value, _: {"algorithms": value},
    "secrets": lambda value, common: {"key": [_shared_key(one, common) for one in value]} if value else {},
    "jwks": lambda value, _: {} if value is None else {"jwks": value},
    "jwks_url": lambda value, _: {"jwks_url": value},
    "revocation": lambda value, _: {} if value is None else {"revocation": Revocations(value)},
    "claims": lambda value, _: {"claims": _reader(value)},
    "cache": lambda value, _: {"cache": value},
}
# Members that are not the verifier's: the clock, and what stands in front of a route.
_ELSEWHERE = frozenset(["base", "now", "auth", "require_scope", "require_role"])


class Revocations:
    """`{ jti: [], sid: [], user_not_before: {} }` as a source of revocations; what is added later counts too."""

    def __init__(self, revoked: Mapping[str, Any]) -> None:
        self._revoked = revoked

    def is_revoked(self, identity: RevocationSubject) -> bool:
        """By token, session or user."""
        marks = self._revoked.get("user_not_before", {})
        return (
            (identity.token_id is not None and identity.token_id in self._revoked.get("jti", []))
            or (identity.session_id is not None and identity.session_id in self._revoked.get("sid", []))
            or (identity.user_id in marks and identity.issued_at <= marks[identity.user_id])
        )


def config_of(config: str | Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with its base filled in."""
    changes = {"base": config} if isinstance(config, str) else dict(config)
    base = changes.pop("base", None)
    if base is None:
        return changes
    if base not in common["configs"]:
        raise CannotRunError(f"unknown configuration {base}")
    return {**config_of(common["configs"][base], common), **changes}


def verifier_of(config: Mapping[str, Any], common: Mapping[str, Any], **replaced: Any) -> Verifier:
    """`replaced` are options that the case brings itself: a clock that moves, a source of revocations, a fetch."""
    given: dict[str, Any] = {"clock": fixed_clock(config.get("now", common.get("now")))}
    for member, value in config.items():
        if member in _ELSEWHERE:
            continue
        if member not in _OPTIONS:
            raise CannotRunError(f"unknown configuration member {member}")
        given |= _OPTIONS[member](value, common)
    return Verifier(**{**given, **replaced})


def _shared_key(secret: Mapping[str, Any], common: Mapping[str, Any]) -> SharedKey:
    """Key text; `kid` is the corpus's name for the option `key_id`."""
    key = secret["key"]
    given = common["keys"].get(key, {}) if isinstance(key, str) else key
    text = given.get("utf8", _text_of(given.get("hex")))
    if not isinstance(text, str):
        raise CannotRunError("a shared key that is no text")
    return SharedKey(text, secret["kid"]) if "kid" in secret else SharedKey(text)


def _text_of(digits: Any) -> str | None:
    """Bytes in hexadecimal that are UTF-8; a shared key is given as text."""
    try:
        return bytes.fromhex(digits).decode("utf-8")
    except (TypeError, ValueError):
        return None


def _reader(kind: str) -> Callable[[Mapping[str, Any]], Any]:
    """Accepts every token. `copy` gives a caller claims of its own, which can be changed."""
    if kind != "copy":
        raise CannotRunError(f"unknown schema {kind}")
    return changeable


def changeable(value: Any) -> Any:
    """The value with dictionaries and lists in place of what is frozen."""
    if isinstance(value, Mapping):
        return {name: changeable(member) for name, member in value.items()}
    return [changeable(member) for member in value] if isinstance(value, tuple) else value
