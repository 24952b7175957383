"""CS-25: what an answer of the feed may be; every other one is not understood."""

from __future__ import annotations

import json
from typing import Any

import pytest

from watchword._feed.revocation_answer import (
    MAX_BYTES,
    MAX_CURSOR_CHARACTERS,
    MAX_ENTRIES,
    FeedAnswer,
    read_feed_answer,
)

ENTRY = {"kind": "session", "id": "session_a", "at": 100, "until": 200}
GOOD = {"entries": [ENTRY], "cursor": "c1", "more": False, "now": 100}


def read(**changes: Any) -> FeedAnswer | None:
    return read_feed_answer(json.dumps({**GOOD, **changes}).encode())


def test_it_says_what_is_revoked_and_where_to_go_on() -> None:
    assert read() == ([("session", "session_a", 100, 200, False)], "c1", False)


def test_it_is_read_up_to_its_greatest_size_and_not_a_byte_beyond() -> None:
    text = json.dumps(GOOD).encode()
    answer = read_feed_answer(text.ljust(MAX_BYTES))
    assert answer is not None
    assert answer.cursor == "c1"
    assert read_feed_answer(text.ljust(MAX_BYTES + 1)) is None


def test_it_is_read_up_to_its_greatest_number_of_entries_and_not_one_beyond() -> None:
    answer = read(entries=[ENTRY] * MAX_ENTRIES)
    assert answer is not None
    assert len(answer.entries) == MAX_ENTRIES
    assert read(entries=[ENTRY] * (MAX_ENTRIES + 1)) is None


def test_it_is_read_up_to_the_greatest_length_of_its_cursor_in_utf_16_code_units() -> None:
    assert read(cursor="😀" * (MAX_CURSOR_CHARACTERS // 2)) is not None
    assert read(cursor="c" * (MAX_CURSOR_CHARACTERS + 1)) is None
    assert read(cursor="😀" * (MAX_CURSOR_CHARACTERS // 2 + 1)) is None


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + 400 * "0", "1" + 5000 * "0"])
def test_a_time_beyond_all_numbers_is_not_understood(number: str) -> None:
    text = json.dumps(GOOD)
    assert read_feed_answer(text.replace('"now": 100', f'"now": {number}').encode()) is None
    assert read_feed_answer(text.replace('"until": 200', f'"until": {number}').encode()) is None


@pytest.mark.parametrize(
    "other",
    [
        None,
        5,
        [],
        {**ENTRY, "id": 5},
        {**ENTRY, "id": ""},
        {name: value for name, value in ENTRY.items() if name != "id"},
        {**ENTRY, "kind": "device"},
        {**ENTRY, "at": 100.5},
        {**ENTRY, "until": -1},
        {**ENTRY, "until": "200"},
        {**ENTRY, "until": True},
        {**ENTRY, "deleted": True},
        {**ENTRY, "kind": "user", "deleted": "yes"},
    ],
)
def test_one_entry_that_is_none_makes_all_of_it_not_understood(other: object) -> None:
    assert read(entries=[ENTRY, other]) is None
