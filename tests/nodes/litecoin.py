"""Litecoin Core with two Electrum servers on it, mined and paid from here."""

import time
from dataclasses import dataclass

import pytest

from tests.nodes.starting import nodes


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
