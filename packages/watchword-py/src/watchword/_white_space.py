"""White space, the same set in both languages."""

from __future__ import annotations

# What ECMAScript calls white space and line terminators; `str.strip` alone keeps U+FEFF and drops U+001C–U+001F.
_EN_QUAD_TO_HAIR_SPACE = "".join(chr(code_point) for code_point in range(0x2000, 0x200B))
WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + _EN_QUAD_TO_HAIR_SPACE


def trimmed(text: str) -> str:
    """The text without white space at its ends."""
    return text.strip(WHITE_SPACE)
