"""Requests, judged by the steps that every adapter is made of and by the FastAPI adapter over ASGI."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of the route below.
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from configuration import config_of, verifier_of
from fastapi import Depends, FastAPI
from token_builder import token_of
from verdict import CannotRunError, Mismatch, Verdict, compare

from watchword import (
    AuthenticationMode,
    ConfigurationError,
    Identity,
    Verifier,
    WatchwordError,
    authenticate,
    require_role,
    require_scope,
    require_self,
    to_problem,
)
from watchword.fastapi import current_user, install, optional_user, self_user
from watchword.fastapi import require_role as role_guard
from watchword.fastapi import require_scope as scope_guard

# Where a case says nothing of the request: the credential as it should be sent.
_PLAIN_REQUEST = {"path": "/api/user_a/tasks", "headers": [["Authorization", "Bearer {token}"]]}


class _Request(NamedTuple):
    method: str
    path: str
    segment: str | None
    """The segment that names a user, where the route has one."""
    route: str
    headers: list[tuple[str, str]]


async def run_http(case: Mapping[str, Any], common: Mapping[str, Any]) -> Mismatch | None:
    """Both must give the expected verdict and the expected HTTP form."""
    config = config_of(case["config"], common)
    token = token_of(case, common) if "build" in case or "token" in case else ""
    request = _filled_in(case.get("request", _PLAIN_REQUEST), token)
    verifier = verifier_of(config, common)
    expect = dict(case["expect"])
    if "expect_subject" in case:
        expect.setdefault("subject", case["expect_subject"])
    needed = _needs(config)
    by_steps = await _by_steps(verifier, needed, request)
    mismatch = compare(expect, by_steps)
    if mismatch is not None:
        return mismatch
    if "http" in expect and by_steps.code == expect.get("reason"):
        expected = Verdict(status=expect["http"]["status"], error=expect["http"]["error"]).form
        if expected != by_steps.form:
            return Mismatch(expected, by_steps.form)
    if by_steps.code == "misconfigured":
        # A guard that cannot be right stops the start: then there is no route to ask.
        return None
    return _compare_fastapi(expect, by_steps, await _by_fastapi(verifier, needed, request))


def _filled_in(request: Mapping[str, Any], token: str) -> _Request:
    segment = request.get("user_id_segment")
    template = request.get("path_template", "/api/{user_id}/tasks")
    path = str(request.get("path") or template).replace("{user_id}", segment or "")
    headers = [(name, value.replace("{token}", token)) for name, value in request.get("headers", [])]
    # Without a user in its path a case says nothing about the route.
    route = "/{rest:path}" if segment is None else template
    return _Request(request.get("method", "GET"), path.replace("{token}", token), segment, route, headers)


class _Needs(NamedTuple):
    """What a route needs, by the configuration; one name may stand alone."""

    auth: AuthenticationMode
    scopes: list[str] | None
    roles: list[str] | None


def _needs(config: Mapping[str, Any]) -> _Needs:
    auth = config.get("auth", "required")
    if auth not in ("required", "optional"):
        raise CannotRunError(f"unknown authentication {auth}")
    scopes, roles = (config.get(name) for name in ("require_scope", "require_role"))
    return _Needs(auth, *([names] if isinstance(names, str) else names for names in (scopes, roles)))


async def _by_steps(verifier: Verifier, needs: _Needs, request: _Request) -> Verdict:
    try:
        authorization = [value for name, value in request.headers if name.lower() == "authorization"]
        identity = await authenticate(verifier, authorization, needs.auth)
        if request.segment is not None:
            require_self(identity, _decoded(request.segment))
        if needs.scopes is not None:
            require_scope(identity, *needs.scopes)
        if needs.roles is not None:
            require_role(identity, *needs.roles)
    except ConfigurationError as fault:
        return Verdict(code=fault.code)
    except WatchwordError as refusal:
        answer = to_problem(refusal)
        return Verdict(refusal.code, None, answer.status, _error_of(answer.headers.get("WWW-Authenticate")))
    return Verdict(user_id=None if identity is None else identity.user_id)


def _decoded(segment: str) -> str | None:
    """The path as it is sent is percent-encoded, and decoded exactly once."""
    try:
        return unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        return None


async def _by_fastapi(verifier: Verifier, needs: _Needs, request: _Request) -> Verdict:
    app = FastAPI(openapi_url=None)
    install(app, verifier)
    guards = [] if request.segment is None else [Depends(self_user("user_id"))]
    if needs.scopes is not None:
        guards.append(Depends(scope_guard(*needs.scopes)))
    if needs.roles is not None:
        guards.append(Depends(role_guard(*needs.roles)))
    user = optional_user if needs.auth == "optional" else current_user

    @app.api_route(request.route, methods=[request.method], dependencies=guards)
    async def tasks(caller: Annotated[Identity | None, Depends(user)]) -> dict[str, str | None]:
        return {"user_id": None if caller is None else caller.user_id}

    status, headers, body = await _answer(app, request)
    if status == 200:
        return Verdict(user_id=body["user_id"])
    return Verdict(body.get("code", f"status {status}"), None, status, _error_of(headers.get("www-authenticate")))


async def _answer(app: FastAPI, request: _Request) -> tuple[int, dict[str, str], dict[str, Any]]:
    """One exchange over ASGI, nothing between: header values as the bytes that were sent."""
    path, _, query = request.path.partition("?")
    raw_path = quote(path, safe="/%:@!$&'()*+,;=~").encode("ascii")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "https",
        "path": unquote_to_bytes(raw_path).decode("utf-8", "replace"),
        "raw_path": raw_path,
        "query_string": query.encode("utf-8"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in request.headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 443),
    }
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    body = json.loads(b"".join(message.get("body", b"") for message in messages[1:]) or b"{}")
    return start["status"], headers, body


def _error_of(challenge: str | None) -> str | None:
    found = re.search(r'error="([^"]*)"', challenge or "")
    return None if found is None else found[1]


def _compare_fastapi(expect: Mapping[str, Any], by_steps: Verdict, got: Verdict) -> Mismatch | None:
    """The adapter gives what the steps give; a router may refuse a segment that names nobody."""
    if by_steps.code == "wrong_subject" and got.status == 404:
        return None
    mismatch = compare(expect, got)
    if mismatch is not None:
        return Mismatch(mismatch.expected, f"fastapi:{mismatch.got}")
    if by_steps.code != got.code:
        return Mismatch(str(by_steps.code), f"fastapi:{got.code}")
    if by_steps.form != got.form:
        return Mismatch(by_steps.form, f"fastapi:{got.form}")
    return None
