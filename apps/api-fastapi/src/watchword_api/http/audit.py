"""The audit trail of requests."""

from __future__ import annotations

from starlette.requests import Request
from watchword import WatchwordError
from watchword.fastapi import identity_of

from ..log import Log
from .request_facts import facts_of


def audit_refusal(log: Log, refusal: WatchwordError, request: Request) -> None:
    """One line of the audit trail for a credential that was sent and refused, and for a caller who may not do what was
    asked (`contract/events.json`). A request without a credential is neither.
    """
    why = {"error.type": refusal.code, "http.request.id": facts_of(request.scope).request_id}
    identity = identity_of(request)
    if is_failed_credential(refusal):
        names = {
            "watchword.audience": refusal.audience,
            "watchword.expected_audience": refusal.expected_audience,
            "watchword.issuer": refusal.issuer,
            "watchword.expected_issuer": refusal.expected_issuer,
        }
        log.warn("watchword.request.refused", {**why, "watchword.claim": refusal.claim, **names})
    elif refusal.status == 403 and identity is not None:
        log.warn("watchword.request.denied", {**why, "user.id": identity.user_id})


def is_failed_credential(refusal: WatchwordError) -> bool:
    """A credential was sent and was not accepted."""
    return (refusal.status == 401 and refusal.code != "missing") or refusal.code == "ambiguous_credentials"
