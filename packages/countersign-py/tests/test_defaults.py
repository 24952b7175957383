from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from countersign import Verifier, VerifierOptions, verifier_options_from_environment
from countersign.jws import TOKEN_TYPE
from countersign.verifier_options import all_required_claims

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("clock_tolerance_seconds", "clock_tolerance_seconds"),
        ("max_lifetime_seconds", "max_lifetime_seconds"),
        ("max_token_bytes", "max_token_bytes"),
        ("max_json_depth", "max_json_depth"),
        ("algorithms", "algorithms"),
        ("accepted_types", "accepted_types_shared_secret"),
    ],
)
def test_a_default_is_the_one_of_the_contract(contract: Callable[[str], Any], option: str, name: str) -> None:
    default = signature(Verifier).parameters[option].default
    expected = contract("defaults.json")["token"][name]["value"]
    assert (list(default) if isinstance(default, tuple) else default) == expected


def test_the_required_claims_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    required = contract("defaults.json")["token"]["required_claims"]["value"]
    assert list(all_required_claims("issuer", ("audience",), ())) == required


def test_the_type_of_a_token_is_the_one_of_the_contract(contract: Callable[[str], Any]) -> None:
    assert contract("defaults.json")["token"]["typ"]["value"] == TOKEN_TYPE


def test_the_ports_in_the_default_addresses_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    settings = contract("defaults.json")["settings"]
    options: VerifierOptions = verifier_options_from_environment({"BETTER_AUTH_SECRET": SECRET})
    assert options["issuer"] == f"http://localhost:{settings['WEB_PORT']['value']}"
    assert options["audience"] == f"http://localhost:{settings['API_PORT']['value']}"
