"""Events as lines of a log."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from typing import Final

from .key_set_events import KeySetEvent
from .revocation_events import FeedEvent

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


def to_audit_record(event: FeedEvent | KeySetEvent) -> dict[str, str | int | float]:
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


def _is_warning(event: FeedEvent | KeySetEvent) -> bool:
    return event.name in _WARNINGS or (event.name.endswith(".state") and event.state != "fresh")


def _timestamp(at: float) -> str:
    milliseconds = math.floor(at * 1000)
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"
