"""Who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic

from .._encoding.strict_json import JsonObject
from .._white_space import trimmed
from .claims import audience_of

if TYPE_CHECKING:
    # Without a parameter, an identity is one with the claims as sent.
    from typing_extensions import TypeVar

    ClaimsT = TypeVar("ClaimsT", default=JsonObject)
    ClaimsT_co = TypeVar("ClaimsT_co", covariant=True, default=JsonObject)
else:
    from typing import TypeVar

    ClaimsT = TypeVar("ClaimsT")
    ClaimsT_co = TypeVar("ClaimsT_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Generic[ClaimsT_co]):
    """Who is calling, as a verified token says it. Frozen at every level. Its parameter is the type of the claims: as
    sent (`JsonObject`), or what the verifier's `claims` makes of them.
    """

    user_id: str
    """`sub`: the user's id, byte for byte as issued."""
    session_id: str | None = None
    """`sid`: the id of the Better Auth session behind the token."""
    token_id: str | None = None
    """`jti`: the id of this token."""
    email: str | None = None
    name: str | None = None
    role: str | None = None
    """`role` as sent."""
    roles: tuple[str, ...] = ()
    """The roles of `role`, a comma-separated list as Better Auth's admin plugin writes it, and of `roles`; empty
    without.
    """
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
    claims: ClaimsT_co
    """Every claim as sent, own claims included: their types are not checked beyond the registered ones. With a
    `claims` function it is the function's result instead.
    """


def identity_of(claims: JsonObject) -> Identity[JsonObject]:
    """The identity in claims that every check has passed. An optional claim of another JSON type is left out."""
    role = _text(claims.get("role"))
    return Identity(
        user_id=claims["sub"],
        session_id=claims.get("sid"),
        token_id=claims.get("jti"),
        email=_text(claims.get("email")),
        name=_text(claims.get("name")),
        role=role,
        roles=_roles(role, claims.get("roles")),
        scopes=_scopes(claims.get("scope")),
        issuer=claims.get("iss"),
        audience=audience_of(claims),
        issued_at=claims["iat"],
        expires_at=claims["exp"],
        claims=_frozen(claims),
    )


def _roles(role: str | None, roles: Any) -> tuple[str, ...]:
    """`role` is split at commas; `roles` is one role or a list of them (RFC 9068 §2.2.3.1). Another JSON type grants
    nothing.
    """
    if role is None and roles is None:
        return ()
    named = [] if role is None else [trimmed(one) for one in role.split(",")]
    listed = roles if isinstance(roles, list) else [roles]
    every = named + [one for one in listed if isinstance(one, str)]
    return tuple(dict.fromkeys(one for one in every if one))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _scopes(scope: Any) -> tuple[str, ...]:
    return tuple(one for one in scope.split(" ") if one) if isinstance(scope, str) else ()


def _frozen(value: Any) -> Any:
    """Frozen at every level. The depth is bounded by the reader of the payload."""
    if isinstance(value, dict):
        return MappingProxyType({name: _frozen(member) for name, member in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(member) for member in value)
    return value
