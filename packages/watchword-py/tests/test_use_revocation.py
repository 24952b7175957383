"""Whether a route of FastAPI asks what was revoked."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from watchword import ConfigurationError, RevocationSubject, Verifier, WatchwordError, authenticate
from watchword.fastapi import ProtectedRouter, current_user, install, require_role, use_revocation
from watchword.testing import mint_token

pytestmark = pytest.mark.anyio

SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
TOKEN = mint_token(secret=SECRET, role="admin")
BEARER = {"Authorization": f"Bearer {TOKEN}"}
NONE = Depends(use_revocation("none"))
FEED = Depends(use_revocation("feed"))
USER = Depends(current_user)


class AllRevoked:
    """Says of every token that it is revoked."""

    asked = 0

    def is_revoked(self, identity: RevocationSubject) -> bool:
        self.asked += 1
        return True


class NoneRevoked(AllRevoked):
    """Says of no token that it is revoked."""

    def is_revoked(self, identity: RevocationSubject) -> bool:
        return not super().is_revoked(identity)


def verifier(**options: object) -> Verifier:
    return Verifier(issuer="http://localhost:3000", audience="http://localhost:8000", secret=SECRET, **options)


async def status_of(router: APIRouter, **options: object) -> int:
    app = FastAPI()
    install(app, verifier(**options))
    app.include_router(router)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        return (await client.get("/", headers=BEARER)).status_code


async def answer() -> str:
    return "in"


@pytest.mark.parametrize(
    ("of_router", "of_route", "status"),
    [
        ([], [], 401),
        ([], [NONE], 200),
        ([NONE], [], 200),
        ([NONE], [NONE], 200),
        ([NONE], [FEED], 401),
        ([FEED], [NONE], 401),
        ([], [NONE, FEED], 401),
        ([NONE], [Depends(require_role("admin"))], 200),
        ([Depends(require_role("admin"))], [NONE], 200),
    ],
)
async def test_a_protected_router_asks_unless_none_is_all_it_is_told(
    of_router: list[object], of_route: list[object], status: int
) -> None:
    router = ProtectedRouter(dependencies=of_router)
    router.get("/", dependencies=of_route)(answer)
    assert await status_of(router, revocation=AllRevoked()) == status


@pytest.mark.parametrize(
    ("dependencies", "status"),
    [
        ([NONE, USER], 200),
        # A plain route authenticates where its dependencies say so: who asks first has asked.
        ([USER, NONE], 401),
        ([NONE, USER, FEED], 401),
        ([FEED, USER, NONE], 401),
    ],
)
async def test_a_plain_route_never_asks_less_than_its_strictest_choice(dependencies: list[object], status: int) -> None:
    router = APIRouter(route_class=APIRoute)
    router.get("/", dependencies=dependencies)(answer)
    assert await status_of(router, revocation=AllRevoked()) == status


@pytest.mark.parametrize(
    ("dependencies", "asked"), [([USER], 1), ([USER, FEED], 1), ([FEED, USER, FEED], 1), ([NONE, USER, FEED], 1)]
)
async def test_a_plain_route_asks_once(dependencies: list[object], asked: int) -> None:
    router, source = APIRouter(route_class=APIRoute), NoneRevoked()
    router.get("/", dependencies=dependencies)(answer)
    assert await status_of(router, revocation=source) == 200
    assert source.asked == asked


async def test_asking_where_nobody_knows_lets_nobody_through() -> None:
    app = FastAPI()
    install(app, verifier())
    router = ProtectedRouter()
    router.get("/", dependencies=[FEED])(answer)
    app.include_router(router)
    assert await status_of(router) == 500
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        with pytest.raises(ConfigurationError, match="needs a verifier with a source of revocations"):
            await client.get("/", headers=BEARER)


async def test_not_asking_needs_nobody_who_knows() -> None:
    router = ProtectedRouter()
    router.get("/", dependencies=[NONE])(answer)
    assert await status_of(router) == 200


def test_another_word_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match='needs "none" or "feed"'):
        use_revocation("off")


async def test_authenticate_asks_what_was_revoked_unless_it_is_told_not_to() -> None:
    asking, plain = verifier(revocation=AllRevoked()), verifier()
    assert (asking.revocation, plain.revocation) == ("feed", "none")
    header = [f"Bearer {TOKEN}"]

    async def code(used: Verifier, revocation: str | None) -> str:
        try:
            await authenticate(used, header, revocation=revocation)
        except WatchwordError as refusal:
            return refusal.code
        return "accepted"

    assert [await code(asking, use) for use in (None, "feed", "none", "off")] == [
        "revoked",
        "revoked",
        "accepted",
        "revoked",
    ]
    assert [await code(plain, use) for use in (None, "none", "feed")] == ["accepted", "accepted", "internal_error"]
