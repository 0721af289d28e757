"""Whole headers from every source that shows them: the right one, with its work, or an error."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reserves_gui.chain.bitcoind import Bitcoind
from reserves_gui.chain.chains import chains
from reserves_gui.chain.electrum import Electrum
from reserves_gui.chain.esplora import Esplora
from reserves_gui.chain.port import HeaderSource
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import open_door
from tests.chain.honest import NOW
from tests.chain.honest.bitcoin import bitcoind, electrum, small_chain
from tests.chain.honest.payments import Payments
from tests.chain.ledger import Facade, sha256d
from tests.chain.servers import line_server, serving


@contextmanager
def _source(kind: str, ledger: Payments) -> Iterator[HeaderSource]:
    if kind == "electrum":
        with line_server(electrum(ledger)) as server:
            yield Electrum(server.url, open_door(server.url).transport)
        return
    with serving(Facade(ledger) if kind == "esplora" else bitcoind(ledger)) as server:
        transport = open_door(server.url).transport
        yield (
            Esplora(server.url, transport)
            if kind == "esplora"
            else Bitcoind(server.url, transport, user="u", password="p")
        )


@pytest.mark.parametrize("kind", ["electrum", "esplora", "bitcoind"])
def test_a_header_is_shown_and_one_without_its_work_is_refused(kind: str, progress: Progress) -> None:
    ledger = small_chain(tip_time=NOW)
    with _source(kind, ledger) as source:
        source.probe([chains()["bitcoin"]], progress)
        for height in (1, 11, 20):
            assert source.header(height, progress) == ledger.headers[height]
        forged = bytearray(ledger.headers[7])
        forged[36] ^= 1
        while int.from_bytes(sha256d(bytes(forged)), "little") < 1 << 255:
            # Half of all headers have this chain's work by chance: take one that has not.
            forged[37] += 1
        ledger.headers[7] = bytes(forged)
        with pytest.raises(ReservesError) as caught:
            source.header(7, progress)
        assert caught.value.code is ErrorCode.SOURCE_UNUSABLE
