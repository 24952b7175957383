"""The tokens of the cases, built from their description."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from signing import signature_of
from verdict import CannotRunError

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def token_of(case: Mapping[str, Any], common: Mapping[str, Any]) -> str:
    """The token of a case or a step: as given, otherwise built; checked against its SHA-256 where there is one."""
    text: str
    if "token" in case:
        text = case["token"]
    elif "build" in case:
        text = _built_token(case["build"], common)
    else:
        raise CannotRunError("no token and no way to build one")
    digest = case.get("token_sha256")
    if digest is not None and not hmac.compare_digest(hashlib.sha256(text.encode()).hexdigest(), digest):
        raise CannotRunError("the built token is not the case's")
    return text


def _built_token(build: Mapping[str, Any], common: Mapping[str, Any]) -> str:
    if "literal" in build:
        return _expanded(build["literal"])
    parts = {
        name: _encoded(build[f"{name}_raw"] if f"{name}_raw" in build else _json_of(build[name]))
        for name in ("header", "payload")
    }
    for change in build.get("pre", []):
        parts[change["seg"]] = _changed(parts[change["seg"]], change)
    signing_input = f"{parts['header']}.{parts['payload']}"
    text = f"{signing_input}.{signature_of(build.get('sign') or {}, signing_input, common)}"
    for change in build.get("post", []):
        text = _changed_token(text, change)
    return text


def _json_of(value: Any) -> str:
    return json.dumps(_expanded_value(value), ensure_ascii=False, separators=(",", ":"))


def _expanded(part: Any) -> str:
    """A text, a list of parts, or `{ $repeat: [text, n] }`."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(_expanded(one) for one in part)
    if isinstance(part, dict) and "$repeat" in part:
        text, times = part["$repeat"]
        return str(text) * int(times)
    raise CannotRunError("unknown part of a text")


def _expanded_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_expanded_value(one) for one in value]
    if isinstance(value, dict):
        if "$repeat" in value:
            return _expanded(value)
        return {name: _expanded_value(member) for name, member in value.items()}
    return value


def _encoded(raw: Any) -> str:
    parts = raw if isinstance(raw, list) else [raw]
    return encoded_bytes(b"".join(_bytes_of(part) for part in parts))


def _bytes_of(part: Any) -> bytes:
    return bytes.fromhex(part["hex"]) if isinstance(part, dict) and "hex" in part else _expanded(part).encode()


def encoded_bytes(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _changed(text: str, change: Mapping[str, Any]) -> str:
    match change["op"]:
        case "append":
            return text + str(change["text"])
        case "insert":
            return text[: change["at"]] + str(change["text"]) + text[change["at"] :]
        case "std":
            return text.replace("-", "+").replace("_", "/")
        case "twiddle":
            return _twiddled(text)
        case op:
            raise CannotRunError(f"unknown change {op}")


def _twiddled(text: str) -> str:
    """The last character with its lowest unused bit set: other text, same bytes."""
    return text[:-1] + _ALPHABET[_ALPHABET.index(text[-1]) | 1]


def _changed_token(token: str, change: Mapping[str, Any]) -> str:
    header, payload, signature = [*token.split("."), "", ""][:3]
    data = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    match change["op"]:
        case "truncate_sig":
            return f"{header}.{payload}.{encoded_bytes(data[: change['bytes']])}"
        case "flip_sig_bit":
            flipped = bytearray(data)
            flipped[change["byte"]] ^= 1
            return f"{header}.{payload}.{encoded_bytes(bytes(flipped))}"
        case "insert_sig":
            return f"{header}.{payload}.{_changed(signature, {**change, 'op': 'insert'})}"
        case "twiddle_sig":
            return f"{header}.{payload}.{_twiddled(signature)}"
        case "append_sig" | "suffix":
            return token + str(change["text"])
        case "prefix":
            return str(change["text"]) + token
        case "quote":
            return f'"{token}"'
        case "double_token":
            return token + str(change["sep"]) + token
        case "segments":
            names = {"h": header, "p": payload, "s": signature}
            return ".".join(names.get(name, name) for name in change["list"])
        case "json_flattened":
            return _json_of({"payload": payload, "protected": header, "signature": signature})
        case "json_general":
            return _json_of({"payload": payload, "signatures": [{"protected": header, "signature": signature}]})
        case op:
            raise CannotRunError(f"unknown change {op}")
