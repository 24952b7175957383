"""CS-12 to CS-18: the claims."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sample_token import HEADER, PAYLOAD, signed

from watchword import Verifier, WatchwordError
from watchword.testing import OMITTED

pytestmark = pytest.mark.anyio

Mint = Callable[..., str]
CodeOf = Callable[..., Awaitable[str]]

NOW = 1_767_225_600


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
    with pytest.raises(WatchwordError) as refused:
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
