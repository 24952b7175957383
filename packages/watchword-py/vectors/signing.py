"""Signatures as the cases want them, wrong ones too."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from verdict import CannotRunError

_HASHES: dict[str, HashAlgorithm] = {"256": SHA256(), "384": SHA384(), "512": SHA512()}


def signature_of(how: Mapping[str, Any], signing_input: str, common: Mapping[str, Any]) -> str:
    """The third segment. Where a signature needs arithmetic of its own, the token is given."""
    alg = how.get("alg", "")
    if alg == "empty":
        return ""
    if alg == "hex":
        return _encoded(bytes.fromhex(how["hex"]))
    if "tweak" in how:
        raise CannotRunError(f"tweak {how['tweak']} without a given token")
    data = signing_input.encode()
    if alg in ("HS256", "HS384", "HS512"):
        return _encoded(hmac.digest(_secret(how["key"], common), data, f"sha{alg[2:]}"))
    jwk = common["keys"].get(how.get("key"), {}).get("jwk")
    if jwk is None:
        raise CannotRunError(f"no key {how.get('key')}")
    return _encoded(_signed(alg, jwk, data))


def _signed(alg: str, jwk: Mapping[str, str], data: bytes) -> bytes:
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.from_private_bytes(_bytes(jwk["d"])).sign(data)
    family, used = alg[:2], _HASHES.get(alg[2:])
    if used is None:
        raise CannotRunError(f"unknown algorithm {alg}")
    if family == "RS":
        return _rsa_key(jwk).sign(data, padding.PKCS1v15(), used)
    if family == "PS":
        return _rsa_key(jwk).sign(data, padding.PSS(padding.MGF1(used), used.digest_size), used)
    if family == "ES":
        curve = ec.SECP256R1() if jwk["crv"] == "P-256" else ec.SECP384R1()
        r, s = decode_dss_signature(ec.derive_private_key(_integer(jwk["d"]), curve).sign(data, ec.ECDSA(used)))
        size = (curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    raise CannotRunError(f"unknown algorithm {alg}")


def _rsa_key(jwk: Mapping[str, str]) -> rsa.RSAPrivateKey:
    p, q, d, dp, dq, qi, n, e = (_integer(jwk[name]) for name in ("p", "q", "d", "dp", "dq", "qi", "n", "e"))
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()


def _secret(key: Any, common: Mapping[str, Any]) -> bytes:
    secret = common["keys"].get(key, {}) if isinstance(key, str) else key
    if "hex" in secret:
        return bytes.fromhex(secret["hex"])
    if "utf8" not in secret:
        raise CannotRunError(f"no secret {key}")
    return str(secret["utf8"]).encode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _integer(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
