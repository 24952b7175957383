"""Asking for published keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from .._clock import Clock
from .._encoding.strict_json import parse_json_object
from .._http_exchange import get
from .key_set import VerificationKey
from .public_keys import usable_keys
from .source_status import status_failure

# Bounds of one answer. Held against `contract/defaults.json`.
TIMEOUT_SECONDS = 5
MAX_BYTES = 1_048_576
MAX_KEYS = 100
MAX_JSON_DEPTH = 16

FetchKeys = Callable[[str], Awaitable[bytes]]
"""Asks an address for its key set: gives the body of an answer with status 200, and raises for every other one. It
follows no redirect. It is called in a thread with an event loop of its own, so that no request's end is its end.
"""


class KeySetError(Exception):
    """An answer that is not a key set. The text is for nobody."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        """As `failure` of `SourceStatus`."""


class PublishedKeys(NamedTuple):
    """A key set as published."""

    keys: tuple[VerificationKey, ...]
    """The keys that can verify tokens; the others are left out."""
    text: bytes


async def fetch_key_set(url: str, fetch: FetchKeys, clock: Clock) -> PublishedKeys:
    """Fetches a JWK set within the bounds above. Raises for every answer that is not a key set."""
    deadline = clock.now() + TIMEOUT_SECONDS
    asking = asyncio.ensure_future(fetch(url))
    # A fetch that does not heed its cancellation is not waited for.
    await asyncio.wait((asking,), timeout=TIMEOUT_SECONDS)
    if not asking.done() or clock.now() > deadline:
        asking.add_done_callback(lambda late: late.cancelled() or late.exception())
        asking.cancel()
        raise KeySetError("timeout", "The answer took too long.")
    return read_key_set(asking.result())


def read_key_set(body: bytes) -> PublishedKeys:
    """The keys of a JWK set given as JSON text."""
    if len(body) > MAX_BYTES:
        raise KeySetError("malformed", "The answer is too large.")
    members = parse_json_object(body, MAX_JSON_DEPTH)
    jwks = None if members is None else members.get("keys")
    if not isinstance(jwks, list) or len(jwks) > MAX_KEYS:
        raise KeySetError("malformed", "The answer is not a key set.")
    return PublishedKeys(usable_keys(jwks), body)


async def fetch_over_http(url: str) -> bytes:
    """Asks over HTTP, in a thread of its own. Redirects are not followed."""
    headers = {"Accept": "application/jwk-set+json, application/json"}
    status, body = await get(
        url, headers, max_bytes=MAX_BYTES, timeout_seconds=TIMEOUT_SECONDS, name="watchword-key-set"
    )
    if status != 200:
        raise KeySetError(status_failure(status), "The answer is not 200.")
    return body
