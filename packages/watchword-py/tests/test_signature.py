"""CS-9: a signature has one form."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from watchword import WatchwordError
from watchword._encoding.segments import Segments
from watchword._keys.public_keys import public_key
from watchword._token.signature import check_signature

PRIVATE_KEY = ec.generate_private_key(ec.SECP256R1())
INPUT = b"header.payload"
DER = PRIVATE_KEY.sign(INPUT, ec.ECDSA(SHA256()))
R, S = (number.to_bytes(32, "big") for number in decode_dss_signature(DER))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(x_before: bytes = b"") -> dict[str, str]:
    numbers = PRIVATE_KEY.public_key().public_numbers()
    x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": base64url(x_before + x), "y": base64url(y)}


def check(signature: bytes) -> None:
    key = public_key(jwk())
    assert key is not None
    check_signature(Segments(b"header", b"payload", base64url(signature).encode(), INPUT), key)


def test_r_and_s_are_the_signature() -> None:
    check(R + S)


@pytest.mark.parametrize("other", [R + b"\0" + S, b"\0" + R + S, R + S + b"\0", DER])
def test_an_es256_signature_in_any_other_form_is_refused(other: bytes) -> None:
    with pytest.raises(WatchwordError) as refused:
        check(other)
    assert refused.value.code == "bad_signature"


def test_a_coordinate_with_a_zero_before_it_makes_no_key() -> None:
    assert public_key(jwk()) is not None
    assert public_key(jwk(b"\0")) is None
