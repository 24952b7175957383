"""Words of a message and of a title, the same in every backend: only explicit code points are used, never a class that
depends on a library's version of Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple


class Word(NamedTuple):
    """One word, or several inside double quotes, which belong together."""

    text: str
    """As it was written."""
    key: str
    """As it is compared."""
    quoted: str | None
    """What stands inside the quotes."""


_WHITE_SPACE = re.compile("[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+")
_ENDS = "[.,!?;:()\"'“”„«»…¿¡]+"
_LEADING_ENDS = re.compile(rf"\A{_ENDS}")
_TRAILING_ENDS = re.compile(rf"{_ENDS}\Z")
_QUOTE_MARK = re.compile(r'\A["“”„«»]')
_QUOTE_END = re.compile(r'["“”„«»][.,!?;:]*\Z')
_COMPOSABLE = re.compile("[A-Za-z\\u0370-\\u04ff][\\u0300-\\u036f]+")
_INVISIBLE = re.compile("[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff\\ufe0f]")
_UPPER_CASE = re.compile("[A-Z\\u00c0-\\u00de\\u0100-\\u017f\\u0391-\\u03a9\\u03c2\\u0400-\\u042f]")


def words_of(text: str) -> list[Word]:
    """The words of a text; double quotes hold words together."""
    parts = _split(text)
    last_end = max((index for index, part in enumerate(parts) if _QUOTE_END.search(part)), default=-1)
    words: list[Word] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        end = _end_of_quote(parts, index) if index <= last_end and _QUOTE_MARK.search(part) else -1
        if end == -1:
            words.append(_plain_word(part))
        else:
            words.append(_quotation(" ".join(parts[index : end + 1])))
            index = end
        index += 1
    return words


def keys_of(text: str) -> list[str]:
    """The keys of the words of a title, or of something sought: what is compared."""
    return [key for key in map(_key_of, _split(text)) if key != ""]


def text_of(words: Sequence[Word]) -> str:
    """The words as they were written; the inside of a single quotation."""
    if len(words) == 1 and words[0].quoted is not None:
        return words[0].quoted
    return " ".join(word.text for word in words)


def without_ends(text: str) -> str:
    """A text without punctuation at its ends, unless it is nothing else."""
    stripped = _TRAILING_ENDS.sub("", _LEADING_ENDS.sub("", text))
    return stripped or text


def _plain_word(text: str) -> Word:
    return Word(text, _key_of(text) or text, None)


def _quotation(text: str) -> Word:
    return Word(text, _key_of(text), _QUOTE_END.sub("", text[1:], count=1))


def _end_of_quote(parts: Sequence[str], start: int) -> int:
    """The index of the part that ends a quotation which begins here; -1 where none does."""
    if len(parts[start]) > 2 and _QUOTE_END.search(parts[start][2:]):
        return start
    return next((index for index in range(start + 1, len(parts)) if _QUOTE_END.search(parts[index])), -1)


def _split(text: str) -> list[str]:
    return [part for part in _WHITE_SPACE.split(text) if part != ""]


def _key_of(text: str) -> str:
    return _TRAILING_ENDS.sub("", _LEADING_ENDS.sub("", _folded(text)))


def _folded(text: str) -> str:
    """Composed, visible, in lower case (Latin, Greek, Cyrillic), with a plain apostrophe."""
    visible = _INVISIBLE.sub("", text)
    composed = _COMPOSABLE.sub(lambda letters: unicodedata.normalize("NFC", letters.group()), visible)
    return _UPPER_CASE.sub(_lower_case, re.sub("[‘’ʼ]", "'", composed))


def _lower_case(letter: re.Match[str]) -> str:
    """By arithmetic on code points, so that no two languages can differ."""
    code = ord(letter.group())
    return chr(code + _distance_to_lower_case(code))


def _distance_to_lower_case(code: int) -> int:
    if code <= 0x5A:
        return 32
    if code <= 0xDE:
        return 0 if code == 0xD7 else 32
    if code <= 0x17F:
        return _latin_distance(code)
    if code == 0x3C2:
        return 1
    if code <= 0x3A9:
        return 0 if code == 0x3A2 else 32
    return 80 if code <= 0x40F else 32


def _latin_distance(code: int) -> int:
    """Latin Extended-A: pairs of an upper and a lower case letter, even first or odd first."""
    if code == 0x178:
        return 0xFF - 0x178
    if code in (0x130, 0x131, 0x138, 0x149, 0x17F):
        return 0
    odd_first = 0x139 <= code <= 0x148 or code >= 0x179
    return 1 if code % 2 == (1 if odd_first else 0) else 0
