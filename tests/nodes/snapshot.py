"""What one made-up owner held on three chains at a past height, the lists that say so, and whom to ask."""

import csv
import json
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.chain.ledger import Facade
from tests.chain.servers import Reply, Server, json_reply, serving
from tests.nodes import owner
from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.evm_chain import EvmChain
from tests.nodes.litecoin import Litecoin

AMOUNTS = {"BTC": "1.5", "LTC": "2.5", "ETH": "3"}
TOKENS = "7"
_PLAIN = ("chain", "asset", "address", "amount", "message", "signature")
_DATED = ("coin", "Network", "Snapshot Height", "address", "amount", "message", "signature1", "signature2")
_CHAINS = {"BTC": "bitcoin", "LTC": "litecoin", "ETH": "ethereum"}
_ADDRESSES = {"BTC": owner.BITCOIN, "LTC": owner.LITECOIN, "ETH": owner.ETHEREUM}


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """``heights`` by chain; ``servers``: two with the interface of Esplora; ``sources``: two a chain."""

    heights: Mapping[str, int]
    servers: tuple[Server, Server]
    sources: tuple[str, ...]
    litecoin: Litecoin

    def ready(self) -> None:
        """Wait until every source shows what its chain holds."""
        self.litecoin.wait_for_servers()

    def sources_with(self, server: Server) -> tuple[str, ...]:
        """The sources with ``server`` in place of the second one for Bitcoin."""
        return (self.sources[0], f"bitcoin=esplora+{server.url}", *self.sources[2:])

    def plain_list(self, folder: Path) -> Path:
        """A list of addresses with their chains, which names no height; a token stands in it, too."""
        signed = {
            "BTC": owner.bitcoin_signature("Bitcoin"),
            "LTC": owner.bitcoin_signature("Litecoin"),
            "ETH": owner.ethereum_signature(),
        }
        rows = [
            (_CHAINS[coin], coin, _ADDRESSES[coin], amount, owner.MESSAGE, signed[coin])
            for coin, amount in AMOUNTS.items()
        ]
        rows.append(("ethereum", "WBTC", owner.ETHEREUM, TOKENS, owner.MESSAGE, signed["ETH"]))
        return written(folder / "wallets.csv", _PLAIN, *rows)

    def dated_list(self, folder: Path) -> Path:
        """A list as an exchange publishes it: sums on top, every row with its height."""
        signed = {
            "BTC": owner.bitcoin_signature("Bitcoin"),
            "LTC": owner.bitcoin_signature("Litecoin"),
            "ETH": owner.exchange_signature(),
        }
        sums = [(coin, str(self.heights[_CHAINS[coin]]), amount) for coin, amount in AMOUNTS.items()]
        rows = [
            (coin, coin, height, _ADDRESSES[coin], amount, owner.MESSAGE, signed[coin], "", "")
            for coin, height, amount in sums
        ]
        header = (*_DATED, "redeem script/ public key")
        return written(folder / "dated.csv", ("coin", "snapshot height", "amount"), *sums, (), header, *rows)


def snapshot_of(
    bitcoin: BitcoinChain, litecoin: Litecoin, evm: tuple[EvmChain, EvmChain], stack: ExitStack
) -> Snapshot:
    """Pay the owner, note the heights, and pay some more: what comes later must not be counted."""
    bitcoin.pay(owner.BITCOIN, 150_000_000)
    litecoin.pay(owner.LITECOIN_TEST, "2.5")
    for chain in evm:
        chain.pay(owner.ETHEREUM, 3 * 10**18)
        chain.pay_tokens(owner.ETHEREUM, 7 * 10**8)
    heights = {"bitcoin": bitcoin.tip(), "litecoin": litecoin.height(), "ethereum": evm[0].height()}
    bitcoin.pay(owner.BITCOIN, 9_900)
    litecoin.pay(owner.LITECOIN_TEST, "1")
    for chain in evm:
        chain.pay(owner.ETHEREUM, 5)
        chain.pay_tokens(owner.ETHEREUM, 5)
    one = stack.enter_context(serving(Facade(bitcoin)))
    other = stack.enter_context(serving(Facade(bitcoin, summary=False)))
    sources = (
        f"bitcoin=esplora+{one.url}",
        f"bitcoin=esplora+{other.url}",
        *litecoin.electrum_sources,
        f"evm+http://127.0.0.1:{evm[0].port}",
        f"evm-proof+http://127.0.0.1:{evm[1].port}",
    )
    return Snapshot(heights=heights, servers=(one, other), sources=sources, litecoin=litecoin)


def written(path: Path, *rows: tuple[str, ...]) -> Path:
    """The rows as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def off_by_one(bitcoin: BitcoinChain) -> Callable[[str, str, bytes], Reply]:
    """The interface of Esplora by a server that adds one satoshi to every output an address was paid."""
    honest = Facade(bitcoin)

    def lying(method: str, path: str, body: bytes) -> Reply:
        reply = honest(method, path, body)
        if re.fullmatch(r"/addresses/txs/summary|/address/\w+/txs/summary", path.partition("?")[0]):
            return json_reply([{**one, "value": one["value"] + 1} for one in json.loads(reply.body)])
        if re.fullmatch(r"/address/\w+", path):
            told = json.loads(reply.body)
            told["chain_stats"]["funded_txo_sum"] += told["chain_stats"]["funded_txo_count"]
            return json_reply(told)
        return reply

    return lying
