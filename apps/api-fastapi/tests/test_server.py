"""The process over real HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from watchword.testing import mint_token

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(tmp_path: Path, **settings: str) -> "subprocess.Popen[str]":
    environment = {
        "PATH": os.environ["PATH"],
        "BETTER_AUTH_SECRET": SECRET,
        "DATABASE_URL": f"file:{tmp_path / 'a b'}",
        "API_AUDIENCE": "http://localhost:8000",
        "REVOCATION": "none",
        **settings,
    }
    command = [sys.executable, "-m", "watchword_api"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def next_event(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    port = free_port()
    process = start(tmp_path, API_PORT=str(port))
    try:
        assert next_event(process)["event.name"] == "watchword.server.listening"
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def exchange(port: int, request: bytes) -> tuple[bytes, bytes]:
    """One raw request on a connection of its own: the head and the body of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def test_a_signal_ends_open_streams_and_then_the_process(server: tuple["subprocess.Popen[str]", int]) -> None:
    process, port = server
    headers = {"Authorization": f"Bearer {mint_token(secret=SECRET)}"}
    with httpx.stream("GET", f"http://127.0.0.1:{port}/api/user_1/tasks/events", headers=headers, timeout=10) as stream:
        pieces = stream.iter_text()
        text = ""
        while "ready" not in text:
            text += next(pieces)
        process.send_signal(signal.SIGTERM)
        text += "".join(pieces)
    assert text.endswith('event: end\ndata: {"reason":"shutdown"}\n\n')
    # Well before the grace of requests that run on is over.
    process.communicate(timeout=8)
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_cleanly(server: tuple["subprocess.Popen[str]", int], number: int) -> None:
    process, port = server
    assert httpx.get(f"http://127.0.0.1:{port}/ready").json() == {"status": "ready", "revocation": "none"}
    process.send_signal(number)
    output, errors = process.communicate(timeout=20)
    events = [json.loads(line)["event.name"].removeprefix("watchword.") for line in output.splitlines()]
    assert events == ["http.request", "server.stopping", "server.stopped"]
    assert (errors, process.returncode) == ("", 0)


def test_data_is_kept_between_starts(tmp_path: Path) -> None:
    token = mint_token(secret=SECRET)
    for total in (1, 2):
        port = free_port()
        process = start(tmp_path, API_PORT=str(port))
        assert next_event(process)["event.name"] == "watchword.server.listening"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {token}"}) as client:
            assert client.post("/api/user_1/tasks", json={"title": "t"}).status_code == 201
            assert client.get("/api/user_1/tasks").json()["total"] == total
        process.terminate()
        process.communicate(timeout=20)


def test_no_answer_names_the_server(server: tuple[Any, int]) -> None:
    head, _ = exchange(server[1], b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"\r\nserver:" not in head.lower()


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/api/../health", b"404"),
        (b"//health", b"404"),
        (b"/api/%2e%2e/tasks", b"404"),
        (b"/api/\xff/tasks", b"404"),
        (b"/api/\xc3\xa9/tasks", b"404"),
        (b"/health?q=\xc3\xa9", b"404"),
        (b"/api/%C3%A9/tasks", b"401"),
        (b"http://other.test/health", b"200"),
        (b"http://other.test/api/ann/tasks", b"401"),
        (b"*", b"404"),
        (b"/" + b"x" * 9000, b"404"),
    ],
)
def test_raw_targets_are_decided_before_routing(server: tuple[Any, int], target: bytes, status: bytes) -> None:
    head, _ = exchange(server[1], b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert head.split(b" ", 2)[1] == status
    assert b"\r\ncache-control: no-store" in head.lower()


def test_methods_are_compared_with_their_case(server: tuple[Any, int]) -> None:
    head, body = exchange(server[1], b"get /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert b"\r\nallow: get, head\r\n" in head.lower()
    assert json.loads(body)["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    "request_bytes",
    [b"nonsense\r\n\r\n", b"GET /health HTTP/1.1\r\nBad Header: x\r\n\r\n", b"GET /health HTTQ/1.1\r\n\r\n"],
)
def test_what_is_not_http_is_a_problem_document(server: tuple[Any, int], request_bytes: bytes) -> None:
    head, body = exchange(server[1], request_bytes)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["code"] == "malformed_request"
    assert b"\r\nx-request-id: " in head.lower()


@pytest.mark.parametrize("pieces", [1, 3, 40])
def test_a_head_may_come_in_pieces(server: tuple[Any, int], pieces: int) -> None:
    request = b"GET /health HTTP/1.1\r\nX-Request-Id: piecewise\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server[1]), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        size = -(-len(request) // pieces)
        for start_of_piece in range(0, len(request), size):
            connection.sendall(request[start_of_piece : start_of_piece + size])
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"x-request-id: piecewise\r\n" in answer


def test_pipelined_requests_are_answered_in_order(server: tuple[Any, int]) -> None:
    first = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    second = b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    _, answers = exchange(server[1], first + second)
    assert answers.startswith(b'{"status":"ok"}')
    assert answers.endswith(b'{"status":"ready","revocation":"none"}')


def test_a_refused_request_is_answered_before_its_body_is_asked_for(server: tuple[Any, int]) -> None:
    request = (
        b"POST /api/user_1/tasks HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: 50000000\r\n\r\n"
    )
    head, body = exchange(server[1], request)
    assert head.startswith(b"HTTP/1.1 401 ")
    assert json.loads(body)["code"] == "missing"


def test_a_declared_length_past_the_bound_is_refused_unread(server: tuple[Any, int]) -> None:
    request = (
        b"POST /api/user_1/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: 50000000\r\n"
        b"Authorization: Bearer " + mint_token(secret=SECRET).encode() + b"\r\n\r\n"
    )
    head, body = exchange(server[1], request)
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(body)["code"] == "body_too_large"


def test_a_token_of_many_kilobytes_is_too_large(server: tuple[Any, int]) -> None:
    answer = httpx.get(
        f"http://127.0.0.1:{server[1]}/api/user_1/tasks", headers={"Authorization": "Bearer " + "A" * 40_000}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "too_large")


def test_a_port_in_use_is_one_sentence(server: tuple[Any, int], tmp_path: Path) -> None:
    process = start(tmp_path, API_PORT=str(server[1]))
    output, errors = process.communicate(timeout=20)
    sentence = f"Port {server[1]} is in use: stop what listens there or set API_PORT to another port.\n"
    assert (output, errors, process.returncode) == ("", sentence, 1)


@pytest.mark.parametrize(
    ("settings", "beginning"),
    [
        ({"BETTER_AUTH_SECRET": ""}, "BETTER_AUTH_SECRET is not set."),
        ({"BETTER_AUTH_SECRET": "changeme"}, "BETTER_AUTH_SECRET is a placeholder from an example."),
        ({"DATABASE_URL": "file:/proc/none"}, "The database folder /proc/none cannot be written:"),
        ({"DATABASE_URL": "postgres://u:hunter2@127.0.0.1:1/x"}, "The database that DATABASE_URL names cannot be"),
        ({"DATABASE_URL": "mysql://u:hunter2@127.0.0.1/x"}, "DATABASE_URL names no database:"),
        ({"HOST": "203.0.113.1"}, "The address 203.0.113.1 cannot be listened on:"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, settings: dict[str, str], beginning: str
) -> None:
    process = start(tmp_path, **{"API_PORT": str(free_port()), **settings})
    output, errors = process.communicate(timeout=20)
    assert errors.startswith(beginning)
    assert "hunter2" not in errors
    assert (output, errors.count("\n"), process.returncode) == ("", 1, 1)
