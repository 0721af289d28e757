"""HTTP connections that can be cut from outside while they connect, stall or drip.

``requests`` offers no way to end a blocked read. Each new connection leaves a duplicate of its socket here; shutting
the duplicate down ends the read at once, whichever thread is blocked in it.
"""

import contextlib
import socket
import ssl
import threading
import weakref
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter


class Cutter:
    """The sockets of one request under way."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._twins: list[socket.socket] = []
        self._cut = False

    def watch(self, sock: socket.socket) -> None:
        """Remember a new socket; one that arrives after :meth:`cut` is shut at once."""
        # SSLSocket.dup() is refused, so the descriptor itself is duplicated.
        twin = socket.socket(fileno=socket.dup(sock.fileno()))
        with self._guard:
            self._twins.append(twin)
            late = self._cut
        if late:
            self.cut()

    def cut(self) -> None:
        """Shut every socket down."""
        with self._guard:
            self._cut = True
            for twin in self._twins:
                with contextlib.suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Forget the duplicates; the connections themselves live on in their pool."""
        with self._guard:
            for twin in self._twins:
                twin.close()
            self._twins.clear()


_CURRENT = threading.local()


def use_cutter(cutter: Cutter | None) -> None:
    """New connections, and kept ones that are used again in this thread, are watched by ``cutter``."""
    _CURRENT.cutter = cutter


def _watched(pool_class: type[Any]) -> type[Any]:
    """``pool_class`` with connections that report their socket to the cutter of the thread that uses them."""
    base = pool_class.ConnectionCls

    class Watched(base):  # type: ignore[misc, valid-type]
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            report(made)
            return made

        def request(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is not None:
                report(self.sock)
            super().request(*args, **kwargs)

    return type(pool_class.__name__, (pool_class,), {"ConnectionCls": Watched})


def report(sock: socket.socket) -> None:
    """Let a new socket be cut with the request of this thread."""
    cutter: Cutter | None = getattr(_CURRENT, "cutter", None)
    if cutter is not None:
        cutter.watch(sock)


class Adapter(HTTPAdapter):
    """The adapter of one host: own TLS context, watched connections, no retries, no environment."""

    def __init__(self, tls: ssl.SSLContext, width: int) -> None:
        self._tls = tls
        self._patched: weakref.WeakSet[Any] = weakref.WeakSet()
        super().__init__(
            pool_connections=1, pool_maxsize=width, max_retries=urllib3.Retry(0, redirect=False, read=False)
        )

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002
        """A pool with this adapter's TLS context."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._tls, **kwargs)
        self._patch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same for a proxy."""
        # Head and body of a request leave apart: held back, the body would wait 40 ms for the proxy's word.
        at_once = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        manager = super().proxy_manager_for(proxy, ssl_context=self._tls, socket_options=at_once, **kwargs)
        self._patch(manager)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """The TLS context verifies against the system's store; no bundle is added and nothing can switch it off."""
        conn.cert_reqs = "CERT_REQUIRED"

    def _patch(self, manager: Any) -> None:
        if manager not in self._patched:
            self._patched.add(manager)
            classes = manager.pool_classes_by_scheme
            manager.pool_classes_by_scheme = {scheme: _watched(pool) for scheme, pool in classes.items()}


class Session(requests.Session):
    """A session that knows no redirects: looking for the next address would read the whole body of the answer."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """There is none."""
        return None


def session(tls: ssl.SSLContext, width: int, proxy: str | None) -> requests.Session:
    """A session that takes nothing from the environment and keeps no cookies between hosts."""
    made = Session()
    made.trust_env = False
    adapter = Adapter(tls, width)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    if proxy is not None:
        made.proxies = {"http": proxy, "https": proxy}
    return made
