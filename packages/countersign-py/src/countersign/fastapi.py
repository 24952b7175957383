"""Protects FastAPI routes: `install` once, then `CurrentUser`, `OptionalUser` or `SelfUser` in a signature."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of the dependencies below.
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any, Final
from urllib.parse import unquote_to_bytes

from fastapi import Depends, FastAPI, Path, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase

from .authenticate import AuthenticationMode, authenticate, require_self
from .errors import ConfigurationError, CountersignError
from .identity import Identity
from .problem import ValidationFault, problem
from .verify import Verifier

__all__ = [
    "CountersignRoute",
    "CurrentUser",
    "OptionalUser",
    "SelfUser",
    "install",
    "problem_response",
    "self_user",
]

_IDENTITY: Final = "countersign.identity"


class BearerAuthentication(SecurityBase):
    """A dependency that gives the identity of the request's token. Shows as `bearerAuth` in the OpenAPI document."""

    def __init__(self, mode: AuthenticationMode) -> None:
        self.model = HTTPBearer(bearerFormat="JWT")
        self.scheme_name = "bearerAuth"
        self._mode: AuthenticationMode = mode

    async def __call__(self, request: Request) -> Identity | None:
        """Raises `CountersignError`."""
        await self.admit(request)
        return _identity_of(request)

    async def admit(self, request: Request) -> None:
        """Authenticates the request once, whoever asks first. Raises `CountersignError`."""
        if _identity_of(request) is None:
            identity = await authenticate(_verifier_of(request), _authorization(request), self._mode)
            request.scope[_IDENTITY] = identity


_required = BearerAuthentication("required")
_optional = BearerAuthentication("optional")

CurrentUser = Annotated[Identity, Depends(_required)]
"""The identity of the token; without a good token the request is refused."""

OptionalUser = Annotated[Identity | None, Depends(_optional)]
"""As `CurrentUser`, but a request without any credential is anonymous: `None`. A bad token is refused."""


class SelfAuthentication:
    """A dependency that lets only the user named by a path parameter through."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        # FastAPI reads the signature; so the path parameter stands in the OpenAPI document under its own name.
        self.__signature__ = Signature(
            [
                Parameter("request", Parameter.KEYWORD_ONLY, annotation=Request),
                Parameter("identity", Parameter.KEYWORD_ONLY, annotation=CurrentUser),
                Parameter(parameter, Parameter.KEYWORD_ONLY, annotation=Annotated[str, Path()]),
            ]
        )

    async def __call__(self, *, request: Request, identity: Identity, **_parameters: str) -> Identity:
        """Raises `CountersignError` `wrong_subject`."""
        require_self(identity, _decoded_parameter(request, self._parameter))
        return identity

    async def admit(self, request: Request) -> None:
        """Compares before the body is read, once the request is authenticated. Raises `CountersignError`."""
        identity = _identity_of(request)
        if identity is None:
            raise CountersignError("missing")
        require_self(identity, _decoded_parameter(request, self._parameter))


def self_user(parameter: str) -> SelfAuthentication:
    """The dependency of a route whose owner is named by another path parameter:
    `Annotated[Identity, Depends(self_user("owner_id"))]`.
    """
    return SelfAuthentication(parameter)


SelfUser = Annotated[Identity, Depends(self_user("user_id"))]
"""The identity of the token, where `{user_id}` in the URL is that user; everybody else is refused."""


class CountersignRoute(APIRoute):
    """A route that authenticates before the body is read. FastAPI alone reads and parses the body first, so that a
    request without a token could learn whether its body is well formed, and make the server read it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, behind its authentication."""
        handler = super().get_route_handler()
        gates = tuple(_gates(self.dependant))

        async def authenticated(request: Request) -> Response:
            overridden = getattr(request.app, "dependency_overrides", {})
            for gate in gates:
                if gate in overridden:
                    continue
                await gate.admit(request)
            return await self.answer(request, handler)

        return authenticated

    async def answer(self, request: Request, handler: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
        """What happens once the caller is known. A subclass may check the request further before it calls `handler`."""
        return await handler(request)


def install(app: FastAPI, verifier: Verifier) -> None:
    """Gives the application its verifier, answers refusals with problem documents, and makes routes that are added
    afterwards authenticate before they read a body. Routers of their own need `route_class=CountersignRoute` for that.
    """
    app.state.countersign_verifier = verifier
    app.router.route_class = CountersignRoute
    app.add_exception_handler(CountersignError, _answer_refusal)


def problem_response(
    refusal: CountersignError,
    errors: Sequence[ValidationFault] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a refusal: `application/problem+json`, with `WWW-Authenticate` where one belongs."""
    answer = problem(refusal, errors)
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return Response(body, answer.status, {**answer.headers, **(headers or {})})


async def _answer_refusal(_request: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, CountersignError):
        raise refusal
    return problem_response(refusal)


def _gates(dependant: Dependant) -> Iterator[BearerAuthentication | SelfAuthentication]:
    """The dependencies of a route that decide about its caller, those they need first."""
    for dependency in dependant.dependencies:
        yield from _gates(dependency)
        if isinstance(dependency.call, BearerAuthentication | SelfAuthentication):
            yield dependency.call


def _identity_of(request: Request) -> Identity | None:
    known = request.scope.get(_IDENTITY)
    return known if isinstance(known, Identity) else None


def _verifier_of(request: Request) -> Verifier:
    verifier = getattr(request.app.state, "countersign_verifier", None)
    if not isinstance(verifier, Verifier):
        raise ConfigurationError("Call countersign.fastapi.install(app, verifier) before the first request.")
    return verifier


def _authorization(request: Request) -> list[str]:
    """Every `Authorization` header apart: `request.headers` shows only the first one."""
    return [value.decode("latin-1") for name, value in request.scope["headers"] if name.lower() == b"authorization"]


def _decoded_parameter(request: Request, name: str) -> str | None:
    """The path parameter, percent-decoded exactly once; `None` where the path is no UTF-8 or hides a slash."""
    raw_path = request.scope.get("raw_path")
    if raw_path is not None:
        try:
            decoded = unquote_to_bytes(raw_path.partition(b"?")[0]).decode("utf-8")
        except UnicodeDecodeError:
            return None
        if decoded != request.scope["path"] or b"%2f" in raw_path.lower():
            return None
    parameter = request.path_params.get(name)
    return parameter if isinstance(parameter, str) else None
