"""Asking for published keys."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from socket import SHUT_RDWR
from typing import NamedTuple
from urllib.parse import urlsplit

from .clock import Clock
from .http_body import read_body, user_agent
from .key_set import VerificationKey
from .public_keys import usable_keys
from .strict_json import parse_json_object

# Bounds of one answer. Held against `contract/defaults.json`.
TIMEOUT_SECONDS = 5
MAX_BYTES = 1_048_576
MAX_KEYS = 100
MAX_JSON_DEPTH = 16

FetchKeys = Callable[[str], Awaitable[bytes]]
"""Asks an address for its key set: gives the body of an answer with status 200, and raises for every other one. It
follows no redirect.
"""


class KeySetError(Exception):
    """An answer that is not a key set. The text is for nobody."""


class PublishedKeys(NamedTuple):
    """A key set as published."""

    keys: tuple[VerificationKey, ...]
    """The keys that can verify tokens; the others are left out."""
    text: bytes


async def fetch_key_set(url: str, fetch: FetchKeys, clock: Clock) -> PublishedKeys:
    """Fetches a JWK set within the bounds above. Raises for every answer that is not a key set."""
    deadline = clock.now() + TIMEOUT_SECONDS
    body = await asyncio.wait_for(fetch(url), TIMEOUT_SECONDS)
    if clock.now() > deadline:
        raise KeySetError("The answer took too long.")
    return read_key_set(body)


def read_key_set(body: bytes) -> PublishedKeys:
    """The keys of a JWK set given as JSON text."""
    if len(body) > MAX_BYTES:
        raise KeySetError("The answer is too large.")
    members = parse_json_object(body, MAX_JSON_DEPTH)
    jwks = None if members is None else members.get("keys")
    if not isinstance(jwks, list) or len(jwks) > MAX_KEYS:
        raise KeySetError("The answer is not a key set.")
    return PublishedKeys(usable_keys(jwks), body)


async def fetch_over_http(url: str) -> bytes:
    """Asks over HTTP, in a thread: the event loop goes on meanwhile. Redirects are not followed."""
    return await asyncio.to_thread(_get, url)


def _get(url: str) -> bytes:
    parts = urlsplit(url)
    connection_class = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connection_class(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    connection.connect()
    # An answer that trickles in ends here: the time limit of a socket is for each of its bytes.
    timer = threading.Timer(TIMEOUT_SECONDS, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept": "application/jwk-set+json, application/json", "User-Agent": user_agent()}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise KeySetError("The answer is not 200.")
        return read_body(response, MAX_BYTES)
    finally:
        timer.cancel()
        connection.close()


def _cut(connection: HTTPConnection) -> None:
    with suppress(OSError):
        connection.sock.shutdown(SHUT_RDWR)
