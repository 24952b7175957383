"""A refusal of this API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from countersign import CountersignError, RefusalCode, ValidationFault


class ApiProblem(CountersignError):
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
