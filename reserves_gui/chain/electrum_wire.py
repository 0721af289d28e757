"""One connection to an Electrum server: numbered requests, one object a line."""

import json

from reserves_gui import limits
from reserves_gui.chain.answers import Answer, read_answer
from reserves_gui.chain.bitcoin_wire import Header, merkle_root, read_header
from reserves_gui.chain.lines import LineLink
from reserves_gui.chain.policy import host_of
from reserves_gui.chain.port import unusable
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

HELLO: list[object] = ["reserves", ["1.4", "1.4.2"]]
"""What ``server.version`` is asked with: our name, and the versions spoken here."""


class ElectrumWire:
    """The way to one server; ``source`` is its name in what is said about it."""

    def __init__(self, url: str, source: str, transport: Transport) -> None:
        self._url = url
        self._source = source
        self._transport = transport
        self._host = host_of(url)
        self._line: LineLink | None = None
        self._asked = 0

    def ask(self, method: str, params: list[object], progress: Progress) -> Answer:
        """One request over the one connection, opened again with growing waits where it breaks; then the host rests."""
        lane = self._transport.lane(self._host)
        for attempt in range(limits.REQUEST_TRIES):
            try:
                return self._once(method, params, progress)
            except ReservesError as error:
                if error.message.key not in ("chain.rpc_error", "chain.history_too_large"):
                    self.close()
                if error.message.key != "chain.no_answer":
                    raise
            if attempt + 1 < limits.REQUEST_TRIES:
                lane.back_off(attempt, None, progress)
        lane.rest()
        raise unusable("chain.no_answer", host=self._host.authority)

    def _once(self, method: str, params: list[object], progress: Progress) -> Answer:
        if self._line is None:
            self._line = LineLink(self._transport, self._url, progress)
            if method != "server.version":
                self._exchange("server.version", HELLO, progress)
        return self._exchange(method, params, progress)

    def _exchange(self, method: str, params: list[object], progress: Progress) -> Answer:
        if self._line is None:
            raise unusable("chain.no_answer", host=self._host.authority)
        self._asked += 1
        request = {"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params}
        self._line.send(json.dumps(request, separators=(",", ":")).encode(), progress)
        for _ in range(1000):
            answer = read_answer(self._line.receive(progress), own=self._host.own)
            if answer.get("method") is not None:
                continue
            error = answer.get("error")
            if error is not None:
                text = str(error.value)[:200]
                key = "chain.history_too_large" if "history" in text.lower() else "chain.rpc_error"
                raise unusable(key, source=self._source)
            if answer["id"].integer() != self._asked:
                raise unusable("chain.answer_shape", place="id")
            return answer["result"]
        raise unusable("chain.answer_shape", place="id")

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None


def check_under_root(found: Answer, height: int) -> Header:
    """A header with its branch to a root over headers (``blockchain.block.header [h, cp]``). Raises if it is false."""
    header = read_header(found["header"].hex(80))
    branch = [item.hex(32)[::-1] for item in found["branch"].entries(32)]
    if merkle_root(bytes.fromhex(header.hash)[::-1], branch, height)[::-1] != found["root"].hex(32):
        raise unusable("chain.merkle_branch")
    return header
