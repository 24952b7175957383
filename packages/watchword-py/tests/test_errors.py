from collections.abc import Callable
from typing import Any, get_args

import pytest

from watchword import ERROR_TABLE, ConfigurationError, RefusalCode, WatchwordError


def test_the_table_holds_the_facts_of_the_contract(contract: Callable[[str], Any]) -> None:
    own = {
        code: {
            "status": entry.status,
            "error": entry.error,
            "title": entry.title,
            "detail": entry.detail,
            **({"variants": dict(entry.variants)} if entry.variants else {}),
        }
        for code, entry in ERROR_TABLE.items()
    }
    assert own == contract("errors.json")["codes"]


def test_the_union_of_refusal_codes_is_the_table_without_misconfigured() -> None:
    assert {*get_args(RefusalCode), "misconfigured"} == set(ERROR_TABLE)


def test_a_refusal_carries_the_status_and_the_detail_of_its_code() -> None:
    refusal = WatchwordError("expired", claim="exp")
    assert (refusal.code, refusal.status, refusal.claim, str(refusal)) == ("expired", 401, "exp", "Token has expired.")


@pytest.mark.parametrize(
    ("variant", "detail"),
    [("sub", "Token missing user ID (sub claim)."), ("unknown", "Invalid token."), (None, "Invalid token.")],
)
def test_a_variant_changes_the_detail_only_where_the_contract_names_it(variant: str | None, detail: str) -> None:
    assert str(WatchwordError("missing_claim", variant=variant)) == detail


def test_a_configuration_fault_is_no_refusal() -> None:
    assert ConfigurationError.code == "misconfigured"
    assert not issubclass(ConfigurationError, WatchwordError)
