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

    @property
    def form(self) -> str:
        """The HTTP form of a refusal."""
        return f"{self.status}/{self.error or 'none'}"


def compare(expect: Mapping[str, Any], got: Verdict) -> Mismatch | None:
    """`expect` is `{ result, reason, reason_also_ok, subject }`; a `subject` of `null` is nobody."""
    if expect["result"] == "accept":
        if got.code is not None:
            return Mismatch("accept", got.code)
        subject = expect.get("subject", got.user_id)
        return None if subject == got.user_id else Mismatch(f"accept:{subject}", f"accept:{got.user_id}")
    if expect["result"] != "reject":
        raise CannotRunError(f"unknown result {expect['result']}")
    reasons = [expect["reason"], *expect.get("reason_also_ok", [])]
    return None if got.code in reasons else Mismatch("|".join(reasons), got.code or "accept")
