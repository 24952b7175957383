"""What was revoked before it expired."""

from __future__ import annotations

from typing import Literal, Protocol

from .._errors import ConfigurationError, WatchwordError
from .revocation_readiness import Preparation


class RevocationSubject(Protocol):
    """What a revocation can name: a token, a session, or a user up to a moment. Never the token's text, which can
    vary.
    """

    @property
    def token_id(self) -> str | None:
        """`jti`"""
        ...

    @property
    def session_id(self) -> str | None:
        """`sid`"""
        ...

    @property
    def user_id(self) -> str:
        """`sub`"""
        ...

    @property
    def issued_at(self) -> float:
        """`iat`, in seconds since 1970. A user mark revokes every token issued at or before it."""
        ...


class RevocationSource(Protocol):
    """Knows what was revoked. It is asked on every request, also when the token itself is known already."""

    def is_revoked(self, identity: RevocationSubject) -> bool:
        """Answers at once, from memory. When it raises, the token is refused with `unavailable`.

        A source may also have `required_claims`, claims without which a token could not be found in it: a verifier with
        that source demands them. And it may have a method `prepare`, which is asked before: it gives a `Preparation` to
        wait for where that can make the source able to answer, else `None`.
        """
        ...


RevocationMode = Literal["none", "feed"]
"""Whether it is asked what was revoked. `none`: a revoked token passes until it expires."""


def preparation(source: RevocationSource | None, use: RevocationMode | None) -> Preparation | None:
    """What the source needs before it can answer, if anything."""
    prepare = None if use == "none" else getattr(source, "prepare", None)
    return None if prepare is None else prepare()


def check_not_revoked(
    identity: RevocationSubject, source: RevocationSource | None, use: RevocationMode | None = None
) -> None:
    """CS-21: neither the token nor its session nor its user's tokens up to now have been revoked."""
    if use == "none":
        return
    if source is None:
        if use is None:
            return
        raise ConfigurationError("A verifier without a source of revocations cannot ask one.")
    try:
        revoked = source.is_revoked(identity)
    except Exception as fault:
        raise WatchwordError("unavailable", variant="revocations") from fault
    if revoked is not False:
        raise WatchwordError("revoked")
