"""Steps in order, on one verifier per configuration."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import threading
from collections.abc import Mapping
from typing import Any

from configuration import Revocations, changeable, config_of, verifier_of
from key_server import KeyServer
from token_builder import token_of
from verdict import CannotRunError, Mismatch, Verdict, compare

from watchword import ConfigurationError, Verifier, WatchwordError
from watchword.testing import AdjustableClock, fixed_clock


async def run_sequence(case: Mapping[str, Any], common: Mapping[str, Any]) -> Mismatch | None:
    """The verifiers live as long as the case. Where a step is about published keys, they are fetched from a server of
    the case's own.
    """
    base = config_of(case["config"], common)
    clock = fixed_clock(base.get("now", common["now"]))
    published = (base.get("jwks") or {}).get("keys", [])
    server = KeyServer(published, common["keys"], clock)
    try:
        return await _Sequence(case, common, base, clock, server).run()
    finally:
        server.close()


class _Sequence:
    def __init__(
        self,
        case: Mapping[str, Any],
        common: Mapping[str, Any],
        base: Mapping[str, Any],
        clock: AdjustableClock,
        server: KeyServer,
    ) -> None:
        self._steps: list[Mapping[str, Any]] = case["steps"]
        self._common = common
        self._base = base
        self._clock = clock
        self._server = server
        self._revoked = copy.deepcopy(base.get("revocation") or {})
        self._fetched = any(step.get("action", "").startswith("jwks") for step in self._steps)
        self._verifiers: dict[str, Verifier] = {}
        self._accepted: Any = None

    async def run(self) -> Mismatch | None:
        """The first mismatch."""
        for number, step in enumerate(self._steps, start=1):
            if "now" in step:
                self._clock.advance(step["now"] - self._clock.now())
            if "action" in step:
                self._act(step)
                continue
            config = config_of(step["config"], self._common) if "config" in step else self._base
            got = await self._verdict(config, step)
            await _background_work()
            mismatch = self._compared(step["expect"], got)
            if mismatch is not None:
                return Mismatch(f"step{number}:{mismatch.expected}", mismatch.got)
        return None

    async def _verdict(self, config: Mapping[str, Any], step: Mapping[str, Any]) -> Verdict:
        token = token_of(step, self._common)
        try:
            identity = await self._verifier(config).verify(token)
        except (WatchwordError, ConfigurationError) as refusal:
            return Verdict(code=refusal.code)
        self._accepted = identity.claims
        return Verdict(user_id=identity.user_id, claims=changeable(identity.claims))

    def _verifier(self, config: Mapping[str, Any]) -> Verifier:
        name = json.dumps(config, sort_keys=True)
        if name not in self._verifiers:
            replaced: dict[str, Any] = {"clock": self._clock, "revocation": Revocations(self._revoked)}
            if self._fetched and config.get("jwks"):
                replaced |= {"jwks": None, "jwks_url": self._server.url}
            self._verifiers[name] = verifier_of(config, self._common, **replaced)
        return self._verifiers[name]

    def _compared(self, expect: Mapping[str, Any], got: Verdict) -> Mismatch | None:
        mismatch = compare(expect, got)
        if mismatch is not None or expect.get("fetches", self._server.fetches) == self._server.fetches:
            return mismatch
        return Mismatch(f"fetches:{expect['fetches']}", f"fetches:{self._server.fetches}")

    def _act(self, step: Mapping[str, Any]) -> None:
        match step["action"]:
            case "change_claims":
                _change(self._accepted, step["set"])
            case "revoke":
                self._revoke(step)
            case "jwks":
                self._server.publish(step["keys"])
            case "jwks_status":
                self._server.answer_status(step["status"])
            case "jwks_answer" if "kind" in step:
                self._server.answer_kind(str(step["kind"]))
            case "jwks_answer":
                given = {name: step[name] for name in ("status", "headers", "body") if name in step}
                self._server.answer_given(**given)
            case action:
                raise CannotRunError(f"unknown action {action}")

    def _revoke(self, step: Mapping[str, Any]) -> None:
        if step.keys().isdisjoint(("jti", "sid", "user")):
            raise CannotRunError("revokes nothing known")
        for name in ("jti", "sid"):
            if name in step:
                self._revoked[name] = [*self._revoked.get(name, []), step[name]]
        if "user" in step:
            marks = self._revoked.setdefault("user_not_before", {})
            marks[step["user"]] = step.get("not_before", self._clock.now())


def _change(claims: Any, changes: Mapping[str, Any]) -> None:
    """What a caller may try with claims that it was given; those that are frozen stay as they are."""
    for name, value in changes.items():
        if isinstance(value, Mapping):
            _change(claims[name], value)
        else:
            with contextlib.suppress(TypeError):
                claims[name] = value


async def _background_work() -> None:
    """Waits for what the verifier goes on doing after its answer."""
    for thread in threading.enumerate():
        if thread.name == "watchword-key-set-refresh":
            await asyncio.to_thread(thread.join)
