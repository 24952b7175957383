"""What the operator learns of keys that are published at an address (`contract/events.json`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .source_status import SourceState, SourceStatus

KeySetStatus = SourceStatus
"""How the public keys of a verifier are doing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySetEvent:
    """Something about published keys. Nothing in it is secret.

    `watchword.keys.state`: the state changed, or is `fresh` again after a failure (`state`, `entries`).
    `watchword.keys.failed`: a request failed otherwise than the one before (`reason`).
    """

    name: Literal["watchword.keys.state", "watchword.keys.failed"]
    at: float
    """Seconds since 1970."""
    state: SourceState | None = None
    entries: int | None = None
    """How many keys are known."""
    reason: str | None = None
