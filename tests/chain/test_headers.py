"""Whole headers from every source that shows them: the right one, with its work, or an error."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from reserves_gui.chain.bitcoind import Bitcoind
from reserves_gui.chain.chains import chains
from reserves_gui.chain.electrum import Electrum
from reserves_gui.chain.esplora import Esplora
from reserves_gui.chain.port import HeaderSource
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import open_door
from tests.chain.ledger import Facade, MemoryLedger, sha256d
from tests.chain.servers import json_reply, line_server, serving


def _rpc(ledger: MemoryLedger) -> Callable[[str, str, bytes], Any]:
    def answer(_method: str, _path: str, body: bytes) -> Any:
        asked = json.loads(body)
        name, params = asked["method"], asked["params"]
        if name == "getblockhash":
            result: Any = ledger.hashes[params[0]]
        elif name == "getbestblockhash":
            result = ledger.hashes[-1]
        else:
            height = ledger.hashes.index(params[0])
            moment = int.from_bytes(ledger.headers[height][68:72], "little")
            described = {"hash": params[0], "height": height, "time": moment, "mediantime": moment}
            result = described if len(params) == 1 else ledger.headers[height].hex()
        return json_reply({"jsonrpc": "2.0", "id": asked["id"], "result": result, "error": None})

    return answer


def _lines(ledger: MemoryLedger) -> Callable[[dict[str, Any]], Any]:
    def answer(asked: dict[str, Any]) -> Any:
        if asked["method"] == "blockchain.block.header":
            return ledger.headers[asked["params"][0]].hex()
        return {
            "server.version": ["made up", "1.4"],
            "server.features": {"genesis_hash": ledger.hashes[0]},
            "blockchain.headers.subscribe": {"height": ledger.tip(), "hex": ledger.headers[-1].hex()},
        }[asked["method"]]

    return answer


@contextmanager
def _source(kind: str, ledger: MemoryLedger) -> Iterator[HeaderSource]:
    if kind == "electrum":
        with line_server(_lines(ledger)) as port:
            url = f"tcp://127.0.0.1:{port}"
            yield Electrum(url, open_door(url).transport)
        return
    with serving(Facade(ledger) if kind == "esplora" else _rpc(ledger)) as server:
        transport = open_door(server.url).transport
        yield (
            Esplora(server.url, transport)
            if kind == "esplora"
            else Bitcoind(server.url, transport, user="u", password="p")
        )


@pytest.mark.parametrize("kind", ["electrum", "esplora", "bitcoind"])
def test_a_header_is_shown_and_one_without_its_work_is_refused(
    kind: str, ledger: MemoryLedger, progress: Progress
) -> None:
    with _source(kind, ledger) as source:
        source.probe([chains()["bitcoin"]], progress)
        for height in (1, 60, 119):
            assert source.header(height, progress) == ledger.headers[height]
        forged = bytearray(ledger.headers[70])
        forged[36] ^= 1
        while int.from_bytes(sha256d(bytes(forged)), "little") < 1 << 255:
            # Half of all headers have this chain's work by chance: take one that has not.
            forged[37] += 1
        ledger.headers[70] = bytes(forged)
        with pytest.raises(ReservesError) as caught:
            source.header(70, progress)
        assert caught.value.code is ErrorCode.SOURCE_UNUSABLE
