"""Which key verifies a token. It follows from the configuration, never from the header alone."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from .._encoding.segments import Segments
from .._errors import WatchwordError
from .._omitted import OMITTED, Omitted
from .algorithms import KeyAlgorithm
from .hmac import HmacKey
from .keys import compute_key_id
from .source_status import SourceStatus


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A shared key with the `kid` that its tokens carry."""

    key: str = field(repr=False)
    """The key's text, at least 32 characters; its UTF-8 bytes are the HMAC key."""
    key_id: str | Omitted | None = OMITTED
    """Left out, it is computed from the key. `None`: the key has no name, only tokens without `kid` can be its."""


class SignatureKey(Protocol):
    """A key made ready for one algorithm."""

    def is_signature(self, segments: Segments) -> bool:
        """Whether the signature is of this key."""
        ...


class VerificationKey(NamedTuple):
    """A key bound to the one algorithm it is for (RFC 8725 §3.1)."""

    algorithm: KeyAlgorithm
    kid: str | None
    """`None` for a key without a name."""
    key: SignatureKey
    audience: tuple[str] | None = None
    """The only `aud` that a derived key may sign for; `None` for a key that was configured itself."""

    def __repr__(self) -> str:
        return f"VerificationKey(algorithm={self.algorithm!r}, kid={self.kid!r})"


class KeySet(Protocol):
    """The keys of one verifier."""

    @property
    def generation(self) -> int:
        """Grows whenever the keys change, so that nothing remembered outlives the key that vouched for it."""
        ...

    def is_fresh(self) -> bool:
        """Whether the keys are young enough to be used without asking for them again."""
        ...

    def status(self) -> SourceStatus:
        """How they are doing: keys that were given are always `fresh`."""
        ...

    def find(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey | Future[VerificationKey]:
        """CS-8: the key named by `kid` among the keys of the algorithm; without `kid` the only one there is.

        A future only where keys have to be fetched first: any thread and any event loop may wait for it. Raises
        `WatchwordError` `unknown_key`, or `unavailable` when there are no keys to look into.
        """
        ...


class StaticKeySet:
    """Keys that never change."""

    generation = 0

    def __init__(self, keys: Sequence[VerificationKey]) -> None:
        self._keys = tuple(keys)

    def is_fresh(self) -> bool:
        """Always."""
        return True

    def status(self) -> SourceStatus:
        """As in `KeySet`."""
        return SourceStatus("fresh", len(self._keys), None)

    def find(self, algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey:
        """As in `KeySet`, at once."""
        found = find_key(self._keys, algorithm, kid)
        if found is None:
            raise WatchwordError("unknown_key")
        return found


def shared_key(shared: SharedKey, audience: tuple[str] | None = None) -> VerificationKey:
    """A shared key, made ready once: that is twice as fast as a text per token."""
    kid = compute_key_id(shared.key) if isinstance(shared.key_id, Omitted) else shared.key_id
    return VerificationKey("HS256", kid, HmacKey(shared.key.encode("utf-8")), audience)


def find_key(keys: Sequence[VerificationKey], algorithm: KeyAlgorithm, kid: str | None) -> VerificationKey | None:
    """The key that a token names. A name that two different keys of one algorithm share names neither of them, and a
    token that names none can only be of a set with one key.
    """
    family = [key for key in keys if key.algorithm == algorithm]
    if kid is None:
        return family[0] if len(keys) == len(family) == 1 else None
    named = [key for key in family if key.kid == kid]
    return named[0] if len(named) == 1 else None
