"""The refusal of a statement."""

from __future__ import annotations

from typing import Final


class MissingOwner(Exception):  # noqa: N818 - the same word as in TypeScript
    """A statement that is not bound to one owner. It is a fault of the program, and no SQL was made of it."""

    code: Final = "missing_owner"
