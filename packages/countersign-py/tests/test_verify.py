"""The recipe, clause by clause."""

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from countersign import ConfigurationError, CountersignError, RejectEvent, Verifier, derive_key, key_id
from countersign.testing import OMITTED, AdjustableClock

pytestmark = pytest.mark.anyio

Mint = Callable[..., str]
CodeOf = Callable[..., Awaitable[str]]

NOW = 1_767_225_600
KEY = "Qv7BAeLRIMIIWD1bQ7_KtvIBmYPXyBjwOD5UteQ_kF8"
PAYLOAD = (
    '{"iss":"https://auth.example.test","aud":"https://api.example.test","sub":"user_a","iat":1767225540,'
    '"exp":1767226440%s}'
)


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: str, payload: str, key: str = KEY, hash_name: str = "sha256") -> str:
    """A token over exactly these texts."""
    signing_input = f"{encoded(header.encode())}.{encoded(payload.encode())}"
    return f"{signing_input}.{encoded(hmac.digest(key.encode(), signing_input.encode(), hash_name))}"


HEADER = '{"alg":"HS256","typ":"at+jwt"}'


async def test_a_good_token_gives_the_identity(mint: Mint, verifier_with: Callable[..., Verifier]) -> None:
    token = mint(sid="s1", jti="t1", email="a@example.test", name="A", role="admin", scope="a  b", own={"x": [1]})
    identity = await verifier_with().verify(token)
    assert (identity.user_id, identity.session_id, identity.token_id) == ("user_a", "s1", "t1")
    assert (identity.email, identity.name, identity.role) == ("a@example.test", "A", "admin")
    assert identity.scopes == ("a", "b")
    assert identity.issuer == "https://auth.example.test"
    assert identity.audience == ("https://api.example.test",)
    assert (identity.issued_at, identity.expires_at) == (NOW, NOW + 900)
    assert identity.claims["own"]["x"] == (1,)


async def test_the_identity_is_frozen_at_every_level(mint: Mint, verifier_with: Callable[..., Verifier]) -> None:
    identity = await verifier_with().verify(mint(own={"x": {}}))
    with pytest.raises(AttributeError):
        identity.user_id = "user_b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        identity.claims["sub"] = "user_b"  # type: ignore[index]
    with pytest.raises(TypeError):
        identity.claims["own"]["x"]["y"] = 1


async def test_an_optional_claim_of_another_type_is_left_out(
    mint: Mint, verifier_with: Callable[..., Verifier]
) -> None:
    identity = await verifier_with().verify(mint(email=1, name=[], role=["admin"], scope=["a"]))
    assert (identity.email, identity.name, identity.role, identity.scopes) == (None, None, None, ())


async def test_a_verifier_with_the_secret_accepts_what_the_derived_key_signed(
    mint: Mint, verifier_with: Callable[..., Verifier]
) -> None:
    secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
    verifier = verifier_with(key=None, secret=secret)
    assert (await verifier.verify(mint(key=derive_key(secret)))).user_id == "user_a"


async def test_a_token_signed_with_the_raw_secret_is_no_api_token(mint: Mint, code_of: CodeOf) -> None:
    secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
    token = mint(key=secret, header={"kid": OMITTED})
    assert await code_of(token, key=None, secret=secret) == "bad_signature"


async def test_cs_2_a_token_over_8192_bytes_is_too_large(code_of: CodeOf) -> None:
    assert await code_of("a" * 8192) == "malformed"
    assert await code_of("a" * 8193) == "too_large"
    assert await code_of("é" * 4097) == "too_large"


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token.replace(".", "", 1),
        lambda token: f"{token}.{token}",
        lambda token: f" {token}",
        lambda token: f"{token}\n",
        lambda token: f"{token}=",
        lambda token: token.replace(".", "..", 1),
        lambda token: "." + token.partition(".")[2],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token + "AA",
        lambda token: token[:-1] + chr(ord(token[-1]) + 1),
        lambda token: None,
        lambda token: token.encode(),
    ],
)
async def test_cs_3_what_is_not_three_canonical_segments_is_malformed(
    mint: Mint, code_of: CodeOf, change: Callable[[str], Any]
) -> None:
    assert await code_of(change(mint())) == "malformed"


