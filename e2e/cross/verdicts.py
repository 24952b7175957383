"""Reads settings of verifiers from the first line of standard input and one case per line from the others; writes one
verdict per line. Its twin is verdicts.ts.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
from typing import Any

from watchword import (
    ConfigurationError,
    Identity,
    RevocationSubject,
    SharedKey,
    Verifier,
    WatchwordError,
    authenticate,
    require_role,
    require_scope,
    require_self,
)
from watchword.testing import AdjustableClock, fixed_clock

_NAMES = {
    "acceptedTypes": "accepted_types",
    "requiredClaims": "required_claims",
    "clockToleranceSeconds": "clock_tolerance_seconds",
    "maxTokenBytes": "max_token_bytes",
    "revoked": "revocation",
}


class _Revocation:
    def __init__(self, revoked: list[str]) -> None:
        self._revoked = revoked

    def is_revoked(self, identity: RevocationSubject) -> bool:
        if identity.token_id == "fault":  # noqa: S105 (an id)
            raise OSError
        return any(one in self._revoked for one in (identity.token_id, identity.session_id, identity.user_id))


def _option(name: str, value: Any) -> Any:
    if name == "revoked":
        return _Revocation(value)
    if name != "key":
        return value
    return [one if isinstance(one, str) else SharedKey(one["key"], one["keyId"]) for one in value]


def _fields(identity: Identity) -> dict[str, Any]:
    return {
        "userId": identity.user_id,
        "sessionId": identity.session_id,
        "tokenId": identity.token_id,
        "email": identity.email,
        "name": identity.name,
        "role": identity.role,
        "roles": identity.roles,
        "scopes": identity.scopes,
        "issuer": identity.issuer,
        "audience": identity.audience,
        "issuedAt": identity.issued_at,
        "expiresAt": identity.expires_at,
        "claims": identity.claims,
    }


def _plain(value: Any) -> Any:
    """Numbers as JavaScript has them: floats, and null where JSON has no number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value) if math.isfinite(value) else None
        except OverflowError:
            return None
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "items"):
        return {name: _plain(member) for name, member in value.items()}
    return value


async def _verdict(verifiers: list[Verifier], clock: AdjustableClock, line: str) -> dict[str, Any]:
    case = json.loads(line)
    clock.advance(case["at"] - clock.now())
    try:
        identity = await authenticate(verifiers[case["verifier"]], case["authorization"], case["mode"])
        if identity is None:
            return {"code": "anonymous"}
        if case["userId"] is not None:
            require_self(identity, case["userId"])
        if case["scopes"] is not None:
            require_scope(identity, *case["scopes"])
        if case["roles"] is not None:
            require_role(identity, *case["roles"])
    except WatchwordError as refusal:
        return {"code": refusal.code, "claim": refusal.claim, "detail": str(refusal)}
    except ConfigurationError as fault:
        return {"code": fault.code}
    return {"code": "accepted", "identity": _plain(_fields(identity))}


async def _main() -> None:
    first, *rest = sys.stdin.read().removesuffix("\n").split("\n")
    head = json.loads(first)
    clock = fixed_clock(head["now"])
    verifiers = [
        Verifier(
            **{_NAMES.get(name, name): _option(name, value) for name, value in options.items()},
            clock=clock,
        )
        for options in head["verifiers"]
    ]
    for line in rest:
        print(json.dumps(await _verdict(verifiers, clock, line)))


asyncio.run(_main())
