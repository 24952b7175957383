"""Where the language model of the assistant is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from watchword import ConfigurationError, Environment


@dataclass(frozen=True, slots=True)
class ModelSetting:
    """A language model behind an OpenAI-compatible endpoint."""

    base_url: str
    """Where `/chat/completions` is added."""
    key: str = field(repr=False)
    """Sent as a bearer credential, and shown nowhere."""
    model: str


_ADDRESS = re.compile(r"https?://[\x21-\x2e\x30-\x7e][\x21-\x7e]*")
_ON_THIS_MACHINE = re.compile(r"http://(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?(?:/.*)?")


def model_setting_from(environment: Environment) -> ModelSetting | None:
    """Reads `CHAT_BASE_URL`, `CHAT_API_KEY` and `CHAT_MODEL`; `None` without any of them.

    Raises `ConfigurationError` with one sentence that quotes no value, when only some are there or one cannot be used.
    """
    names = ("CHAT_BASE_URL", "CHAT_API_KEY", "CHAT_MODEL")
    base_url, key, model = ((environment.get(name) or "").strip() for name in names)
    if not (base_url or key or model):
        return None
    if not (base_url and key and model):
        raise ConfigurationError(
            "Only some of CHAT_BASE_URL, CHAT_API_KEY and CHAT_MODEL are set: set all three, "
            "or none for the assistant without a language model."
        )
    if not _is_usable_address(base_url):
        raise ConfigurationError(
            "CHAT_BASE_URL is not usable: set it to an https address such as https://api.example.com/v1, "
            "without user name, query or fragment; http is for this machine only."
        )
    if re.fullmatch(r"[\x21-\x7e]+", key) is None:
        raise ConfigurationError("CHAT_API_KEY is not usable: it holds a character that no key has.")
    return ModelSetting(base_url.rstrip("/"), key, model)


def _is_usable_address(text: str) -> bool:
    if _ADDRESS.fullmatch(text) is None or re.search(r"[?#@\\]", text):
        return False
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return has_host and (text.startswith("https:") or _ON_THIS_MACHINE.fullmatch(text) is not None)
