"""What a follower of the feed asks, and what is revoked after each answer, as both languages do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from watchword import (
    Revocation,
    RevocationFeed,
    applies_to,
    derive_feed_key,
    feed_options_from_environment,
)
from watchword._errors import ConfigurationError
from watchword._feed import (
    revocation_answer,
    revocation_erasure,
    revocation_feed_options,
    revocation_follower,
    revocation_list,
    revocation_pace,
    revocation_request,
    revocation_token,
)
from watchword._feed.revocation_follower import FeedStep, FollowerOptions, RevocationFollower
from watchword.testing import fixed_clock

CONTRACT = Path(__file__).resolve().parents[3] / "contract"
FILE = json.loads((CONTRACT / "vectors/revocation-feed.json").read_text("utf-8"))
FEED_CASES = json.loads((CONTRACT / "vectors/environment.json").read_text("utf-8"))["feed_cases"]


class Subject(NamedTuple):
    """What a revocation can name."""

    user_id: str
    session_id: str | None
    token_id: str | None
    issued_at: float


SUBJECTS = {name: Subject(one["sub"], one["sid"], one["jti"], one["iat"]) for name, one in FILE["tokens"].items()}


def verdict(follower: RevocationFollower, name: str) -> bool | str:
    try:
        return follower.is_revoked(SUBJECTS[name])
    except RuntimeError:
        return "unavailable"


def test_the_cases_are_all_there() -> None:
    assert sum(len(case["steps"]) for case in FILE["cases"]) == 84


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    clock = fixed_clock(FILE["now"])
    options = case.get("options", {})
    feed_keys = [f"key {index}" for index in range(options.get("keys", 1))]
    follower = RevocationFollower(
        FollowerOptions(
            feed_keys=feed_keys,
            clock=clock,
            random=lambda: 1,
            poll_seconds=options.get("poll_seconds"),
            when_unreachable=options.get("when_unreachable", "closed"),
            stale_after_seconds=60,
            refuse_after_seconds=300,
        )
    )
    for index, step in enumerate(case["steps"]):
        at = f"step {index}"
        clock.advance(step.get("now", clock.now()) - clock.now())
        if "asked" in step:
            asked, question = step["asked"], follower.next()
            assert (question.after, question.wait) == (asked["after"], asked["wait"]), at
            assert question.feed_key == feed_keys[asked.get("key", feed_keys.index(question.feed_key))], at
        clock.advance(step.get("answered_after", 0))
        expected = step.get("expect", {})
        result = None
        if "answer" in step:
            answer = step["answer"]
            body = answer["text"] if "text" in answer else json.dumps(answer.get("body"))
            result = follower.answered(answer["status"], body.encode("utf-8"))
        elif "failure" in step:
            result = follower.failed(step["failure"])
        if result is not None:
            assert result.failure == expected.get("failure"), at
            assert result.pause_seconds == expected.get("pause", result.pause_seconds), at
            learned = [one.id for one in result.learned]
            assert learned == expected.get("learned", learned), at
        assert follower.state == expected.get("state", follower.state), at
        assert follower.entries == expected.get("entries", follower.entries), at
        for name, value in step.get("revoked", {}).items():
            assert (at, name, verdict(follower, name)) == (at, name, value)


def follower_with(**changes: Any) -> RevocationFollower:
    rules: dict[str, Any] = {
        "feed_keys": ["newer", "older"],
        "clock": fixed_clock(FILE["now"]),
        "random": lambda: 1,
        "poll_seconds": None,
        "when_unreachable": "closed",
        "stale_after_seconds": 60,
        "refuse_after_seconds": 300,
    }
    return RevocationFollower(FollowerOptions(**{**rules, **changes}))


PAGE = json.dumps({"entries": [], "cursor": "c1", "more": False, "now": FILE["now"]}).encode()


def test_retries_are_spread_between_half_and_the_whole_of_the_time() -> None:
    def pause(random: float) -> float:
        return follower_with(random=lambda: random).failed("unreachable").pause_seconds

    assert (pause(0), pause(1)) == (0.125, 0.25)


def test_every_key_is_tried_anew_after_each_answer() -> None:
    follower = follower_with()
    assert follower.answered(401, b"").failure is None
    assert follower.next().feed_key == "older"
    assert follower.answered(200, PAGE).failure is None
    assert follower.answered(401, b"") == (0, (), None)
    assert follower.next().feed_key == "newer"
    assert follower.answered(401, b"").failure == "status_401"


def test_it_goes_on_where_it_was_although_its_clock_was_set_back_by_less_than_a_minute() -> None:
    clock = fixed_clock(FILE["now"])
    follower = follower_with(clock=clock)
    clock.advance(-59)
    follower.answered(200, PAGE)
    assert follower.next()[:2] == ("c1", 25)
    clock.advance(-1)
    follower.answered(200, PAGE)
    assert follower.next()[:2] == (None, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("path", revocation_feed_options.FEED_PATH),
        ("wait_seconds", revocation_follower.WAIT_SECONDS),
        ("max_entries", revocation_answer.MAX_ENTRIES),
        ("max_bytes", revocation_answer.MAX_BYTES),
        ("max_cursor_characters", revocation_answer.MAX_CURSOR_CHARACTERS),
        ("request_margin_seconds", revocation_request.REQUEST_MARGIN_SECONDS),
        ("min_interval_seconds", revocation_follower.MIN_INTERVAL_SECONDS),
        ("forget_margin_seconds", revocation_list.FORGET_MARGIN_SECONDS),
        ("burst_requests", revocation_pace.BURST_REQUESTS),
        ("requests_per_second", revocation_pace.REQUESTS_PER_SECOND),
        ("max_pages", revocation_follower.MAX_PAGES),
        ("sweep_seconds", revocation_follower.SWEEP_SECONDS),
        ("erase_again_after_seconds", revocation_erasure.ERASE_AGAIN_AFTER_SECONDS),
    ],
)
def test_a_number_of_the_feed_is_the_one_of_the_contract(
    contract: Callable[[str], Any], name: str, value: object
) -> None:
    assert contract("defaults.json")["revocation"][name]["value"] == value


def test_the_retries_and_the_token_of_the_feed_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    numbers = contract("defaults.json")["revocation"]
    assert numbers["retry_seconds"] == {
        "min": revocation_follower.RETRY_SECONDS,
        "max": revocation_follower.MAX_RETRY_SECONDS,
    }
    assert numbers["feed_token"] == {
        "info": revocation_token.FEED_TOKEN_INFO,
        "typ": revocation_token.FEED_TOKEN_TYPE,
        "aud": revocation_token.FEED_TOKEN_AUDIENCE,
        "sub": revocation_token.FEED_TOKEN_SUBJECT,
        "ttl_seconds": revocation_token.FEED_TOKEN_TTL_SECONDS,
    }


def test_the_key_of_the_feed_is_derived_as_the_cases_of_the_contract_say(contract: Callable[[str], Any]) -> None:
    cases = contract("vectors/keys.json")["cases"]
    assert [derive_feed_key(case["key"]) for case in cases] == [case["feed_key"] for case in cases]


def test_the_settings_are_all_there() -> None:
    assert len(FEED_CASES) == 19


@pytest.mark.parametrize("case", [one for one in FEED_CASES if "feed" in one], ids=lambda case: case["name"])
def test_settings_give_these_options(case: dict[str, Any]) -> None:
    settings = feed_options_from_environment(case["settings"], case.get("otherwise", "none"))
    assert settings == case["feed"]
    if settings is not None:
        assert RevocationFeed(**settings).status().state == "loading"


@pytest.mark.parametrize("case", [one for one in FEED_CASES if "refused" in one], ids=lambda case: case["name"])
def test_settings_that_cannot_be_right_are_refused_by_name_and_never_quoted(case: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        feed_options_from_environment(case["settings"], case.get("otherwise", "none"))
    assert str(refused.value).startswith(case["refused"])
    for name in ("BETTER_AUTH_SECRET", "WATCHWORD_FEED_SECRET"):
        assert case["settings"].get(name, "-----") not in str(refused.value)


MEMORY = """
import base64, gc, json, os, sys, tracemalloc
from watchword._feed.revocation_follower import FollowerOptions, RevocationFollower
from watchword.testing import fixed_clock

