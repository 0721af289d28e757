"""A connection that carries one JSON object per line (Electrum), behind the same door."""

import socket
import ssl

from reserves_gui import limits
from reserves_gui.chain.policy import host_of
from reserves_gui.chain.port import unusable
from reserves_gui.chain.proxies import connect_through
from reserves_gui.chain.transport import Sent, Transport, is_flood
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_POLL = 0.02


class LineLink:
    """One TCP or TLS connection to a host the policy admits. Not for several threads at once."""

    def __init__(self, transport: Transport, url: str, progress: Progress) -> None:
        self._transport = transport
        self.host = host_of(url)
        self._secure = url.startswith("ssl://")
        transport.policy.admit(self.host)
        self._buffer = bytearray()
        self._until = 0.0
        lane = transport.lane(self.host)
        lane.enter(progress)
        try:
            self._socket = transport.guarded(self._connected, self.host, 2 * limits.CONNECT_SECONDS, progress)
        finally:
            lane.leave()
        self._socket.settimeout(_POLL)
        transport.close_with(self.close)

    def _connected(self) -> socket.socket:
        proxy = self._transport.policy.proxy_to(self.host)
        target = (self.host.name, self.host.port)
        try:
            made = connect_through(proxy, target) if proxy else socket.create_connection(target, limits.CONNECT_SECONDS)
        except OSError:
            raise unusable("chain.refused", host=self.host.authority) from None
        if not self._secure:
            return made
        try:
            return self._transport.tls().wrap_socket(made, server_hostname=self.host.name)
        except ssl.SSLCertVerificationError:
            made.close()
            raise unusable("chain.certificate", host=self.host.authority) from None
        except OSError:
            made.close()
            raise unusable("chain.tls", host=self.host.authority) from None

    def send(self, line: bytes, progress: Progress) -> None:
        """Send one line, spaced as the host's lane asks; counts as one request."""
        lane = self._transport.lane(self.host)
        lane.enter(progress)
        try:
            self._transport.budget.spend(self.host)
            self._transport.note(Sent(self.host.authority, "LINE", "", line))
            self._socket.settimeout(limits.CONNECT_SECONDS)
            self._socket.sendall(line + b"\n")
            self._socket.settimeout(_POLL)
            self._until = self._transport.clock.now() + self._seconds
        except OSError:
            raise unusable("chain.no_answer", host=self.host.authority) from None
        finally:
            lane.leave()

    def receive(self, progress: Progress) -> bytes:
        """The next line without its end, within 32 MiB and 60 s of the last request, whatever comes in between."""
        try:
            return self._line(progress)
        except ReservesError as error:
            if is_flood(error):
                self._transport.lane(self.host).strike()
            raise

    @property
    def _seconds(self) -> float:
        return min(limits.READ_SECONDS, self._transport.answer_seconds)

    def _line(self, progress: Progress) -> bytes:
        searched = 0
        while (found := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            progress.checkpoint()
            if self._transport.clock.now() > self._until:
                raise unusable("chain.too_slow", host=self.host.authority, seconds=int(self._seconds))
            try:
                block = self._socket.recv(64 * 1024)
            except (TimeoutError, ssl.SSLWantReadError):
                continue
            except OSError:
                block = b""
            if not block:
                raise unusable("chain.no_answer", host=self.host.authority)
            self._buffer += block
            if len(self._buffer) > limits.ANSWER_BYTES:
                self._buffer.clear()
                raise unusable("chain.too_large", host=self.host.authority, limit=limits.ANSWER_BYTES)
        line = bytes(self._buffer[:found])
        del self._buffer[: found + 1]
        return line

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()
