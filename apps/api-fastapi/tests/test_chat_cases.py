"""The assistant answers what the contract says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chat_case import ChatCase

pytestmark = pytest.mark.anyio

Caller = Any
_FILE = Path(__file__).resolve().parents[3] / "contract" / "chat" / "cases.json"
CASES = json.loads(_FILE.read_text("utf-8"))["cases"]


def test_there_are_enough_cases_to_speak_of_a_language() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
async def test_the_assistant_answers_as_the_contract_says(caller: Callable[..., Caller], case: dict[str, Any]) -> None:
    talk = ChatCase(caller(case["id"]), case["id"])
    await talk.make(case["given"])
    said = [await talk.say(step["message"]) for step in case["say"]]
    assert (said, await talk.afterwards()) == (case["say"], case["afterwards"])
