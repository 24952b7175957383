"""Secrets that cannot protect anything are refused before the first request."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from .._errors import ConfigurationError
from .._white_space import WHITE_SPACE, trimmed

_MIN_CHARACTERS = 32
_MIN_DISTINCT_CHARACTERS = 10

# Words of example files. A random text of 43 characters holds one of them less than once in a million.
_PLACEHOLDERS = re.compile(
    r"your[-_ ]|yoursecret|change[-_ ]?(me|this|in[-_ ]prod)|replace[-_ ]?(me|this)|placeholder"
    r"|better[-_]auth[-_]secret|(secret|shared|super|jwt)[-_ ]?(key|secret)|password|undefined|example|qwerty"
    r"|insecure|min[-_]32|32[-_]char|64[-_]char|not[-_]commit",
    re.IGNORECASE | re.ASCII,
)
_TEMPLATES = re.compile(r"\$\{|\{\{|\$\(|^<.*>\Z|^\$[A-Z_]+\Z|^%[A-Z_]+%\Z", re.DOTALL)
_QUOTATION_MARKS = re.compile(r"""^["'`]|["'`]\Z""")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SSH_KEY = re.compile(r"(ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)")
_WITHOUT_WHITE_SPACE = str.maketrans("", "", WHITE_SPACE)
_KEYBOARD_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop")
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]+")


def check_secret(secret: str, setting_name: str) -> None:
    """Refuses a secret that cannot protect anything, or that is not what its owner believes it to be.

    `setting_name` is how the owner knows the value, for the message; the value itself is never quoted. Raises
    `ConfigurationError` with one sentence that says what to do.
    """
    fault = _fault_of(secret)
    if fault is not None:
        raise ConfigurationError(
            f"{setting_name} {fault}. Set it to at least {_MIN_CHARACTERS} random characters, "
            "for example from: openssl rand -base64 32"
        )


def check_key(key: str, setting_name: str) -> None:
    """The same demands for a key that is given as it is (`WATCHWORD_KEY`)."""
    check_secret(key, setting_name)


def _fault_of(text: object) -> str | None:
    if not isinstance(text, str):
        return "is not a text"
    if trimmed(text) == "":
        return "is empty"
    if text != trimmed(text):
        return "starts or ends with white space"
    if _QUOTATION_MARKS.search(text):
        return "starts or ends with a quotation mark"
    if _SURROGATE.search(text):
        return "holds an unpaired surrogate"
    if _is_public_key_material(text):
        return "is key material of a public-key algorithm (PEM, DER, JWK or SSH)"
    if _TEMPLATES.search(text):
        return "is a template that was not filled in"
    if _PLACEHOLDERS.search(text):
        return "is a placeholder from an example"
    return _weakness_of(text)


def _weakness_of(text: str) -> str | None:
    if len(text) < _MIN_CHARACTERS:
        return f"has fewer than {_MIN_CHARACTERS} characters"
    if len(set(text)) < _MIN_DISTINCT_CHARACTERS:
        return "repeats too few different characters"
    if _period(text) < _MIN_CHARACTERS:
        return "repeats a short pattern"
    if _is_sequence([ord(character) for character in text]):
        return "is a sequence of neighbouring characters"
    if _is_keyboard_row(text):
        return "follows the rows of a keyboard"
    return None


def _is_public_key_material(text: str) -> bool:
    """RFC 8725 §2.1: an HMAC key that parses as public-key material is known to the attacker."""
    if "-----BEGIN" in text or _SSH_KEY.match(text) or text.startswith(("{", "[")):
        return True
    return _is_der_in_base64(text)


def _is_der_in_base64(text: str) -> bool:
    """A DER SEQUENCE that fills the whole value and starts with a SEQUENCE or an INTEGER, as every key does."""
    written = text.translate(_WITHOUT_WHITE_SPACE)
    if _BASE64.fullmatch(written) is None:
        return False
    digits = written.partition("=")[0].translate(str.maketrans("-_", "+/"))
    usable = len(digits) - (1 if len(digits) % 4 == 1 else 0)
    data = base64.b64decode(digits[:usable] + "=" * (-usable % 4))
    if len(data) < 3 or data[0] != 0x30:
        return False
    length_bytes = 0 if data[1] < 0x80 else data[1] & 0x7F
    if length_bytes > 2 or len(data) < 3 + length_bytes:
        return False
    length = data[1] if length_bytes == 0 else int.from_bytes(data[2 : 2 + length_bytes], "big")
    return len(data) == 2 + length_bytes + length and data[2 + length_bytes] in (0x30, 0x02)


def _period(text: str) -> int:
    """Length of the shortest piece whose repetition gives the text: it is there twice at least, and once more in part.
    That a text ends as it begins is chance.
    """
    lengths = range(1, len(text) // 2 + 1)
    return next((length for length in lengths if text[length:] == text[:-length]), len(text))


def _is_sequence(points: Sequence[int]) -> bool:
    """Most characters are the neighbour of the one before (`abcdef…`, `98765…`), or go on with the same step
    (`acegik…`). Up to three sequences may be interleaved (`a1b2c3…`).
    """
    for stride in (1, 2, 3):
        steps = [after - before for before, after in zip(points, points[stride:], strict=False)]
        near = sum(1 for step in steps if abs(step) <= 1)
        even = sum(1 for before, after in zip(steps, steps[stride:], strict=False) if before == after)
        if max(near, even) * 2 > len(points):
            return True
    return False


def _is_keyboard_row(text: str) -> bool:
    """Most characters lie in a row of a keyboard beside one of the two before (`asdfgh…`, `1q2w3e…`)."""
    keys = text.lower()
    beside = sum(
        1
        for index, key in enumerate(keys)
        if any(_are_neighbours(before, key) for before in keys[max(0, index - 2) : index])
    )
    return beside * 2 > len(text)


def _are_neighbours(first: str, second: str) -> bool:
    return any(first + second in row or second + first in row for row in _KEYBOARD_ROWS)
