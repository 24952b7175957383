"""How long the verifier took for the caller of a request, and whether it knew the token."""

from __future__ import annotations

from time import perf_counter_ns
from typing import Any, Literal

from watchword import Identity, RevocationMode, Verifier

from .request_facts import facts_in_course

Recognition = Literal["warm", "cold"]
"""Whether the very token was known already (CS-23), or the whole recipe was followed."""

_MAX_KNOWN = 1024


class TimedVerifier(Verifier[Any]):
    """The same verifier, which also notes with the request how it accepted a token. `AnswerHeaders` tells the caller
    (contract, HTTP rule 10; https://www.w3.org/TR/server-timing/). A refused credential and an anonymous caller learn
    nothing.
    """

    def __init__(self, verifier: Verifier[Any]) -> None:
        self._timed = verifier
        self._known: dict[int, Identity[Any]] = {}

    @property
    def revocation(self) -> RevocationMode:
        """As the verifier's own."""
        return self._timed.revocation

    async def verify(self, token: str, *, revocation: RevocationMode | None = None) -> Identity[Any]:
        """As the verifier's own. A token that it knows gives the same identity."""
        start = perf_counter_ns()
        identity = await self._timed.verify(token, revocation=revocation)
        is_known = self._known.get(id(identity)) is identity
        _note("warm" if is_known else "cold", start)
        if not is_known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[id(identity)] = identity
        return identity


def _note(recognition: Recognition, start: int) -> None:
    facts = facts_in_course()
    if facts is not None:
        milliseconds = (perf_counter_ns() - start) / 1_000_000
        facts.verification = f'verify;desc="{recognition}";dur={milliseconds:.3f}, backend;desc="fastapi"'
