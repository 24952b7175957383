import pytest

from watchword_api.http.request_head import clean_head, split_head


def test_a_head_is_taken_when_it_has_come_to_its_end() -> None:
    assert split_head(b"GET / HTTP/1.1\r\nA: b\r\n") is None
    assert split_head(b"\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\nbody\r\n\r\n") == (
        b"GET / HTTP/1.1\r\nA: b",
        b"body\r\n\r\n",
    )


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\n", b"host: a\r\nHOST: b\r\n", b"Host: a b/c\r\n"])
def test_the_host_takes_no_part(hosts: bytes) -> None:
    head = b"GET /health HTTP/1.1\r\n" + hosts + b"A: b"
    assert clean_head(head) == b"GET /health HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("target", [b"/\xc3\xa9", b"/?q=\xff", b"/\x00", b"/\x7f"])
def test_a_target_beyond_printable_ascii_names_nothing(target: bytes) -> None:
    cleaned = clean_head(b"GET " + target + b" HTTP/1.1")
    assert cleaned == b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\nA: b",
        b"GET / HTTP/1.1\r\nA: b\nAuthorization: c",
        b"GET / HTTP/1.1\r\nA: b\r\n folded",
        b"GET / HTTP/1.1\r\n\tfolded: x",
        b"GET / HTTP/1.1\r\nContent-Length: 2\r\ncontent-length: 2",
    ],
)
def test_a_head_that_two_parsers_could_read_differently_is_no_request(head: bytes) -> None:
    assert clean_head(head) is None
