import pytest

from watchword._encoding.strict_json import is_deeper, parse_json_object


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"1",
        b"null",
        b'"text"',
        b'{"a":1',
        b'{"a":1,}',
        b"{}{}",
        b"{}\0",
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":0x10}',
        b'{"a":1.}',
        b'{"a":01}',
        b'{"a":"\n"}',
        b'{"a":1,"a":2}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":{"a":1,"a":2}}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":["\\ud800"]}',
        b"{'a':1}",
        b"{/**/}",
    ],
)
def test_what_is_not_one_strict_object_is_none(data: bytes) -> None:
    assert parse_json_object(data, 16) is None


def test_members_keep_their_values() -> None:
    data = b' {"a": [1, 2.5, true, null], "\\u0062": "\\ud83d\\ude00"}\n'
    assert parse_json_object(data, 16) == {"a": [1, 2.5, True, None], "b": "😀"}


def test_an_integer_of_5000_digits_is_read_as_infinity() -> None:
    assert parse_json_object(b'{"a":' + b"9" * 5000 + b"}", 16) == {"a": float("inf")}


def test_the_object_itself_is_the_first_level() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' * levels + b"1" + b"}" * levels

    assert parse_json_object(nested(16), 16) is not None
    assert parse_json_object(nested(17), 16) is None


def test_nesting_beyond_the_parser_is_refused_before_it_runs() -> None:
    assert parse_json_object(b'{"a":' + b"[" * 100_000, 16) is None


def test_brackets_inside_texts_are_no_levels() -> None:
    assert not is_deeper('{"a":"[[[[\\"[[[[","b":"\\\\"}', 1)
    assert is_deeper('{"a":"\\\\",["b"]}', 1)
