from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from watchword import ConfigurationError, check_key, check_secret, compute_key_id, derive_key

GOOD = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
AUDIENCE = "https://api.example.test"


def test_derived_keys_and_their_ids_are_those_of_the_contract(contract: Callable[[str], Any]) -> None:
    cases = contract("vectors/keys.json")["cases"]
    assert len(cases) >= 3
    for case in cases:
        assert derive_key(case["secret"], case["audience"]) == case["key"], case["name"]
        assert compute_key_id(case["key"]) == case["kid"], case["name"]


@pytest.mark.parametrize(
    "secret",
    [
        GOOD,
        # No pattern for ending as they begin.
        "344cf8999cfe50b476dfb506032b8883",
        "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0N3v",
        "344cf8999cfe50b476dfb506032b8883810924e87bb33fdd8caa1e05dc46a9f7",
        "Zürich-Ω-2f7b1c9e8d6a4053b1c2d3e4f5a6",
        "MEhjRwqk7d0nUZ3tVxPbL5fYc9KsA1oE2iGmTq8WvNrJ6uXyBzDa4g==",
    ],
)
def test_a_random_secret_is_accepted(secret: str) -> None:
    check_secret(secret, "BETTER_AUTH_SECRET")


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        ("", "is empty"),
        (" " * 40, "is empty"),
        (GOOD + "\n", "starts or ends with white space"),
        (f'"{GOOD}"', "starts or ends with a quotation mark"),
        (GOOD[:31], "has fewer than 32 characters"),
        ("a" * 64, "repeats too few different characters"),
        ("0123456789abcdef0123456789abcdef", "repeats a short pattern"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "is a sequence of neighbouring characters"),
        ("acegikmoqsuwyACEGIKMOQSUWY13579acegik", "is a sequence of neighbouring characters"),
        ("a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8", "is a sequence of neighbouring characters"),
        ("aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP9lO8", "is a sequence of neighbouring characters"),
        ("asdfghjklzxcvbnmpoiuytrewqlkjhgfdsaX", "follows the rows of a keyboard"),
        ("1q2w3e4r5t6y7u8i9o0pASDFGHJKLzxcvbnmLKJHGFDSA", "follows the rows of a keyboard"),
        ("your-secret-key-min-32-chars-change-in-production", "is a placeholder from an example"),
        ("better-auth-secret-12345678901234567890", "is a placeholder from an example"),
        ("${BETTER_AUTH_SECRET}", "is a template that was not filled in"),
        ("<put 32 random characters of your own here>", "is a template that was not filled in"),
        (f"-----BEGIN PUBLIC KEY-----\n{GOOD}", "is key material of a public-key algorithm (PEM, DER, JWK or SSH)"),
        (f'{{"kty":"OKP","x":"{GOOD}"}}', "is key material of a public-key algorithm (PEM, DER, JWK or SSH)"),
        (f"ssh-ed25519 {GOOD}", "is key material of a public-key algorithm (PEM, DER, JWK or SSH)"),
        (
            "MCowBQYDK2VwAyEACaaOKeR/ZGREqgQ5SQsxpTWUtnM+dYFdk+yUvopnLcg=",
            "is key material of a public-key algorithm (PEM, DER, JWK or SSH)",
        ),
        (f"{GOOD}\udcff", "holds an unpaired surrogate"),
    ],
)
def test_a_weak_secret_is_refused_by_its_fault_and_never_quoted(secret: str, fault: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_key(secret, "WATCHWORD_KEY")
    assert str(refused.value).startswith(f"WATCHWORD_KEY {fault}. Set it to")
    assert secret.strip() == "" or secret not in str(refused.value)


def test_the_derivation_the_length_of_a_kid_and_the_bounds_of_a_secret_are_those_of_the_contract(
    contract: Callable[[str], Any],
) -> None:
    key = contract("defaults.json")["key"]
    given = key["derivation"]
    info = given["separator"].join([given["info"], AUDIENCE]).encode()
    hkdf = HKDF(SHA256(), given["bytes"], given["salt"].encode(), info)
    assert (given["hash"], given["encoding"]) == ("SHA-256", "base64url")
    assert derive_key(GOOD, AUDIENCE) == urlsafe_b64encode(hkdf.derive(GOOD.encode())).rstrip(b"=").decode()
    assert len(compute_key_id(GOOD)) == key["kid_characters"]["value"]
    least = key["min_secret_characters"]["value"]
    distinct = key["min_secret_distinct_characters"]["value"]
    # The digits of π, which know no pattern, by as many letters.
    digits = "31415926535897932384626433832795028841971693993751"
    few = ["".join("q8xL2mT7wR5yK9"[int(digit) % count] for digit in digits) for count in (distinct, distinct - 1)]
    for secret in (GOOD[:least], few[0]):
        check_secret(secret, "secret")
    for secret in (GOOD[: least - 1], few[1]):
        with pytest.raises(ConfigurationError):
            check_secret(secret, "secret")


@pytest.mark.parametrize("secret", [None, ""])
def test_a_secret_that_is_not_set_is_told_by_the_name_of_its_setting(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match="set BETTER_AUTH_SECRET first"):
        derive_key(secret, "https://api.test")
