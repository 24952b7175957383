"""The one place where a raised error becomes an answer. Whatever is not a refusal is a 500 that says nothing."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from watchword import WatchwordError
from watchword.fastapi import to_problem_response

from ..database.faults import DatabaseUnavailable
from ..log import Log
from .api_problem import ApiProblem, unavailable
from .audit import audit_refusal, is_failed_credential
from .rate_limit import FailureLimit
from .request_facts import facts_of
from .violations import concerns_path, violations

AllowedMethods = Callable[[str], str]
"""The value of `Allow` for a path."""


def answer_problem(scope: Scope, refusal: WatchwordError) -> Response:
    """Renders a refusal; the fields that stand on every answer are added outside."""
    facts_of(scope).refusal = refusal.code
    if isinstance(refusal, ApiProblem):
        return to_problem_response(refusal, refusal.errors, refusal.headers)
    return to_problem_response(refusal)


def add_problem_answers(app: FastAPI, *, failures: FailureLimit, allowed: AllowedMethods, log: Log) -> None:
    """Answers every error that a route raises, apart from faults of this process: see `Faults`."""

    async def answer(request: Request, error: Exception) -> Response:
        refusal = _refusal_of(request, error)
        if refusal is None:
            raise error
        limited = _after_limit(request, refusal)
        audit_refusal(log, limited, request)
        if refusal.status >= 500:
            # The class alone: the message of a driver may quote an address.
            cause = type(error.__cause__ or error).__name__
            asked = {"http.request.id": facts_of(request.scope).request_id, "error.type": refusal.code}
            log.error("watchword.fault", {**asked, "exception.type": cause})
        return answer_problem(request.scope, limited)

    def _refusal_of(request: Request, error: Exception) -> WatchwordError | None:
        if isinstance(error, WatchwordError):
            return error
        if isinstance(error, RequestValidationError):
            issues = error.errors()
            if concerns_path(issues):
                return ApiProblem("not_found")
            return ApiProblem("validation_failed", errors=violations(issues))
        if isinstance(error, HTTPException):
            if error.status_code == 405:
                return ApiProblem("method_not_allowed", headers={"Allow": allowed(request.scope["path"])})
            return ApiProblem("not_found" if error.status_code == 404 else "internal_error")
        if isinstance(error, DatabaseUnavailable):
            return unavailable()
        return None

    def _after_limit(request: Request, refusal: WatchwordError) -> WatchwordError:
        """Past the bound a failed credential is answered 429; nothing else is counted or limited."""
        if not is_failed_credential(refusal):
            return refusal
        wait_seconds = failures.count(request.client.host if request.client else "")
        if wait_seconds == 0:
            return refusal
        return ApiProblem("rate_limited", headers={"Retry-After": str(wait_seconds)})

    for kind in (WatchwordError, RequestValidationError, HTTPException, DatabaseUnavailable):
        app.add_exception_handler(kind, answer)
    # Starlette answers this one outside of everything else, and then raises the error on to `Faults`.
    app.add_exception_handler(Exception, _answer_fault)


class Faults:
    """Logs what nobody foresaw, and answers where nothing has been answered yet."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting_start)
        except Exception as fault:
            # The class and the place of a fault, for the operator; its message could quote what was sent.
            frames = traceback.extract_tb(fault.__traceback__)
            self._log.error(
                "watchword.fault",
                {
                    "http.request.id": facts_of(scope).request_id,
                    "error.type": "internal_error",
                    "exception.type": type(fault).__name__,
                    "exception.stacktrace": "\n".join(
                        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames
                    ),
                },
            )
            if not started:
                await answer_problem(scope, WatchwordError("internal_error"))(scope, receive, send)


async def _answer_fault(request: Request, _fault: Exception) -> Response:
    return answer_problem(request.scope, WatchwordError("internal_error"))
