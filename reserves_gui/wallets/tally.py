"""What a list amounts to, row by row: states, sums, duplicates, labels, texts. Memory: one small entry an address."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reserves_gui import amounts
from reserves_gui.messages import Message, arguments_data, render, say
from reserves_gui.verdict import Check, Snapshot
from reserves_gui.wallets import address_book
from reserves_gui.wallets.dated import Texts
from reserves_gui.wallets.items import Figure, Item, ListedAmount
from reserves_gui.wallets.row import Judged, ListedRow, RowSink, RowState, WalletRow
from reserves_gui.wallets.sums import CoinSum, is_amount, note_height, read_amount

FAILURES_LISTED = 10_000
_EXAMPLES = 20
_DUST = Decimal("0.0001")
OWNERS_SIGNED = "wallets.owners_signed"
# A hash-table key nobody can aim at: 96 bits under a key of this run.
_KEY_BYTES = 12


class Duplicates(StrEnum):
    """What a repeated address does to its row."""

    FAIL = "fail"
    MERGE = "merge"


@dataclass(slots=True)
class Seen:
    """Addresses and signatures that went by, over all lists of a run. Values pack (list number, line)."""

    secret: bytes = field(default_factory=lambda: os.urandom(16))
    files: list[str] = field(default_factory=list)
    in_list: dict[bytes, int] = field(default_factory=dict)
    over_lists: dict[bytes, int] = field(default_factory=dict)
    signatures: dict[bytes, int] = field(default_factory=dict)

    def key(self, *parts: bytes) -> bytes:
        """A short key of several parts."""
        state = hashlib.blake2b(digest_size=_KEY_BYTES, key=self.secret)
        for part in parts:
            state.update(len(part).to_bytes(4, "big") + part)
        return state.digest()

    def next_list(self, name: str) -> int:
        """Begin a list; its number."""
        self.files.append(name)
        self.in_list = {}
        return len(self.files) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a format wants its rows counted. ``names``: the exchange's names, lower case, empty for generic lists.

    ``skipped``: coins that the exchange's own tool does not look at. ``has_amounts``: rows state amounts.
    """

    duplicates: Duplicates = Duplicates.FAIL
    each_coin: bool = False
    has_amounts: bool = True
    names: tuple[str, ...] = ()
    text_names: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()
    several_lists: bool = False


