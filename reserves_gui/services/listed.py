"""Listed rows as questions to a chain: which chain, which asset, which script or account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import EXACT, is_plain, parse_plain
from reserves_gui.chain.chains import Chain, Kind, chain_named, tokens
from reserves_gui.chain.port import Account, Asset
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.wallets import bitcoin_address, kinds
from reserves_gui.wallets.chains import chain_of
from reserves_gui.wallets.row import WalletRow

# The address kinds of a chain; a test chain's own spellings are read, too, for nodes of the user.
_BITCOIN_KINDS = {
    "bitcoin": ("btc", "btc-regtest", "btc-test"),
    "litecoin": ("ltc",),
    "dogecoin": ("doge",),
    "bitcoin-cash": ("bch",),
    "dash": ("dash",),
}
_SCRIPT_CHARS = 80
_PLAIN_KINDS = {Kind.EVM: "evm", Kind.TRON: "trx", Kind.SOLANA: "sol", Kind.XRP: "xrp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of a list. ``amount`` in coin units, None if none is stated; ``height`` None if none is stated."""

    line: int
    coin: str
    asset: str
    chain: str
    address: str
    amount: Decimal | None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a chain is asked about a row. Rows that spell one address differently share ``identity``."""

    listed: Listed
    chain: Chain
    asset: Asset
    account: Account

    @property
    def identity(self) -> tuple[str, str, bytes]:
        """Chain, asset and what the address decodes to."""
        return self.chain.name, self.asset.name, self.account.key or self.account.address.encode()


@dataclass(frozen=True, slots=True)
class NoQuestion:
    """A row that no chain can be asked about, with the reason. ``supported``: the chain is known, the row is not."""

    listed: Listed
    reason: Message
    supported: bool


def listed_rows(rows: Iterable[WalletRow], progress: Progress) -> list[Listed]:
    """The rows with their amounts and heights read; an amount that cannot be read is none."""
    found = []
    for number, row in enumerate(rows):
        if number % 256 == 0:
            progress.checkpoint()
        amount = None
        if row.has_amount and row.decimals is not None and is_plain(row.amount) and not row.amount.startswith("-"):
            amount = EXACT.scaleb(parse_plain(row.amount), -row.decimals)
        digits = row.height if row.height.isascii() and row.height.isdigit() and len(row.height) < 12 else ""
        found.append(
            Listed(
                line=row.line,
                coin=row.coin,
                asset=row.asset,
                chain=row.chain,
                address=row.address,
                amount=amount,
                height=int(digits) if digits else None,
            )
        )
    return found


def ask_of(listed: Listed, *, contracts: Mapping[tuple[str, str], str]) -> Question | NoQuestion:
    """The question behind a row. ``contracts`` adds token contracts to the shipped table: (chain, asset) -> address."""
    named = chain_of(listed.chain)
    chain = chain_named(listed.chain if named is None else named.name)
    if chain is None:
        return NoQuestion(listed, say("balances.chain_unsupported", chain=listed.chain[:40]), supported=False)
    asset = _asset(chain, listed.asset, contracts)
    if asset is None:
        message = say("balances.asset_unsupported", asset=listed.asset[:80], chain=chain.name)
        return NoQuestion(listed, message, supported=False)
    key = _key(chain, listed.address)
    if key is None:
        return NoQuestion(listed, say("chain.address_undecodable"), supported=True)
    address = listed.address.lower() if chain.kind is Kind.EVM else listed.address
    return Question(listed, chain, asset, Account(address, key))


def spelled(chain: Chain, script: bytes) -> str:
    """The address an output script pays to; a script of no standard form is shown itself, shortened."""
    program = bitcoin_address.from_script(script)
    if program is None:
        text = script.hex()
        return f"script:{text if len(text) <= _SCRIPT_CHARS else text[:_SCRIPT_CHARS] + '…'}"
    return bitcoin_address.encode(program, _BITCOIN_KINDS[chain.name][0])


def _asset(chain: Chain, name: str, contracts: Mapping[tuple[str, str], str]) -> Asset | None:
    upper = name.upper()
    if upper == chain.coin or upper in chain.other_coins:
        return Asset(name=chain.coin, decimals=chain.decimals)
    if chain.kind is Kind.EVM and kinds.decode("evm", name) is not None:
        return Asset(name=name.lower(), decimals=None, contract=name.lower())
    given = contracts.get((chain.name, upper))
    if given is not None:
        return Asset(name=upper, decimals=None, contract=given)
    token = tokens().get((chain.name, upper))
    if token is None:
        return None
    return Asset(name=upper, decimals=token.decimals, contract=token.contract, mapping=token.mapping, vyper=token.vyper)


def _key(chain: Chain, address: str) -> bytes | None:
    if chain.kind is Kind.BITCOIN:
        for kind in _BITCOIN_KINDS[chain.name]:
            program = bitcoin_address.decode(address, kind)
            if program is not None:
                return program.script
        return None
    return kinds.decode(_PLAIN_KINDS[chain.kind], address)
