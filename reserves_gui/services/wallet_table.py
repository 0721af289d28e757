"""The judged rows of wallet lists, kept compactly for a face: chosen by state, chain and text, written as CSV."""

import csv
import io
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from reserves_gui.amounts import is_plain, stripped
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, render, visible
from reserves_gui.progress import Progress, silent
from reserves_gui.services.reserve_sums import RowKey, row_key
from reserves_gui.services.writing import write_streamed
from reserves_gui.wallets.row import ListedRow, RowState

__all__ = ["STATES", "RowChoice", "RowState", "TableRow", "WalletTable", "write_rows"]

STATES = (
    RowState.FAILED,
    RowState.OWNER_UNLINKED,
    RowState.SIGNATURE_ONLY,
    RowState.UNSUPPORTED,
    RowState.VERIFIED,
)
"""Worst first: the order of the filters."""

_NUMBER_OF = {state: number for number, state in enumerate(STATES)}
_STEP = 4096
# A spreadsheet reads a cell that begins with one of these as a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row as it is shown. ``amount``: coin units, or the listed text where it cannot be read."""

    line: int
    file: str
    state: RowState
    chain: str
    coin: str
    address: str
    amount: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChoice:
    """Which rows: of these states (none: all), on this chain (empty: all), with this text in address or coin."""

    states: frozenset[RowState] = frozenset()
    chain: str = ""
    text: str = ""


class WalletTable:
    """Columns side by side. Rows are added by the thread that checks, and read once it is done.

    Signatures and signed texts are not kept, and what many rows share (chain, coin, reason) is kept once: 200,000 rows
    take about 40 MB.
    """

    def __init__(self) -> None:
        self._states = bytearray()
        self._lines = array("Q")
        self._files = array("H")
        self._chains = array("I")
        self._coins = array("I")
        self._assets = array("I")
        self._reasons = array("I")
        self._addresses: list[str] = []
        self._amounts: list[str] = []
        self._names: dict[str, int] = {}
        self._name_list: list[str] = []
        self._said: dict[Message, int] = {}
        self._said_list: list[Message] = []

    def add(self, listed: ListedRow) -> None:
        """Take one judged row; this is a ``RowSink``."""
        row = listed.row
        self._states.append(_NUMBER_OF[listed.state])
        self._lines.append(row.line)
        self._files.append(self._name(listed.file))
        self._chains.append(self._name(row.chain))
        self._coins.append(self._name(row.coin))
        self._assets.append(self._name(row.asset))
        self._reasons.append(self._reason(listed.reason))
        self._addresses.append(row.address)
        self._amounts.append(row.amount if listed.value is None else _plain(listed.value))

    def _name(self, text: str) -> int:
        known = self._names.get(text)
        if known is None:
            known = self._names[text] = len(self._name_list)
            self._name_list.append(text)
        return known

    def _reason(self, reason: Message) -> int:
        known = self._said.get(reason)
        if known is None:
            known = self._said[reason] = len(self._said_list)
            self._said_list.append(reason)
        return known

    def __len__(self) -> int:
        return len(self._states)

    def row(self, number: int) -> TableRow:
        """The row at ``number``, counted from 0 in the order of the lists."""
        return TableRow(
            line=self._lines[number],
            file=self._name_list[self._files[number]],
            state=STATES[self._states[number]],
            chain=self._name_list[self._chains[number]],
            coin=self._name_list[self._coins[number]],
            address=self._addresses[number],
            amount=self._amounts[number],
            reason=self._said_list[self._reasons[number]],
        )

    def counts(self) -> dict[RowState, int]:
        """Rows per state."""
        counted = Counter(self._states)
        return {state: counted[number] for number, state in enumerate(STATES)}

    def proven(self) -> frozenset[RowKey]:
        """The rows whose owner is proven, as sums of reserves know them."""
        names = self._name_list
        return frozenset(
            row_key(names[self._chains[number]], names[self._assets[number]], self._addresses[number])
            for number, state in enumerate(self._states)
            if STATES[state] is RowState.VERIFIED
        )

    def chains(self) -> tuple[str, ...]:
        """The chains of the rows, those with most rows first."""
        return tuple(self._name_list[number] for number, _ in Counter(self._chains).most_common())

    def chosen(self, choice: RowChoice, progress: Progress) -> "array[int]":
        """The numbers of the chosen rows, failed ones first, the rest in the order of the lists. May be cancelled."""
        wanted = {_NUMBER_OF[state] for state in choice.states} or set(range(len(STATES)))
        chain = self._names.get(choice.chain, -1) if choice.chain else None
        text = choice.text.strip().casefold()
        coins = {number for number, name in enumerate(self._name_list) if text and text in name.casefold()}
        failed, others = array("I"), array("I")
        for start in range(0, len(self), _STEP):
            progress.checkpoint()
            for number in range(start, min(start + _STEP, len(self))):
                state = self._states[number]
                if state not in wanted or (chain is not None and self._chains[number] != chain):
                    continue
                if text and self._coins[number] not in coins and text not in self._addresses[number].casefold():
                    continue
                (others if state else failed).append(number)
        return failed + others


def write_rows(
    table: WalletTable,
    numbers: Iterable[int],
    path: Path,
    *,
    language: str = DEFAULT_LANGUAGE,
    progress: Progress | None = None,
) -> None:
    """Write rows as CSV (UTF-8) that a spreadsheet cannot read as formulas. Raises ``usage`` and ``Cancelled``."""
    watched = silent() if progress is None else progress

    def fill(stream: BinaryIO) -> None:
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", newline="", write_through=True)
        written = csv.writer(text, lineterminator="\r\n")
        written.writerow(("file", "line", "state", "chain", "coin", "address", "amount", "reason"))
        for at, number in enumerate(numbers):
            if at % 256 == 0:
                watched.checkpoint()
            row = table.row(number)
            reason = render(row.reason, language)
            cells = (row.file, row.line, row.state.value, row.chain, row.coin, row.address, row.amount, reason)
            written.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
        text.detach()

    write_streamed(path, fill)


def harmless(cell: str) -> str:
    """A cell as a spreadsheet shows it as text: plain numbers unchanged, what it would run with an apostrophe."""
    shown = visible(cell)
    if is_plain(cell) or not cell.lstrip(" ").startswith(_FORMULA):
        return shown
    return f"'{shown}"


def _plain(value: Decimal) -> str:
    return stripped(value)
