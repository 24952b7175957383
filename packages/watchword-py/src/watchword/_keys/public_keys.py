"""The public keys of a JWK set. Needs the package `cryptography`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from .._encoding.base64url import decode_base64url, is_canonical_base64url
from .._encoding.strict_json import JsonObject
from .algorithms import PUBLIC_ALGORITHMS, KeyAlgorithm, key_algorithm_of
from .key_set import VerificationKey
from .public_signature import Ed25519Key, Es256Key, RsaKey
from .small_order import is_of_small_order

# RSA moduli in bits: shorter ones can be factored (RFC 7518 §3.3), longer ones cost too much per token.
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
_COORDINATE_BYTES = 32
"""Of a coordinate of P-256, and of an Ed25519 key."""
_NAMED_ALGORITHMS: dict[Any, KeyAlgorithm] = {name: key_algorithm_of(name) for name in PUBLIC_ALGORITHMS}


def public_key(jwk: object) -> VerificationKey | None:
    """The key in one member of a JWK set (RFC 7517 §4), bound to one algorithm: that of `alg`, or the one its type is
    used with here. Private members are not looked at.

    Returns `None` for a key that cannot verify a token: it is left out, and the rest of its set stands.
    """
    if not isinstance(jwk, dict) or not _is_for_signatures(jwk):
        return None
    algorithm = _algorithm_of(jwk)
    kid = jwk.get("kid")
    if algorithm is None or ("kid" in jwk and not isinstance(kid, str)):
        return None
    try:
        key = _key_object(jwk, algorithm)
    except ValueError:
        # A point that is not on its curve has no key.
        return None
    return None if key is None else VerificationKey(algorithm, kid, key)


def usable_keys(jwks: Sequence[object]) -> tuple[VerificationKey, ...]:
    """Of these JWKs those that can verify tokens, each once: one that cannot does not spoil the others."""
    usable: list[VerificationKey] = []
    for key in map(public_key, jwks):
        if key is not None and key not in usable:
            usable.append(key)
    return tuple(usable)


def _is_for_signatures(jwk: JsonObject) -> bool:
    """RFC 7517 §4.2, §4.3"""
    if "use" in jwk and jwk["use"] != "sig":
        return False
    operations = jwk.get("key_ops", ["verify"])
    return isinstance(operations, list) and "verify" in operations


def _algorithm_of(jwk: JsonObject) -> KeyAlgorithm | None:
    possible = _possible_algorithms(jwk.get("kty"), jwk.get("crv"))
    if "alg" not in jwk:
        return possible[0] if possible else None
    alg = jwk["alg"]
    named = _NAMED_ALGORITHMS.get(alg) if isinstance(alg, str) else None
    return named if named in possible else None


def _possible_algorithms(kty: object, crv: object) -> tuple[KeyAlgorithm, ...]:
    """What a type of key can be for; the first is meant where the key does not say."""
    if (kty, crv) == ("OKP", "Ed25519"):
        return ("EdDSA",)
    if (kty, crv) == ("EC", "P-256"):
        return ("ES256",)
    return ("RS256", "PS256") if kty == "RSA" else ()


def _key_object(jwk: JsonObject, algorithm: KeyAlgorithm) -> Ed25519Key | Es256Key | RsaKey | None:
    """The public key (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2), each member in its only encoding; `None` without one."""
    if algorithm in ("RS256", "PS256"):
        n, e = _integer(jwk.get("n")), _integer(jwk.get("e"))
        if n is None or e is None or not _is_strong_enough(n, e):
            return None
        return RsaKey(RSAPublicNumbers(e, n).public_key(), pss=algorithm == "PS256")
    x = _coordinate(jwk.get("x"))
    if x is None:
        return None
    if algorithm == "EdDSA":
        return None if is_of_small_order(x) else Ed25519Key(Ed25519PublicKey.from_public_bytes(x))
    y = _coordinate(jwk.get("y"))
    if y is None:
        return None
    point = EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), SECP256R1())
    return Es256Key(point.public_key())


def _is_strong_enough(n: int, e: int) -> bool:
    """RFC 8017 §3.1: the exponent of an RSA key is less than its modulus."""
    return MIN_RSA_BITS <= n.bit_length() <= MAX_RSA_BITS and 3 <= e < n and e % 2 == 1


def _coordinate(value: object) -> bytes | None:
    data = _bytes(value)
    return data if data is not None and len(data) == _COORDINATE_BYTES else None


def _integer(value: object) -> int | None:
    data = _bytes(value)
    return None if data is None else int.from_bytes(data, "big")


def _bytes(value: object) -> bytes | None:
    if not isinstance(value, str) or not is_canonical_base64url(value):
        return None
    return decode_base64url(value.encode("ascii"))
