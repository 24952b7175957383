"""An issuer for tests, with keys that it publishes. Needs the package `cryptography`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from .._clock import Clock, system_clock
from .._encoding.base64url import encode_base64url
from .._token.jws import encode_members
from .mint_token import default_claims

IssuerAlgorithm = Literal["EdDSA", "ES256", "RS256", "PS256"]
_PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_COORDINATE_BYTES = 32


class FakeIssuer:
    """An issuer in public-key mode, without Better Auth and without a network:

    issuer = FakeIssuer(clock=clock)
    verifier = Verifier(issuer=issuer.issuer, audience=issuer.audience, jwks_url=issuer.jwks_url,
                        jwks_fetch=issuer.fetch, clock=clock)
    await verifier.verify(issuer.mint_token(sub="user_a"))
    """

    jwks_url = "https://issuer.test/api/auth/jwks"
    """Where its keys seem to be published: only `fetch` knows."""

    def __init__(
        self,
        *,
        algorithm: IssuerAlgorithm = "EdDSA",
        issuer: str = "http://localhost:3000",
        audience: str = "http://localhost:8000",
        clock: Clock = system_clock,
    ) -> None:
        self.issuer = issuer
        self.audience = audience
        self.reachable = True
        """Set to `False`, it answers nobody."""
        self.fetches = 0
        """How often its keys were asked for."""
        self._algorithm: IssuerAlgorithm = algorithm
        self._clock = clock
        self._made = 0
        self._published: list[dict[str, str]] = []
        self.rotate()

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The key set that it publishes (RFC 7517 §5), for `Verifier(jwks=…)`."""
        return {"keys": list(self._published)}

    @property
    def kid(self) -> str:
        """The name of the key that signs."""
        return f"key-{self._made}"

    def rotate(self, *, keep: bool = True) -> None:
        """A new key signs from now on. The others stay published unless `keep` is `False`."""
        self._made += 1
        self._key = _private_key(self._algorithm)
        public = {**_public_members(self._key), "kid": self.kid, "alg": self._algorithm, "use": "sig"}
        self._published = [*(self._published if keep else []), public]

    async def fetch(self, _url: str) -> bytes:
        """For `Verifier(jwks_fetch=…)`: its key set as JSON."""
        self.fetches += 1
        if not self.reachable:
            raise OSError("The issuer is out of reach.")
        return json.dumps(self.jwks).encode("utf-8")

    def mint_token(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """As `mint_token`: nothing is checked, `OMITTED` leaves a claim or header member out. The header is
        `{ alg, kid, typ: "at+jwt" }`.
        """
        used_header = {"alg": self._algorithm, "kid": self.kid, "typ": "at+jwt", **(header or {})}
        payload = {**default_claims(self._clock), "iss": self.issuer, "aud": self.audience, **claims}
        signing_input = f"{encode_members(used_header)}.{encode_members(payload)}"
        signature = _signature(self._key, signing_input.encode("ascii"), pss=self._algorithm == "PS256")
        return f"{signing_input}.{encode_base64url(signature)}"


def _private_key(algorithm: IssuerAlgorithm) -> _PrivateKey:
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def _public_members(key: _PrivateKey) -> dict[str, str]:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(key.public_key().public_bytes_raw())}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        x, y = (encode_base64url(number.to_bytes(_COORDINATE_BYTES, "big")) for number in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    numbers = key.public_key().public_numbers()
    n, e = (
        encode_base64url(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e)
    )
    return {"kty": "RSA", "n": n, "e": e}


def _signature(key: _PrivateKey, data: bytes, *, pss: bool) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")
    salted = padding.PSS(padding.MGF1(SHA256()), 32)
    return key.sign(data, salted if pss else padding.PKCS1v15(), SHA256())
