"""Public-key mode, and both modes at once."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from watchword import ConfigurationError, SharedKey, Verifier, derive_key
from watchword._keys.key_set import find_key
from watchword._keys.public_keys import public_key, usable_keys
from watchword.testing import OMITTED, AdjustableClock, FakeIssuer, mint_token

pytestmark = pytest.mark.anyio

CodeOf = Callable[..., Awaitable[str]]
KEY = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"
OTHER_KEY = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM"
SECRET = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa"
ISSUER = "https://auth.example.test"
AUDIENCE = "https://api.example.test"


@pytest.fixture(params=["EdDSA", "ES256", "RS256", "PS256"])
def issuer(request: pytest.FixtureRequest, clock: AdjustableClock) -> FakeIssuer:
    return FakeIssuer(algorithm=request.param, issuer=ISSUER, audience=AUDIENCE, clock=clock)


@pytest.fixture
def ed_issuer(clock: AdjustableClock) -> FakeIssuer:
    return FakeIssuer(issuer=ISSUER, audience=AUDIENCE, clock=clock)


async def test_a_token_of_a_published_key_is_accepted(issuer: FakeIssuer, code_of: CodeOf) -> None:
    assert await code_of(issuer.mint_token(), key=None, jwks=issuer.jwks) == "accepted"


async def test_another_signature_of_the_same_form_is_bad(issuer: FakeIssuer, code_of: CodeOf) -> None:
    input_, _, signature = issuer.mint_token().rpartition(".")
    damaged = ("B" if signature[0] == "A" else "A") + signature[1:]
    assert await code_of(f"{input_}.{damaged}", key=None, jwks=issuer.jwks) == "bad_signature"
    assert await code_of(f"{input_}.AAAA", key=None, jwks=issuer.jwks) == "bad_signature"


async def test_tokens_of_the_official_plugin_carry_no_type(ed_issuer: FakeIssuer, code_of: CodeOf) -> None:
    for typ in (OMITTED, "JWT", "at+jwt"):
        token = ed_issuer.mint_token(header={"typ": typ}, jti=OMITTED, sid=OMITTED)
        assert await code_of(token, key=None, jwks=ed_issuer.jwks) == "accepted"


async def test_in_both_modes_each_kind_of_key_keeps_its_types(
    ed_issuer: FakeIssuer, code_of: CodeOf, mint: Callable[..., str]
) -> None:
    assert await code_of(mint(header={"typ": OMITTED}), jwks=ed_issuer.jwks) == "wrong_type"
    assert await code_of(mint(), jwks=ed_issuer.jwks) == "accepted"
    assert await code_of(ed_issuer.mint_token(header={"typ": OMITTED}), jwks=ed_issuer.jwks) == "accepted"


async def test_ed25519_is_accepted_only_when_it_is_listed(ed_issuer: FakeIssuer, code_of: CodeOf) -> None:
    token = ed_issuer.mint_token(header={"alg": "Ed25519"})
    assert await code_of(token, key=None, jwks=ed_issuer.jwks) == "unsupported_alg"
    listed = {"key": None, "jwks": ed_issuer.jwks, "algorithms": ["EdDSA", "Ed25519"]}
    assert await code_of(token, **listed) == "accepted"


async def test_a_public_key_is_no_shared_key(ed_issuer: FakeIssuer, code_of: CodeOf) -> None:
    text = ed_issuer.jwks["keys"][0]["x"]
    token = mint_token(key=text, iss=ISSUER, aud=AUDIENCE, header={"kid": ed_issuer.kid})
    assert await code_of(token, key=None, jwks=ed_issuer.jwks) == "unsupported_alg"
    assert await code_of(token, jwks=ed_issuer.jwks) == "unknown_key"


async def test_without_kid_a_public_key_must_be_the_only_one(ed_issuer: FakeIssuer, code_of: CodeOf) -> None:
    token = ed_issuer.mint_token(header={"kid": OMITTED})
    assert await code_of(token, key=None, jwks=ed_issuer.jwks) == "accepted"
    other = FakeIssuer(algorithm="ES256").jwks["keys"][0]
    jwks = {"keys": [*ed_issuer.jwks["keys"], other]}
    assert await code_of(token, key=None, jwks=jwks) == "unknown_key"
    assert await code_of(token, key=None, jwks={"keys": [other]}) == "unknown_key"


async def test_a_name_that_two_keys_share_names_neither(ed_issuer: FakeIssuer, code_of: CodeOf) -> None:
    token = ed_issuer.mint_token()
    twin = {**FakeIssuer().jwks["keys"][0], "kid": ed_issuer.kid}
    jwks = {"keys": [*ed_issuer.jwks["keys"], twin]}
    assert await code_of(token, key=None, jwks=jwks) == "unknown_key"


async def test_every_key_and_secret_given_verifies(code_of: CodeOf, mint: Callable[..., str]) -> None:
    options: dict[str, Any] = {"key": [KEY, OTHER_KEY], "secret": [SECRET, SECRET[::-1]]}
    for key in (KEY, OTHER_KEY, derive_key(SECRET, AUDIENCE), derive_key(SECRET[::-1], AUDIENCE)):
        assert await code_of(mint(key=key), **options) == "accepted"
    assert await code_of(mint(header={"kid": OMITTED}), **options) == "unknown_key"


async def test_a_key_may_have_a_name_of_its_own_or_none(code_of: CodeOf, mint: Callable[..., str]) -> None:
    named, unnamed = SharedKey(KEY, "k1"), SharedKey(KEY, None)
    assert await code_of(mint(header={"kid": "k1"}), key=named) == "accepted"
    assert await code_of(mint(), key=named) == "unknown_key"
    assert await code_of(mint(header={"kid": OMITTED}), key=unnamed) == "accepted"
    assert await code_of(mint(), key=[unnamed, OTHER_KEY]) == "unknown_key"


def test_a_key_says_nothing_of_itself() -> None:
    assert KEY not in repr(SharedKey(KEY))
    assert KEY not in repr(public_key(FakeIssuer().jwks["keys"][0]))


@pytest.mark.parametrize(
    "options",
    [
        {"key": []},
        {"secret": []},
        {"key": [KEY, "short"]},
        {"key": [KEY, 1]},
        {"key": SharedKey(KEY, "")},
        {"key": [SharedKey(KEY, "same"), SharedKey(OTHER_KEY, "same")]},
        {"key": None, "jwks": []},
        {"key": None, "jwks": {"keys": {}}},
        {"key": None, "jwks": {"keys": [{}] * 101}},
        {"key": None, "jwks": {"keys": []}, "jwks_url": "https://auth.example.test/jwks"},
        {"key": None, "jwks_url": "http://auth.example.test/jwks"},
        {"key": None, "jwks_url": "data:application/json,{}"},
        {"key": None, "jwks_url": "/jwks"},
        {"key": None, "jwks_url": "https://a:b@auth.example.test/jwks"},
        {"key": None, "jwks_url": 1},
        {"algorithms": ["EdDSA"]},
        {"algorithms": ["HS256", "EdDSA"]},
        {"jwks": {"keys": []}, "algorithms": ["HS256"]},
        {"key": None, "jwks": {"keys": []}, "algorithms": ["HS256", "EdDSA"]},
        {"claims": "schema"},
        {"revocation": object()},
        {"cache": None},
        {"cache": {"max_entries": 1}},
        {"cache": {"max_entries": 2.5}},
        {"issuer": []},
    ],
)
def test_keys_that_cannot_be_right_make_no_verifier(
    verifier_with: Callable[..., Verifier], options: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        verifier_with(**options)


def test_public_keys_need_their_package(
    verifier_with: Callable[..., Verifier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "watchword._keys.fetch_key_set", None)
    with pytest.raises(ConfigurationError, match="pip install cryptography"):
        verifier_with(key=None, jwks={"keys": []})


ED_JWK = FakeIssuer().jwks["keys"][0]
ES_JWK = FakeIssuer(algorithm="ES256").jwks["keys"][0]
RS_JWK = FakeIssuer(algorithm="RS256").jwks["keys"][0]


def without(jwk: dict[str, str], name: str) -> dict[str, str]:
    return {member: value for member, value in jwk.items() if member != name}


def integer(value: int) -> str:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def weak_modulus(bits: int) -> str:
    return integer(rsa.generate_private_key(public_exponent=65_537, key_size=bits).public_key().public_numbers().n)


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        {},
        {**ED_JWK, "use": "enc"},
        {**ED_JWK, "use": None},
        {**ED_JWK, "key_ops": ["sign"]},
        {**ED_JWK, "key_ops": "verify"},
        {**ED_JWK, "kid": 1},
        {**ED_JWK, "alg": "ES256"},
        {**ED_JWK, "alg": "HS256"},
        {**ED_JWK, "alg": None},
        {**ED_JWK, "alg": ["EdDSA"]},
        {**ED_JWK, "crv": "X25519"},
        {**ED_JWK, "crv": ["Ed25519"]},
        {**ED_JWK, "x": ED_JWK["x"] + "="},
        {**ED_JWK, "x": "AAAA"},
        without(ED_JWK, "x"),
        without(ES_JWK, "x"),
        without(ES_JWK, "y"),
        {**ES_JWK, "y": ES_JWK["x"]},
        {**ES_JWK, "crv": "P-384"},
        {**RS_JWK, "alg": "RS512"},
        {**RS_JWK, "alg": "EdDSA"},
        {**RS_JWK, "e": "AQ"},
        {**RS_JWK, "e": "AA"},
        {**RS_JWK, "e": "Ag"},
        {**RS_JWK, "e": RS_JWK["n"]},
        {**RS_JWK, "e": base64.urlsafe_b64encode(b"\xff" * 256).rstrip(b"=").decode()},
        {**RS_JWK, "e": 65_537},
        {**RS_JWK, "n": weak_modulus(1024)},
        {**RS_JWK, "n": integer((1 << 8193) - 1)},
        without(RS_JWK, "n"),
        {"kty": "oct", "k": "AAAA", "kid": "k"},
        {"alg": "EdDSA"},
        {**ED_JWK, "kid": None},
    ],
)
def test_a_jwk_that_cannot_verify_a_token_is_left_out(jwk: Any) -> None:
    assert public_key(jwk) is None
    assert [key.kid for key in usable_keys([jwk, ED_JWK])] == [ED_JWK["kid"]]


@pytest.mark.parametrize("sign", [0, 0x80])
@pytest.mark.parametrize(
    "ordinate",
    [
        "00" + "00" * 31,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    ],
)
def test_a_point_of_small_order_under_which_anybody_can_sign_is_no_key(ordinate: str, sign: int) -> None:
    point = bytearray.fromhex(ordinate)
    point[31] |= sign
    x = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
    assert public_key({"kty": "OKP", "crv": "Ed25519", "x": x}) is None


@pytest.mark.parametrize(
    ("jwk", "algorithm"),
    [
        (without(ED_JWK, "alg"), "EdDSA"),
        ({**ED_JWK, "alg": "Ed25519"}, "EdDSA"),
        (without(ES_JWK, "alg"), "ES256"),
        (without(RS_JWK, "alg"), "RS256"),
        ({**RS_JWK, "alg": "PS256"}, "PS256"),
        ({**ED_JWK, "key_ops": ["verify"]}, "EdDSA"),
        ({**ED_JWK, "d": "secret"}, "EdDSA"),
    ],
)
def test_a_jwk_is_bound_to_one_algorithm(jwk: dict[str, Any], algorithm: str) -> None:
    key = public_key(jwk)
    assert key is not None
    assert (key.algorithm, key.kid) == (algorithm, jwk["kid"])


async def test_a_key_without_alg_is_no_key_for_another_algorithm_of_its_type(code_of: CodeOf) -> None:
    issuer = FakeIssuer(algorithm="PS256", issuer=ISSUER, audience=AUDIENCE)
    jwks = {"keys": [without(issuer.jwks["keys"][0], "alg")]}
    assert await code_of(issuer.mint_token(), key=None, jwks=jwks) == "unknown_key"


def test_the_same_key_twice_is_one_key_whatever_other_keys_share_with_it() -> None:
    other = FakeIssuer().jwks["keys"][0]
    named, again = {**ED_JWK, "kid": "a"}, {**without(ED_JWK, "use"), "kid": "a"}
    usable = usable_keys(
        [named, again, {**other, "kid": "a"}, {**ED_JWK, "kid": "b"}, RS_JWK, {**RS_JWK, "alg": "PS256"}]
    )
    assert [(key.algorithm, key.kid) for key in usable] == [
        ("EdDSA", "a"),
        ("EdDSA", "a"),
        ("EdDSA", "b"),
        ("RS256", RS_JWK["kid"]),
        ("PS256", RS_JWK["kid"]),
    ]
    assert find_key(usable_keys([named, again]), "EdDSA", "a") == public_key(named)
    assert find_key(usable, "EdDSA", "a") is None


async def test_a_jwks_url_in_the_clear_is_taken_on_this_machine_and_elsewhere_where_the_boolean_allows_it() -> None:
    def at(url: str, allow_http: Any = False) -> Verifier:
        return Verifier(issuer=ISSUER, audience=AUDIENCE, jwks_url=url, allow_http=allow_http)

    at("http://localhost:3000/jwks")
    at("http://10.0.2.2:3000/jwks", True)
    for allow_http in (None, False, "1", "no", 1):
        with pytest.raises(ConfigurationError, match="Set allow_http"):
            at("http://10.0.2.2:3000/jwks", allow_http)
    for url in ("data:application/json,{}", "ftp://web/jwks", "/jwks", "http://a:b@web:3000/jwks"):
        with pytest.raises(ConfigurationError):
            at(url, True)
