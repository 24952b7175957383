"""How what is fetched from the issuer is doing: the published keys, or the list of revocations."""

from __future__ import annotations

import asyncio
from typing import Final, Literal, NamedTuple

SourceState = Literal["loading", "fresh", "stale", "refusing"]
"""`loading`: it was never complete. `fresh`: it is at most as old as it may be. `stale`: older, and still used.
`refusing`: too old to be used.
"""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class SourceStatus(NamedTuple):
    """How a source is doing."""

    state: SourceState
    entries: int
    """How many keys, or revocations, are known."""
    last_answer_at: float | None
    """When the issuer last told all there was, by this machine's clock: seconds since 1970."""
    failure: str | None = None
    """Why the last request failed: `status_<n>` for an HTTP status other than 200, `redirect` for one that points
    elsewhere, or `unreachable`, `timeout`, `malformed`. `None` where it did not.
    """


def status_failure(status: int) -> str:
    """What an HTTP status other than 200 stands for."""
    return "redirect" if status in _REDIRECTS else f"status_{status}"


def fault_failure(fault: BaseException | None) -> str:
    """What a request that ended without an HTTP answer stands for."""
    return "timeout" if isinstance(fault, TimeoutError | asyncio.TimeoutError) else "unreachable"


class ToldStatus:
    """What of a source was told already, so that each change is told once."""

    def __init__(self) -> None:
        self._state: SourceState = "loading"
        self._failure: str | None = None
        self._recovered = False

    def new_failure(self, failure: str | None) -> str | None:
        """The failure where it is another one than before."""
        known, self._failure = self._failure, failure
        if known is not None and failure is None:
            self._recovered = True
        return None if failure == known else failure

    def is_new_state(self, state: SourceState) -> bool:
        """Whether the state is another one than before, or fresh again after a failure."""
        is_new = state != self._state or (self._recovered and state == "fresh")
        self._state = state
        if is_new:
            self._recovered = False
        return is_new
