"""Per asset: coverage with its interval, then listed, seen at the snapshot, seen now, owed, and the time between.

Figures that differ stand both.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from reserves_gui.gui.cover_words import apart_in_words, coverage_sentence, interval_in_words
from reserves_gui.gui.glyphs import of_state
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import GlyphMark, row
from reserves_gui.gui.widgets.card import head_label
from reserves_gui.gui.widgets.coverage_bar_view import CoverageBarView, CoverageScaleView
from reserves_gui.gui.widgets.figure_card import FigureCard
from reserves_gui.gui.widgets.text import Elided, Value, label
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.services.pictures import CoverageBar, Scale, scale_of
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.list_coverage import CoverageLine, ListCoverage
    from reserves_gui.services.two_looks import AssetLook, SeenAmounts

_LISTED = 60
# Letters of an asset, its state and its interval that fit one line in the narrow column.
_HEAD = 26


class AssetFigures(FigureCard):
    """One block an asset; a figure a line, its name at the left. Failed coverage first."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(words("window.wallets.assets"))
        self._theme = theme
        self._words = words
        self._covered: Mapping[str, CoverageLine] = {}
        self._unlisted: tuple[str, ...] = ()
        self._owed_from = ""
        self._scale = Scale()
        self._listed: Mapping[str, Mapping[str, str]] = {}
        self._looks: Sequence[AssetLook] | None = None

    def show_listed(self, assets: Mapping[str, Mapping[str, str]]) -> None:
        """Before a look-up: listed amounts, and how much of them is at proven addresses."""
        self._listed, self._looks, self._covered, self._unlisted = assets, None, {}, ()
        self._show()

    def show_looks(self, looks: "Sequence[AssetLook]") -> None:
        """After a look-up."""
        self._looks = looks
        self._show()

    def show_coverage(self, found: "ListCoverage | None", source: str) -> None:
        """What the assets cover, None where nothing is known to be owed; ``source``: where liabilities come from."""
        self._owed_from = source
        lines = () if found is None else found.lines
        self._covered = {one.asset: one for one in lines}
        self._unlisted = () if found is None else found.unlisted
        ends = (end for one in lines for end in (one.answer.low, one.answer.high))
        self._scale = scale_of(end for end in ends if end is not None)
        self._show()

    def _show(self) -> None:
        self.clear()
        words, covered = self._words, self._covered
        self.title.setText(words("window.wallets.cover.title" if covered else "window.wallets.assets"))
        self.setAccessibleName(self.title.text())
        self.set_hint(words("window.wallets.cover.hint") if covered else "")
        if covered:
            spoken = words("window.wallets.cover.scale", low=self._scale.low, high=self._scale.high)
            self.add(CoverageScaleView(self._theme, self._scale, spoken))
        looks = {} if self._looks is None else {one.asset: one for one in self._looks}
        names = self._ordered(looks or self._listed)
        for asset in names[:_LISTED]:
            self._asset(asset)
            if asset in looks:
                self._look(looks[asset])
            else:
                table = self._listed.get(asset, {})
                self._amount(asset, "window.wallets.figure.listed", table.get("listed"))
                self._amount(asset, "window.wallets.figure.proven", table.get("verified", "0"))
            self._owed(asset)
        self.setVisible(bool(names))
        if len(names) > _LISTED:
            self.add(head_label(words("window.list.more", count=len(names) - _LISTED)))
        if self._unlisted:
            self.rule()
            named = ", ".join(visible(asset) for asset in self._unlisted)
            self.sentence(words("window.wallets.cover.unlisted", assets=named), "text2")
        if covered and self._owed_from:
            self.rule()
            self.sentence(words("window.wallets.cover.owed_from", source=visible(self._owed_from)))

    def _ordered(self, assets: Iterable[str]) -> list[str]:
        def failed(asset: str) -> bool:
            return asset in self._covered and self._covered[asset].answer.state is State.FAILED

        return sorted(assets, key=lambda asset: not failed(asset))

    def _asset(self, asset: str) -> None:
        self.rule()
        line = self._covered.get(asset)
        name = Elided(asset)
        if line is None:
            self.add(name)
            return
        words, answer = self._words, line.answer
        state, ratio = words.state(answer.state), interval_in_words(answer, words)
        shown = Value(ratio)
        shown.setAccessibleName(words("window.wallets.cover.spoken", asset=visible(asset), state=state, ratio=ratio))
        tone = label(state, Role.SMALL, answer.state.value)
        head = QWidget()
        parts: list[QWidget | int | None] = [GlyphMark(self._theme, of_state(answer.state)), name, tone, None]
        apart = len(asset) + len(state) + len(ratio) > _HEAD
        head.setLayout(row(*parts) if apart else row(*parts, shown))
        self.add(head)
        if apart:
            self.add_right(shown)
        bar = CoverageBar(state=answer.state, low=answer.low, high=answer.high, scale=self._scale)
        self.add(CoverageBarView(self._theme, bar, shown.accessibleName()))
        self.sentence(coverage_sentence(answer, words), "text2")

    def _look(self, look: "AssetLook") -> None:
        known = self._listed.get(look.asset, {}).get("listed")
        self._amount(look.asset, "window.wallets.figure.listed", look.listed or known)
        if look.at_snapshot is not None:
            self._seen(look.asset, "window.wallets.figure.snapshot", look.at_snapshot)
        self._seen(look.asset, "window.wallets.figure.now", look.now)

    def _seen(self, asset: str, key: str, seen: "SeenAmounts") -> None:
        words = self._words
        figures = set(seen.by_source.values())
        self._amount(asset, key, next(iter(figures)) if len(figures) == 1 else None)
        if seen.differ:
            self.sentence(words("window.wallets.figure.differ"), "partial")
            for source, amount in seen.by_source.items():
                self.source(source, amount, words.amount(amount), f"{visible(asset)}, {visible(source)}: {amount}")
        for source, count in seen.missing.items():
            if count:
                text = words("window.wallets.figure.missing", source=source, count=count)
                self.sentence(text)
        for chain, height in seen.heights.items():
            time = seen.times.get(chain)
            key = "window.wallets.figure.block" if time is None else "window.wallets.figure.block_time"
            when = "" if time is None else words.row_time(iso(time))
            self.sentence(words(key, chain=chain, height=words.count(height), time=when))

    def _amount(self, asset: str, key: str, amount: str | None) -> None:
        name = self._words(key)
        shown = self._words.amount(amount) if amount else "—"
        spoken = amount or self._words("window.wallets.figure.unknown")
        self.figure(name, amount or "—", shown, f"{visible(asset)}, {name}: {spoken}")

    def _owed(self, asset: str) -> None:
        line = self._covered.get(asset)
        if line is None:
            return
        self._amount(asset, "window.wallets.figure.owed", line.answer.liability.text)
        lag = line.answer.lag
        if lag is not None:
            name, text = self._words("window.wallets.figure.apart"), apart_in_words(lag, self._words)
            self.figure(name, text, text, f"{visible(asset)}, {name}: {text}")
