"""A second start raises the first window and hands its files over."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from reserves_gui.plain_json import load_plain

_WAIT_MS = 1500
_MOST = 1 << 20
"""Bytes a second start may send: some thousand paths."""


def instance_name(folder: Path) -> str:
    """The name of the local socket: one per data folder, and so per user."""
    return "reserves-" + hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:24]


def hand_over(name: str, paths: tuple[str, ...]) -> bool:
    """Hand ``paths`` to a window that runs already; whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(200):
        return False
    message = json.dumps([str(Path(path).absolute()) for path in paths]).encode()
    socket.write(message)
    socket.flush()
    socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    if socket.state() != QLocalSocket.LocalSocketState.UnconnectedState:
        socket.waitForDisconnected(_WAIT_MS)
    return True


class FirstInstance(QObject):
    """Listens for later starts. The socket is the user's own: others on the machine cannot reach it."""

    def __init__(self, name: str, opened: Callable[[tuple[str, ...]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        if not self._server.listen(name):
            # A socket left behind by a crash: nobody answered on it, or we would not be here.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _connected(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            read = bytearray()

            def more(socket: QLocalSocket = socket, read: bytearray = read) -> None:
                read.extend(socket.readAll().data())
                if len(read) > _MOST:
                    socket.abort()

            def done(socket: QLocalSocket = socket, read: bytearray = read) -> None:
                read.extend(socket.readAll().data())
                socket.deleteLater()
                paths = _paths(bytes(read))
                if paths is not None:
                    self._opened(paths)

            socket.readyRead.connect(more)
            socket.disconnected.connect(done)
            if socket.state() == QLocalSocket.LocalSocketState.UnconnectedState:
                done()


def _paths(message: bytes) -> tuple[str, ...] | None:
    if len(message) > _MOST:
        return None
    try:
        found = load_plain(message)
    except ValueError:
        return None
    if not isinstance(found, list) or not all(isinstance(path, str) for path in found):
        return None
    return tuple(found)
