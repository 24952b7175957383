"""A request id that may stand in a log stays; any other is replaced."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from watchword import request_id_from


@pytest.fixture
def form(contract: Callable[[str], Any]) -> Any:
    return contract("defaults.json")["http"]["request_id_characters"]


def test_an_id_of_the_contracts_form_stays(form: Any) -> None:
    for given in ("a" * form["min"], "a" * form["max"], "AZ_az-09"):
        assert re.search(form["pattern"], given)
        assert request_id_from(given) == given


@pytest.mark.parametrize(
    "given", [None, "", "a" * 7, "a" * 65, "a b c d e f", "request-0001\n", "eyJh.eyJz.c2ln", "ä" * 9]
)
def test_another_is_replaced_by_a_new_one(form: Any, given: str | None) -> None:
    made = request_id_from(given)
    assert re.fullmatch(form["pattern"], made)
    assert request_id_from(given) != made