@pytest.mark.parametrize(
    "header",
    [
        "[]",
        "null",
        '{"alg":"HS256","alg":"HS256","typ":"at+jwt"}',
        '{"alg":"HS256","x":' + "[" * 16 + "]" * 16 + "}",
        "﻿" + HEADER,
        HEADER + "\0",
    ],
)
async def test_cs_4_a_header_that_is_not_one_strict_object_is_malformed(code_of: CodeOf, header: str) -> None:
    assert await code_of(signed(header, PAYLOAD % "")) == "malformed"


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


@pytest.mark.parametrize("kid", ["", "other", key_id(KEY).lower(), "../../dev/null", "__proto__"])
async def test_cs_8_a_kid_that_names_no_key_is_unknown(mint: Mint, code_of: CodeOf, kid: str) -> None:
    assert await code_of(mint(header={"kid": kid})) == "unknown_key"


async def test_cs_8_keys_in_the_header_are_never_used(mint: Mint, code_of: CodeOf) -> None:
    attacker = "8aae679d4b120c0b8556d64f7bcd3fdfb968ab7587b366679dc268bcaf3460c0"
    jwk = {"kty": "oct", "k": encoded(attacker.encode())}
    token = mint(key=attacker, header={"kid": key_id(KEY), "jwk": jwk, "jku": "https://attacker.test"})
    assert await code_of(token) == "bad_signature"


async def test_cs_9_every_other_signature_is_bad(mint: Mint, code_of: CodeOf) -> None:
    head, _, signature = mint().rpartition(".")
    assert await code_of(f"{head}.{'A' + signature[1:]}") == "bad_signature"
    assert await code_of(f"{head}.{signature[:40]}") == "bad_signature"
    assert await code_of(signed(HEADER, PAYLOAD % "", hash_name="sha512")) == "bad_signature"
    assert await code_of(signed(HEADER, PAYLOAD % "", key=hashlib.sha256(b"x").hexdigest())) == "bad_signature"


@pytest.mark.parametrize("payload", ["[]", "{", '{"sub":"a","sub":"b"}', '{"exp":NaN}', PAYLOAD % ',"x":"\\ud800"'])
async def test_cs_10_a_payload_that_is_not_one_strict_object_is_malformed(code_of: CodeOf, payload: str) -> None:
    assert await code_of(signed(HEADER, payload)) == "malformed"


async def test_cs_11_the_shape_of_a_session_cookie_is_the_wrong_type(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(session={}, user={})) == "wrong_type"
    assert await code_of(mint(session="s", user={})) == "accepted"


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "sid"])
@pytest.mark.parametrize("value", [None, 1, True, [], ["user_a"], {"$ne": None}])
async def test_cs_12_a_name_that_is_no_text_is_invalid(mint: Mint, code_of: CodeOf, claim: str, value: Any) -> None:
    assert await code_of(mint(**{claim: value})) == "invalid_claim"


@pytest.mark.parametrize("value", [None, 1, {}, [1], [None], [["https://api.example.test"]]])
async def test_cs_12_an_audience_that_is_no_text_and_no_list_of_texts_is_invalid(
    mint: Mint, code_of: CodeOf, value: Any
) -> None:
    assert await code_of(mint(aud=value)) == "invalid_claim"


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, True, False, "1767226440", "1_0", "٢", [], {}])
async def test_cs_12_a_time_that_is_no_number_is_invalid(mint: Mint, code_of: CodeOf, claim: str, value: Any) -> None:
    assert await code_of(mint(**{claim: value})) == "invalid_claim"


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400, "9" * 5000])
async def test_cs_12_a_time_beyond_every_float_is_invalid(code_of: CodeOf, number: str) -> None:
    assert await code_of(signed(HEADER, PAYLOAD % f',"nbf":{number}')) == "invalid_claim"


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "exp", "iat"])
async def test_cs_13_a_required_claim_that_is_absent_is_missing(
    mint: Mint, verifier_with: Callable[..., Verifier], claim: str
) -> None:
    with pytest.raises(CountersignError) as refused:
        await verifier_with().verify(mint(**{claim: OMITTED}))
    assert (refused.value.code, refused.value.claim) == ("missing_claim", claim)


