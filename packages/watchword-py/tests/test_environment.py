from typing import Any

import pytest

from watchword import (
    ConfigurationError,
    audience_from_environment,
    issuer_from_environment,
    verifier_options_from_environment,
)

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"


@pytest.mark.parametrize(
    ("environment", "issuer"),
    [
        ({}, "http://localhost:3000"),
        ({"WEB_PORT": "3100"}, "http://localhost:3100"),
        ({"NEXT_PUBLIC_APP_URL": "https://app.example.com"}, "https://app.example.com"),
        (
            {"BETTER_AUTH_URL": "https://a.example.com/api/auth", "NEXT_PUBLIC_APP_URL": "https://b.example.com"},
            "https://a.example.com",
        ),
        ({"BETTER_AUTH_URL": " HTTPS://App.Example.com:443/ "}, "https://app.example.com"),
        ({"BETTER_AUTH_URL": "http://[::1]:3000"}, "http://[::1]:3000"),
        ({"BETTER_AUTH_URL": "  "}, "http://localhost:3000"),
    ],
)
def test_the_issuer_is_an_origin(environment: dict[str, str], issuer: str) -> None:
    assert issuer_from_environment(environment) == issuer


@pytest.mark.parametrize(
    ("environment", "audience"),
    [
        ({}, "http://localhost:8000"),
        ({"API_PORT": "8100"}, "http://localhost:8100"),
        ({"NEXT_PUBLIC_API_URL": "https://api.example.com/v1"}, "https://api.example.com"),
        ({"API_AUDIENCE": " urn:example:api ", "NEXT_PUBLIC_API_URL": "https://api.example.com"}, "urn:example:api"),
    ],
)
def test_the_audience_is_the_one_named_or_an_origin(environment: dict[str, str], audience: str) -> None:
    assert audience_from_environment(environment) == audience


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({"BETTER_AUTH_SECRET": SECRET}, {"secret": SECRET}),
        ({"WATCHWORD_KEY": KEY}, {"key": KEY}),
        ({"WATCHWORD_KEY": KEY, "BETTER_AUTH_SECRET": SECRET}, {"key": KEY}),
    ],
)
def test_a_key_comes_before_the_secret(environment: dict[str, str], chosen: dict[str, Any]) -> None:
    assert verifier_options_from_environment(environment) == {
        "issuer": "http://localhost:3000",
        "audience": "http://localhost:8000",
        **chosen,
    }


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "BETTER_AUTH_SECRET is not set."),
        ({"BETTER_AUTH_SECRET": ""}, "BETTER_AUTH_SECRET is not set."),
        ({"BETTER_AUTH_SECRET": "short"}, "BETTER_AUTH_SECRET has fewer than 32 characters."),
        ({"WATCHWORD_KEY": "short"}, "WATCHWORD_KEY has fewer than 32 characters."),
        ({"BETTER_AUTH_URL": "app.example.com"}, "BETTER_AUTH_URL is not an address."),
        ({"BETTER_AUTH_URL": "ftp://app.example.com"}, "BETTER_AUTH_URL is not an address."),
        ({"BETTER_AUTH_URL": "https://user:pw@app.example.com"}, "BETTER_AUTH_URL is not an address."),
        ({"BETTER_AUTH_URL": "https://"}, "BETTER_AUTH_URL is not an address."),
        ({"BETTER_AUTH_URL": "https://app.example.com:port"}, "BETTER_AUTH_URL is not an address."),
        ({"BETTER_AUTH_URL": "https://straße.example"}, "BETTER_AUTH_URL is not an address."),
        ({"BETTER_AUTH_URL": "https://app\t.example.com"}, "BETTER_AUTH_URL is not an address."),
        ({"WEB_PORT": "70000"}, "WEB_PORT is not a port."),
        (
            {"BETTER_AUTH_URL": "http://app.example.com", "NODE_ENV": "production"},
            "BETTER_AUTH_URL is an http: address outside of this machine.",
        ),
        (
            {
                "BETTER_AUTH_URL": "https://app.example.com",
                "NEXT_PUBLIC_API_URL": "http://10.0.0.1:8000",
                "NODE_ENV": "production",
            },
            "NEXT_PUBLIC_API_URL is an http: address outside of this machine.",
        ),
    ],
)
def test_a_setting_that_cannot_be_right_is_one_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        verifier_options_from_environment(environment)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    "environment",
    [
        {"BETTER_AUTH_URL": "http://localhost:3000", "NODE_ENV": "production"},
        {"BETTER_AUTH_URL": "http://app.localhost:3000", "NODE_ENV": "production"},
        {"BETTER_AUTH_URL": "http://127.0.0.1:3000", "NODE_ENV": "production"},
        {"BETTER_AUTH_URL": "http://app.example.com", "NODE_ENV": "production", "ALLOW_HTTP": "1"},
        {"BETTER_AUTH_URL": "http://app.example.com"},
    ],
)
def test_http_is_accepted_on_this_machine_or_when_it_is_allowed(environment: dict[str, str]) -> None:
    assert issuer_from_environment(environment).startswith("http://")
