"""`python -m watchword_api`: reads the settings from the environment and serves."""

from __future__ import annotations

import asyncio
import os
import sys

from watchword import ConfigurationError, Verifier, VerifierOptions, system_clock

from .app import create_app
from .chat.model import ask_model_at
from .configuration import Configuration, configuration_from
from .database.open import open_database
from .log import JsonLog
from .revocation import revocation_feed
from .server import listen, serve


def main() -> int:
    """The exit code: 1 after one sentence on standard error where the configuration cannot be right."""
    try:
        configuration = configuration_from(os.environ)
        asyncio.run(_run(configuration))
    except ConfigurationError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


async def _run(configuration: Configuration) -> None:
    log = JsonLog()
    if os.environ.get("ALLOW_HTTP", "").strip() == "1":
        log.warn("watchword.http.allowed")
    database = await open_database(configuration.database, system_clock)
    revocation = (
        None
        if configuration.revocation is None
        else revocation_feed(configuration.revocation, log=log, erase=database.erase)
    )
    try:
        options: VerifierOptions = {**configuration.verifier, "revocation": revocation, "on_event": log.audit}
        if revocation is not None:
            revocation.start()
        api = create_app(
            verifier=Verifier(**options),
            database=database,
            cors_origins=configuration.cors_origins,
            auth_failures_per_minute=configuration.auth_failures_per_minute,
            show_verification=configuration.show_verification,
            ask_model=None if configuration.model is None else ask_model_at(configuration.model),
            revocation=revocation,
            log=log,
        )
        await serve(
            api.application, listen(configuration.host, configuration.port), log, on_stop=api.watchers.shut_down
        )
    finally:
        if revocation is not None:
            await revocation.close()
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
