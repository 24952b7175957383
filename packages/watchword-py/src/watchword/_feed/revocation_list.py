"""What is revoked, in memory."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

from .._token.revocation import RevocationSubject

RevocationKind = Literal["session", "token", "user"]
"""`session`: every token with this `sid`; `token`: this `jti`; `user`: every token of this `sub` up to `at`."""

FORGET_MARGIN_SECONDS: Final = 120
"""Seconds beyond `until` in which a token may still pass, by a slow clock or by tolerance. Held against
`contract/defaults.json`.
"""


class Revocation(NamedTuple):
    """One revocation, as the feed tells it."""

    kind: RevocationKind
    id: str
    at: int
    """When it was revoked by the issuer's clock, which writes `iat` too: whole seconds since 1970."""
    until: int
    """When the last token that it can concern has expired: whole seconds since 1970."""
    deleted: bool = False
    """On a user: the account is gone."""


def applies_to(revocation: Revocation, subject: RevocationSubject) -> bool:
    """CS-21: whether a token is one that the revocation concerns; `iat` is cut to the second."""
    if revocation.kind == "session":
        return subject.session_id == revocation.id
    if revocation.kind == "token":
        return subject.token_id == revocation.id
    return subject.user_id == revocation.id and math.floor(subject.issued_at) <= revocation.at


class RevocationList:
    """What is revoked, in memory: texts and numbers alone, so that 100 000 of them fit in some megabytes.

    Looking up changes nothing, and asks for no time: what is kept too long concerns tokens that have expired anyway.
    One thread may add while others look up.
    """

    def __init__(self) -> None:
        # `until` by id.
        self._sessions: dict[str, int] = {}
        self._tokens: dict[str, int] = {}
        self._users: dict[str, int] = {}
        # `at` of users by id: beside the above, since one object per user would need twice the memory.
        self._marks: dict[str, int] = {}
        self._deleted: set[str] = set()
        # The ends in use, as numbers that all entries of a minute share: one of its own would be a third of an entry.
        self._ends: dict[int, int] = {}

    @property
    def size(self) -> int:
        """How many revocations are known."""
        return len(self._sessions) + len(self._tokens) + len(self._users)

    def add(self, revocation: Revocation) -> bool:
        """Whether it says anything new: the feed repeats itself."""
        kind, identifier, at, until, deleted = revocation
        ids = self._ids_of(kind)
        known = ids.get(identifier)
        if kind == "user":
            # The mark first: another thread must not find the user without it.
            mark = self._marks.get(identifier)
            later = mark is None or at > mark
            if later:
                self._marks[identifier] = at
            gone = deleted and identifier not in self._deleted
            if gone:
                self._deleted.add(identifier)
        else:
            later, gone = known is None, False
        if known is None or until > known:
            ids[identifier] = self._shared_end(until)
        return later or gone

    def holds(self, subject: RevocationSubject) -> bool:
        """CS-21, with `iat` cut to the second: a mark concerns everything issued in its second."""
        if subject.session_id is not None and subject.session_id in self._sessions:
            return True
        if subject.token_id is not None and subject.token_id in self._tokens:
            return True
        mark = self._marks.get(subject.user_id)
        return mark is not None and math.floor(subject.issued_at) <= mark

    def forget(self, now: float) -> None:
        """Forgets what cannot concern a living token any more."""
        end = now - FORGET_MARGIN_SECONDS
        self._ends = {until: until for until in self._ends.values() if until >= end}
        for ids in (self._sessions, self._tokens, self._users):
            for identifier in [one for one, until in ids.items() if until < end]:
                del ids[identifier]
                if ids is self._users:
                    del self._marks[identifier]
                    self._deleted.discard(identifier)

    def _shared_end(self, until: int) -> int:
        """`until`, or up to a minute later."""
        end = -(-until // 60) * 60
        return self._ends.setdefault(end, end)

    def _ids_of(self, kind: RevocationKind) -> dict[str, int]:
        if kind == "session":
            return self._sessions
        return self._tokens if kind == "token" else self._users
