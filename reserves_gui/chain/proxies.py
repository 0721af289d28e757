"""Proxies: how one is written, the connection through it, and what it says when it is asked itself.

Asking sends nothing further: a SOCKS proxy is greeted and left (RFC 1928, 1929), an HTTP proxy gets a question about
itself that it may not pass on (``OPTIONS *`` with ``Max-Forwards: 0``, RFC 9110 section 7.6.2).
"""

import base64
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import socks

from reserves_gui import limits
from reserves_gui.chain.policy import Host, Policy
from reserves_gui.chain.port import unusable
from reserves_gui.chain.transport import Sent, Transport
from reserves_gui.chain.wires import report
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.progress import Progress

TOR = "socks5h://127.0.0.1:9050"
"""Where the Tor service listens unless its settings say otherwise (tor(1), SocksPort)."""
_PORTS = {"http": 80, "https": 443, "socks5h": 1080}
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})\b")
_LINE_BYTES = 4096
# The Tor service says so to whoever takes it for an HTTP proxy.
_NOT_HTTP = b"Tor is not an HTTP Proxy"


class ProxyAnswer(StrEnum):
    """What a proxy that was asked itself turned out to be."""

    READY = "ready"
    """It speaks as it should, and takes the password where there is one."""
    PASSWORD_WANTED = "password_wanted"  # noqa: S105 - the name of a state
    PASSWORD_REFUSED = "password_refused"  # noqa: S105 - the name of a state
    OTHER = "other"
    """Something answers there, and it is not such a proxy."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """``kind``: http, https or socks5h. Its repr shows no password."""

    kind: str
    host: Host
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The proxy without user and password."""
        return f"{self.kind}://{self.host.authority}"


def parse_proxy(url: str) -> Proxy:
    """The proxy of ``http://``, ``https://`` or ``socks5h://[USER:PASSWORD@]HOST[:PORT]``. Raises ``usage``."""
    try:
        parts = urlsplit(url.strip())
        name, port = parts.hostname, parts.port
    except ValueError:
        name, port, parts = None, None, urlsplit("")
    default = _PORTS.get(parts.scheme)
    if not name or default is None or parts.path.strip("/") or parts.query or parts.fragment:
        raise ReservesError(ErrorCode.USAGE, say("chain.proxy"))
    host = Host(name.lower().rstrip("."), default if port is None else port)
    return Proxy(parts.scheme, host, unquote(parts.username or ""), unquote(parts.password or ""))


def connect_through(url: str, target: tuple[str, int]) -> socket.socket:
    """A connection to ``target`` (host, port) through the proxy, which looks its name up. ``OSError`` if none comes."""
    proxy = parse_proxy(url)
    if proxy.kind == "https":
        # The library would speak to it unencrypted, its password included.
        raise unusable("chain.proxy_lines")
    made: socket.socket = socks.create_connection(
        target,
        timeout=limits.CONNECT_SECONDS,
        proxy_type=socks.SOCKS5 if proxy.kind == "socks5h" else socks.HTTP,
        proxy_addr=proxy.host.name,
        proxy_port=proxy.host.port,
        proxy_rdns=True,
        proxy_username=proxy.user or None,
        proxy_password=proxy.password or None,
    )
    return made


def ask_proxy(
    url: str, progress: Progress, *, told: Callable[[str], None] | None = None, tls: ssl.SSLContext | None = None
) -> ProxyAnswer:
    """What answers at the proxy's own address; nothing goes through it. Raises ``usage``, ``source.*``, ``cancelled``.

    ``told`` hears its ``host:port`` as it is contacted.
    """
    proxy = parse_proxy(url)
    record = None if told is None else lambda sent: told(sent.host)
    with Transport(Policy(offline=False), record=record, tls=tls) as transport:
        transport.note(Sent(proxy.host.authority, "PROXY", "", b""))
        question = _socks_answer if proxy.kind == "socks5h" else _http_answer

        def work() -> ProxyAnswer:
            try:
                with _connected(proxy, transport) as link:
                    return question(proxy, link)
            except (ssl.SSLError, ConnectionRefusedError, socket.gaierror):
                raise
            except OSError:
                raise unusable("chain.no_answer", host=proxy.host.authority) from None

        return transport.guarded(work, proxy.host, limits.PROXY_SECONDS, progress)


def _connected(proxy: Proxy, transport: Transport) -> socket.socket:
    made = socket.create_connection((proxy.host.name, proxy.host.port), limits.CONNECT_SECONDS)
    report(made)
    if proxy.kind != "https":
        return made
    try:
        return transport.tls().wrap_socket(made, server_hostname=proxy.host.name)
    except OSError:
        made.close()
        raise


def _socks_answer(proxy: Proxy, link: socket.socket) -> ProxyAnswer:
    methods = b"\x00\x02" if proxy.user else b"\x00"
    link.sendall(bytes((5, len(methods))) + methods)
    answer = _exactly(link, 2)
    if answer[:1] != b"\x05" or answer[1] not in {0, 2, 0xFF} or (answer[1] == 2 and not proxy.user):
        return ProxyAnswer.OTHER
    if answer[1] == 0xFF:
        return ProxyAnswer.PASSWORD_REFUSED if proxy.user else ProxyAnswer.PASSWORD_WANTED
    if answer[1] == 0:
        return ProxyAnswer.READY
    user, password = proxy.user.encode()[:255], proxy.password.encode()[:255]
    link.sendall(bytes((1, len(user))) + user + bytes((len(password),)) + password)
    return ProxyAnswer.READY if _exactly(link, 2)[1:] == b"\x00" else ProxyAnswer.PASSWORD_REFUSED


def _http_answer(proxy: Proxy, link: socket.socket) -> ProxyAnswer:
    lines = ["OPTIONS * HTTP/1.1", f"Host: {proxy.host.authority}", "Max-Forwards: 0", "User-Agent: reserves"]
    if proxy.user:
        word = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
        lines.append(f"Proxy-Authorization: Basic {word}")
    link.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii"))
    first = b""
    while b"\n" not in first and len(first) < _LINE_BYTES:
        block = link.recv(_LINE_BYTES)
        if not block:
            break
        first += block
    status = _STATUS.match(first)
    if status is None or _NOT_HTTP in first:
        return ProxyAnswer.OTHER
    if status[1] == b"407":
        return ProxyAnswer.PASSWORD_REFUSED if proxy.user else ProxyAnswer.PASSWORD_WANTED
    return ProxyAnswer.READY


def _exactly(link: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        block = link.recv(count - len(found))
        if not block:
            raise ConnectionError
        found += block
    return found
