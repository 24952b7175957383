"""Points of Ed25519 that are nobody's."""

from __future__ import annotations

# `y` of the points of small order in every encoding, those beyond the field too, without the sign of `x`.
_ORDINATES = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" + "00" * 31,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)


def is_of_small_order(point: bytes) -> bool:
    """Whether an encoded point of Ed25519 (RFC 8032 §5.1.2) is one of the eight whose order divides the cofactor. Under
    such a key anybody can sign, and no signer makes such an `R`; OpenSSL accepts both or neither, depending on its
    version.
    """
    return point[:-1] + bytes([point[-1] & 0x7F]) in _ORDINATES
