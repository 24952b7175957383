"""The checks of the JOSE header, one per clause."""

from __future__ import annotations

import string
from collections.abc import Sequence

from .._encoding.strict_json import JsonObject
from .._errors import WatchwordError
from .._keys.algorithms import Algorithm

_TO_LOWER_CASE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def check_algorithm(header: JsonObject, accepted: Sequence[Algorithm]) -> Algorithm:
    """CS-5: `alg` is one of the configured algorithms, by exact case (RFC 8725 §3.1)."""
    for algorithm in accepted:
        if header.get("alg") == algorithm:
            return algorithm
    raise WatchwordError("unsupported_alg")


def check_critical(header: JsonObject) -> None:
    """CS-6: no extension is understood, so none may be critical (RFC 7515 §4.1.11); `b64` belongs to RFC 7797."""
    if "crit" in header:
        raise WatchwordError("unsupported_crit")
    if "b64" in header:
        raise WatchwordError("malformed")


def read_key_id(header: JsonObject) -> str | None:
    """CS-6: `kid`, when there is one, is a text (RFC 7515 §4.1.4)."""
    if "kid" not in header:
        return None
    kid = header["kid"]
    if not isinstance(kid, str):
        raise WatchwordError("malformed")
    return kid


def check_type(header: JsonObject, accepted: Sequence[str | None]) -> None:
    """CS-7: `typ` is one of the accepted media types (RFC 8725 §3.11); `None` among them accepts its absence."""
    if "typ" not in header:
        if None in accepted:
            return
        raise WatchwordError("wrong_type")
    token_type = header["typ"]
    known = [_media_type(one) for one in accepted if one is not None]
    if not isinstance(token_type, str) or _media_type(token_type) not in known:
        raise WatchwordError("wrong_type")


def _media_type(token_type: str) -> str:
    """Media types are compared without case. `application/` may be left out where no other `/` remains (RFC 7515
    §4.1.9), so that `text/plain` does not stand for `application/text/plain`.
    """
    lower = token_type.translate(_TO_LOWER_CASE)
    short = lower.removeprefix("application/")
    return lower if "/" in short else short
