"""The only module that writes `WWW-Authenticate`."""

from __future__ import annotations

import re

from .errors import ERROR_TABLE, CountersignError


def challenge(refusal: CountersignError) -> str | None:
    """The `WWW-Authenticate` value of a refusal (RFC 6750 §3): bare when no credential was sent, with `error` and
    `error_description` when one was refused, `None` where no challenge belongs.
    """
    error = ERROR_TABLE[refusal.code].error
    if error is not None:
        return f"Bearer error={_quoted(error)}, error_description={_quoted(str(refusal))}"
    return "Bearer" if refusal.status == 401 else None


def _quoted(text: str) -> str:
    """`quoted-string` of RFC 9110 §5.6.4. The texts come from the table of codes, so there is nothing to drop."""
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
