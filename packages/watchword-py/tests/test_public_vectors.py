"""The public vectors, each at the layer it belongs to. The twin of test/vectors/public.test.ts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from watchword._encoding.segments import Segments, split_segments
from watchword._errors import WatchwordError
from watchword._keys.algorithms import ALGORITHMS, key_algorithm_of
from watchword._keys.hmac import HmacKey
from watchword._keys.key_set import StaticKeySet, VerificationKey
from watchword._keys.public_keys import public_key
from watchword._token.header import check_algorithm, check_critical, read_key_id
from watchword._token.jws import read_segment
from watchword._token.signature import check_signature

FOLDER = Path(__file__).parents[3] / "contract" / "vectors" / "public"
EXPECTATIONS: dict[str, dict[str, Any]] = json.loads((FOLDER / "expectations.json").read_text(encoding="utf-8"))


class PublicCase(NamedTuple):
    """One public test: whether its authors accept it, and whether this package does."""

    id: int | str
    upstream: bool
    accepts: Callable[[], bool]


def read_public(path: str) -> Any:
    return json.loads((FOLDER / path).read_text(encoding="utf-8"))


def base64url(data: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(data)).rstrip(b"=").decode()


def passes(check: Callable[[], object]) -> bool:
    """Whether something is accepted. A fault of the verifier is no refusal."""
    try:
        check()
    except WatchwordError as refusal:
        return refusal.code == "internal_error"
    return True


def signs(key: VerificationKey | None, message: str, signature: str) -> bool:
    """The layer of single signatures: bytes, key and signature."""
    assert key is not None
    segments = Segments(b"", b"", base64url(signature).encode(), bytes.fromhex(message))
    return passes(lambda: check_signature(segments, key))


def verifies(token: str, keys: list[VerificationKey]) -> bool:
    """The layer of JWS: the check order from the size to the signature, without `typ` and without claims."""

    def check() -> None:
        segments = split_segments(token)
        header = read_segment(segments.header, 16)
        algorithm = check_algorithm(header, ALGORITHMS)
        check_critical(header)
        check_signature(segments, StaticKeySet(keys).find(key_algorithm_of(algorithm), read_key_id(header)))

    return passes(check)


def shared_key_of(jwk: dict[str, Any]) -> list[VerificationKey]:
    """A symmetric key as one that the operator has configured."""
    if jwk.get("alg", "HS256") != "HS256":
        return []
    k = str(jwk["k"])
    return [VerificationKey("HS256", jwk.get("kid"), HmacKey(base64.urlsafe_b64decode(k + "=" * (-len(k) % 4))))]


def keys_of(given: dict[str, Any] | None) -> list[VerificationKey]:
    """One key, public or configured by the operator; or a published set, in which a symmetric key never counts."""
    if given is None:
        return []
    if "keys" in given:
        return [key for key in map(public_key, given["keys"]) if key is not None]
    if given["kty"] == "oct":
        return shared_key_of(given)
    key = public_key(given)
    return [] if key is None else [key]


def primitive(path: str, group: dict[str, Any], test: dict[str, Any]) -> bool:
    if "hmac" in path:
        key = VerificationKey("HS256", None, HmacKey(bytes.fromhex(test["key"])))
        return signs(key, test["msg"], test["tag"])
    given = group["publicKey"]
    if "ed25519" in path:
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(given["pk"])}
    elif "rsa" in path:
        n, e = (base64url(given[name].removeprefix("00")) for name in ("modulus", "publicExponent"))
        jwk = {"kty": "RSA", "alg": "RS256", "n": n, "e": e}
    else:
        point = given["uncompressed"]
        jwk = {"kty": "EC", "crv": "P-256", "x": base64url(point[2:66]), "y": base64url(point[66:])}
    return signs(public_key(jwk), test["msg"], test["sig"])


def json_web(group: dict[str, Any], test: dict[str, Any]) -> bool:
    token = test.get("jws", test.get("jwe"))
    text = token if isinstance(token, str) else json.dumps(token)
    return verifies(text, keys_of(group.get("public", group.get("private"))))


def wycheproof(path: str) -> Iterator[PublicCase]:
    for group in read_public(path)["testGroups"]:
        for test in group["tests"]:

            def accepts(group: dict[str, Any] = group, test: dict[str, Any] = test) -> bool:
                return json_web(group, test) if "json_web" in path else primitive(path, group, test)

            yield PublicCase(test["tcId"], test["result"] == "valid", accepts)


def cookbook(path: str) -> Iterator[PublicCase]:
    file = read_public(path)
    examples = {"sign": file["sign"], "encrypt": file["encrypt"]} if "sign" in file else {"example": file}
    for name, example in examples.items():

        def accepts(example: dict[str, Any] = example) -> bool:
            given = example["input"]["key"]
            output = example["output"]
            keys = [key for one in (given if isinstance(given, list) else [given]) for key in keys_of(one)]
            return verifies(output.get("compact") or json.dumps(output["json"]), keys)

        yield PublicCase(name, True, accepts)


def public_cases(path: str) -> list[PublicCase]:
    """The cases of one file, at the layer that they belong to."""
    if path.startswith("rfc/"):
        return [
            PublicCase(
                one["id"],
                one["result"] == "valid",
                lambda one=one: verifies(one["jws"], keys_of(one["key"])),
            )
            for one in read_public(path)["vectors"]
        ]
    if path.startswith("jose-cookbook/jwk/"):
        return [PublicCase("key", True, lambda: public_key(read_public(path)) is not None)]
    return list(cookbook(path) if path.startswith("jose-cookbook/") else wycheproof(path))


def test_every_public_file_has_its_expectation() -> None:
    found = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/**/*.json"))
    assert found == sorted(EXPECTATIONS)


@pytest.mark.parametrize("path", EXPECTATIONS)
def test_a_public_file_is_decided_as_expected(path: str) -> None:
    expectation = EXPECTATIONS[path]
    cases = public_cases(path)
    verdicts = {case.id: case.accepts() for case in cases}
    different = [case.id for case in cases if verdicts[case.id] != case.upstream]
    exceptions = {id: one["expect"] == "accepted" for one in expectation["exceptions"] for id in one["ids"]}
    assert len(cases) == len(verdicts) == expectation["cases"]
    assert sum(verdicts.values()) == expectation["accepted"]
    assert sorted(different, key=str) == sorted(exceptions, key=str)
    assert {id: verdicts[id] for id in different} == exceptions