async def test_cs_13_without_issuer_and_audience_their_claims_may_be_absent(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(iss=OMITTED, aud=OMITTED), issuer=None, audience=None) == "accepted"


async def test_cs_13_further_claims_can_be_required(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(sid=OMITTED), required_claims=["sid"]) == "missing_claim"


@pytest.mark.parametrize(
    ("tolerance", "claims", "code"),
    [
        (0, {"exp": NOW, "iat": NOW - 60}, "expired"),
        (0, {"exp": NOW + 0.5}, "accepted"),
        (0, {"exp": NOW - 0.5, "iat": NOW - 60}, "expired"),
        (5, {"exp": NOW - 4, "iat": NOW - 60}, "accepted"),
        (5, {"exp": NOW - 5, "iat": NOW - 60}, "expired"),
        (0, {"nbf": NOW}, "accepted"),
        (0, {"nbf": NOW + 0.5}, "not_yet_valid"),
        (5, {"nbf": NOW + 5}, "accepted"),
        (5, {"nbf": NOW + 6}, "not_yet_valid"),
        (5, {"iat": NOW + 5}, "accepted"),
        (5, {"iat": NOW + 6}, "not_yet_valid"),
        (5, {"iat": NOW + 3, "exp": NOW + 3}, "invalid_claim"),
        (5, {"exp": NOW + 604_800}, "accepted"),
        (5, {"exp": NOW + 604_801}, "invalid_claim"),
        (5, {"exp": 10**30}, "invalid_claim"),
        (5, {"exp": -1, "nbf": NOW + 60}, "expired"),
        (5, {"nbf": NOW + 60, "iat": NOW + 60, "exp": NOW + 60}, "not_yet_valid"),
    ],
)
async def test_cs_14_times_are_compared_as_real_numbers(
    mint: Mint, code_of: CodeOf, tolerance: float, claims: dict[str, float], code: str
) -> None:
    assert await code_of(mint(**claims), clock_tolerance_seconds=tolerance) == code


@pytest.mark.parametrize(
    "issuer", ["https://auth.example.test/", "https://auth.example", "", "HTTPS://auth.example.test"]
)
async def test_cs_15_another_issuer_is_wrong(mint: Mint, code_of: CodeOf, issuer: str) -> None:
    assert await code_of(mint(iss=issuer)) == "wrong_issuer"


@pytest.mark.parametrize("audience", ["https://api.example.test/", "", [], [""], ["https://other.example.test"]])
async def test_cs_16_another_audience_is_wrong(mint: Mint, code_of: CodeOf, audience: Any) -> None:
    assert await code_of(mint(aud=audience)) == "wrong_audience"


async def test_cs_16_one_common_audience_is_enough(mint: Mint, code_of: CodeOf) -> None:
    token = mint(aud=["https://b.example.test", "https://c.example.test"])
    assert await code_of(token, audience=["https://a.example.test", "https://b.example.test"]) == "accepted"


async def test_cs_16_the_session_cache_is_never_an_api_token(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(aud="better-auth:session-cache"), audience=None) == "wrong_type"
    assert await code_of(mint(aud=["https://api.example.test", "better-auth:session-cache"])) == "wrong_type"


@pytest.mark.parametrize("subject", ["ü" * 255, "user_a", "Ü-1@x:y", "😀"])
async def test_cs_17_a_subject_is_one_path_segment_of_at_most_255_characters(
    mint: Mint, code_of: CodeOf, subject: str
) -> None:
    assert await code_of(mint(sub=subject)) == "accepted"


