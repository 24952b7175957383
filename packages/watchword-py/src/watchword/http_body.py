"""What an answer over HTTP holds."""

from __future__ import annotations

from http.client import HTTPResponse, IncompleteRead


def read_body(response: HTTPResponse, max_bytes: int) -> bytes:
    """The body, cut one byte beyond `max_bytes`.

    Raises `IncompleteRead` where the connection ended before the body did (RFC 9112 §8), which reading a number of
    bytes alone passes over.
    """
    with response:
        body = response.read(max_bytes + 1)
    if response.length and len(body) <= max_bytes:
        raise IncompleteRead(body, response.length)
    return body
