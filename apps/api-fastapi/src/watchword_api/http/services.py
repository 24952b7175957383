"""What the handlers work with."""

# No `from __future__ import annotations` here: FastAPI reads the signature below.
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.requests import Request
from watchword import Clock, RevocationFeed

from ..chat.model import AskModel
from ..database.store import Database
from ..log import Log
from ..tasks.watchers import Watchers


@dataclass(frozen=True, slots=True)
class Services:
    """The database, where the time comes from, who watches tasks, where events are written, the language model of the
    assistant, if there is one, and the feed that the verifier asks, where it asks one.
    """

    database: Database
    clock: Clock
    watchers: Watchers
    log: Log
    ask_model: AskModel | None = None
    revocation: RevocationFeed | None = None


def give_services(app: FastAPI, services: Services) -> None:
    """Makes the services available to the handlers of the application."""
    app.state.services = services


async def _services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


UsedServices = Annotated[Services, Depends(_services_of)]
"""A dependency that gives the services."""
