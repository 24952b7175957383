"""Whether the signature is right, by the algorithm that the key is bound to."""

from __future__ import annotations

from .._encoding.segments import Segments
from .._errors import WatchwordError
from .._keys.key_set import VerificationKey


def check_signature(segments: Segments, key: VerificationKey) -> None:
    """CS-9: the signature is right under the key, by the algorithm that the key is bound to."""
    if not key.key.is_signature(segments):
        raise WatchwordError("bad_signature")
