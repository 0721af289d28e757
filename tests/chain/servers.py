"""Local servers for the tests: honest by default, and misbehaving in one named way when a test says so.

A server stands behind its own port (:func:`serving`, :func:`line_server`) or, as a public host, behind a proxy of this
computer that knows its name (:func:`town`). Each keeps its faults and a log of what it was asked.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.chain.faults import (
    Answering,
    Fault,
    House,
    Reply,
    Request,
    Server,
    bomb,
    json_reply,
    poured,
    slowly,
    text,
    wait,
)
from tests.chain.lines import line_server, rpc, talk_lines

__all__ = ["Fault", "Reply", "Server", "Town", "json_reply", "line_server", "rpc", "serving", "text", "town"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    houses: Mapping[str, House]

    def log_message(self, *_: object) -> None:
        pass

    def setup(self) -> None:
        super().setup()
        for house in self.houses.values():
            house.state.open_connections += 1

    def finish(self) -> None:
        for house in self.houses.values():
            house.state.open_connections -= 1
        super().finish()

    def do_GET(self) -> None:
        self._handle("GET", b"")

    def do_POST(self) -> None:
        self._handle("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_CONNECT(self) -> None:
        """A tunnel to a house that speaks in lines."""
        house = self.houses[self.path.partition(":")[0]]
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        talk_lines(house, self.rfile, self.connection)

    def _handle(self, method: str, body: bytes) -> None:
        house = self.houses.get(self.headers.get("Host", "").partition(":")[0]) or self.houses[""]
        # A proxy is asked with the whole address.
        path = (
            "/" + self.path.split("/", 3)[3] if self.path.startswith("http://") and "" not in self.houses else self.path
        )
        fault = house.state.asked(Request(method, path, body, time.monotonic(), dict(self.headers)))
        try:
            if fault is None:
                self._send(house.answering(method, path, body))
            else:
                self._misbehave(fault, lambda: house.answering(method, path, body))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, reply: Reply, extra: dict[str, str] | None = None) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def _misbehave(self, fault: Fault, honest: Callable[[], Reply]) -> None:
        if fault.delay:
            wait(fault.delay)
        if fault.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault.redirect is not None:
            self._send(text("moved", 302), {"Location": fault.redirect})
        elif fault.status is not None:
            extra = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            body = b"busy" if fault.body is None else fault.body
            self._send(Reply(fault.status, body, fault.content_type or "text/plain"), extra)
        elif fault.gzip_bomb:
            packed = bomb(fault.gzip_bomb, fault.encoding)
            self._send(Reply(200, packed, "application/json"), {"Content-Encoding": fault.encoding})
        elif fault.body_size or fault.endless:
            self._stream(poured(fault), None if fault.endless else fault.body_size)
        elif fault.bytes_per_second:
            self._drip(fault.told(honest()), fault.bytes_per_second)
        else:
            self._send(fault.told(honest()))

    def _stream(self, parts: Iterator[bytes], size: int | None, type_: str = "application/json") -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", type_)
        if size is not None:
            self.send_header("Content-Length", str(size))
        self.end_headers()
        for part in parts:
            self.wfile.write(part)

    def _drip(self, reply: Reply, rate: int) -> None:
        self._stream(slowly(reply.body, rate), len(reply.body), reply.type)


@contextmanager
def _running(houses: Mapping[str, House], wrap: Callable[[socket.socket], socket.socket] | None) -> Iterator[int]:
    handler = type("Handler", (_Handler,), {"houses": houses})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if wrap is not None:
        server.socket = wrap(server.socket)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def serving(answering: Answering, *, wrap: Callable[[socket.socket], socket.socket] | None = None) -> Iterator[Server]:
    """A server on a free port of this computer; with ``wrap`` (a socket into one of TLS) over https."""
    state = Server("", 0)
    with _running({"": House(answering, state)}, wrap) as port:
        state.url, state.port = f"{'http' if wrap is None else 'https'}://127.0.0.1:{port}", port
        yield state


@dataclass
class Town:
    """A proxy and the public hosts behind it, by their first label: ``liar`` stands for ``liar.onion``."""

    proxy: str
    hosts: Mapping[str, Server]

    def __getitem__(self, name: str) -> Server:
        return self.hosts[name]


@contextmanager
def town(**answering: Answering) -> Iterator[Town]:
    """Public hosts for the tests. Onion names: the one kind of public host that is asked without TLS."""
    houses = {f"{name}.onion": House(one, Server(f"http://{name}.onion", 80)) for name, one in answering.items()}
    with _running(houses, None) as port:
        yield Town(f"http://127.0.0.1:{port}", {name: houses[f"{name}.onion"].state for name in answering})
