"""The audit trail of requests."""

from __future__ import annotations

from countersign import CountersignError
from countersign.fastapi import identity_of
from starlette.requests import Request

from ..log import Log
from .request_facts import facts_of


def audit_refusal(log: Log, refusal: CountersignError, request: Request) -> None:
    """One line of the audit trail for a credential that was sent and refused, and for a caller who may not do what was
    asked (`contract/events.json`). A request without a credential is neither.
    """
    why = {"error.type": refusal.code, "http.request.id": facts_of(request.scope).request_id}
    identity = identity_of(request)
    if is_failed_credential(refusal):
        log.warn("countersign.request.refused", {**why, "countersign.claim": refusal.claim})
    elif refusal.status == 403 and identity is not None:
        log.warn("countersign.request.denied", {**why, "user.id": identity.user_id})


def is_failed_credential(refusal: CountersignError) -> bool:
    """A credential was sent and was not accepted."""
    return (refusal.status == 401 and refusal.code != "missing") or refusal.code == "ambiguous_credentials"
