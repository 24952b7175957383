"""The whole API, without a server: the road of a request from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fastapi import FastAPI
from starlette.types import ASGIApp
from watchword import Clock, RevocationFeed, Verifier, system_clock
from watchword.fastapi import install

from .admin.routes import router as admin_router
from .chat.model import AskModel
from .chat.routes import router as chat_router
from .database.store import Database
from .http.answer_headers import AnswerHeaders
from .http.cors import Cors
from .http.head import HeadAsGet
from .http.openapi_document import openapi_document
from .http.operations import allowed_methods
from .http.problem_answers import Faults, add_problem_answers
from .http.rate_limit import FailureLimit
from .http.raw_target import RawTarget
from .http.request_log import RequestLog
from .http.services import Services, give_services
from .http.verification_timing import TimedVerifier
from .log import Log, SilentLog
from .posts.routes import router as post_router
from .profile.routes import router as profile_router
from .service.docs import documents
from .service.health import router as health_router
from .tasks.routes import router as task_router
from .tasks.watchers import Watchers


class Api(NamedTuple):
    """The routes, and the application that a server runs around them."""

    routes: FastAPI
    application: ASGIApp
    watchers: Watchers
    """The open streams, which a server ends before it ends itself."""


class _Routes(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document in the contract's form, rather than in FastAPI's."""
        return openapi_document(self.routes)


def create_app(
    *,
    verifier: Verifier,
    database: Database,
    cors_origins: Sequence[str],
    auth_failures_per_minute: int,
    show_verification: bool = False,
    ask_model: AskModel | None = None,
    revocation: RevocationFeed | None = None,
    clock: Clock = system_clock,
    log: Log | None = None,
) -> Api:
    """`cors_origins` are the origins whose pages may call the API, compared as exact text; past
    `auth_failures_per_minute` failed credentials of an address, such failures are answered 429. With
    `show_verification` answers tell accepted callers how their token was verified. `ask_model` is the language model
    of the assistant; without one its own rules answer. `revocation` is the feed that the verifier asks, where it asks
    one.
    """
    used_log = log or SilentLog()
    routes = _Routes(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    install(routes, TimedVerifier(verifier) if show_verification else verifier)
    watchers = Watchers()
    give_services(routes, Services(database, clock, watchers, used_log, ask_model, revocation))
    operations = [task_router, chat_router, post_router, profile_router, admin_router, health_router]
    for router in operations:
        routes.include_router(router)
    document_router = documents()
    routes.include_router(document_router)
    add_problem_answers(
        routes,
        failures=FailureLimit(auth_failures_per_minute, clock),
        allowed=allowed_methods([*operations, document_router]),
        log=used_log,
    )

    application: ASGIApp = HeadAsGet(routes)
    application = RawTarget(application)
    application = Faults(application, used_log)
    application = Cors(application, cors_origins)
    application = AnswerHeaders(application)
    application = RequestLog(application, used_log, clock)
    return Api(routes, application, watchers)
