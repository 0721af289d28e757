"""Local servers for the tests: honest by default, and misbehaving in one named way when a test says so."""

import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    body: bytes
    time: float


@dataclass
class Fault:
    """One way to misbehave on paths that match ``path``, for the next ``times`` requests (-1: always)."""

    path: str = ".*"
    times: int = -1
    status: int | None = None
    retry_after: str | None = None
    delay: float = 0.0
    bytes_per_second: int = 0
    body: bytes | None = None
    body_size: int = 0
    content_type: str | None = None
    redirect: str | None = None
    gzip_bomb: int = 0
    drop: bool = False
    change: Callable[[Any], Any] | None = None

    def applies(self, path: str) -> bool:
        return self.times != 0 and re.search(self.path, path) is not None


@dataclass
class Reply:
    """What an honest server says."""

    status: int
    body: bytes
    type: str


def text(body: str, status: int = 200) -> Reply:
    return Reply(status, body.encode(), "text/plain")


def json_reply(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), "application/json")


Answering = Callable[[str, str, bytes], Reply]


@dataclass
class Server:
    """A running server: its URL, its faults, and what it was asked."""

    url: str
    port: int
    faults: list[Fault] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)
    open_connections: int = 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answering: Answering
    state: Server

    def log_message(self, *_: object) -> None:
        pass

    def setup(self) -> None:
        super().setup()
        self.state.open_connections += 1

    def finish(self) -> None:
        self.state.open_connections -= 1
        super().finish()

    def do_GET(self) -> None:
        self._handle("GET", b"")

    def do_POST(self) -> None:
        self._handle("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _handle(self, method: str, body: bytes) -> None:
        self.state.log.append(Request(method, self.path, body, time.monotonic()))
        fault = next((one for one in self.state.faults if one.applies(self.path)), None)
        try:
            if fault is None:
                self._send(self.answering(method, self.path, body))
            else:
                if fault.times > 0:
                    fault.times -= 1
                self._misbehave(fault, method, body)
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

    def _misbehave(self, fault: Fault, method: str, body: bytes) -> None:
        if fault.delay:
            self._wait(fault.delay)
        if fault.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault.redirect is not None:
            self._send(text("moved", 302), {"Location": fault.redirect})
        elif fault.status is not None:
            extra = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            self._send(text("busy", fault.status), extra)
        elif fault.body_size or fault.gzip_bomb:
            self._pour(fault)
        else:
            reply = self.answering(method, self.path, body)
            if fault.change is not None:
                reply.body = json.dumps(fault.change(json.loads(reply.body))).encode()
            if fault.body is not None:
                reply = Reply(200, fault.body, reply.type)
            if fault.content_type is not None:
                reply.type = fault.content_type
            if fault.bytes_per_second:
                self._drip(reply, fault.bytes_per_second)
            else:
                self._send(reply)

    def _pour(self, fault: Fault) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        if fault.gzip_bomb:
            packer = zlib.compressobj(9, wbits=31)
            parts = [
                packer.compress(b" " * min(65536, fault.gzip_bomb)) for _ in range(max(1, fault.gzip_bomb // 65536))
            ]
            bomb = b"".join([*parts, packer.flush()])
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(bomb)))
            self.end_headers()
            self.wfile.write(bomb)
            return
        self.send_header("Content-Length", str(fault.body_size))
        self.end_headers()
        block = b" " * 65536
        for _ in range(fault.body_size // len(block)):
            self.wfile.write(block)

    def _drip(self, reply: Reply, rate: int) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        for at in range(len(reply.body)):
            self.wfile.write(reply.body[at : at + 1])
            self.wfile.flush()
            self._wait(1 / rate)

    @staticmethod
    def _wait(seconds: float) -> None:
        _STOP.wait(seconds)


_STOP = threading.Event()


@contextmanager
def serving(answering: Answering, *, wrap: Callable[[socket.socket], socket.socket] | None = None) -> Iterator[Server]:
    """A server on a free port of this computer."""
    handler = type("Handler", (_Handler,), {"answering": staticmethod(answering)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    scheme = "http"
    if wrap is not None:
        server.socket = wrap(server.socket)
        scheme = "https"
    state = Server(f"{scheme}://127.0.0.1:{server.server_address[1]}", int(server.server_address[1]))
    handler.state = state
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def line_server(answer: Callable[[dict[str, Any]], Any]) -> Iterator[int]:
    """A TCP server of one JSON object per line; ``answer`` gives the result, or an Exception for an error object."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    stop = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            for line in stream:
                request = json.loads(line)
                result = answer(request)
                if isinstance(result, bytes):
                    reply = result
                elif isinstance(result, Exception):
                    error = {"code": 1, "message": str(result)}
                    reply = json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": error}).encode()
                else:
                    reply = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}).encode()
                try:
                    stream.write(reply + b"\n")
                    stream.flush()
                except OSError:
                    return

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            connection.settimeout(None)
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        stop.set()
        thread.join(5)
        listening.close()
