"""Where each kind of server says an amount, who it is and where its chain stands: the places at which it may lie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.chain.faults import HERE, Fault
from tests.chain.honest import HONEST
from tests.chain.liars.kit import put, result

Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Place:
    """A value in the answers of one kind: ``label`` of the request, path in the (JSON-RPC: result's) answer."""

    label: str
    path: tuple[str | int, ...]
    rpc: bool = True

    def fault(self, value: Any = None, *, by: Change | None = None, times: int = -1) -> Fault:
        change = put(*self.path, value=value, by=by)
        return Fault(self.label, times=times, change=result(change) if self.rpc else change)

    @property
    def whole(self) -> tuple[str | int, ...]:
        """The path from the top of the answer."""
        return ("result", *self.path) if self.rpc else self.path

    def spelled(self, literal: str) -> Fault:
        """The value is written so."""
        return replace(self.fault(HERE), spell=literal.encode())

    def doubled(self, literal: str) -> Fault:
        """The key stands twice, with the same value."""
        return self.spelled(f'{literal}, "{self.whole[-1]}": {literal}')

    def without(self) -> Fault:
        """The key is left out."""
        last = self.whole[-1]

        def dropped(answer: Any) -> Any:
            return {name: value for name, value in answer.items() if name != last}

        change = put(*self.whole[:-1], by=dropped)
        return Fault(
            self.label,
            change=lambda answer: [change(one) for one in answer] if isinstance(answer, list) else change(answer),
        )


# Of each kind: where the present balance stands, and what makes it one smallest unit more or less.
AMOUNT: Mapping[str, Place] = {
    "esplora": Place(r"^/address/\w+$", ("chain_stats", "funded_txo_sum"), rpc=False),
    "esplora-pages": Place(r"^/address/\w+$", ("chain_stats", "funded_txo_sum"), rpc=False),
    "electrum": Place("get_balance", ("confirmed",)),
    "bitcoind": Place("scantxoutset", ("total_amount",)),
    "evm": Place("eth_getBalance", ()),
    "evm-proof": Place("eth_getProof", ("balance",)),
    "tron": Place("getaccountbalance", ("balance",), rpc=False),
    "solana": Place("getBalance", ("value",)),
    "xrp": Place("account_info", ("account_data", "Balance")),
}
TOKEN: Mapping[str, Place] = {
    "evm": Place("eth_call", ()),
    "tron": Place("triggerconstantcontract", ("constant_result", 0), rpc=False),
    "solana": Place(
        "getTokenAccountsByOwner", ("value", 0, "account", "data", "parsed", "info", "tokenAmount", "amount")
    ),
}
TOKEN_NAME = {"evm": "WBTC", "tron": "USDT", "solana": "USDT"}


def _word(text: str, off: int) -> str:
    """A 32-byte word with its last digits changed."""
    return f"{text[:-64]}{int(text[-64:], 16) + off:064x}"


def _moved(kind: str, off: int) -> Change:
    """An amount, as the kind writes it, ``off`` smallest units away."""
    if kind == "bitcoind":
        return lambda coins: (round(coins * 10**8) + off) / 10**8
    if kind.startswith("evm"):
        return lambda text: hex(int(text, 16) + off)
    if kind == "xrp":
        return lambda text: str(int(text) + off)
    return lambda number: number + off


def one_off(kind: str, off: int) -> Fault:
    """The balance of (at least) one address is ``off`` smallest units away from the truth."""
    if kind != "bitcoind":
        return AMOUNT[kind].fault(by=_moved(kind, off))

    def both(scan: Any) -> Any:
        changed = put("unspents", 0, "amount", by=_moved(kind, off))(scan)
        return put("total_amount", by=_moved(kind, off))(changed)

    return Fault("scantxoutset", change=result(both))


def token_off(kind: str, off: int) -> Fault:
    """The same for a token; what the contract says of its decimals is left as it is."""
    if kind == "solana":
        return TOKEN[kind].fault(by=lambda text: str(int(text) + off))
    told = 8 if kind == "evm" else 6

    def moved(text: str) -> str:
        return text if int(text[-64:], 16) in (0, told) else _word(text, off)

    return TOKEN[kind].fault(by=moved)


# Of each kind that names its blocks: where the hash of the newest one stands.
IDENTITY: Mapping[str, Fault] = {
    "esplora": Fault("^/block-height/0$", body=b"ee" * 32),
    "electrum": Place("server.features", ("genesis_hash",)).fault("ee" * 32),
    "bitcoind": Fault("getblockhash", change=result(lambda told: "ee" * 32), times=1),
    "evm": Place("eth_chainId", ()).fault("0xdead"),
    "evm-proof": Place("eth_chainId", ()).fault("0xdead"),
    "tron": Place("getblockbynum", ("blockID",), rpc=False).fault("00" * 8 + "ee" * 24, times=1),
    "solana": Place("getGenesisHash", ()).fault("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
    "xrp": Fault("server_info", change=put("result", "info", "network_id", value=1)),
}
HTTP = [kind for kind, honest in HONEST.items() if not honest.lines]
