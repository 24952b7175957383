"""The log: one JSON object per line on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Protocol, TextIO

from watchword import Clock, FeedEvent, KeySetEvent, system_clock, to_audit_record

from .timestamp import timestamp

Severity = Literal["INFO", "WARN", "ERROR"]

Attributes = Mapping[str, "str | int | float | None"]
"""By their names in `contract/events.json`; `None` is left out. Never a token, a header, a query or a body."""

NONE: Attributes = MappingProxyType({})


class Log(Protocol):
    """Where events go: each is one of `contract/events.json`."""

    def info(self, event: str, attributes: Attributes = NONE) -> None:
        """What happens as it should."""
        ...

    def warn(self, event: str, attributes: Attributes = NONE) -> None:
        """What may need a look."""
        ...

    def error(self, event: str, attributes: Attributes = NONE) -> None:
        """What somebody should look at."""
        ...

    def audit(self, event: FeedEvent | KeySetEvent) -> None:
        """An event that the package tells, with its own time."""
        ...


class JsonLog:
    """Writes one JSON object per line."""

    def __init__(self, stream: TextIO = sys.stdout, clock: Clock = system_clock) -> None:
        self._stream = stream
        self._clock = clock

    def info(self, event: str, attributes: Attributes = NONE) -> None:
        """What happens as it should."""
        self._tell("INFO", event, attributes)

    def warn(self, event: str, attributes: Attributes = NONE) -> None:
        """What may need a look."""
        self._tell("WARN", event, attributes)

    def error(self, event: str, attributes: Attributes = NONE) -> None:
        """What somebody should look at."""
        self._tell("ERROR", event, attributes)

    def audit(self, event: FeedEvent | KeySetEvent) -> None:
        """An event that the package tells, with its own time."""
        self._line(to_audit_record(event))

    def _tell(self, severity: Severity, event: str, attributes: Attributes) -> None:
        self._line({"timestamp": timestamp(self._clock), "severity": severity, "event.name": event, **attributes})

    def _line(self, record: Attributes) -> None:
        told = {name: value for name, value in record.items() if value is not None}
        first = {name: told.pop(name) for name in ("timestamp", "severity")}
        line = {**first, "service.name": "watchword-api", **told}
        self._stream.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._stream.flush()


class SilentLog:
    """Drops everything."""

    def info(self, event: str, attributes: Attributes = NONE) -> None:
        """Dropped."""

    def warn(self, event: str, attributes: Attributes = NONE) -> None:
        """Dropped."""

    def error(self, event: str, attributes: Attributes = NONE) -> None:
        """Dropped."""

    def audit(self, event: FeedEvent | KeySetEvent) -> None:
        """Dropped."""
