"""Nodes that really run, started once for all tests of this folder."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.evm_chain import EvmChain
from tests.nodes.litecoin import Litecoin
from tests.nodes.snapshot import Snapshot, snapshot_of
from tests.nodes.starting import need, nodes


@pytest.fixture(scope="session")
def bitcoin() -> Iterator[BitcoinChain]:
    need("bcoin")
    with nodes.bcoin() as node:
        chain = BitcoinChain(node)
        chain.mine(101)
        yield chain


@pytest.fixture(scope="session")
def litecoin() -> Iterator[Litecoin]:
    need("litecoind", "electrumx")
    with nodes.litecoind() as node:
        nodes.bitcoin_rpc(node.port, "generatetoaddress", 101, nodes.bitcoin_rpc(node.port, "getnewaddress"))
        with nodes.electrumx(node.port) as one, nodes.electrumx(node.port) as other:
            yield Litecoin(node.port, (one.port, other.port))


@contextmanager
def _two_evm() -> Iterator[tuple[EvmChain, EvmChain]]:
    need("anvil", "multicall")
    with nodes.anvil() as one, nodes.anvil() as other:
        yield EvmChain(one), EvmChain(other)


@pytest.fixture
def evm() -> Iterator[tuple[EvmChain, EvmChain]]:
    """Two nodes with the same blocks, new for each test: one that writes to one of them parts them."""
    with _two_evm() as both:
        yield both


@pytest.fixture(scope="session")
def snapshot(bitcoin: BitcoinChain, litecoin: Litecoin) -> Iterator[Snapshot]:
    """One owner's holdings on three chains; the two EVM nodes behind it are written to by nobody else."""
    with _two_evm() as both, ExitStack() as stack:
        yield snapshot_of(bitcoin, litecoin, both, stack)
