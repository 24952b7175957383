"""The requests that every framework adapter answers alike (`contract/vectors/adapters.json`), over a real socket."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import fastapi
import pytest
import uvicorn

from watchword import RevocationSubject, Verifier
from watchword._errors import ERROR_TABLE
from watchword.fastapi import (
    CurrentUser,
    OptionalUser,
    install,
    require_role,
    require_scope,
    self_user,
    use_revocation,
)
from watchword.testing import OMITTED, fixed_clock, mint_token

FILE = json.loads((Path(__file__).resolve().parents[3] / "contract/vectors/adapters.json").read_text("utf-8"))
GUARDS = {"requireSelf": self_user, "requireScope": require_scope, "requireRole": require_role}


class Answer(NamedTuple):
    """An answer as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    raw: bytes

    def values(self, name: str) -> list[str]:
        """Every value of a header, in order. `name` in lower case."""
        return [value for key, value in self.headers if key == name]


class Revoked:
    """The sessions that are revoked, and those of which that cannot be said."""

    def is_revoked(self, identity: RevocationSubject) -> bool:
        if identity.session_id in FILE["revoked"]["unknown"]:
            raise RuntimeError("out of reach")
        return identity.session_id in FILE["revoked"]["sid"]


def application() -> fastapi.FastAPI:
    """Serves the routes of the file."""
    app = fastapi.FastAPI()
    install(app, Verifier(**FILE["verifier"], revocation=Revoked(), clock=fixed_clock(FILE["now"])))
    for route in FILE["routes"]:
        (first, *how), *others = route["guards"]
        choices = [fastapi.Depends(use_revocation(one.removeprefix("revocation:"))) for one in how]
        dependencies = choices + [fastapi.Depends(GUARDS[name](*given)) for name, *given in others]
        handler = anybody if first == "optionalUser" else somebody
        app.get(route["path"], dependencies=dependencies)(handler)
    return app


async def somebody(user: CurrentUser) -> dict[str, str]:
    return {"caller": user.user_id}


async def anybody(user: OptionalUser) -> dict[str, str | None]:
    return {"caller": user.user_id if user else None}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the application listens."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(), http="h11", lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


def exchange(port: int, target: str, headers: list[tuple[str, str]]) -> Answer:
    """One request exactly as written. One character of target and headers is one byte."""
    lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = raw.partition(b"\r\n\r\n")
    status_line, *fields = head.decode("latin-1").split("\r\n")
    pairs = [field.partition(":") for field in fields]
    return Answer(
        int(status_line.split(" ")[1]), [(name.lower(), value.strip()) for name, _, value in pairs], body, raw
    )


def token_for(case: dict[str, Any]) -> str:
    """The token of a case."""
    claims = {**FILE["mint"]["claims"], **case.get("claims", {}), **dict.fromkeys(case.get("omit", []), OMITTED)}
    key = case.get("key", FILE["mint"]["key"])
    return mint_token(key=key, header=case.get("header"), clock=fixed_clock(FILE["now"]), **claims)


def test_the_cases_are_all_there() -> None:
    assert len(FILE["cases"]) == 171


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_case(case: dict[str, Any], port: int) -> None:
    token = token_for(case)
    headers = [
        (name, value.replace("{token}", token))
        for name, value in case.get("headers", [["Authorization", "Bearer {token}"]])
    ]
    answer = exchange(port, case["target"].replace("{token}", token), headers)
    for text in [*case.get("absent", []), token]:
        assert text.encode("utf-8") not in answer.raw
    hold(answer, case.get("instead", {}).get("fastapi", case["expect"]))


def hold(answer: Answer, expected: dict[str, Any]) -> None:
    """Accepted, refused by the adapter, or answered by the server or the framework before the adapter."""
    if "caller" in expected:
        assert (answer.status, json.loads(answer.body)) == (200, {"caller": expected["caller"]})
        assert answer.values("cache-control") == ["no-store"]
    elif "code" in expected:
        code, status, challenge = expected["code"], expected["status"], expected["challenge"]
        problem = json.loads(answer.body)
        detail = problem.pop("detail")
        assert isinstance(detail, str)
        assert detail == expected.get("detail", detail)
        assert problem == {
            "type": f"urn:watchword:error:{code}",
            "title": ERROR_TABLE[code].title,
            "status": status,
            "code": code,
        }
        assert answer.status == status
        assert answer.values("www-authenticate") == ([] if challenge is None else [challenge])
        assert answer.values("retry-after") == (["5"] if status == 503 else [])
        assert answer.values("content-type") == ["application/problem+json"]
        assert answer.values("cache-control") == ["no-store"]
    else:
        assert answer.status == expected["status"]
        assert b'"caller"' not in answer.body
