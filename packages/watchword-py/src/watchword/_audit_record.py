"""Events as lines of a log."""

from __future__ import annotations

import math
from dataclasses import Field, fields
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Final, Protocol

ATTRIBUTE_NAMES: Final = {
    "state": "watchword.feed.state",
    "entries": "watchword.feed.entries",
    "reason": "watchword.reason",
    "count": "watchword.feed.count",
    "user_id": "user.id",
}
"""Names of attributes as OpenTelemetry has them, where it has one (`contract/events.json`)."""

_WARNINGS: Final = frozenset({"watchword.keys.failed", "watchword.feed.failed", "watchword.user.erase_failed"})
"""What may need a look. Everything else is a day's business."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


class NamedEvent(Protocol):
    """An event of the published keys or of the feed: a dataclass whose other fields are its facts."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def name(self) -> str:
        """As in `contract/events.json`."""
        ...

    @property
    def at(self) -> float:
        """Seconds since 1970."""
        ...


def to_audit_record(event: NamedEvent) -> dict[str, str | int | float]:
    """An event as one flat record, for a JSON line or an OpenTelemetry log record: `timestamp` (RFC 3339, in UTC),
    `severity`, `event.name` and the attributes. `service.name` is the application's to add.
    """
    told = {one.name: getattr(event, one.name) for one in fields(event) if one.name not in ("name", "at")}
    return {
        "timestamp": _timestamp(event.at),
        "severity": "WARN" if _is_warning(event) else "INFO",
        "event.name": event.name,
        **{ATTRIBUTE_NAMES[name]: value for name, value in told.items() if value is not None},
    }


def _is_warning(event: NamedEvent) -> bool:
    return event.name in _WARNINGS or (event.name.endswith(".state") and getattr(event, "state", None) != "fresh")


def _timestamp(at: float) -> str:
    milliseconds = math.floor(at * 1000)
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"
