"""Public keys, each made ready for its one algorithm. Needs the package `cryptography`."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from .._encoding.base64url import decode_base64url
from .._encoding.segments import Segments
from .small_order import is_of_small_order

_SHA256 = SHA256()
_ECDSA = ECDSA(_SHA256)
_PKCS1 = PKCS1v15()
# As many bytes of salt as SHA-256 gives (RFC 7518 §3.5).
_PSS = PSS(MGF1(_SHA256), 32)
_HALF_BYTES = 32
"""Of an ES256 signature, its `r` and its `s`; of an EdDSA one too."""


@dataclass(frozen=True, slots=True)
class Ed25519Key:
    """A key for EdDSA (RFC 8032 §5.1.7, RFC 8037 §3.1)."""

    key: Ed25519PublicKey

    def is_signature(self, segments: Segments) -> bool:
        """Whether the signature is of this key."""
        signature = decode_base64url(segments.signature)
        if len(signature) != 2 * _HALF_BYTES or is_of_small_order(signature[:_HALF_BYTES]):
            return False
        try:
            self.key.verify(signature, segments.input)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Es256Key:
    """A key for ES256 (RFC 7518 §3.4)."""

    key: EllipticCurvePublicKey

    def is_signature(self, segments: Segments) -> bool:
        """Whether the signature, `r ‖ s`, is of this key."""
        signature = decode_base64url(segments.signature)
        if len(signature) != 2 * _HALF_BYTES:
            return False
        r, s = int.from_bytes(signature[:_HALF_BYTES], "big"), int.from_bytes(signature[_HALF_BYTES:], "big")
        try:
            self.key.verify(encode_dss_signature(r, s), segments.input, _ECDSA)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class RsaKey:
    """A key for RS256 or PS256 (RFC 7518 §3.3, §3.5)."""

    key: RSAPublicKey
    pss: bool
    """Whether it is for PS256."""

    def is_signature(self, segments: Segments) -> bool:
        """Whether the signature is of this key."""
        try:
            self.key.verify(decode_base64url(segments.signature), segments.input, _PSS if self.pss else _PKCS1, _SHA256)
        except InvalidSignature:
            return False
        return True
