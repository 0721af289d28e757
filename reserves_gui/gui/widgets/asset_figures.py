"""Per asset: what is listed, what is owed, what was seen at the snapshot and now. Figures that differ stand both."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.card import TitledCard, head_label
from reserves_gui.gui.widgets.text import Elided, Rule, Value, label
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.two_looks import AssetLook, SeenAmounts

_LISTED = 60


class AssetFigures(TitledCard):
    """One block an asset; a figure a line, its name at the left."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("window.wallets.assets"))
        self._words = words
        self._owed: Mapping[str, str] = {}
        self._listed: Mapping[str, Mapping[str, str]] = {}
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._at = 0
        self.body.addWidget(self._table)

    def show_owed(self, owed: Mapping[str, str]) -> None:
        """Stated liabilities per asset, shown beside what follows."""
        self._owed = owed

    def show_listed(self, assets: Mapping[str, Mapping[str, str]]) -> None:
        """Before a look-up: listed amounts, and how much of them is at proven addresses."""
        self._clear()
        self._listed = assets
        for asset, table in list(assets.items())[:_LISTED]:
            self._asset(asset)
            self._figure(asset, "window.wallets.figure.listed", table.get("listed"))
            self._figure(asset, "window.wallets.figure.proven", table.get("verified", "0"))
            self._owed_line(asset)
        self._more(len(assets))

    def show_looks(self, looks: "Sequence[AssetLook]") -> None:
        """After a look-up."""
        self._clear()
        for look in looks[:_LISTED]:
            self._asset(look.asset)
            known = self._listed.get(look.asset, {}).get("listed")
            self._figure(look.asset, "window.wallets.figure.listed", look.listed or known)
            if look.at_snapshot is not None:
                self._seen(look.asset, "window.wallets.figure.snapshot", look.at_snapshot)
            self._seen(look.asset, "window.wallets.figure.now", look.now)
            self._owed_line(look.asset)
        self._more(len(looks))

    def _clear(self) -> None:
        self._at = 0
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _asset(self, asset: str) -> None:
        if self._at:
            self._grid.addWidget(Rule(), self._at, 0, 1, 2)
            self._at += 1
        self._grid.addWidget(label(visible(asset), Role.NAME), self._at, 0, 1, 2)
        self._at += 1

    def _seen(self, asset: str, key: str, seen: "SeenAmounts") -> None:
        figures = set(seen.by_source.values())
        if len(figures) == 1:
            self._figure(asset, key, next(iter(figures)))
        else:
            self._figure(asset, key, None)
        if seen.differ:
            self._note("window.wallets.figure.differ", "partial")
            for source, amount in seen.by_source.items():
                self._source(asset, source, amount)
        for source, count in seen.missing.items():
            if count:
                words = self._words
                self._note_text(
                    words("window.wallets.figure.missing", source=source, count=words.count(count)), "text3"
                )

    def _figure(self, asset: str, key: str, amount: str | None) -> None:
        name = self._words(key)
        self._grid.addWidget(label(name, Role.SMALL, "text3"), self._at, 0)
        value = Value(amount or "—", shown=self._words.amount(amount) if amount else "—")
        value.setAccessibleName(f"{visible(asset)}, {name}: {amount or self._words('window.wallets.figure.unknown')}")
        self._grid.addWidget(value, self._at, 1, Qt.AlignmentFlag.AlignRight)
        self._at += 1

    def _source(self, asset: str, source: str, amount: str) -> None:
        self._grid.addWidget(Elided(source, Role.SMALL, "text2"), self._at, 0)
        value = Value(amount, shown=self._words.amount(amount))
        value.setAccessibleName(f"{visible(asset)}, {visible(source)}: {amount}")
        self._grid.addWidget(value, self._at, 1, Qt.AlignmentFlag.AlignRight)
        self._at += 1

    def _note(self, key: str, tone: str) -> None:
        self._note_text(self._words(key), tone)

    def _note_text(self, text: str, tone: str) -> None:
        self._grid.addWidget(Elided(text, Role.SMALL, tone), self._at, 0, 1, 2)
        self._at += 1

    def _owed_line(self, asset: str) -> None:
        if asset in self._owed:
            self._figure(asset, "window.wallets.figure.owed", self._owed[asset])

    def _more(self, count: int) -> None:
        self.setVisible(bool(count))
        if count > _LISTED:
            self._grid.addWidget(head_label(self._words("window.list.more", count=count - _LISTED)), self._at, 0, 1, 2)
