import pytest
from hypothesis import given, strategies

from watchword._encoding.base64url import decode_base64url, encode_base64url, is_canonical_base64url


@given(strategies.binary(min_size=1, max_size=64))
def test_an_encoding_is_canonical_and_decodes_to_its_bytes(data: bytes) -> None:
    text = encode_base64url(data)
    assert is_canonical_base64url(text)
    assert decode_base64url(text.encode()) == data


@pytest.mark.parametrize("text", ["", "A", "AAAAA", "AB", "AAB", "AA==", "+A", "A/", "A A", "AA\n", "Ａ" * 4])
def test_a_text_that_is_not_the_only_encoding_of_its_bytes_is_refused(text: str) -> None:
    assert not is_canonical_base64url(text)
