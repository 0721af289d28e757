"""Binance's address list as its public endpoint returns it: networks and addresses, nothing signed, no amounts.

Source of the layout: DefiLlama/DefiLlama-Adapters projects/binance/index.js@1eb4e81.
"""

from collections.abc import Iterator

from reserves_gui import limits
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.publishers.port import Given, ListTraits, Match, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.wallets.chains import chain_of
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.row import Rule, WalletRow, failed
from reserves_gui.wallets.rules.plain import NoRule, Settled, Unsigned
from reserves_gui.wallets.tally import Duplicates, Policy

# The networks this list is known to name; every other one is unsupported.
_NETWORKS = {
    "BTC", "LTC", "DOGE", "ETH", "BEP20", "BSC", "ARB", "ARBITRUM", "OP", "OPTIMISM", "MATIC", "AVAX",
    "AVAXC", "BASE", "ERA", "ZKSYNCERA", "OPBNB", "SCROLL", "SONIC", "RON", "CELO", "CHZ2", "FTM", "MANTA",
    "PLASMA", "TRX", "TRON", "XRP", "SOL", "DOT", "ALGO", "APT", "SUI", "TON", "STK", "STARKNET", "NEAR",
    "XLM", "HBAR",
}  # fmt: skip
_UNKNOWN_CHAIN = NoRule(say("wallets.unknown_chain"))
_INCOMPLETE = Settled(failed(say("wallets.incomplete")))


def recognise(document: Document) -> Match | None:
    """An object whose ``data`` is a list of objects with a network."""
    if not document.looks_like_json or b'"data"' not in document.head or b'"network"' not in document.head:
        return None
    if document.size > limits.JSON_USER_BYTES:
        return Match(ROLE, 2) if b'"address"' in document.head else None
    if "data" not in document.json_keys():
        return None
    entries = document.shape()["data"]
    if not entries.is_list or not isinstance(entries.value, list) or not entries.value:
        return None
    first = entries.value[0]
    return Match(ROLE, 2) if isinstance(first, dict) and "network" in first else None


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The entries; lines are their 1-based indexes, and a repeated address is merged."""
    policy = Policy(
        duplicates=Duplicates.MERGE, has_amounts=False, names=("binance",), several_lists=given.several_lists
    )
    return _items(document), policy


def _items(document: Document) -> Iterator[Item]:
    entries = document.shape(limits.WALLET_JSON_BYTES)["data"].entries()
    for number, entry in enumerate(entries, 1):
        stated = entry.get("network")
        network = "" if stated is None else stated.text(longest=200)
        found = entry.get("address")
        address = "" if found is None else found.text(longest=limits.MIB)
        upper = network.upper()
        chain = chain_of(network) if upper in _NETWORKS else None
        rule: Rule = _UNKNOWN_CHAIN if chain is None else Unsigned(chain.kind)
        yield WalletRow(
            line=number,
            coin=network,
            asset="",
            chain=network.lower() if chain is None else chain.name,
            address=address.strip(),
            rule=rule if address.strip() and network else _INCOMPLETE,
            network=network,
            has_amount=False,
        )


FORMATS = (
    list_format(
        id="binance-wallets",
        exchange="Binance",
        since="2022-11-25",
        traits=ListTraits(signed=Signed.NO, dated=Signed.NO, amounts=False, height=False),
        recognise=recognise,
        read=read,
    ),
)
