"""What was expected of a case, and what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class CannotRunError(Exception):
    """A case that this runner does not understand: it has failed, and says why."""


class Mismatch(NamedTuple):
    """What was expected, and what came."""

    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came."""

    code: str | None = None
    """Of a refusal."""
    user_id: str | None = None
    """Of who is let through; `None` for nobody."""
    status: int | None = None
    """HTTP status of a refusal, where there is one."""
    error: str | None = None
    """RFC 6750 `error` of its challenge."""
    claims: Mapping[str, Any] | None = None
    """Of who is let through."""

    @property
    def form(self) -> str:
        """The HTTP form of a refusal."""
        return f"{self.status}/{self.error or 'none'}"


def compare(expect: Mapping[str, Any], got: Verdict) -> Mismatch | None:
    """`expect` is `{ result, reason, reason_also_ok, subject, claims }`; a `subject` of `null` is nobody, and of
    `claims` those named.
    """
    if expect["result"] == "accept":
        if got.code is not None:
            return Mismatch("accept", got.code)
        subject = expect.get("subject", got.user_id)
        if subject != got.user_id:
            return Mismatch(f"accept:{subject}", f"accept:{got.user_id}")
        return _compare_claims(expect.get("claims", {}), got.claims or {})
    if expect["result"] != "reject":
        raise CannotRunError(f"unknown result {expect['result']}")
    reasons = [expect["reason"], *expect.get("reason_also_ok", [])]
    return None if got.code in reasons else Mismatch("|".join(reasons), got.code or "accept")


def _compare_claims(expected: Mapping[str, Any], claims: Mapping[str, Any]) -> Mismatch | None:
    for name, value in expected.items():
        if claims.get(name) != value:
            return Mismatch(f"accept:{name}={value}", f"accept:{name}={claims.get(name)}")
    return None
