"""The log: one JSON object per line on standard output."""

from __future__ import annotations

import json
import sys
from typing import Protocol, TextIO

from countersign import Clock, system_clock

from .timestamp import timestamp


class Log(Protocol):
    """Where events go. Fields are named by the caller and never hold a token, a header or a query."""

    def info(self, event: str, **fields: object) -> None:
        """What happens as it should."""
        ...

    def warn(self, event: str, **fields: object) -> None:
        """What may need a look."""
        ...

    def error(self, event: str, **fields: object) -> None:
        """What somebody should look at."""
        ...


class JsonLog:
    """Writes `{"level","time","event",…}` lines."""

    def __init__(self, stream: TextIO = sys.stdout, clock: Clock = system_clock) -> None:
        self._stream = stream
        self._clock = clock

    def info(self, event: str, **fields: object) -> None:
        """What happens as it should."""
        self._write("info", event, fields)

    def warn(self, event: str, **fields: object) -> None:
        """What may need a look."""
        self._write("warn", event, fields)

    def error(self, event: str, **fields: object) -> None:
        """What somebody should look at."""
        self._write("error", event, fields)

    def _write(self, level: str, event: str, fields: dict[str, object]) -> None:
        line = {"level": level, "time": timestamp(self._clock), **fields, "event": event}
        self._stream.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._stream.flush()


class SilentLog:
    """Drops everything."""

    def info(self, event: str, **fields: object) -> None:
        """Dropped."""

    def warn(self, event: str, **fields: object) -> None:
        """Dropped."""

    def error(self, event: str, **fields: object) -> None:
        """Dropped."""