kind, start = sys.argv[1], 1_767_225_600
follower = RevocationFollower(FollowerOptions(feed_keys=["key"], clock=fixed_clock(start), random=lambda: 1,
    poll_seconds=None, when_unreachable="closed", stale_after_seconds=60, refuse_after_seconds=300))
tracemalloc.start()
gc.collect()
before = tracemalloc.get_traced_memory()[0]
for first in range(0, 100_000, 10_000):
    entries = [{"kind": kind, "id": base64.urlsafe_b64encode(os.urandom(24)).decode(), "at": start + first + index,
        "until": start + first + index + 900} for index in range(10_000)]
    answer = {"entries": entries, "cursor": f"c{first}", "more": first < 90_000, "now": start}
    follower.next()
    follower.answered(200, json.dumps(answer).encode())
del entries, answer
gc.collect()
grown = tracemalloc.get_traced_memory()[0] - before
print(json.dumps({"entries": follower.entries, "state": follower.state, "bytes": grown}))
"""


@pytest.mark.parametrize("kind", ["session", "token", "user"])
def test_100_000_revocations_fit_in_20_mb(kind: str) -> None:
    ran = subprocess.run([sys.executable, "-c", MEMORY, kind], check=True, capture_output=True)  # noqa: S603
    found = json.loads(ran.stdout)
    grown = found.pop("bytes")
    assert found == {"entries": 100_000, "state": "fresh"}
    assert 1_000_000 < grown < 20_000_000, grown


def test_a_revocation_concerns_the_tokens_of_its_session_its_id_or_its_user_up_to_its_second() -> None:
    token = Subject("u", "s", "t", 100.9)

    def one(kind: Any, identifier: str, at: int = 100) -> bool:
        return applies_to(Revocation(kind, identifier, at, 200), token)

    assert [one("session", "s"), one("token", "t"), one("user", "u")] == [True, True, True]
    assert [one("session", "t"), one("token", "s"), one("user", "s"), one("user", "u", 99)] == [False] * 4


def page(cursor: str, *, more: bool) -> bytes:
    return json.dumps({"entries": [], "cursor": cursor, "more": more, "now": FILE["now"]}).encode()


def answer_or_fail(follower: RevocationFollower, count: int, *, more: bool) -> FeedStep:
    return follower.failed("unreachable") if count % 2 == 0 else follower.answered(200, page(f"c{count}", more=more))


ENDLESS: dict[str, Callable[[RevocationFollower, int], FeedStep]] = {
    "always more": lambda follower, count: follower.answered(200, page(f"c{count}", more=True)),
    "never more, and at once": lambda follower, count: follower.answered(200, page(f"c{count}", more=False)),
    "401 to each of its keys": lambda follower, _: follower.answered(401, b""),
    "a failure after each page": lambda follower, count: answer_or_fail(follower, count, more=True),
    "a failure after each answer": lambda follower, count: answer_or_fail(follower, count, more=False),
}


@pytest.mark.parametrize("poll_seconds", [None, 0.25])
@pytest.mark.parametrize("answered", ENDLESS.values(), ids=ENDLESS)
def test_a_feed_is_asked_at_most_40_times_in_any_10_seconds(
    answered: Callable[[RevocationFollower, int], FeedStep], poll_seconds: float | None
) -> None:
    clock = fixed_clock(FILE["now"])
    keys = [f"key {index}" for index in range(8)]
    follower = follower_with(clock=clock, feed_keys=keys, random=lambda: 0, poll_seconds=poll_seconds)
    times: list[float] = []
    while clock.now() < FILE["now"] + 60:
        follower.next()
        times.append(clock.now())
        clock.advance(answered(follower, len(times)).pause_seconds)
    assert len(times) > 20
    assert max(sum(start <= one <= start + 10 for one in times) for start in times) <= 40


def test_a_load_has_at_most_50_pages_begins_anew_and_is_not_complete_by_that() -> None:
    clock = fixed_clock(FILE["now"])
    follower = follower_with(clock=clock)

    def load(pages: int) -> list[str | None]:
        failures = []
        for index in range(pages):
            follower.next()
            failures.append(follower.answered(200, page(f"c{index}", more=True)).failure)
        return failures

    assert load(50) == [None] * 49 + ["malformed"]
    assert (follower.next().after, follower.state, follower.last_answer_at) == (None, "loading", None)
    load(49)
    assert follower.answered(200, page("end", more=False)).failure is None
    assert (follower.state, follower.last_answer_at) == ("fresh", FILE["now"])
    # Pages that never end make no list fresh.
    clock.advance(61)
    load(30)
    assert follower.state == "stale"
