"""The credential of a request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._encoding.base64url import ALPHABET
from .._errors import WatchwordError

# `auth-scheme` and what follows it (RFC 9110 §11.4).
_CREDENTIALS = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) +(.*)", re.DOTALL)
_TOKEN_ALPHABET = ALPHABET + b".~+/"


def read_bearer(values: Sequence[str]) -> str:
    """CS-1: the token in the values of all `Authorization` headers of one request.

    `values` has one entry per header as it was received, none when there was no such header. Raises
    `WatchwordError` `missing`, `malformed` or `ambiguous_credentials`.
    """
    if not values:
        raise WatchwordError("missing")
    # Proxies and Fetch join repeated headers by a comma.
    if len(values) > 1 or "," in values[0]:
        raise WatchwordError("ambiguous_credentials")
    credentials = _CREDENTIALS.fullmatch(values[0])
    if credentials is None:
        raise _bad_syntax()
    scheme, token = credentials.groups()
    if scheme.lower() != "bearer":
        raise WatchwordError("missing", variant="scheme")
    if not _is_token(token):
        raise _bad_syntax()
    return str(token)


def _is_token(text: str) -> bool:
    """`b64token` of RFC 6750 §2.1."""
    if not text.isascii():
        return False
    characters = text.encode("ascii").rstrip(b"=")
    return characters != b"" and not characters.translate(None, _TOKEN_ALPHABET)


def _bad_syntax() -> WatchwordError:
    return WatchwordError("malformed", variant="credential")
