"""A feed that answers when the test says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from watchword._feed.revocation_request import FeedResponse

NOW = 1_767_225_600


async def until(condition: Callable[[], bool]) -> None:
    """Lets everything else go on until the condition holds."""
    while not condition():  # noqa: ASYNC110 (what it waits for knows nothing of an event)
        await asyncio.sleep(0)


class Held:
    """A request that has reached the issuer, and waits for what the test answers."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.url = url
        self.query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.token = headers["Authorization"].removeprefix("Bearer ")
        self.answered: asyncio.Future[FeedResponse] = asyncio.get_running_loop().create_future()

    def answer(self, status: int, body: Any = None) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answered.set_result(FeedResponse(status, text.encode("utf-8")))

    def fail(self) -> None:
        self.answered.set_exception(ConnectionRefusedError())


class Script:
    """A feed that answers when the test says so, and timers that run out when it says so."""

    def __init__(self) -> None:
        self.requests: list[Held] = []
        self.limits: list[tuple[float, asyncio.Event]] = []

    async def fetch(self, url: str, headers: Mapping[str, str]) -> FeedResponse:
        held = Held(url, headers)
        self.requests.append(held)
        return await held.answered

    async def sleep(self, seconds: float) -> None:
        """Pauses between requests take no time; those that end a request do."""
        if seconds > 5:
            end = asyncio.Event()
            self.limits.append((seconds, end))
            await end.wait()

    async def settled(self) -> Held:
        """Once what was answered has been taken in, and the next request is there."""
        await until(lambda: bool(self.requests))
        return self.requests[0]

    async def asked(self) -> Held:
        await self.settled()
        return self.requests.pop(0)

    async def run_out(self, seconds: float) -> None:
        """Lets the time run out that a request may take."""
        await self.settled()
        await until(lambda: bool(self.limits) and self.limits[-1][0] == seconds)
        self.limits[-1][1].set()


def answer_of(cursor: str, *entries: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """An answer of the feed."""
    return {"entries": entries, "cursor": cursor, "more": more, "now": NOW}
