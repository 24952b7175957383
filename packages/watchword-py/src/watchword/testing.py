"""For tests that run without Better Auth: a clock that stands still, tokens, and an issuer that publishes keys. As
fixtures for pytest they are in `watchword.pytest_plugin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._omitted import OMITTED
from ._testing.fixed_clock import AdjustableClock, fixed_clock
from ._testing.mint_token import mint_token

if TYPE_CHECKING:
    from ._testing.fake_issuer import FakeIssuer

__all__ = ["OMITTED", "AdjustableClock", "FakeIssuer", "fixed_clock", "mint_token"]


def __getattr__(name: str) -> Any:
    # Only who has public keys needs the package `cryptography`.
    if name == "FakeIssuer":
        from ._testing.fake_issuer import FakeIssuer  # noqa: PLC0415

        return FakeIssuer
    raise AttributeError(name)
