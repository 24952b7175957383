from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from watchword import ConfigurationError, Verifier, VerifierOptions
from watchword import verifier_options_from_environment as options_from
from watchword._keys import fetch_key_set, public_keys, remote_key_set
from watchword._token.configured_keys import configured_keys
from watchword._token.jws import TOKEN_TYPE
from watchword._token.policy import PUBLIC_TYPES, SHARED_TYPES, all_required_claims, check_options
from watchword.testing import fixed_clock

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


@pytest.mark.parametrize(
    "name", ["clock_tolerance_seconds", "max_lifetime_seconds", "max_token_bytes", "max_json_depth"]
)
def test_a_default_is_the_one_of_the_contract(contract: Callable[[str], Any], name: str) -> None:
    assert signature(check_options).parameters[name].default == contract("defaults.json")["token"][name]["value"]


def test_the_cache_holds_as_much_as_the_contract_says(contract: Callable[[str], Any]) -> None:
    expected = contract("defaults.json")["token"]["cache_max_entries"]["value"]
    assert signature(check_options).parameters["cache"].default == {"max_entries": expected}


@pytest.mark.parametrize(
    ("options", "name"),
    [({"secret": SECRET}, "algorithms"), ({"jwks": {"keys": []}}, "algorithms_public_key")],
)
def test_the_algorithms_follow_from_the_keys(
    contract: Callable[[str], Any], options: dict[str, Any], name: str
) -> None:
    none: dict[str, Any] = dict.fromkeys(("secret", "key", "jwks", "jwks_url", "jwks_fetch", "algorithms"))
    kind: dict[str, Any] = {"audience": ("https://api.example.test",), "unsafe_raw_secret": False}
    chosen = configured_keys(**{**none, **options}, **kind, clock=fixed_clock(0)).algorithms
    assert list(chosen) == contract("defaults.json")["token"][name]["value"]


def test_the_types_follow_from_the_keys(contract: Callable[[str], Any]) -> None:
    token = contract("defaults.json")["token"]
    assert list(SHARED_TYPES) == token["accepted_types_shared_secret"]["value"]
    assert list(PUBLIC_TYPES) == token["accepted_types_public_key"]["value"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout_seconds", fetch_key_set.TIMEOUT_SECONDS),
        ("max_bytes", fetch_key_set.MAX_BYTES),
        ("max_keys", fetch_key_set.MAX_KEYS),
        ("max_json_depth", fetch_key_set.MAX_JSON_DEPTH),
        ("refresh_after_seconds", remote_key_set.REFRESH_AFTER_SECONDS),
        ("max_age_seconds", remote_key_set.MAX_AGE_SECONDS),
        ("max_stale_seconds", remote_key_set.MAX_STALE_SECONDS),
        ("cool_down_seconds", remote_key_set.COOL_DOWN_SECONDS),
        ("retry_seconds", remote_key_set.RETRY_SECONDS),
        ("rsa_min_bits", public_keys.MIN_RSA_BITS),
        ("rsa_max_bits", public_keys.MAX_RSA_BITS),
    ],
)
def test_a_bound_of_published_keys_is_the_one_of_the_contract(
    contract: Callable[[str], Any], name: str, value: float
) -> None:
    assert value == contract("defaults.json")["key_set"][name]["value"]


def test_the_required_claims_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    required = contract("defaults.json")["token"]["required_claims"]["value"]
    assert list(all_required_claims(("issuer",), ("audience",), ())) == required


def test_the_type_of_a_token_is_the_one_of_the_contract(contract: Callable[[str], Any]) -> None:
    assert contract("defaults.json")["token"]["typ"]["value"] == TOKEN_TYPE


def test_the_ports_in_the_default_addresses_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    settings = contract("defaults.json")["settings"]
    options: VerifierOptions = options_from({"BETTER_AUTH_SECRET": SECRET})
    assert options["issuer"] == f"http://localhost:{settings['WEB_PORT']['value']}"
    assert options["audience"] == f"http://localhost:{settings['API_PORT']['value']}"


@pytest.mark.parametrize(
    "name", ["clock_tolerance_seconds", "max_lifetime_seconds", "max_token_bytes", "max_json_depth"]
)
def test_an_option_stays_within_the_bounds_of_the_contract(contract: Callable[[str], Any], name: str) -> None:
    entry = contract("defaults.json")["token"][name]
    common: dict[str, Any] = {"issuer": "i", "audience": "a", "secret": SECRET}
    for value in (entry["min"], entry["max"]):
        Verifier(**common, **{name: value})
    for value in (entry["min"] - 0.5, entry["max"] + 0.5, float("nan")):
        with pytest.raises(ConfigurationError):
            Verifier(**common, **{name: value})
