"""Erasing what users left whose accounts are gone."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

ERASE_AGAIN_AFTER_SECONDS: Final = 30
"""Seconds after which a user is erased once more: a request that was let through before may have written since."""

EraseUser = Callable[[str], Awaitable[object] | object]
"""Erases what a user left whose account is gone; it may be called more than once for one user."""


@dataclass(slots=True)
class _Due:
    at: float
    again: bool


class Erasures:
    """Users whose rows are to be erased: each until it succeeded, and then once more."""

    def __init__(self, erase: EraseUser, told: Callable[[str, bool], None]) -> None:
        self._erase = erase
        self._told = told
        self._due: dict[str, _Due] = {}
        self._underway = False
        # The time for which the next round was asked for.
        self._wanted: float | None = None

    def add(self, user_id: str, now: float) -> None:
        """A user whose account is gone."""
        self._due[user_id] = _Due(now, again=False)

    async def run(self, now: float) -> None:
        """Erases those that are due, one after the other; those that fail are due again. Raises nothing."""
        self._wanted = now
        if self._underway:
            return
        self._underway = True
        try:
            while self._wanted is not None:
                now, self._wanted = self._wanted, None
                for user_id, due in list(self._due.items()):
                    if due.at <= now:
                        await self._run_one(user_id, due, now)
        finally:
            self._underway = False

    async def _run_one(self, user_id: str, due: _Due, now: float) -> None:
        try:
            done = self._erase(user_id)
            if inspect.isawaitable(done):
                await done
        except Exception:
            self._told(user_id, False)
            return
        if due.again:
            del self._due[user_id]
            return
        self._due[user_id] = _Due(now + ERASE_AGAIN_AFTER_SECONDS, again=True)
        self._told(user_id, True)
