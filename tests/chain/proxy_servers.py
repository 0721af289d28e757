"""A SOCKS5 proxy of this computer that knows names no name server knows, and servers that say one thing and leave."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class SocksProxy:
    """``asked``: the names and ports it was asked to connect to; ``given``: the users and passwords it was told."""

    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    greetings: int = 0

    @property
    def url(self) -> str:
        return f"socks5h://127.0.0.1:{self.port}"

    def url_for(self, user: str, password: str) -> str:
        return f"socks5h://{user}:{password}@127.0.0.1:{self.port}"


@contextmanager
def listening(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of this computer where every connection is handed to ``talk`` in a thread of its own."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    stop = threading.Event()

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                talk(connection)
            except OSError:
                return

    def accept() -> None:
        while not stop.is_set():
            try:
                connection = server.accept()[0]
            except TimeoutError:
                continue
            connection.settimeout(30)
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        stop.set()
        thread.join(5)
        server.close()


@contextmanager
def saying(answer: bytes) -> Iterator[int]:
    """A port that reads something, says ``answer`` and hangs up."""

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    with listening(talk) as port:
        yield port


@contextmanager
def socks_proxy(
    houses: Mapping[str, int] | None = None, *, account: tuple[str, str] | None = None
) -> Iterator[SocksProxy]:
    """``houses``: the port of this computer that stands for each name; ``account``: who may use it (None: all)."""
    state = SocksProxy()
    known = houses or {}

    def talk(connection: socket.socket) -> None:
        methods = _read(connection, _read(connection, 2)[1])
        state.greetings += 1
        if account is None:
            connection.sendall(b"\x05\x00")
        elif b"\x02" not in methods:
            connection.sendall(b"\x05\xff")
            return
        else:
            connection.sendall(b"\x05\x02")
            user = _read(connection, _read(connection, 2)[1]).decode()
            password = _read(connection, _read(connection, 1)[0]).decode()
            state.given.append((user, password))
            connection.sendall(b"\x01\x00" if (user, password) == account else b"\x01\x01")
            if (user, password) != account:
                return
        kind = _read(connection, 4)[3]
        name = _read(connection, _read(connection, 1)[0]).decode() if kind == 3 else "an address"
        port = int.from_bytes(_read(connection, 2), "big")
        state.asked.append((name, port))
        if name not in known:
            connection.sendall(b"\x05\x04\x00\x01" + bytes(6))
            return
        with socket.create_connection(("127.0.0.1", known[name])) as house:
            connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
            back = threading.Thread(target=_pour, args=(house, connection), daemon=True)
            back.start()
            _pour(connection, house)
            back.join(30)

    with listening(talk) as port:
        state.port = port
        yield state


def _read(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        block = connection.recv(count - len(found))
        if not block:
            raise ConnectionError
        found += block
    return found


def _pour(source: socket.socket, sink: socket.socket) -> None:
    try:
        while block := source.recv(65536):
            sink.sendall(block)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
