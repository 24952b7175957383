"""CPU time per verification in Python, side by side with other libraries: writes one JSON object.

Arguments: rounds, milliseconds per contender and round.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from jose import jwt as python_jose
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, OctKey, OKPKey
from watchword import CacheOptions, SharedKey, Verifier

SECRET = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM"  # noqa: S105 (for tests only)
ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"
KEYS: dict[str, Any] = {
    "HS256": SECRET,
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
}

Work = Callable[[str], object]
AsyncWork = Callable[[str], Awaitable[object]]


def mint(algorithm: str) -> str:
    """A token as the issuing plugin makes it: the claims of one user's session, good for an hour."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(uuid.uuid4()),
        "iat": now - 1,
        "exp": now + 3600,
        "jti": str(uuid.uuid4()),
        "sid": str(uuid.uuid4()),
        "email": "a.user@example.test",
        "name": "A User",
        "role": "user",
    }
    return jwt.encode(claims, KEYS[algorithm], algorithm, {"kid": f"{algorithm}-1", "typ": "at+jwt"})


def public_jwk(algorithm: str) -> dict[str, Any]:
    key = KEYS[algorithm].public_key()
    jwk_of = jwt.algorithms.ECAlgorithm.to_jwk if algorithm == "ES256" else jwt.algorithms.OKPAlgorithm.to_jwk
    return {**jwk_of(key, as_dict=True), "alg": algorithm, "kid": f"{algorithm}-1"}


def watchword(algorithm: str, cache: CacheOptions | Literal[False]) -> AsyncWork:
    keys: dict[str, Any] = (
        {"key": [SharedKey(SECRET, "HS256-1")]} if algorithm == "HS256" else {"jwks": {"keys": [public_jwk(algorithm)]}}
    )
    return Verifier(issuer=ISSUER, audience=AUDIENCE, accepted_types=["at+jwt"], cache=cache, **keys).verify


def floor(token: str) -> object:
    """What no verifier can go below: the platform's HMAC and two times JSON."""
    signing_input, _, signature = token.rpartition(".")
    mac = hmac.digest(SECRET.encode(), signing_input.encode(), hashlib.sha256)
    if not hmac.compare_digest(mac, base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))):
        raise ValueError
    header, payload = (
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in signing_input.split(".")
    )
    return header and payload


def peers(algorithm: str) -> dict[str, Work]:
    private = KEYS[algorithm]
    key = private if algorithm == "HS256" else private.public_key()

    def pyjwt(token: str) -> object:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=ISSUER,
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "sub", "iss", "aud"]},
        )

    if algorithm == "HS256":
        joserfc_key: Any = OctKey.import_key(SECRET)
    else:
        joserfc_key = (ECKey if algorithm == "ES256" else OKPKey).import_key(public_jwk(algorithm))
    registry = joserfc_jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True},
        exp={"essential": True},
    )

    def joserfc(token: str) -> object:
        decoded = joserfc_jwt.decode(token, joserfc_key, algorithms=[algorithm])
        registry.validate(decoded.claims)
        return decoded

    found: dict[str, Work] = {"PyJWT": pyjwt, "joserfc": joserfc}
    if algorithm != "EdDSA":
        jose_key = SECRET if algorithm == "HS256" else public_jwk(algorithm)
        found["python-jose"] = lambda token: python_jose.decode(
            token, jose_key, algorithms=[algorithm], issuer=ISSUER, audience=AUDIENCE
        )
    return {"hmac floor": floor, **found} if algorithm == "HS256" else found


async def cost(work: Work | AsyncWork, is_async: bool, tokens: list[str], times: int) -> float:
    """CPU nanoseconds per call."""
    count = len(tokens)
    begin = time.process_time_ns()
    if is_async:
        for index in range(times):
            await work(tokens[index % count])  # type: ignore[misc]
    else:
        for index in range(times):
            work(tokens[index % count])
    return (time.process_time_ns() - begin) / times


async def in_rounds(
    contenders: dict[str, tuple[Work | AsyncWork, bool]], tokens: list[str], rounds: int, milliseconds: int
) -> dict[str, list[float]]:
    """Each round takes every contender, in turn from another start."""
    times = {}
    for name, (work, is_async) in contenders.items():
        await cost(work, is_async, tokens, 300)
        times[name] = max(50, round(milliseconds * 1e6 / await cost(work, is_async, tokens, 300)))
    costs: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for round_index in range(rounds):
        for index in range(len(names)):
            name = names[(round_index + index) % len(names)]
            work, is_async = contenders[name]
            costs[name].append(await cost(work, is_async, tokens, times[name]))
    return costs


async def main(rounds: int, milliseconds: int) -> None:
    groups = []
    for algorithm in KEYS:
        tokens = [mint(algorithm) for _ in range(512)]
        others = {name: (work, False) for name, work in peers(algorithm).items()}
        cold = {"watchword": (watchword(algorithm, False), True), **others}
        remembering = (watchword(algorithm, CacheOptions(max_entries=2)), True)
        cold["watchword, remembering"] = remembering
        base = "hmac floor" if algorithm == "HS256" else "PyJWT"
        groups.append(
            {
                "title": f"Python {algorithm}, every token new",
                "base": base,
                "costs": await in_rounds(cold, tokens, rounds, milliseconds),
            }
        )
        warm = {"watchword": (watchword(algorithm, CacheOptions(max_entries=10_000)), True)}
        warm["PyJWT"] = others["PyJWT"]
        groups.append(
            {
                "title": f"Python {algorithm}, tokens come again",
                "base": "PyJWT",
                "costs": await in_rounds(warm, tokens[:64], rounds, milliseconds),
            }
        )
    print(json.dumps(groups))


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
