"""Local servers that answer one JSON object a line, and JSON-RPC answers over either kind of server."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from tests.chain.faults import Answering, Fault, House, Reply, Request, Server, json_reply, poured, slowly, wait

LINE = "LINE"


def talk_lines(house: House, lines: BinaryIO, connection: socket.socket) -> None:
    """Answer one JSON object a line until the other side, or a fault, ends it."""
    try:
        for line in lines:
            fault = house.state.asked(Request(LINE, "", line, time.monotonic()))
            if fault is None:
                connection.sendall(house.answering(LINE, "", line).body + b"\n")
                continue
            if fault.delay:
                wait(fault.delay)
            if fault.drop:
                connection.shutdown(socket.SHUT_RDWR)
                return
            for part in _spoiled(fault, lambda line=line: house.answering(LINE, "", line)):  # type: ignore[misc]
                connection.sendall(part)
    except OSError:
        return


def _spoiled(fault: Fault, honest: Callable[[], Reply]) -> Iterator[bytes]:
    rate = fault.bytes_per_second
    yield from slowly(fault.before, rate) if rate else (fault.before,)
    if fault.body_size or fault.endless:
        yield from poured(fault)
        return
    line = fault.told(honest()).body + b"\n"
    yield from slowly(line, rate) if rate else (line,)


@contextmanager
def line_server(
    answering: Answering, *, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[Server]:
    """A server of one JSON object a line on a free port of this computer; ``answering`` is asked as ``LINE``."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = int(listening.getsockname()[1])
    state = Server(f"{'tcp' if wrap is None else 'ssl'}://127.0.0.1:{port}", port)
    listening.settimeout(0.05)
    stop = threading.Event()

    def talk(connection: socket.socket) -> None:
        state.open_connections += 1
        try:
            with (wrap or (lambda sock: sock))(connection) as used, used.makefile("rb") as lines:
                talk_lines(House(answering, state), lines, used)
        except OSError:
            connection.close()
        finally:
            state.open_connections -= 1

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
        yield state
    finally:
        stop.set()
        thread.join(5)
        listening.close()


def rpc(answer: Callable[[str, Any], object]) -> Answering:
    """JSON-RPC, single or batched, over what ``answer`` says to a method and its parameters.

    What it does not know (LookupError, ValueError) is answered with an error object, as is an ``RpcError``.
    """

    def told(asked: Any) -> dict[str, object]:
        try:
            return {"jsonrpc": "2.0", "id": asked["id"], "result": answer(asked["method"], asked["params"])}
        except RpcError as refused:
            error = {"code": refused.code, "message": str(refused)}
        except (LookupError, ValueError, StopIteration):
            error = {"code": -5, "message": "not found"}
        return {"jsonrpc": "2.0", "id": asked["id"], "error": error}

    def answering(_method: str, _path: str, body: bytes) -> Reply:
        asked = json.loads(body)
        return json_reply([told(one) for one in asked] if isinstance(asked, list) else told(asked))

    return answering


class RpcError(Exception):
    """An error object with this code and text."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
