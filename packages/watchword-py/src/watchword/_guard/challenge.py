"""The only module that writes `WWW-Authenticate`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._errors import ERROR_TABLE, WatchwordError

_NOT_IN_A_SCOPE = re.compile(r"[^\x21\x23-\x5b\x5d-\x7e]")


def challenge(refusal: WatchwordError) -> str | None:
    """The `WWW-Authenticate` value of a refusal (RFC 6750 §3): bare when no credential was sent, with `error` and
    `error_description` when one was refused, `None` where no challenge belongs.
    """
    error = ERROR_TABLE[refusal.code].error
    if error is not None:
        scope = "" if refusal.scopes is None else f", scope={_quoted(_scope_text(refusal.scopes))}"
        return f"Bearer error={_quoted(error)}, error_description={_quoted(str(refusal))}{scope}"
    return "Bearer" if refusal.status == 401 else None


def _scope_text(scopes: Sequence[str]) -> str:
    """`scope` of RFC 6750 §3: tokens of RFC 6749 §3.3 between single spaces; what cannot stand in one is dropped."""
    words = (_NOT_IN_A_SCOPE.sub("", one) for one in scopes)
    return " ".join(word for word in words if word)


def _quoted(text: str) -> str:
    """`quoted-string` of RFC 9110 §5.6.4. The other texts come from the table of codes, so there is nothing to drop."""
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
