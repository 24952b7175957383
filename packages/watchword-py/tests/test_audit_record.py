"""Events become the records that the contract describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from watchword import FeedEvent, KeySetEvent, to_audit_record
from watchword._audit_record import ATTRIBUTE_NAMES

EVENTS = [(kind, name) for kind in (FeedEvent, KeySetEvent) for name in get_args(get_type_hints(kind)["name"])]


def test_each_fact_has_the_attribute_name_of_the_contract(contract: Callable[[str], Any]) -> None:
    named = {one.name for kind in (FeedEvent, KeySetEvent) for one in fields(kind)} - {"name", "at"}
    attributes = contract("events.json")["attributes"]
    in_contract = {name: "userId" if name == "user_id" else name for name in named}
    assert {name: attributes[fact]["name"] for name, fact in in_contract.items()} == ATTRIBUTE_NAMES


@pytest.mark.parametrize(("kind", "name"), EVENTS)
def test_an_event_is_as_severe_as_the_contract_says(contract: Callable[[str], Any], kind: Any, name: Any) -> None:
    [known] = [event for event in contract("events.json")["events"] if event["name"] == name]
    assert to_audit_record(kind(name=name, at=0))["severity"] in known["severity"]


@pytest.mark.parametrize(
    ("state", "severity"), [("fresh", "INFO"), ("loading", "WARN"), ("stale", "WARN"), ("refusing", "WARN")]
)
def test_every_state_but_a_fresh_one_is_a_warning(state: Any, severity: str) -> None:
    of_feed = FeedEvent(name="watchword.feed.state", at=0, state=state, entries=0)
    of_keys = KeySetEvent(name="watchword.keys.state", at=0, state=state, entries=0)
    assert [to_audit_record(event)["severity"] for event in (of_feed, of_keys)] == [severity, severity]


def test_a_record_has_its_own_time_and_nothing_for_a_fact_that_is_absent() -> None:
    assert to_audit_record(FeedEvent(name="watchword.user.erased", at=1.5, user_id="u")) == {
        "timestamp": "1970-01-01T00:00:01.500Z",
        "severity": "INFO",
        "event.name": "watchword.user.erased",
        "user.id": "u",
    }
