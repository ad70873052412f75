"""Addresses that this server may be told to call: in a form that nothing can hide in."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from directory.fields import Text, Wrong

LOWEST_PORT, HIGHEST_PORT = 1025, 65535
HOST = r"(?=[^/:]{4,253}(?:[:/]|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""A name with a dot whose last part is no number: no address, and no name of this machine's own network."""
PLAIN = r"A-Za-z0-9._~!$&'()*+,;=:@%/"
URL = re.compile(rf"https://({HOST})(?::([1-9][0-9]{{1,4}}))?(?:/[{PLAIN}-]*(?:\?[{PLAIN}?-]*)?)?")


@dataclass(frozen=True, kw_only=True)
class WebAddress(Text):
    """Where to call: https, a host by name, port 443 or above 1024; neither credentials nor a fragment."""

    most: int = 300

    def clean(self, value: Any) -> str:
        """Check every character: what is not needed in an address is refused."""
        text = super().clean(value)
        scheme, mark, rest = text.partition("://")
        host, slash, path = rest.partition("/")
        text = f"{scheme.lower()}{mark}{host.lower()}{slash}{path}"
        found = URL.fullmatch(text)
        if found is None:
            raise Wrong("Must be https://host.name/…: no credentials, fragment, number as a host or unusual character.")
        if found[2] not in (None, "443") and not LOWEST_PORT <= int(found[2]) <= HIGHEST_PORT:
            raise Wrong(f"The port must be 443, or from {LOWEST_PORT} to {HIGHEST_PORT}.")
        return text


def host(url: str) -> str:
    """The host of an address."""
    return urlsplit(url).hostname or ""


def is_host(name: str) -> bool:
    """Whether a name may stand as the host of an address."""
    return re.fullmatch(HOST, name) is not None
