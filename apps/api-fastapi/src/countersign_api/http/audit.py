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
    request_id = facts_of(request.scope).request_id
    identity = identity_of(request)
    if is_failed_credential(refusal):
        name = {} if refusal.claim is None else {"claim": refusal.claim}
        log.warn("countersign.request.refused", code=refusal.code, **name, requestId=request_id)
    elif refusal.status == 403 and identity is not None:
        log.warn("countersign.request.denied", code=refusal.code, userId=identity.user_id, requestId=request_id)


def is_failed_credential(refusal: CountersignError) -> bool:
    """A credential was sent and was not accepted."""
    return (refusal.status == 401 and refusal.code != "missing") or refusal.code == "ambiguous_credentials"
