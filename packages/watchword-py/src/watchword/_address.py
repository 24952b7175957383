"""Addresses as they are written out."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65_535
# Printable ASCII (a host in other letters is written in punycode), the host as it is, and no user name before it. What
# a browser alone would repair is no address here: missing slashes, backslashes, control characters, escapes in a host;
# and IDNA maps letters apart between languages and their versions.
_WRITTEN_ADDRESS = re.compile(
    r"(https?)://(?:([a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)|\[([0-9a-f:.]+)\])(?::([0-9]{0,5}))?(?:[/?#][!-\[\]-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127(\.\d+){3}|\[::1\]")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")


def origin_of_address(text: str) -> str | None:
    """The origin of an `http:` or `https:` address as a browser writes it; `None` for anything else."""
    written = _WRITTEN_ADDRESS.fullmatch(text)
    if written is None:
        return None
    scheme, name, ipv6, port = written.groups()
    try:
        host = _name(name.lower()) if ipv6 is None else f"[{_ipv6(ipv6)}]"
    except AddressValueError:
        return None
    scheme, number = scheme.lower(), int(port) if port else None
    if number is not None and number > _MAX_PORT:
        return None
    suffix = "" if number in (None, _DEFAULT_PORTS[scheme]) else f":{number}"
    return f"{scheme}://{host}{suffix}"


def without_slash(name: str) -> str:
    """An origin with a slash at its end is written without: it would be another audience, byte for byte."""
    return re.sub(r"\A(https?://[^/?#]+)/\Z", r"\1", name, flags=re.IGNORECASE)


def is_private_on_its_way(origin: str) -> bool:
    """Whether what is sent there stays readable on this machine only, or is encrypted on its way."""
    scheme, _, host = re.sub(r":\d+\Z", "", origin).partition("://")
    return scheme == "https" or _LOOPBACK.fullmatch(host) is not None


def _name(lower: str) -> str:
    """A host that is no IPv6 address. One that ends in a number is an address of four (WHATWG URL §3.5)."""
    is_numeric = _NUMERIC_LABEL.fullmatch(lower.rstrip(".").rpartition(".")[2]) is not None
    return str(IPv4Address(lower)) if is_numeric else lower


def _ipv6(text: str) -> str:
    address = IPv6Address(text)
    if address.ipv4_mapped is None:
        return address.compressed
    # Python writes these in two ways, depending on its version.
    number = int(address.ipv4_mapped)
    return f"::ffff:{number >> 16:x}:{number & 0xFFFF:x}"
