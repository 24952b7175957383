from collections.abc import Callable
from typing import Any

from watchword import WatchwordError, to_problem


def test_a_refusal_becomes_a_problem_document() -> None:
    answer = to_problem(WatchwordError("expired"))
    assert answer.status == 401
    assert answer.headers == {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "WWW-Authenticate": 'Bearer error="invalid_token", error_description="Token has expired."',
    }
    assert answer.body == {
        "type": "urn:watchword:error:expired",
        "title": "Token expired",
        "status": 401,
        "detail": "Token has expired.",
        "code": "expired",
    }


def test_the_faults_of_the_input_stand_in_errors() -> None:
    answer = to_problem(WatchwordError("validation_failed"), [{"in": "body", "pointer": "/title", "code": "required"}])
    assert answer.body["errors"] == [{"in": "body", "pointer": "/title", "code": "required"}]
    assert "WWW-Authenticate" not in answer.headers


def test_what_is_unavailable_says_when_to_ask_again_as_the_contract_does(contract: Callable[[str], Any]) -> None:
    seconds = contract("defaults.json")["http"]["retry_after_seconds_unavailable"]["value"]
    assert to_problem(WatchwordError("unavailable")).headers["Retry-After"] == str(seconds)
    assert "Retry-After" not in to_problem(WatchwordError("internal_error")).headers
