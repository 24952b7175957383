"""Addresses as they are written out."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a browser alone would repair is no address here: missing slashes, backslashes, white space. Neither is one with a
# user name before the host.
_WRITTEN_ADDRESS = re.compile(r"https?://[^/\\?#@\s]+([/?#][^\\\s]*)?", re.IGNORECASE)
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127(\.\d+){3}|\[::1\]")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
# Control characters, which parsers drop in different places, and letters that IDNA 2003 (Python) and 2008 (browsers)
# map apart: such a host is written in punycode.
_UNCLEAR = re.compile("[\u0000-\u0020\u007fßς\u200c\u200d]")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


def origin_of_address(text: str) -> str | None:
    """The origin of an `http:` or `https:` address as a browser writes it; `None` for anything else."""
    if _WRITTEN_ADDRESS.fullmatch(text) is None or _UNCLEAR.search(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return None
    if host is None:
        return None
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"


def is_private_on_its_way(origin: str) -> bool:
    """Whether what is sent there stays readable on this machine only, or is encrypted on its way."""
    scheme, _, host = re.sub(r":\d+\Z", "", origin).partition("://")
    return scheme == "https" or _LOOPBACK.fullmatch(host) is not None


def _host(name: str) -> str | None:
    """A host as a browser writes it: lower case, punycode, addresses in their usual form."""
    if ":" in name:
        return f"[{IPv6Address(name).compressed}]"
    ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    lower = ascii_name.lower()
    if _HOST_NAME.fullmatch(lower) is None:
        return None
    if _NUMERIC_LABEL.fullmatch(lower.rstrip(".").rpartition(".")[2]):
        try:
            return str(IPv4Address(lower))
        except AddressValueError:
            return None
    return lower
