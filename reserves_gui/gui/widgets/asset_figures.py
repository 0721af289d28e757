"""Per asset: coverage with its interval, then listed, seen at the snapshot, seen now, owed, and the time between.

Figures that differ stand both.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from reserves_gui.gui.glyphs import of_state
from reserves_gui.gui.pictures.coverage_bar import CoverageBar, Scale, scale_of
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import GlyphMark, row
from reserves_gui.gui.widgets.card import TitledCard, head_label
from reserves_gui.gui.widgets.coverage_bar_view import CoverageBarView, CoverageScaleView
from reserves_gui.gui.widgets.text import Elided, Prose, Rule, Value, label
from reserves_gui.gui.cover_words import apart_in_words, coverage_sentence, interval_in_words
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.list_coverage import CoverageLine, ListCoverage
    from reserves_gui.services.two_looks import AssetLook, SeenAmounts

_LISTED = 60


class AssetFigures(TitledCard):
    """One block an asset; a figure a line, its name at the left. Failed coverage first."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(words("window.wallets.assets"))
        self._theme = theme
        self._words = words
        self._covered: Mapping[str, CoverageLine] = {}
        self._unlisted: tuple[str, ...] = ()
        self._scale = Scale()
        self._listed: Mapping[str, Mapping[str, str]] = {}
        self._looks: Sequence[AssetLook] | None = None
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._at = 0
        self.body.addWidget(self._table)

    def show_listed(self, assets: Mapping[str, Mapping[str, str]]) -> None:
        """Before a look-up: listed amounts, and how much of them is at proven addresses."""
        self._listed, self._looks, self._covered, self._unlisted = assets, None, {}, ()
        self._show()

    def show_looks(self, looks: "Sequence[AssetLook]") -> None:
        """After a look-up."""
        self._looks = looks
        self._show()

    def show_coverage(self, found: "ListCoverage | None") -> None:
        """What the assets cover, None where nothing is known to be owed."""
        lines = () if found is None else found.lines
        self._covered = {one.asset: one for one in lines}
        self._unlisted = () if found is None else found.unlisted
        ends = (end for one in lines for end in (one.answer.low, one.answer.high))
        self._scale = scale_of(end for end in ends if end is not None)
        self._show()

    def _show(self) -> None:
        self._clear()
        words, covered = self._words, self._covered
        self.title.setText(words("window.wallets.cover.title" if covered else "window.wallets.assets"))
        self.setAccessibleName(self.title.text())
        self.set_hint(words("window.wallets.cover.hint") if covered else "")
        if covered:
            spoken = words("window.wallets.cover.scale", low=self._scale.low, high=self._scale.high)
            self._grid.addWidget(CoverageScaleView(self._theme, self._scale, spoken), self._at, 0, 1, 2)
            self._at += 1
        looks = {} if self._looks is None else {one.asset: one for one in self._looks}
        names = self._ordered(looks or self._listed)
        for asset in names[:_LISTED]:
            self._asset(asset)
            if asset in looks:
                self._look(looks[asset])
            else:
                table = self._listed.get(asset, {})
                self._figure(asset, "window.wallets.figure.listed", table.get("listed"))
                self._figure(asset, "window.wallets.figure.proven", table.get("verified", "0"))
            self._owed(asset)
        self.setVisible(bool(names))
        if len(names) > _LISTED:
            self._grid.addWidget(head_label(words("window.list.more", count=len(names) - _LISTED)), self._at, 0, 1, 2)
            self._at += 1
        if self._unlisted:
            self._rule()
            named = ", ".join(visible(asset) for asset in self._unlisted)
            self._wide(Prose(words("window.wallets.cover.unlisted", assets=named), Role.SMALL).selectable())

    def _ordered(self, assets: Iterable[str]) -> list[str]:
        def failed(asset: str) -> bool:
            return asset in self._covered and self._covered[asset].answer.state is State.FAILED

        return sorted(assets, key=lambda asset: not failed(asset))

    def _look(self, look: "AssetLook") -> None:
        known = self._listed.get(look.asset, {}).get("listed")
        self._figure(look.asset, "window.wallets.figure.listed", look.listed or known)
        if look.at_snapshot is not None:
            self._seen(look.asset, "window.wallets.figure.snapshot", look.at_snapshot)
        self._seen(look.asset, "window.wallets.figure.now", look.now)

    def _clear(self) -> None:
        self._at = 0
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _rule(self) -> None:
        if self._at:
            self._wide(Rule())

    def _wide(self, widget: QWidget) -> None:
        self._grid.addWidget(widget, self._at, 0, 1, 2)
        self._at += 1

    def _asset(self, asset: str) -> None:
        self._rule()
        line = self._covered.get(asset)
        name = label(visible(asset), Role.NAME)
        if line is None:
            self._wide(name)
            return
        words, answer = self._words, line.answer
        state, ratio = words.state(answer.state), interval_in_words(answer, words)
        shown = Value(ratio)
        shown.setAccessibleName(words("window.wallets.cover.spoken", asset=visible(asset), state=state, ratio=ratio))
        tone = label(state, Role.SMALL, answer.state.value)
        head = QWidget()
        head.setLayout(row(GlyphMark(self._theme, of_state(answer.state)), name, tone, None, shown))
        self._wide(head)
        bar = CoverageBar(state=answer.state, low=answer.low, high=answer.high, scale=self._scale)
        self._wide(CoverageBarView(self._theme, bar, shown.accessibleName()))
        self._wide(Prose(coverage_sentence(answer, words), Role.SMALL).selectable())

    def _seen(self, asset: str, key: str, seen: "SeenAmounts") -> None:
        words = self._words
        figures = set(seen.by_source.values())
        self._figure(asset, key, next(iter(figures)) if len(figures) == 1 else None)
        if seen.differ:
            self._note(words("window.wallets.figure.differ"), "partial")
            for source, amount in seen.by_source.items():
                self._source(asset, source, amount)
        for source, count in seen.missing.items():
            if count:
                self._note(words("window.wallets.figure.missing", source=source, count=words.count(count)), "text3")
        for chain, height in seen.heights.items():
            time = seen.times.get(chain)
            key = "window.wallets.figure.block" if time is None else "window.wallets.figure.block_time"
            when = "" if time is None else words.row_time(iso(time))
            self._note(words(key, chain=chain, height=words.count(height), time=when), "text3")

    def _figure(self, asset: str, key: str, amount: str | None) -> None:
        shown = self._words.amount(amount) if amount else "—"
        self._line(asset, key, amount or "—", shown, amount or self._words("window.wallets.figure.unknown"))

    def _line(self, asset: str, key: str, full: str, shown: str, spoken: str) -> None:
        name = self._words(key)
        self._grid.addWidget(label(name, Role.SMALL, "text3"), self._at, 0)
        value = Value(full, shown=shown)
        value.setAccessibleName(f"{visible(asset)}, {name}: {spoken}")
        self._grid.addWidget(value, self._at, 1, Qt.AlignmentFlag.AlignRight)
        self._at += 1

    def _source(self, asset: str, source: str, amount: str) -> None:
        self._grid.addWidget(Elided(source, Role.SMALL, "text2"), self._at, 0)
        value = Value(amount, shown=self._words.amount(amount))
        value.setAccessibleName(f"{visible(asset)}, {visible(source)}: {amount}")
        self._grid.addWidget(value, self._at, 1, Qt.AlignmentFlag.AlignRight)
        self._at += 1

    def _note(self, text: str, tone: str) -> None:
        self._wide(Elided(text, Role.SMALL, tone))

    def _owed(self, asset: str) -> None:
        line = self._covered.get(asset)
        if line is None:
            return
        self._figure(asset, "window.wallets.figure.owed", line.answer.liability.text)
        lag = line.answer.lag
        if lag is not None:
            text = apart_in_words(lag, self._words)
            self._line(asset, "window.wallets.figure.apart", text, text, text)

