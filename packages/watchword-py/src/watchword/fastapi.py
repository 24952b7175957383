"""Protects FastAPI routes: `install(app)` once, then `CurrentUser`, `OptionalUser` or `SelfUser` in a signature."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of the dependencies below.
import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from inspect import Parameter, Signature
from typing import Annotated, Any, Final, cast
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Response, WebSocket, params, routing
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from ._errors import ConfigurationError, WatchwordError
from ._feed.create_verifier import Verifier
from ._guard.authenticate import AuthenticationMode, authenticate, check_named, require_self
from ._guard.authenticate import require_role as check_role
from ._guard.authenticate import require_scope as check_scope
from ._guard.problem import ValidationFault, to_problem
from ._token.identity import Identity
from ._token.revocation import RevocationMode

__all__ = [
    "CurrentUser",
    "OptionalUser",
    "ProtectedRouter",
    "SelfUser",
    "WatchwordRoute",
    "current_user",
    "identity_of",
    "install",
    "optional_user",
    "require_role",
    "require_scope",
    "self_user",
    "to_problem_response",
    "use_revocation",
]

_UNCLEAR_PATH: Final = re.compile(rb"[^\x21-\x7e]|%(?![0-9A-Fa-f]{2})")
_IDENTITY: Final = "watchword.identity"
_REVOCATION: Final = "watchword.revocation"
_POLICY_VIOLATION: Final = 1008
"""Close code of a WebSocket whose caller is refused (RFC 6455 §7.4.1)."""


class BearerAuthentication(SecurityBase):
    """A dependency that gives the identity of the request's token. Shows as `bearerAuth` in the OpenAPI document, with
    which the button Authorize of its page takes a token.
    """

    def __init__(self, mode: AuthenticationMode) -> None:
        self.model = HTTPBearer(bearerFormat="JWT")
        self.scheme_name = "bearerAuth"
        self._mode: AuthenticationMode = mode

    async def __call__(self, request: HTTPConnection) -> Identity[Any] | None:
        """Raises `WatchwordError`."""
        identity = _identity_of(request)
        if identity is not None:
            return identity
        await self.admit(request)
        return _identity_of(request)

    async def admit(self, request: HTTPConnection) -> None:
        """Authenticates the request once, whoever asks first. Raises `WatchwordError`."""
        if _identity_of(request) is None:
            verifier, use = _verifier_of(request), request.scope.get(_REVOCATION)
            identity = await authenticate(verifier, _authorization(request), self._mode, revocation=use)
            request.scope[_IDENTITY] = identity


current_user: Final = BearerAuthentication("required")
"""The dependency behind `CurrentUser`, for `Annotated[Identity[MyClaims], Depends(current_user)]`."""

optional_user: Final = BearerAuthentication("optional")
"""The dependency behind `OptionalUser`."""

CurrentUser = Annotated[Identity, Depends(current_user)]
"""The identity of the token; without a good token the request is refused."""

OptionalUser = Annotated[Identity | None, Depends(optional_user)]
"""As `CurrentUser`, but a request without any credential is anonymous: `None`. A bad token is refused."""


class RevocationChoice:
    """A dependency that says whether the tokens of a route are looked up among the revoked ones."""

    def __init__(self, use: RevocationMode) -> None:
        self._use = use

    async def __call__(self, request: HTTPConnection) -> None:
        """Raises `ConfigurationError`."""
        await self.admit(request)

    async def admit(self, request: HTTPConnection) -> None:
        """Notes the choice before anybody authenticates. Raises `ConfigurationError` for `feed` where the verifier has
        no source of revocations.
        """
        if self._use == "feed" and _verifier_of(request).revocation != "feed":
            raise ConfigurationError('use_revocation("feed") needs a verifier with a source of revocations.')
        # Where a route was given both, it asks.
        before = request.scope.setdefault(_REVOCATION, self._use)
        if self._use == "feed" and before == "none":
            request.scope[_REVOCATION] = "feed"
            if _identity_of(request) is not None:
                await authenticate(_verifier_of(request), _authorization(request), revocation="feed")


def use_revocation(use: RevocationMode) -> RevocationChoice:
    """A dependency for routes that shall not ask what was revoked, or shall: `dependencies=[Depends(use_revocation(
    "none"))]` of the route or of its router. It decides for every dependency of the route. Raises
    `ConfigurationError` for another word.
    """
    if use not in ("none", "feed"):
        raise ConfigurationError('use_revocation needs "none" or "feed".')
    return RevocationChoice(use)


class GrantAuthentication:
    """A dependency that lets only callers through whose token grants something."""

    def __init__(self, check: Callable[[Identity[Any] | None], None]) -> None:
        self._check = check

    async def __call__(self, identity: CurrentUser) -> Identity:
        """Raises `WatchwordError` `insufficient_scope`."""
        self._check(identity)
        return identity

    async def admit(self, request: HTTPConnection) -> None:
        """Checks before the body is read, once the request is authenticated. Raises `WatchwordError`."""
        self._check(_identity_of(request))


def require_scope(*scopes: str) -> GrantAuthentication:
    """A dependency that lets only tokens through that grant every one of the scopes:
    `dependencies=[Depends(require_scope("tasks:read"))]`, or the identity in a signature. Raises `ConfigurationError`
    when no scope is named.
    """
    check_named(scopes, "require_scope")
    return GrantAuthentication(lambda identity: check_scope(identity, *scopes))


def require_role(*roles: str) -> GrantAuthentication:
    """A dependency that lets only callers through that have at least one of the roles:
    `dependencies=[Depends(require_role("admin"))]`. Raises `ConfigurationError` when no role is named.
    """
    check_named(roles, "require_role")
    return GrantAuthentication(lambda identity: check_role(identity, *roles))


class SelfAuthentication:
    """A dependency that lets only the user named by a path parameter through."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        # FastAPI reads the signature; so the path parameter stands in the OpenAPI document under its own name.
        self.__signature__ = Signature(
            [
                Parameter("request", Parameter.KEYWORD_ONLY, annotation=HTTPConnection),
                Parameter("identity", Parameter.KEYWORD_ONLY, annotation=CurrentUser),
                Parameter(parameter, Parameter.KEYWORD_ONLY, annotation=Annotated[str, Path()]),
            ]
        )

    async def __call__(self, *, request: HTTPConnection, identity: Identity, **_parameters: str) -> Identity:
        """Raises `WatchwordError` `wrong_subject`."""
        require_self(identity, _decoded_parameter(request, self._parameter))
        return identity

    async def admit(self, request: HTTPConnection) -> None:
        """Compares before the body is read, once the request is authenticated. Raises `WatchwordError`, and
        `ConfigurationError` on a route without the parameter, which would refuse everyone.
        """
        if self._parameter not in request.path_params:
            raise ConfigurationError(
                f"self_user({self._parameter!r}): the path of this route has no parameter named {self._parameter}. "
                "Name it as the path does."
            )
        require_self(_identity_of(request), _decoded_parameter(request, self._parameter))