class Tally:
    """Counts one list. Rows are added in file order."""

    def __init__(self, file: str, policy: Policy, seen: Seen, sink: RowSink | None) -> None:
        self.states: Counter[RowState] = Counter()
        self.failures: list[dict[str, object]] = []
        self.first_failure: Message | None = None
        self.first_unlinked: Message | None = None
        self.unlinked: list[dict[str, object]] = []
        self.sums: dict[str, CoinSum] = {}
        self.assets: dict[str, dict[str, Decimal]] = {}
        self.figures: list[Figure] = []
        self.checks: list[Check] = []
        self.remarks: list[Message] = []
        self.snapshot = Snapshot()
        self.texts = Texts(policy.text_names)
        self.repeated = 0
        self.repeated_examples: list[tuple[int, int]] = []
        self.shared: list[dict[str, str | int]] = []
        self.shared_count = 0
        self.elsewhere: list[dict[str, str | int]] = []
        self.elsewhere_count = 0
        self.counts: Counter[str] = Counter()
        self.notes: dict[str, tuple[Message, int]] = {}
        self._file = file
        self._policy = policy
        self._seen = seen
        self._number = seen.next_list(file)
        self._sink = sink

    @property
    def rows(self) -> int:
        """Address rows so far."""
        return sum(self.states.values())

    def item(self, item: Item) -> None:
        """What a reader yields besides rows."""
        match item:
            case Figure():
                self.figures.append(item)
            case Check():
                self.checks.append(item)
            case Snapshot():
                self.snapshot = item
            case Message():
                self.remarks.append(item)
            case ListedAmount():
                self._amount(item)

    def _amount(self, item: ListedAmount) -> None:
        one = self._sum_of(item.coin, item.asset)
        one.rows += 1
        if not item.addresses:
            self.counts["no_address"] += 1
        if not item.amount:
            one.blank += 1
        elif not is_amount(item.amount):
            one.unread += 1
            self.counts["unread_amounts"] += 1
        else:
            value = Decimal(item.amount)
            one.total = amounts.add(one.total, value)
            one.kept = amounts.add(one.kept, value)
            if item.addresses:
                self._add_asset(item.asset or item.coin, None, value)

    def row(self, row: WalletRow, judged: Judged) -> None:
        """One judged address row."""
        state, reason, notes = judged.state, judged.reason, judged.notes
        value, unread = self._read(row)
        if unread and state is not RowState.FAILED:
            state, reason = RowState.FAILED, say("wallets.amount", text=row.amount[:40])
        first = self._first_line(row, judged.normal)
        if first:
            self.repeated += 1
            if len(self.repeated_examples) < _EXAMPLES:
                self.repeated_examples.append((row.line, first))
            if self._policy.duplicates is Duplicates.FAIL and state is not RowState.FAILED:
                state, reason = RowState.FAILED, say("wallets.duplicate", line=first)
        if row.has_amount:
            self._count(row, state, value, unread=unread, repeated=bool(first))
        self._label(row)
        if row.signature:
            self.texts.add(row.message)
            self._signature(row)
        for note in notes:
            known = self.notes.get(note.key)
            self.notes[note.key] = (note, 1 if known is None else known[1] + 1)
        if row.coin.upper() in self._policy.skipped:
            self.counts["skipped"] += 1
        self.states[state] += 1
        if state is RowState.FAILED:
            self.first_failure = self.first_failure or reason
            self._tell(self.failures, row, reason)
        elif state is RowState.OWNER_UNLINKED:
            if reason.key != OWNERS_SIGNED:
                self.first_unlinked = self.first_unlinked or reason
            self._tell(self.unlinked, row, reason)
        elif judged.linked:
            self.counts["owner_linked"] += 1
        if self._sink is not None:
            self._sink(ListedRow(row, state, reason, notes, value, self._file))

    def _read(self, row: WalletRow) -> tuple[Decimal | None, bool]:
        if not row.has_amount or not row.amount:
            return None, False
        value = read_amount(row.amount, row.decimals)
        return value, value is None and not is_amount(row.amount)

    def _count(self, row: WalletRow, state: RowState, value: Decimal | None, *, unread: bool, repeated: bool) -> None:
        one = self._sum_of(row.coin, row.asset)
        one.rows += 1
        if row.height:
            note_height(one, row.height)
        if unread:
            one.unread += 1
        if value is None:
            one.blank += not unread
            return
        one.total = amounts.add(one.total, value)
        if state is not RowState.FAILED and not repeated:
            one.kept = amounts.add(one.kept, value)
        if value == 0:
            self.counts["zero"] += 1
        elif value < _DUST:
            self.counts["dust"] += 1
        self._add_asset(row.asset or row.coin, None if repeated and state is not RowState.FAILED else state, value)

    def _add_asset(self, asset: str, state: RowState | None, value: Decimal) -> None:
        table = self.assets.setdefault(asset.upper(), {})
        for name in ("listed",) if state is None else ("listed", state.value):
            table[name] = amounts.add(table.get(name, amounts.ZERO), value)

    def _sum_of(self, coin: str, asset: str) -> CoinSum:
        name = coin.upper()
        one = self.sums.get(name)
        if one is None:
            one = self.sums[name] = CoinSum((asset or coin).upper())
        return one

    def _first_line(self, row: WalletRow, normal: bytes) -> int:
        """The line on which this address stood before in this list, 0 if it did not."""
        address = b"\x01" + normal if normal else b"\x02" + row.address.encode("utf-8", "surrogatepass")
        if not row.address:
            return 0
        key = self._seen.key(row.coin.upper().encode(), row.network.upper().encode(), address)
        if self._policy.several_lists:
            self._over_lists(row, address)
        first = self._seen.in_list.get(key, 0)
        if not first:
            self._seen.in_list[key] = row.line
        return first

    def _over_lists(self, row: WalletRow, address: bytes) -> None:
        key = self._seen.key(row.chain.encode(), (row.asset or row.coin).upper().encode(), address)
        place = self._number << 40 | row.line
        first = self._seen.over_lists.setdefault(key, place)
        if first >> 40 != self._number:
            self.elsewhere_count += 1
            if len(self.elsewhere) < _EXAMPLES:
                other = self._seen.files[first >> 40]
                line = first & (1 << 40) - 1
                self.elsewhere.append({"line": row.line, "address": row.address, "file": other, "file_line": line})

    def _signature(self, row: WalletRow) -> None:
        key = self._seen.key(row.signature.encode("utf-8", "surrogatepass"))
        place = self._number << 40 | row.line
        first = self._seen.signatures.setdefault(key, place)
        if first == place:
            return
        self.counts["signature_again" if first >> 40 == self._number else "signature_elsewhere"] += 1

    def _label(self, row: WalletRow) -> None:
        others = address_book.others(row.address, self._policy.names)
        if others:
            self.shared_count += 1
            if len(self.shared) < _EXAMPLES:
                self.shared.append({"line": row.line, "address": row.address, "names": ", ".join(others)})

    def _tell(self, told: list[dict[str, object]], row: WalletRow, reason: Message) -> None:
        if len(told) < FAILURES_LISTED:
            entry: dict[str, object] = {
                "line": row.line,
                "coin": row.coin,
                "address": row.address,
                "reason": render(reason),
                "key": reason.key,
                "args": arguments_data(reason),
            }
            if self._policy.several_lists:
                entry["file"] = self._file
            told.append(entry)


def asset_texts(assets: Mapping[str, Mapping[str, Decimal]]) -> dict[str, dict[str, str]]:
    """Totals per asset as plain texts, for JSON and the window."""
    return {asset: {name: amounts.stripped(value) for name, value in table.items()} for asset, table in assets.items()}
