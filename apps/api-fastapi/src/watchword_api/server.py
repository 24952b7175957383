"""The process: listens, and ends cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp
from watchword import ConfigurationError

from .http.protocol import Protocol
from .http.request_head import MAX_HEAD_BYTES
from .log import Attributes, Log

_GRACE_SECONDS = 10
_KEEP_ALIVE_SECONDS = 5
_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `ConfigurationError` with one sentence that says what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as fault:
        raise ConfigurationError(_listen_fault(fault.errno, host, port)) from None
    return listening


async def serve(
    application: ASGIApp, listening: socket.socket, log: Log, *, on_stop: Callable[[], None] = lambda: None
) -> None:
    """Serves until SIGTERM or SIGINT: then calls `on_stop`, which ends what would not end by itself, takes no new
    connection and lets running requests finish for up to 10 s. A second signal changes nothing.
    """
    config = uvicorn.Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        # The socket's own address counts failed credentials: nothing is taken from forwarded headers.
        proxy_headers=False,
        h11_max_incomplete_event_size=2 * MAX_HEAD_BYTES,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    for name in ("uvicorn", "asyncio"):
        logging.getLogger(name).addHandler(_LogHandler(log))
    host, port = listening.getsockname()[:2]
    await _Server(config, log, {"server.address": host, "server.port": port}, on_stop).serve([listening])
    log.info("watchword.server.stopped")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, log: Log, address: Attributes, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop
        self._log = log
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._log.info("watchword.server.listening", self._address)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own would raise the signal again at the end, so that a clean stop looked like a killed process."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield

    def _stop(self) -> None:
        if not self.should_exit:
            self._log.info("watchword.server.stopping")
            self._on_stop()
        self.should_exit = True


class _LogHandler(logging.Handler):
    """Hands the server's own errors over, by their kind alone: their texts may quote requests."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        self._log.error("watchword.server.fault", {"otel.scope.name": record.name, "exception.type": error})


def _listen_fault(code: int | None, host: str, port: int) -> str:
    if code == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what listens there or set API_PORT to another port."
    if code == errno.EACCES:
        return f"Port {port} may not be opened by this user: set API_PORT to a port above 1023."
    return f"The address {host} cannot be listened on: set HOST to an address of this machine."