@pytest.mark.parametrize(
    "subject",
    [
        "",
        " ",
        "a ",
        " a",
        "a\0",
        "a\n",
        "a\x85",
        "a\u200b",
        "\u202ea",
        "u" * 256,
        ".",
        "..",
        "a/b",
        "a\\b",
        "a#b",
        "a?b",
        "a%2fb",
    ],
)
async def test_cs_17_any_other_subject_is_invalid(mint: Mint, code_of: CodeOf, subject: str) -> None:
    assert await code_of(mint(sub=subject)) == "invalid_claim"


@pytest.mark.parametrize("claim", ["jti", "sid"])
@pytest.mark.parametrize("value", ["", "a\0", "a\x1b"])
async def test_cs_17_an_id_that_is_empty_or_holds_a_control_character_is_invalid(
    mint: Mint, code_of: CodeOf, claim: str, value: str
) -> None:
    assert await code_of(mint(**{claim: value})) == "invalid_claim"


async def test_cs_18_a_bound_token_is_no_bearer_token(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(cnf={"jkt": "x"})) == "sender_constrained"
    assert await code_of(mint(cnf=None)) == "sender_constrained"


async def test_the_operator_learns_the_code_and_the_claim_but_no_value(
    mint: Mint, verifier_with: Callable[..., Verifier]
) -> None:
    events: list[RejectEvent] = []
    with pytest.raises(CountersignError):
        await verifier_with(on_reject=events.append).verify(mint(aud="https://other.example.test"))
    assert events == [RejectEvent(code="wrong_audience", claim="aud", alg="HS256", kid=key_id(KEY), at=NOW)]


async def test_a_listener_that_raises_does_not_change_the_verdict(mint: Mint, code_of: CodeOf) -> None:
    def fail(_event: RejectEvent) -> None:
        raise RuntimeError

    assert await code_of(mint(exp=NOW - 60), on_reject=fail) == "expired"


async def test_a_clock_that_raises_refuses_the_token(mint: Mint, code_of: CodeOf) -> None:
    class Broken:
        def now(self) -> float:
            raise OSError

    assert await code_of(mint(), clock=Broken()) == "internal_error"


async def test_the_same_token_expires_as_time_passes(mint: Mint, code_of: CodeOf, clock: AdjustableClock) -> None:
    token = mint()
    assert await code_of(token) == "accepted"
    clock.advance(904)
    assert await code_of(token) == "accepted"
    clock.advance(1)
    assert await code_of(token) == "expired"


@pytest.mark.parametrize(
    "options",
    [
        {"key": None},
        {"key": "short"},
        {"key": None, "secret": "a" * 64},
        {"issuer": ""},
        {"issuer": " x"},
        {"audience": ""},
        {"audience": []},
        {"audience": [1]},
        {"algorithms": []},
        {"algorithms": ["none"]},
        {"algorithms": ["HS256", "none"]},
        {"algorithms": "HS256"},
        {"accepted_types": []},
        {"accepted_types": "at+jwt"},
        {"required_claims": "sid"},
        {"clock_tolerance_seconds": -1},
        {"clock_tolerance_seconds": 61},
        {"clock_tolerance_seconds": math.nan},
        {"clock_tolerance_seconds": True},
        {"max_lifetime_seconds": 0},
        {"max_token_bytes": 0},
        {"max_json_depth": 1000},
    ],
)
async def test_a_configuration_that_cannot_be_right_makes_no_verifier(
    verifier_with: Callable[..., Verifier], options: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        verifier_with(**options)


async def test_nothing_but_a_refusal_leaves_the_verifier(verifier_with: Callable[..., Verifier], mint: Mint) -> None:
    token = mint()
    for position in range(len(token)):
        for character in ("A", ".", "é", "\ud800"):
            damaged = token[:position] + character + token[position + 1 :]
            if damaged != token:
                with pytest.raises(CountersignError):
                    await verifier_with().verify(damaged)


def test_the_header_of_a_minted_token_names_its_key(mint: Mint) -> None:
    header = json.loads(base64.urlsafe_b64decode(mint().partition(".")[0] + "=="))
    assert header == {"alg": "HS256", "kid": key_id(KEY), "typ": "at+jwt"}
