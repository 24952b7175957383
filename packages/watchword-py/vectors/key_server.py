"""Publishes a key set on this machine, rightly or wrongly."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from verdict import CannotRunError

from watchword.testing import AdjustableClock

_MEGABYTE = 1_048_576


class _Answer(NamedTuple):
    status: int = 200
    body: Iterable[bytes] = ()
    headers: Mapping[str, str] = {"Content-Type": "application/json"}


class KeyServer:
    """A server of its own for one case; the verifier asks it over HTTP as it asks any other."""

    def __init__(self, published: list[Any], keys: Mapping[str, Any], clock: AdjustableClock) -> None:
        self._published = published
        self._owned = [key["jwk"] for key in keys.values() if "jwk" in key]
        self._attacker = keys.get("ed_attacker", {}).get("jwk", {})
        self._clock = clock
        self._answer: Callable[[], _Answer] = lambda: _json({"keys": published})
        self.fetches = 0
        """How often it was asked, redirects that were followed not counted."""
        answer = self._handle

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                """Answers, whatever is asked for."""
                with suppress(OSError):
                    answer(self)

            def log_message(self, *_arguments: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"
        """Where the keys are published."""
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()

    def publish(self, keys: list[Any]) -> None:
        """From now on these keys."""
        self._answer = lambda: _json({"keys": keys})

    def answer_status(self, status: int) -> None:
        """From now on this status, without a body."""
        self._answer = lambda: _Answer(status)

    def answer_given(self, status: int = 200, headers: Mapping[str, str] | None = None, body: str = "") -> None:
        """From now on this answer."""
        self._answer = lambda: _Answer(status, [body.encode()], headers or {})

    def answer_kind(self, kind: str) -> None:
        """From now on this kind of answer."""
        kinds: dict[str, Callable[[], _Answer]] = {
            "html": lambda: _Answer(body=[b"<!doctype html>"], headers={"Content-Type": "text/html"}),
            "redirect": lambda: _Answer(302, headers={"Location": "/attacker"}),
            "huge": lambda: _Answer(body=(b" " * 65_536 for _ in range(50 * _MEGABYTE // 65_536))),
            "gzipbomb": lambda: _Answer(
                body=[gzip.compress(bytes(16 * _MEGABYTE)) * 64], headers={"Content-Encoding": "gzip"}
            ),
            "slow": lambda: _Answer(body=self._slowly()),
            "array": lambda: _json([]),
            "private": lambda: _json({"keys": [self._with_private_members(key) for key in self._published]}),
            "rsa1024": lambda: _json({"keys": [_weak_rsa("rsa-1024", 128, "AQAB")]}),
            "rsa-e1": lambda: _json({"keys": [_weak_rsa("rsa-e1", 256, "AQ")]}),
            "10000": lambda: _json({"keys": self._published[:1] * 10_000}),
            "dupmember": lambda: _Answer(body=[f'{{"keys":[],"keys":{json.dumps(self._published)}}}'.encode()]),
        }
        if kind not in kinds:
            raise CannotRunError(f"unknown answer {kind}")
        self._answer = kinds[kind]

    def _handle(self, exchange: BaseHTTPRequestHandler) -> None:
        if exchange.path == "/attacker":
            answer = _json({"keys": [{name: self._attacker[name] for name in self._attacker if name != "d"}]})
        else:
            self.fetches += 1
            answer = self._answer()
        exchange.send_response(answer.status)
        for name, value in answer.headers.items():
            exchange.send_header(name, value)
        exchange.end_headers()
        for chunk in answer.body:
            exchange.wfile.write(chunk)

    def _slowly(self) -> Iterable[bytes]:
        """One byte per second of the verifier's clock."""
        for byte in json.dumps({"keys": self._published}).encode():
            self._clock.advance(1)
            yield bytes([byte])

    def _with_private_members(self, key: Mapping[str, Any]) -> Mapping[str, Any]:
        same = [one for one in self._owned if all(one.get(name) == key.get(name) for name in ("kid", "x", "n"))]
        return same[0] if same else key


def _json(value: Any) -> _Answer:
    return _Answer(body=[json.dumps(value).encode()])


def _weak_rsa(kid: str, size: int, e: str) -> dict[str, str]:
    n = base64.urlsafe_b64encode(b"\xc5" * size).rstrip(b"=").decode("ascii")
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": n, "e": e}