def self_user(parameter: str) -> SelfAuthentication:
    """The dependency of a route whose owner is named by another path parameter:
    `Annotated[Identity, Depends(self_user("owner_id"))]`.
    """
    return SelfAuthentication(parameter)


SelfUser = Annotated[Identity, Depends(self_user("user_id"))]
"""The identity of the token, where `{user_id}` in the URL is that user; everybody else is refused."""


class WatchwordRoute(APIRoute):
    """A route that authenticates before the body is read. FastAPI alone reads and parses the body first, so that a
    request without a token could learn whether its body is well formed, and make the server read it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, behind its authentication."""
        handler = super().get_route_handler()
        found = tuple(dict.fromkeys(_gates(_dependant_of(self))))
        gates = sorted(found, key=lambda gate: not isinstance(gate, RevocationChoice))
        if not gates:
            return partial(self.answer, handler=handler)

        async def authenticated(request: Request) -> Response:
            overridden = getattr(request.app, "dependency_overrides", {})
            # A test that replaces one of them leaves the decision to FastAPI's dependencies.
            if not overridden or overridden.keys().isdisjoint(gates):
                for gate in gates:
                    await gate.admit(request)
            answer = await self.answer(request, handler)
            _forbid_storing(answer)
            return answer

        return authenticated

    async def answer(self, request: Request, handler: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
        """What happens once the caller is known. A subclass may check the request further before it calls `handler`."""
        return await handler(request)


class ProtectedRouter(APIRouter):
    """A router all of whose routes need a good token, whatever their signature says: closed by default.

        router = ProtectedRouter(prefix="/api")

    What it cannot protect, it refuses: routers that are not protected themselves, mounted applications, plain Starlette
    routes, WebSockets.
    """

    def __init__(
        self,
        *,
        route_class: type[WatchwordRoute] = WatchwordRoute,
        dependencies: Sequence[params.Depends] = (),
        **options: Any,
    ) -> None:
        """The options of `fastapi.APIRouter`; of `dependencies` those that follow the authentication, such as
        `Depends(require_role("admin"))`.
        """
        super().__init__(
            route_class=route_class,
            dependencies=[Depends(current_user), *dependencies],
            **options,
        )

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """As in `fastapi.APIRouter`, for another `ProtectedRouter`. Raises `ConfigurationError` for every other one."""
        if not isinstance(router, ProtectedRouter):
            raise ConfigurationError(
                "A ProtectedRouter includes only others of its kind: make this one a ProtectedRouter."
            )
        super().include_router(router, **options)

    def mount(self, path: str, app: ASGIApp, name: str | None = None) -> None:
        """Raises `ConfigurationError`."""
        raise _unprotected(path)

    def add_route(self, path: str, *_arguments: Any, **_options: Any) -> None:
        """Raises `ConfigurationError`."""
        raise _unprotected(path)

    def add_websocket_route(self, path: str, *_arguments: Any, **_options: Any) -> None:
        """Raises `ConfigurationError`."""
        raise _unprotected(path)

    def add_api_websocket_route(self, path: str, *_arguments: Any, **_options: Any) -> None:
        """Raises `ConfigurationError`."""
        raise _unprotected(path)


def install(app: FastAPI, verifier: Verifier[Any] | Callable[[], Verifier[Any]] = Verifier) -> None:
    """Gives the application its verifier, answers refusals with problem documents, and makes routes that are added
    afterwards authenticate before they read a body. Routers of their own need `route_class=WatchwordRoute` for that,
    or are a `ProtectedRouter`.

        app = FastAPI()
        install(app)

    Without a verifier the environment says how tokens are verified. The verifier is then made when the application
    starts, so that wrong settings stop the start, and it follows the revocation feed that `REVOCATION=feed` names until
    the application stops. A function that makes a verifier is called at the same moment. Where the application never
    starts, as under a `TestClient` without `with`, that moment is the first request.
    """
    app.state.watchword_verifier = verifier
    app.router.route_class = WatchwordRoute
    # Starlette types a handler for one of requests and WebSockets; this one is for both.
    app.add_exception_handler(WatchwordError, cast(Any, _answer_refusal))
    if not isinstance(verifier, Verifier):
        _make_at_start(app, verifier)


def _make_at_start(app: FastAPI, make: Callable[[], Verifier[Any]]) -> None:
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def verifying_lifespan(started: Any) -> AsyncIterator[Any]:
        verifier = _verifier_of_application(app)
        try:
            async with lifespan(started) as state:
                yield state
        finally:
            app.state.watchword_verifier = make
            # It waits for the feed's thread.
            await asyncio.to_thread(verifier.close)

    app.router.lifespan_context = verifying_lifespan


def to_problem_response(
    refusal: WatchwordError,
    errors: Sequence[ValidationFault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a refusal: `application/problem+json`, with `WWW-Authenticate` where one belongs."""
    answer = to_problem(refusal, errors)
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return Response(body, answer.status, {**answer.headers, **(headers or {})})


async def _answer_refusal(connection: HTTPConnection, refusal: Exception) -> Response | None:
    if not isinstance(refusal, WatchwordError):
        raise refusal
    if isinstance(connection, WebSocket):
        await connection.close(_POLICY_VIOLATION, refusal.code)
        return None
    return to_problem_response(refusal)


_Gate = RevocationChoice | BearerAuthentication | GrantAuthentication | SelfAuthentication


def _dependant_of(route: APIRoute) -> Dependant:
    """What a route depends on, where it is included: FastAPI keeps what the routers above it add apart from it."""
    including: ContextVar[Any] | None = getattr(routing, "_effective_route_context_var", None)
    context = None if including is None else including.get()
    if context is not None and context.original_route is route:
        effective: Dependant = context.dependant
        return effective
    return route.dependant


def _gates(dependant: Dependant) -> Iterator[_Gate]:
    """The dependencies of a route that decide about its caller, those they need first."""
    for dependency in dependant.dependencies:
        yield from _gates(dependency)
        if isinstance(dependency.call, _Gate):
            yield dependency.call


def _forbid_storing(answer: Response) -> None:
    """What a token opened is for its bearer alone, unless the route says otherwise."""
    for name, _ in answer.raw_headers:
        if name == b"cache-control":
            return
    answer.raw_headers.append((b"cache-control", b"no-store"))


def _unprotected(path: str) -> ConfigurationError:
    return ConfigurationError(f"A ProtectedRouter cannot protect {path}: only routes of FastAPI with a handler.")


def identity_of(request: HTTPConnection) -> Identity[Any] | None:
    """The caller of a request that has been authenticated, such as for a log; `None` where nobody is. It authenticates
    nobody: for that a route has its dependency.
    """
    return _identity_of(request)


def _identity_of(request: HTTPConnection) -> Identity[Any] | None:
    known: Identity[Any] | None = request.scope.get(_IDENTITY)
    return known


def _verifier_of(request: HTTPConnection) -> Verifier[Any]:
    return _verifier_of_application(request.app)


def _verifier_of_application(app: Any) -> Verifier[Any]:
    verifier = getattr(app.state, "watchword_verifier", None)
    if isinstance(verifier, Verifier):
        return verifier
    if verifier is None:
        raise ConfigurationError(
            "This application has no verifier. Call watchword.fastapi.install(app) before the first request. A mounted "
            "application needs a call of its own, install(mounted, verifier), with the same verifier."
        )
    made: Verifier[Any] = verifier()
    app.state.watchword_verifier = made
    return made


def _authorization(request: HTTPConnection) -> list[str]:
    """Every `Authorization` header apart: `request.headers` shows only the first. ASGI gives names in lower case."""
    return [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"authorization"]


def _decoded_parameter(request: HTTPConnection, name: str) -> str | None:
    """The path parameter, percent-decoded exactly once; `None` where the raw path can be read in more than one way:
    bytes beyond ASCII, malformed escapes, what is no UTF-8, a hidden slash.
    """
    raw_path = request.scope.get("raw_path")
    if raw_path is not None:
        path = raw_path.partition(b"?")[0]
        if _UNCLEAR_PATH.search(path):
            return None
        try:
            decoded = unquote_to_bytes(path).decode("utf-8")
        except UnicodeDecodeError:
            return None
        if decoded != request.scope["path"] or b"%2f" in raw_path.lower():
            return None
    parameter = request.path_params.get(name)
    return parameter if isinstance(parameter, str) else None
