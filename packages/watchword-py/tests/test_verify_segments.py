"""CS-2 to CS-4, CS-10, CS-11: size, segments, JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sample_token import HEADER, PAYLOAD, signed

pytestmark = pytest.mark.anyio

Mint = Callable[..., str]
CodeOf = Callable[..., Awaitable[str]]


async def test_cs_2_a_token_over_8192_bytes_is_too_large(code_of: CodeOf) -> None:
    assert await code_of("a" * 8192) == "malformed"
    assert await code_of("a" * 8193) == "too_large"
    assert await code_of("é" * 4097) == "too_large"
    assert await code_of("a" * 8190 + "\ud800") == "too_large"


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


@pytest.mark.parametrize("payload", ["[]", "{", '{"sub":"a","sub":"b"}', '{"exp":NaN}', PAYLOAD % ',"x":"\\ud800"'])
async def test_cs_10_a_payload_that_is_not_one_strict_object_is_malformed(code_of: CodeOf, payload: str) -> None:
    assert await code_of(signed(HEADER, payload)) == "malformed"


async def test_cs_11_the_shape_of_a_session_cookie_is_the_wrong_type(mint: Mint, code_of: CodeOf) -> None:
    assert await code_of(mint(session={}, user={})) == "wrong_type"
    assert await code_of(mint(session="s", user={})) == "accepted"
