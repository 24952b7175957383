"""The head of a request as bytes: what two parsers could read differently is settled before one of them sees it."""

from __future__ import annotations

import re

MAX_HEAD_BYTES = 65_536
"""Room for a path and a token of 8192 bytes each, so that both get their own answer."""

_END = re.compile(rb"\r?\n\r?\n")
_TARGET = re.compile(rb" .* ", re.DOTALL)
_PRINTABLE_ASCII = re.compile(rb"[\x20-\x7e]*")
# Names nothing, as every target does that two parsers could read differently.
_NO_TARGET = b" * "


def split_head(received: bytes) -> tuple[bytes, bytes] | None:
    """The head of a request without its empty line, and what follows it; `None` while it has not come to its end.
    Empty lines before a request are dropped (RFC 9112 §2.2).
    """
    received = received.lstrip(b"\r\n")
    end = _END.search(received)
    return None if end is None else (received[: end.start()], received[end.end() :])


def clean_head(head: bytes) -> bytes | None:
    """The head with a target in ASCII and exactly one `Host` field, which takes no part in any decision; `None` for a
    head with bare line feeds, folded lines or several lengths.
    """
    request_line, *fields = head.split(b"\r\n")
    names = [field.partition(b":")[0].lower() for field in fields]
    if b"\n" in head.replace(b"\r\n", b"") or names.count(b"content-length") > 1:
        return None
    if any(field.startswith((b" ", b"\t")) for field in fields):
        return None
    if _PRINTABLE_ASCII.fullmatch(request_line) is None:
        request_line = _TARGET.sub(_NO_TARGET, request_line)
    others = [field for name, field in zip(names, fields, strict=True) if name != b"host"]
    return b"\r\n".join([request_line, b"Host: localhost", *others, b"", b""])
