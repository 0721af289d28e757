"""Nodes that really run, started once for all tests of this folder."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.evm_chain import EvmChain
from tests.nodes.starting import need, nodes


@dataclass(frozen=True)
class Litecoin:
    """Litecoin Core, and two Electrum servers on it."""

    port: int
    electrum: tuple[int, int]

    @property
    def rpc_source(self) -> str:
        return f"litecoin=bitcoind+http://{nodes.USER}:{nodes.PASSWORD}@127.0.0.1:{self.port}"

    @property
    def electrum_sources(self) -> list[str]:
        return [f"litecoin=tcp://127.0.0.1:{port}" for port in self.electrum]

    def mine(self, count: int = 1) -> None:
        nodes.bitcoin_rpc(self.port, "generatetoaddress", count, nodes.bitcoin_rpc(self.port, "getnewaddress"))

    def pay(self, address: str, coins: str) -> None:
        nodes.bitcoin_rpc(self.port, "sendtoaddress", address, coins)
        self.mine()

    def height(self) -> int:
        return int(str(nodes.bitcoin_rpc(self.port, "getblockcount")))

    def wait_for_servers(self) -> None:
        """Until the Electrum servers have caught up."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            told = [nodes.ask_line(port, "blockchain.headers.subscribe", []) for port in self.electrum]
            if all(one["height"] == self.height() for one in told):
                return
            time.sleep(0.1)
        pytest.fail("the Electrum servers do not catch up")


@pytest.fixture(scope="session")
def bitcoin() -> Iterator[BitcoinChain]:
    need("bcoin")
    with nodes.bcoin() as node:
        yield BitcoinChain(node)


@pytest.fixture(scope="session")
def litecoin() -> Iterator[Litecoin]:
    need("litecoind", "electrumx")
    with nodes.litecoind() as node:
        nodes.bitcoin_rpc(node.port, "generatetoaddress", 101, nodes.bitcoin_rpc(node.port, "getnewaddress"))
        with nodes.electrumx(node.port) as one, nodes.electrumx(node.port) as other:
            yield Litecoin(node.port, (one.port, other.port))


@pytest.fixture
def evm() -> Iterator[tuple[EvmChain, EvmChain]]:
    """Two nodes with the same blocks, new for each test: one that writes to one of them parts them."""
    need("anvil", "multicall")
    with ExitStack() as stack:
        yield EvmChain(stack.enter_context(nodes.anvil())), EvmChain(stack.enter_context(nodes.anvil()))
