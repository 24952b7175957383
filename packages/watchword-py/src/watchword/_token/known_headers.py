"""Headers that an issuer sends over and over."""

from __future__ import annotations

from typing import Final, NamedTuple

from .._keys.algorithms import Algorithm

MAX_HEADERS: Final = 16
"""More kinds of header than the issuers of one verifier use."""


class CheckedHeader(NamedTuple):
    """What a header that every check has passed says."""

    algorithm: Algorithm
    kid: str | None


class KnownHeaders:
    """Headers that every check has passed, by their encoded form: an issuer sends the same few over and over. Only
    those of tokens with a right signature are remembered, at most `MAX_HEADERS`: nobody else can fill it.
    """

    def __init__(self) -> None:
        self._headers: dict[bytes, CheckedHeader] = {}

    def find(self, segment: bytes) -> CheckedHeader | None:
        """What is remembered of exactly this header."""
        return self._headers.get(segment)

    def remember(self, segment: bytes, header: CheckedHeader) -> None:
        """Remembers a header while there is room."""
        if len(self._headers) < MAX_HEADERS:
            self._headers[segment] = header
