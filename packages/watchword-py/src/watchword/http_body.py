"""Requests of this package over HTTP, and what their answers hold."""

from __future__ import annotations

from http.client import HTTPResponse, IncompleteRead
from importlib.metadata import PackageNotFoundError, version


def user_agent() -> str:
    """`User-Agent` of the package's own requests (RFC 9110 §10.1.5): `watchword-python/<version>`."""
    try:
        return f"watchword-python/{version('watchword')}"
    except PackageNotFoundError:
        # The sources are on the path without being installed.
        return "watchword-python"


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
