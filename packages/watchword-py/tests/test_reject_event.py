import pytest

from watchword import RejectEvent, WatchwordError
from watchword._address import is_private_on_its_way, origin_of_address
from watchword._token.policy import check_options
from watchword._token.reject_event import note_mismatch, reject_event
from watchword.testing import OMITTED, fixed_clock, mint_token

EXPECTED = "https://api.example.test"
KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"


def event_of(token: object, code: str = "malformed") -> RejectEvent:
    refusal = WatchwordError(code)  # type: ignore[arg-type]
    note_mismatch(refusal, token, check_options(key=KEY, issuer="https://auth.example.test", audience=EXPECTED))
    return reject_event(refusal, token, fixed_clock(7))


def test_the_operator_sees_alg_and_kid_cleaned_and_cut() -> None:
    event = event_of(mint_token(key=KEY, header={"alg": "a\r\nb", "kid": "é" * 100}), "unsupported_alg")
    assert event == RejectEvent(code="unsupported_alg", alg="a??b", kid="?" * 64, at=7)


@pytest.mark.parametrize(
    ("kid", "told"),
    [("a\U0001f600", "a?"), ("\U0001f600" * 65, "?" * 64), ("\U0001f600" * 40, "?" * 40)],
)
def test_a_character_beyond_the_first_65536_is_one_and_so_is_what_is_told_of_it(kid: str, told: str) -> None:
    assert event_of(mint_token(key=KEY, header={"kid": kid})).kid == told


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "bnVsbA.AAAA.AAAA", None, b"a.b.c", mint_token(key=KEY, header={"alg": 1, "kid": []})]
)
def test_where_the_header_cannot_be_read_nothing_is_told_of_it(token: object) -> None:
    assert event_of(token) == RejectEvent(code="malformed", at=7)


@pytest.mark.parametrize("code", ["unknown_key", "wrong_audience"])
@pytest.mark.parametrize(
    ("aud", "named"),
    [
        ("https://other.test", "https://other.test"),
        (["a", "b"], "a b"),
        (f"a\r\nü{'x' * 300}", f"a???{'x' * 252}"),
    ],
)
def test_a_token_for_another_api_tells_the_audience_that_it_names_and_the_one_that_was_expected(
    code: str, aud: object, named: str
) -> None:
    event = event_of(mint_token(key=KEY, aud=aud), code)
    assert (event.audience, event.expected_audience) == (named, EXPECTED)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (mint_token(key=KEY, aud=OMITTED), "unknown_key"),
        (mint_token(key=KEY, aud=["a", 1]), "unknown_key"),
        (mint_token(key=KEY, aud=[]), "unknown_key"),
        (f"{mint_token(key=KEY).split('.')[0]}.e30x.AAAA", "unknown_key"),
        (mint_token(key=KEY, aud="https://other.test"), "expired"),
    ],
)
def test_no_audience_is_told_where_it_cannot_be_read_or_is_not_the_reason(token: str, code: str) -> None:
    event = event_of(token, code)
    assert (event.audience, event.expected_audience) == (None, None)


def test_a_token_of_another_issuer_tells_the_issuer_that_it_names_and_the_one_that_was_expected() -> None:
    event = event_of(mint_token(key=KEY, iss="https://other.test/\n"), "wrong_issuer")
    assert (event.issuer, event.expected_issuer) == ("https://other.test/?", "https://auth.example.test")
    assert event_of(mint_token(key=KEY, aud="x"), "wrong_audience").expected_issuer is None


def test_a_token_that_is_too_large_is_not_read() -> None:
    assert event_of(mint_token(key=KEY), "too_large") == RejectEvent(code="too_large", at=7)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://App.example.com:443/x?y#z", "https://app.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[0:0::1]:3000/", "http://[::1]:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("https://münchen.example", None),
        ("https://a:65536", None),
        ("https://a:", "https://a"),
        ("https://1.2.3.4.5", None),
        ("https://256.0.0.1", None),
        ("https://[::g]", None),
        ("https://a b", None),
        ("https://a\\b", None),
        ("https:/a", None),
        ("https://a:port", None),
        ("https://user@a", None),
        ("https://a..b", None),
        ("https://a~b", None),
        ("ftp://a", None),
    ],
)
def test_an_address_is_one_that_is_written_out(text: str, origin: str | None) -> None:
    assert origin_of_address(text) == origin


@pytest.mark.parametrize(
    ("origin", "private"),
    [
        ("https://a", True),
        ("http://localhost:1", True),
        ("http://a.localhost", True),
        ("http://127.9.9.9:1", True),
        ("http://[::1]:1", True),
        ("http://a", False),
        ("http://127.0.0.1.a", False),
        ("http://localhost.a", False),
    ],
)
def test_only_this_machine_and_https_are_private(origin: str, private: bool) -> None:
    assert is_private_on_its_way(origin) is private
