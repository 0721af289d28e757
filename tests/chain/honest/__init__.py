"""What an honest server of every kind says about a few made-up addresses, and the questions that fit it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from reserves_gui.chain.chains import chains
from reserves_gui.chain.port import Account, Asset
from reserves_gui.wallets import bitcoin_address, kinds
from tests.chain.faults import Answering
from tests.chain.honest import bitcoin, evm, ledgers
from tests.chain.ledger import Facade

# The time (seconds UTC) of every newest block; the clocks of the tests stand there.
NOW = 1_668_500_000
TOP, LOWER = 20, 15


@dataclass(frozen=True, kw_only=True)
class Honest:
    """One kind of source: how it is named, what answers, and what two addresses hold at ``TOP`` (coins, as listed).

    ``make`` takes ``top`` (a server that knows no block above it), ``tip_time`` and, but for Solana, which names no
    hashes, ``fork`` (other blocks with the same content).
    """

    scheme: str
    chain: str
    coin: str
    make: Callable[..., Answering]
    held: Mapping[str, str]
    port: str = ""
    user: str = ""
    token: Asset | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(self.held)

    @property
    def lines(self) -> bool:
        """Whether it is spoken with in lines and not over HTTP."""
        return self.scheme == "tcp"

    @property
    def assets(self) -> tuple[Asset, ...]:
        coin = Asset(name=self.coin, decimals=None)
        return (coin,) if self.token is None else (coin, self.token)

    def account(self, address: str) -> Account:
        if chains()[self.chain].kind.value == "bitcoin":
            program = bitcoin_address.decode(address, "btc")
            assert program is not None
            return Account(address, program.script)
        alphabet = {"ethereum": "evm", "tron": "trx", "solana": "sol", "xrp": "xrp"}[self.chain]
        return Account(address, kinds.decode(alphabet, address))

    def source(self, authority: str) -> str:
        """The source text of a server of this kind at ``authority``."""
        return f"{self.scheme}://{self.user}{authority}{'' if ':' in authority else self.port}"


def _over_chain(make: Callable[..., Answering], scheme: str, **names: str) -> Honest:
    return Honest(
        scheme=scheme,
        chain="bitcoin",
        coin="BTC",
        make=lambda **how: make(bitcoin.small_chain(**{"tip_time": NOW, **how})),
        held={bitcoin.ALICE: "0.000004", bitcoin.BOB: "0.00000007"},
        **names,
    )


def _token(contract: str) -> Asset:
    return Asset(name="TOKEN", decimals=None, contract=contract, mapping=0)


def _evm(scheme: str) -> Honest:
    return Honest(
        scheme=scheme,
        chain="ethereum",
        coin="ETH",
        make=partial(evm.evm, tip_time=NOW),
        held={evm.OWNER: "1", evm.OTHER: "0.25"},
        token=_token(evm.TOKEN),
    )


HONEST: Mapping[str, Honest] = {
    "esplora": _over_chain(Facade, "esplora+http"),
    "esplora-pages": _over_chain(lambda chain: Facade(chain, summary=False), "esplora+http"),
    "electrum": _over_chain(bitcoin.electrum, "tcp", port=":50001"),
    "bitcoind": _over_chain(bitcoin.bitcoind, "bitcoind+http", user="u:p@"),
    "evm": _evm("evm+http"),
    "evm-proof": _evm("evm-proof+http"),
    "tron": Honest(
        scheme="tron+http",
        chain="tron",
        coin="TRX",
        make=partial(ledgers.tron, tip_time=NOW),
        held=dict(zip(ledgers.TRON, ("0.005", "0.001"), strict=True)),
        token=_token(ledgers.TRON_TOKEN),
    ),
    "solana": Honest(
        scheme="solana+http",
        chain="solana",
        coin="SOL",
        make=partial(ledgers.solana, tip_time=NOW),
        held=dict(zip(ledgers.SOLANA, ("0.00000009", "0.000000005"), strict=True)),
        token=_token(ledgers.SOLANA_TOKEN),
    ),
    "xrp": Honest(
        scheme="xrp+http",
        chain="xrp",
        coin="XRP",
        make=partial(ledgers.xrp, tip_time=NOW),
        held=dict(zip(ledgers.XRP, ("0.000123", "0.000077"), strict=True)),
    ),
}
