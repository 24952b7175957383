"""CS-5 to CS-9: header, key and signature."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sample_token import HEADER, KEY, PAYLOAD, encoded, signed

from watchword import compute_key_id
from watchword.testing import OMITTED

pytestmark = pytest.mark.anyio

Mint = Callable[..., str]
CodeOf = Callable[..., Awaitable[str]]


@pytest.mark.parametrize(
    "alg", ["none", "None", "hs256", "HS256 ", "HS512", "RS256", "ES256", "", None, 1, ["HS256"], OMITTED]
)
async def test_cs_5_an_algorithm_outside_the_list_is_unsupported(mint: Mint, code_of: CodeOf, alg: Any) -> None:
    assert await code_of(mint(header={"alg": alg})) == "unsupported_alg"


@pytest.mark.parametrize("crit", [[], ["exp"], "exp", None])
async def test_cs_6_any_crit_is_unsupported(mint: Mint, code_of: CodeOf, crit: Any) -> None:
    assert await code_of(mint(header={"crit": crit})) == "unsupported_crit"


@pytest.mark.parametrize("header", [{"b64": False}, {"b64": True}, {"kid": None}, {"kid": 0}, {"kid": ["k"]}])
async def test_cs_6_b64_and_a_kid_that_is_no_text_are_malformed(mint: Mint, code_of: CodeOf, header: Any) -> None:
    assert await code_of(mint(header=header)) == "malformed"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"])
async def test_cs_7_an_accepted_type_is_found_without_case_and_prefix(mint: Mint, code_of: CodeOf, typ: str) -> None:
    assert await code_of(mint(header={"typ": typ})) == "accepted"


@pytest.mark.parametrize("typ", [OMITTED, None, "", "JWT", "logout+jwt", "better-auth.session-cache+jwt", ["at+jwt"]])
async def test_cs_7_another_type_is_wrong(mint: Mint, code_of: CodeOf, typ: Any) -> None:
    assert await code_of(mint(header={"typ": typ})) == "wrong_type"


async def test_cs_7_a_token_without_type_passes_where_the_configuration_says_so(mint: Mint, code_of: CodeOf) -> None:
    token = mint(header={"typ": OMITTED})
    assert await code_of(token, accepted_types=[None, "JWT"]) == "accepted"


async def test_cs_8_without_kid_the_only_key_is_used(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(header={"kid": OMITTED})) == "accepted"


@pytest.mark.parametrize("kid", ["", "other", compute_key_id(KEY).lower(), "../../dev/null", "__proto__"])
async def test_cs_8_a_kid_that_names_no_key_is_unknown(mint: Mint, code_of: CodeOf, kid: str) -> None:
    assert await code_of(mint(header={"kid": kid})) == "unknown_key"


async def test_cs_8_keys_in_the_header_are_never_used(mint: Mint, code_of: CodeOf) -> None:
    attacker = "8aae679d4b120c0b8556d64f7bcd3fdfb968ab7587b366679dc268bcaf3460c0"
    jwk = {"kty": "oct", "k": encoded(attacker.encode())}
    token = mint(key=attacker, header={"kid": compute_key_id(KEY), "jwk": jwk, "jku": "https://attacker.test"})
    assert await code_of(token) == "bad_signature"


async def test_cs_9_every_other_signature_is_bad(mint: Mint, code_of: CodeOf) -> None:
    head, _, signature = mint().rpartition(".")
    assert await code_of(f"{head}.{'A' + signature[1:]}") == "bad_signature"
    assert await code_of(f"{head}.{signature[:40]}") == "bad_signature"
    assert await code_of(signed(HEADER, PAYLOAD % "", hash_name="sha512")) == "bad_signature"
    assert await code_of(signed(HEADER, PAYLOAD % "", key=hashlib.sha256(b"x").hexdigest())) == "bad_signature"
