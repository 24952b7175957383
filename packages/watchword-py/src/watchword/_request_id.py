"""The id that one action keeps in the logs of everything that it asks of web application and API."""

from __future__ import annotations

import re
import uuid

_FORM = re.compile("[A-Za-z0-9_-]{8,64}")
"""What may stand in a log as it is (`contract/defaults.json`, `request_id_characters`)."""


def request_id_from(given: str | None) -> str:
    """The id of a request: the sender's, when it is harmless in a log (8-64 letters, digits, `_` or `-`), otherwise a
    new one. `given` is the value of `X-Request-Id`.
    """
    if given is not None and _FORM.fullmatch(given):
        return given
    return str(uuid.uuid4())
