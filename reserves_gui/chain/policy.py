"""Who may be contacted: the offline switch, consent per host, the proxy, and which hosts are the user's own."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from reserves_gui.chain.port import unusable
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

# Domains under which registrations are sold one level deeper; enough to tell operators of public servers apart.
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"})
# Path segments like "api" or "testnet"; keys have digits, capitals or more letters.
_PLAIN_PATH = re.compile(r"(?:/[a-z]{1,12})*", re.ASCII)
_PORTS = {"http": 80, "https": 443, "tcp": 50001, "ssl": 50002}


@dataclass(frozen=True, slots=True)
class Host:
    """A host and port. ``own``: a loopback or private address, so the user's own node."""

    name: str
    port: int

    @property
    def authority(self) -> str:
        """``host:port`` as consent is given for it."""
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether this is the computer itself."""
        if self.name == "localhost":
            return True
        address = _address(self.name)
        return address is not None and address.is_loopback

    @property
    def onion(self) -> bool:
        """Whether this is an onion service."""
        return self.name.endswith(".onion")

    @property
    def own(self) -> bool:
        """Whether this is a loopback or private address."""
        address = _address(self.name)
        return self.loopback or (address is not None and address.is_private)

    @property
    def operator(self) -> str:
        """Who runs it: the registrable domain, or host and port of an own or numeric address."""
        if self.own or _address(self.name) is not None:
            return self.authority
        labels = self.name.split(".")
        deep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
        return ".".join(labels[-deep:])


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def host_of(url: str) -> Host:
    """The host of an ``http``, ``https``, ``tcp`` or ``ssl`` URL. Raises ``source.unusable`` if there is none.

    Plain ``http`` and ``tcp`` are for loopback addresses and onion hosts only.
    """
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError:
        name, port, parts = None, None, urlsplit("")
    default = _PORTS.get(parts.scheme)
    if not name or default is None:
        raise unusable("chain.url")
    host = Host(name.lower().rstrip("."), port or default)
    if parts.scheme in ("http", "tcp") and not (host.loopback or host.onion):
        raise unusable("chain.url_plain", host=host.name)
    return host


def shown_url(url: str) -> str:
    """A URL as it may be shown, logged and reported: scheme, host and port, and a path of a few plain words.

    Providers put keys into user names, paths and queries; none of these is part of a source's name.
    """
    scheme, colon, rest = url.partition("://")
    authority, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    path = f"{slash}{path}".rstrip("/")
    return f"{scheme}{colon}{authority.rpartition('@')[2]}{path if _PLAIN_PATH.fullmatch(path) else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What this run may contact. ``consented`` are authorities (``host:port``) the user allowed.

    ``proxy`` is an ``http://``, ``https://`` or ``socks5h://`` URL; names are then looked up by the proxy. ``offline``
    wins over all.
    """

    offline: bool = True
    consented: frozenset[str] = frozenset()
    proxy: str | None = None

    def __post_init__(self) -> None:
        if self.proxy is not None and not self.proxy.startswith(("http://", "https://", "socks5h://")):
            raise ReservesError(ErrorCode.USAGE, say("chain.proxy"))

    def proxy_to(self, host: Host) -> str | None:
        """The proxy ``host`` is asked through: this computer's own services would not be found from elsewhere."""
        return None if host.loopback else self.proxy

    def admit(self, host: Host) -> None:
        """Raise ``source.unusable`` unless ``host`` may be contacted now."""
        if self.offline:
            raise unusable("chain.offline", host=host.authority)
        if host.authority not in self.consented:
            raise unusable("chain.no_consent", host=host.authority)


def offline_by_environment(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether ``RESERVES_OFFLINE`` is set to anything but ``0`` or nothing."""
    return environment.get("RESERVES_OFFLINE", "") not in ("", "0")
