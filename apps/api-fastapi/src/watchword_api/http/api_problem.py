"""A refusal of this API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watchword import RefusalCode, ValidationFault, WatchwordError


class ApiProblem(WatchwordError):
    """A refusal that carries more than its code."""

    def __init__(
        self,
        code: RefusalCode,
        *,
        errors: Sequence[ValidationFault] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.errors = errors
        """The faults of the input, for `validation_failed`."""
        self.headers = headers or {}
        """Header fields of the answer, such as `Allow` and `Retry-After`."""


def unavailable() -> ApiProblem:
    """503 with the time after which to try again."""
    return ApiProblem("unavailable")
