"""Who is calling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .claims import audience_of
from .strict_json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is calling, as a verified token says it. Frozen at every level."""

    user_id: str
    """`sub`: the user's id, byte for byte as issued."""
    session_id: str | None = None
    """`sid`: the id of the Better Auth session behind the token."""
    token_id: str | None = None
    """`jti`: the id of this token."""
    email: str | None = None
    name: str | None = None
    role: str | None = None
    scopes: tuple[str, ...] = ()
    """`scope`, split at spaces (RFC 8693 §4.2); empty when the token has none."""
    issuer: str | None = None
    """`iss`; absent only where the verifier does not demand one."""
    audience: tuple[str, ...] = ()
    """`aud` as a list."""
    issued_at: float
    """`iat`, in seconds since 1970."""
    expires_at: float
    """`exp`, in seconds since 1970."""
    claims: Mapping[str, Any]
    """Every claim as sent, own claims included. Their types are not checked beyond the registered ones."""


def identity_of(claims: JsonObject) -> Identity:
    """The identity in claims that every check has passed. An optional claim of another JSON type is left out."""
    return Identity(
        user_id=claims["sub"],
        session_id=claims.get("sid"),
        token_id=claims.get("jti"),
        email=_text(claims.get("email")),
        name=_text(claims.get("name")),
        role=_text(claims.get("role")),
        scopes=_scopes(claims.get("scope")),
        issuer=claims.get("iss"),
        audience=audience_of(claims),
        issued_at=claims["iat"],
        expires_at=claims["exp"],
        claims=_frozen(claims),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _scopes(scope: Any) -> tuple[str, ...]:
    return tuple(one for one in scope.split(" ") if one) if isinstance(scope, str) else ()


def _frozen(value: Any) -> Any:
    """The depth is bounded by the reader of the payload."""
    if isinstance(value, dict):
        return MappingProxyType({name: _frozen(member) for name, member in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(member) for member in value)
    return value
