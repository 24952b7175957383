"""Keys published at an address."""

from __future__ import annotations

import asyncio
import math
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from weakref import WeakSet

from .._clock import Clock
from .._errors import WatchwordError
from .algorithms import KeyAlgorithm
from .fetch_key_set import FetchKeys, KeySetError, PublishedKeys, fetch_key_set
from .key_set import VerificationKey, find_key
from .key_set_events import KeySetEvent
from .source_status import SourceState, SourceStatus, ToldStatus, fault_failure

# When published keys are asked for again. Held against `contract/defaults.json`.
REFRESH_AFTER_SECONDS = 300
"""From this age on they are fetched again while they are still used."""
MAX_AGE_SECONDS = 600
"""From this age on a request waits for the new ones, unless the last fetch has failed."""
MAX_STALE_SECONDS = 3600
"""As long as they cannot be fetched, old ones serve until this age."""
COOL_DOWN_SECONDS = 30
"""Between two fetches that an unknown `kid`, or a failure with keys at hand, may cause."""
RETRY_SECONDS = 1
"""Between two fetches while there are no keys at all."""


class RemoteKeySet:
    """Keys published at an address (RFC 7517 §5). All requests of all threads share one fetch, which has a thread of
    its own; an unknown `kid` causes at most one per cool-down, and keys at hand stay in use while the address cannot
    be reached.
    """

    def __init__(
        self,
        *,
        url: str,
        fetch: FetchKeys,
        clock: Clock,
        on_event: Callable[[KeySetEvent], object] | None = None,
    ) -> None:
        """What `on_event` raises is ignored. It is called in the thread of the fetch."""
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._on_event = on_event
        self._keys: tuple[VerificationKey, ...] | None = None
        self._published = b""
        self._generation = 0
        self._loaded_at = -math.inf
        self._unknown_kid_at = -math.inf
        self._failure: str | None = None
        self._told = ToldStatus()
        self._begin()
        _key_sets.add(self)

    def _begin(self) -> None:
        """What belongs to one process: in the child of a fork no thread goes on, nor lets go of a lock."""
        self._lock = threading.Lock()
        self._underway: Future[None] | None = None
        self._tried_at = -math.inf

    @property
    def generation(self) -> int:
        """Grows whenever other keys are published."""
        return self._generation

    def is_fresh(self) -> bool:
        """Whether the keys are young enough to be used without asking for them again."""
        return self._age() < MAX_AGE_SECONDS

    def status(self) -> SourceStatus:
        """As in `KeySet`."""
        last_answer_at = None if self._keys is None else self._loaded_at
        return SourceStatus(self._state(), len(self._keys or ()), last_answer_at, self._failure)

    def _state(self) -> SourceState:
        if self._keys is None:
            return "loading"
        age = self._age()
        if age < MAX_AGE_SECONDS:
            return "fresh"
        return "stale" if age <= MAX_STALE_SECONDS else "refusing"

    def find(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey | Future[VerificationKey]:
        """As in `KeySet`."""
        if self._age() < REFRESH_AFTER_SECONDS:
            found = find_key(self._usable(), algorithm, kid)
            if found is not None:
                return found
        with self._lock:
            waited_for = self._awaited(algorithm, kid)
        return self._look_up(algorithm, kid) if waited_for is None else self._look_up_after(waited_for, algorithm, kid)

    def _awaited(self, algorithm: KeyAlgorithm, kid: str | None) -> Future[None] | None:
        """The fetch that the request has to wait for; `None` where it need not."""
        age = self._age()
        if self._keys is None or age > MAX_STALE_SECONDS:
            return self._refresh() if self._may_try(RETRY_SECONDS) else None
        old = age >= MAX_AGE_SECONDS
        if old and self._failure is None:
            return self._refresh()
        if age >= REFRESH_AFTER_SECONDS and self._may_try(COOL_DOWN_SECONDS):
            self._refresh()
        if find_key(self._keys, algorithm, kid) is not None:
            return None
        # A fetch that is under way may bring the key: whoever asks meanwhile waits for it too.
        if self._underway is None and (old or abs(self._clock.now() - self._unknown_kid_at) < COOL_DOWN_SECONDS):
            return None
        self._unknown_kid_at = self._clock.now()
        return self._refresh()

    def _refresh(self) -> Future[None]:
        """One fetch for everybody who waits."""
        if self._underway is not None:
            return self._underway
        self._tried_at = self._clock.now()
        underway: Future[None] = Future()
        # Who gives up waiting does not end the fetch for the others.
        underway.set_running_or_notify_cancel()
        thread = threading.Thread(target=self._run, args=(underway,), name="watchword-key-set-refresh", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The system gives no further thread: as if the address were out of reach.
            self._failure = "unreachable"
            underway.set_result(None)
        else:
            self._underway = underway
        return underway

    def _run(self, underway: Future[None]) -> None:
        asyncio.run(self._load(underway))

    async def _load(self, underway: Future[None]) -> None:
        """What is at hand stays in use where this fails; without anything the lookup answers `unavailable`."""
        failure: str | None = "unreachable"
        published: PublishedKeys | None = None
        try:
            published = await fetch_key_set(self._url, self._fetch, self._clock)
            failure = None
        except KeySetError as fault:
            failure = fault.reason
        except Exception as fault:
            failure = fault_failure(fault)
        finally:
            with self._lock:
                self._failure = failure
                if published is not None:
                    self._take(published)
                self._underway = None
            self._tell_changes()
            # Here, not when the thread ends: what the fetch left behind may keep that waiting.
            underway.set_result(None)

    def _take(self, published: PublishedKeys) -> None:
        self._loaded_at = self._tried_at
        self._keys = published.keys
        if published.text != self._published:
            self._generation += 1
        self._published = published.text

    def _tell_changes(self) -> None:
        status = self.status()
        reason = self._told.new_failure(status.failure)
        if reason is not None:
            self._tell(KeySetEvent(name="watchword.keys.failed", at=self._clock.now(), reason=reason))
        if self._told.is_new_state(status.state):
            at = self._clock.now()
            self._tell(KeySetEvent(name="watchword.keys.state", at=at, state=status.state, entries=status.entries))

    def _tell(self, event: KeySetEvent) -> None:
        if self._on_event is not None:
            with suppress(Exception):
                self._on_event(event)

    def _look_up_after(self, fetch: Future[None], algorithm: KeyAlgorithm, kid: str | None) -> Future[VerificationKey]:
        looked_up: Future[VerificationKey] = Future()

        def look_up(_: Future[None]) -> None:
            if not looked_up.set_running_or_notify_cancel():
                return
            try:
                looked_up.set_result(self._look_up_fetched(algorithm, kid))
            except Exception as refusal:
                looked_up.set_exception(refusal)

        fetch.add_done_callback(look_up)
        return looked_up

    def _look_up_fetched(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey:
        found = find_key(self._usable(), algorithm, kid)
        if found is None:
            # A kid that is not among keys just fetched need not be asked for again.
            self._unknown_kid_at = self._tried_at
            raise WatchwordError("unknown_key")
        return found

    def _may_try(self, cool_down_seconds: float) -> bool:
        return self._underway is not None or abs(self._clock.now() - self._tried_at) >= cool_down_seconds

    def _age(self) -> float:
        """Seconds since the keys came; a clock that was set back makes them old."""
        seconds = self._clock.now() - self._loaded_at
        return seconds if seconds >= 0 else math.inf

    def _usable(self) -> tuple[VerificationKey, ...]:
        if self._keys is None or self._age() > MAX_STALE_SECONDS:
            raise WatchwordError("unavailable", variant="keys")
        return self._keys

    def _look_up(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey:
        found = find_key(self._usable(), algorithm, kid)
        if found is None:
            raise WatchwordError("unknown_key")
        return found


_key_sets: WeakSet[RemoteKeySet] = WeakSet()


def _begin_all_in_child() -> None:
    for key_set in list(_key_sets):
        key_set._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all_in_child)
