"""Listed rows as questions to a chain: which chain, which asset, which script or account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reserves_gui.amounts import EXACT, is_plain, parse_plain, total
from reserves_gui.chain.chains import Chain, Kind, chain_named, tokens
from reserves_gui.chain.port import Account, Asset
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.wallets import bitcoin_address, kinds
from reserves_gui.wallets.address_book import book_key
from reserves_gui.wallets.chains import chain_of
from reserves_gui.wallets.row import NamedOutput, WalletRow

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


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated amount in coin units. ``rounded``: the decimals it was rounded to, None for an exact one."""

    amount: Decimal
    rounded: int | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """A figure for all addresses of one line of the list ``name`` together."""

    name: str
    line: int
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of a list. ``amount`` in coin units, None if none is stated; ``height`` None if none is stated.

    ``rounded``: the decimals that the list rounds this asset to, None where its figures are exact. ``together``: what
    its line states for all of its addresses, in place of an amount of its own. ``outputs``: the single outputs that a
    proof of funds names for it; ``block``: the hash it gives for the block at ``height``.
    """

    line: int
    coin: str
    asset: str
    chain: str
    address: str
    amount: Decimal | None
    height: int | None = None
    rounded: int | None = None
    together: Together | None = None
    outputs: tuple[NamedOutput, ...] = ()
    block: str = ""

    @property
    def figure(self) -> Figure | None:
        """The row's own amount."""
        return None if self.amount is None else Figure(self.amount, self.rounded)


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


def listed_rows(rows: Iterable[WalletRow], name: str, progress: Progress) -> list[Listed]:
    """The rows of the list ``name`` with amounts and heights read; an amount that cannot be read is none."""
    found = []
    printed: dict[str, set[str]] = {}
    for number, row in enumerate(rows):
        if number % 256 == 0:
            progress.checkpoint()
        text = row.amount if row.has_amount else row.together
        readable = row.decimals is not None and is_plain(text) and not text.startswith("-")
        amount = EXACT.scaleb(parse_plain(text), -(row.decimals or 0)) if readable else None
        if readable and row.decimals == 0:
            printed.setdefault(row.asset, set()).add(f"{row.line if row.together else number} {text}")
        digits = row.height if row.height.isascii() and row.height.isdigit() and len(row.height) < 12 else ""
        found.append(
            Listed(
                line=row.line,
                coin=row.coin,
                asset=row.asset,
                chain=row.chain,
                address=row.address,
                amount=amount if row.has_amount else None,
                height=int(digits) if digits else None,
                together=None if row.has_amount or amount is None else Together(name, row.line, Figure(amount)),
                outputs=row.outputs,
                block=row.block,
            )
        )
    rounding = {asset: _rounded_to([text.partition(" ")[2] for text in texts]) for asset, texts in printed.items()}
    return [_with_rounding(row, rounding.get(row.asset)) for row in found]


def _rounded_to(texts: Sequence[str]) -> int | None:
    """The decimals a list rounds an asset to, None for exact figures.

    It rounds where it prints all figures but plain zeros with one number of decimals, and some of them end in a zero:
    exact figures are printed as long as they are.
    """
    decimals = [text.partition(".")[2] for text in texts if text != "0"]
    lengths = {len(one) for one in decimals}
    if len(decimals) < 2 or len(lengths) != 1 or 0 in lengths or not any(one.endswith("0") for one in decimals):
        return None
    return lengths.pop()


def _with_rounding(row: Listed, rounded: int | None) -> Listed:
    if rounded is None:
        return row
    together = row.together
    if together is not None:
        together = replace(together, figure=Figure(together.figure.amount, rounded))
    return replace(row, rounded=rounded, together=together)


def listed_total(rows: Iterable[Listed]) -> Decimal | None:
    """What rows state in sum: a repeated row counts once, and so does what a line states for all its addresses.

    None where nothing is stated.
    """
    kept = list(rows)
    figures = {(row.chain, book_key(row.address), row.outputs, row.amount) for row in kept if row.amount is not None}
    lines = {row.together for row in kept if row.together is not None}
    if not figures and not lines:
        return None
    return total([amount for *_, amount in figures] + [line.figure.amount for line in lines])


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
    script = next((one.script for one in listed.outputs if one.script is not None), None)
    if chain.kind is Kind.BITCOIN and script is not None and script.hex() == listed.address:
        # A proof of funds that shows the script itself.
        return Question(listed, chain, asset, Account(spelled(chain, script), script))
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
