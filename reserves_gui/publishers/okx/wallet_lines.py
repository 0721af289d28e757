"""The rows of OKX wallet lists, in every layout, with the rule each is checked by."""

from collections.abc import Callable, Iterator
from functools import cache

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import header_names, read_csv, read_lines
from reserves_gui.messages import say
from reserves_gui.publishers.okx.wallet_coins import EVM_RULE, Coin, coin, coins
from reserves_gui.publishers.okx.wallets import NEEDED, SUMMARY, is_audit
from reserves_gui.publishers.port import Given
from reserves_gui.wallets.items import Figure, Item, Scope
from reserves_gui.wallets.row import Rule, WalletRow
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.plain import NoRule, Noted, OwnerAccounts, Refused
from reserves_gui.wallets.tally import Policy

_EMPTY = {"", "null", "\\N"}
_KEY_COLUMN = "redeem script"
_STAKING = {"native eth staking", "eigenlayer staking"}
_EIGENLAYER = "eigenlayer staking"
_NOT_STAKING = {"", "non staking"}
_NAMES = ("okx", "okex", "okcoin")
_IGNORED_OWNER = say("wallets.note.second_owner")
_SHORT_ROW = say("wallets.short_row")
_LONG_ROW = say("wallets.long_row")
_UNKNOWN_TYPE = NoRule(say("wallets.unknown_type"))


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The items of a list in any of the layouts."""
    if is_audit(document):
        return _read_audit(document), Policy(
            has_amounts=False,
            names=_NAMES,
            text_names=("OKX", "OKC"),
            skipped=_skipped(),
            several_lists=given.several_lists,
        )
    return _read_list(document), Policy(
        each_coin=True, names=_NAMES, text_names=("OKX", "OKC"), skipped=_skipped(), several_lists=given.several_lists
    )


@cache
def _skipped() -> frozenset[str]:
    return frozenset(name for name, one in coins().items() if one.skipped)


def split_cells(line: str) -> list[str]:
    """The cells of a line: commas inside ``[ ]`` and ``{ }`` do not separate; blanks around a cell go."""
    if "[" not in line and "{" not in line:
        return [cell.strip() for cell in line.split(",")]
    cells: list[str] = []
    depth = start = 0
    for place, letter in enumerate(line):
        if letter in "[{":
            depth += 1
        elif letter in "]}":
            depth = max(0, depth - 1)
        elif letter == "," and not depth:
            cells.append(line[start:place].strip())
            start = place + 1
    return [*cells, line[start:].strip()]


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    with document.open() as stream:
        for number, raw in read_lines(stream, limits.WALLET_LINE_BYTES):
            where = f"{document.name}: line {number}"
            if len(raw) > limits.WALLET_LINE_BYTES:
                raise ReservesError(
                    ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.WALLET_LINE_BYTES), where
                )
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                message = say("error.encoding", offset=error.start)
                raise ReservesError(ErrorCode.INPUT_ENCODING, message, where) from None
            if "\x00" in text:
                raise ReservesError(ErrorCode.INPUT_ENCODING, say("error.nul"), where)
            yield number, text


def _read_list(document: Document) -> Iterator[Item]:
    row_of: Callable[[int, list[str]], WalletRow] | None = None
    for number, line in _lines(document):
        cells = split_cells(line)
        if not any(cells):
            continue
        if row_of is not None:
            yield row_of(number, cells)
            continue
        names = [cell.lower() for cell in cells]
        if {"coin", "address"} <= set(names):
            row_of = _Layout(names, f"{document.name}: line {number}").row
        elif names[:3] != SUMMARY:
            yield _figure(number, cells)


def _figure(number: int, cells: list[str]) -> Figure:
    name, height, amount = (_cell(cells, index) for index in range(3))
    upper = name.upper()
    if upper.endswith("(ALL)"):
        return Figure(number, Scope.ASSET, upper.removesuffix("(ALL)").strip(), amount)
    return Figure(number, Scope.COIN, upper, amount, height)


def _cell(cells: list[str], index: int | None) -> str:
    if index is None or index >= len(cells):
        return ""
    return "" if cells[index] in _EMPTY else cells[index]


class _Layout:
    """Where the columns of the second block are, by header name."""

    def __init__(self, names: list[str], where: str) -> None:
        shown = [_KEY_COLUMN if name.startswith(_KEY_COLUMN) else name for name in names]
        place = {name: index for index, name in enumerate(header_names(shown, where)) if name}
        missing = sorted(NEEDED - place.keys())
        if missing:
            raise ReservesError(ErrorCode.CSV_HEADER, say("error.csv_column", name=missing[0]), where)
        self._place = place
        self._least = place.get(_KEY_COLUMN, place["signature1"]) + 1
        self._most = len(names)
        # The oldest layout has neither network nor height and states base units.
        self._base_units = "network" not in place and "snapshot height" not in place
        self._coins: dict[str, tuple[Coin, int | None]] = {}

    def row(self, number: int, cells: list[str]) -> WalletRow:
        place = self._place
        name = _cell(cells, place["coin"])
        known = self._coins.get(name)
        if known is None:
            one = coin(name)
            known = self._coins[name] = (one, one.decimals if self._base_units else 0)
        one, decimals = known
        owner1, owner2 = _cell(cells, place.get("eoa1")), _cell(cells, place.get("eoa2"))
        staking = _cell(cells, place.get("type")).lower()
        contract = ""
        if staking == _EIGENLAYER:
            # The second owner is a contract, which signs nothing.
            owner2, contract = "", owner2
        message = _cell(cells, place["message"])
        rule = self._rule(one, cells, staking, owner1, owner2)
        if not message and not isinstance(rule, NoRule):
            rule = Refused(rule, outcomes.MESSAGE_MISSING)
        return WalletRow(
            line=number,
            coin=name,
            asset=one.asset,
            chain=one.chain,
            address=_cell(cells, place["address"]),
            rule=rule,
            network=_cell(cells, place.get("network")),
            amount=_cell(cells, place["amount"]),
            decimals=decimals,
            height=_cell(cells, place.get("snapshot height")) or ("" if self._base_units else "-"),
            message=message,
            signature=_cell(cells, place["signature1"]),
            signature2=_cell(cells, place.get("signature2")),
            key=_cell(cells, place.get(_KEY_COLUMN)),
            owners=(owner1, owner2 if owner1 else ""),
            contract=contract,
        )

    def _rule(self, one: Coin, cells: list[str], staking: str, owner1: str, owner2: str) -> Rule:
        if len(cells) < self._least:
            return Refused(one.rule, _SHORT_ROW)
        if len(cells) > self._most and any(cells[self._most :]):
            return Refused(one.rule, _LONG_ROW)
        if staking in _STAKING:
            return _owner_rule(EVM_RULE, "validator") if owner1 else one.rule
        if staking not in _NOT_STAKING:
            return _UNKNOWN_TYPE
        return _with_owners(one, owner1, owner2)


def _with_owners(one: Coin, owner1: str, owner2: str) -> Rule:
    if owner1 and not isinstance(one.rule, NoRule):
        return _owner_rule(one.rule, one.kind, confirmed=one.confirmed)
    return Noted(one.rule, _IGNORED_OWNER) if owner2 and not owner1 else one.rule


def _owner_rule(inner: Rule, kind: str, *, confirmed: bool = True) -> Rule:
    return OwnerAccounts(inner, kind, confirmed)


def _read_audit(document: Document) -> Iterator[Item]:
    records = read_csv(document)
    _, header = next(records)
    names = header_names([cell.lower() for cell in header], f"{document.name}: line 1")
    place = {name: index for index, name in enumerate(names) if name}
    for number, record in records:
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        network = _cell(cells, place["network"])
        one = coin(network)
        owner1, owner2 = _cell(cells, place.get("owner1")), _cell(cells, place.get("owner2"))
        message = _cell(cells, place["message"])
        rule = _with_owners(one, owner1, owner2)
        if len(cells) <= place["publickey"]:
            rule = Refused(rule, _SHORT_ROW)
        elif len(cells) > len(names) and any(cells[len(names) :]):
            rule = Refused(rule, _LONG_ROW)
        elif not message and not isinstance(rule, NoRule):
            rule = Refused(rule, outcomes.MESSAGE_MISSING)
        asset = _cell(cells, place["digitalasset"])
        yield WalletRow(
            line=number,
            coin=asset,
            asset=asset.upper(),
            chain=one.chain,
            address=_cell(cells, place["address"]),
            rule=rule,
            network=network,
            message=message,
            signature=_cell(cells, place["signedmessage"]),
            signature2=_cell(cells, place.get("signedmessage2")),
            key=_cell(cells, place["publickey"]),
            owners=(owner1, owner2 if owner1 else ""),
            has_amount=False,
        )
