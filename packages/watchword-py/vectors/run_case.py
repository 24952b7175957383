"""One case, by its layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from configuration import config_of, verifier_of
from http_layer import run_http
from sequence_layer import run_sequence
from token_builder import token_of
from verdict import CannotRunError, Mismatch, Verdict, compare

from watchword import ConfigurationError, WatchwordError


async def run_case(case: Mapping[str, Any], common: Mapping[str, Any]) -> Mismatch | None:
    """`None` where the case passes."""
    try:
        run = _LAYERS.get(case["layer"])
        if run is None:
            raise CannotRunError(f"layer {case['layer']} is not a verifier's")
        return await run(case, common)
    except CannotRunError as reason:
        return Mismatch(_expected(case), f"not-run ({reason})")
    except Exception as fault:
        # Whatever else comes out of a verifier is a mismatch, never the end of the run.
        return Mismatch(_expected(case), f"crash ({type(fault).__name__}: {fault})")


async def _run_token(case: Mapping[str, Any], common: Mapping[str, Any]) -> Mismatch | None:
    token = token_of(case, common)
    try:
        identity = await verifier_of(config_of(case["config"], common), common).verify(token)
        got = Verdict(user_id=identity.user_id)
    except (WatchwordError, ConfigurationError) as refusal:
        got = Verdict(code=refusal.code)
    expect = dict(case["expect"])
    if "expect_subject" in case:
        expect.setdefault("subject", case["expect_subject"])
    return compare(expect, got)


async def _run_config(case: Mapping[str, Any], common: Mapping[str, Any]) -> Mismatch | None:
    """The configuration is refused at construction, or the token, if there is one, is judged."""
    try:
        verifier_of(config_of(case["config"], common), common)
        started = Verdict()
    except ConfigurationError as refusal:
        started = Verdict(code=refusal.code)
    has_token = "build" in case or "token" in case
    if started.code is not None or case["expect"].get("when") == "startup" or not has_token:
        return compare(case["expect"], started)
    return await _run_token(case, common)


_LAYERS = {"token": _run_token, "config": _run_config, "http": run_http, "sequence": run_sequence}


def _expected(case: Mapping[str, Any]) -> str:
    expect = case.get("expect", {})
    if expect.get("result") != "reject":
        return str(expect.get("result"))
    return "|".join([str(expect.get("reason")), *expect.get("reason_also_ok", [])])
