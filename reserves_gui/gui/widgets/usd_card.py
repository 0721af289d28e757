"""Sums over assets in US dollars, with every price behind them: information only, no claim rests on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from reserves_gui.amounts import stripped
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.card import head_label
from reserves_gui.gui.widgets.figure_card import FigureCard
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.services.results import percent, rounded

if TYPE_CHECKING:
    from reserves_gui.services.coverage_usd import UsdFigures
    from reserves_gui.services.prices import ChosenPrices, Price

_LISTED = 24


class UsdCard(FigureCard):
    """Sums, then prices with source and time, then what was refused and why; a button asks for prices."""

    def __init__(self, theme: Theme, words: Words, ask: Callable[[], None], title: str = "window.prices.title") -> None:
        super().__init__(words(title), words("window.prices.hint"))
        self._words = words
        self.told = Prose("", Role.SMALL, "partial").selectable()
        self.told.hide()
        self.body.addWidget(self.told)
        self.ask = Button(theme, words("window.prices.ask"), ask, size="small")
        self.body.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_usd(self, usd: "UsdFigures") -> None:
        """Show sums and prices."""
        self.clear()
        self.tell("")
        words, worth, clean = self._words, usd.worth, usd.clean
        if worth.reserves is not None and worth.liabilities is not None:
            self.money("window.prices.seen", rounded(worth.reserves))
            self.money("window.prices.owed", rounded(worth.liabilities))
        if clean.ratio is not None:
            self.money("window.prices.clean", percent(clean.ratio), " %")
        if clean.own_share is not None and usd.own_tokens:
            self.money("window.prices.own_share", percent(clean.own_share), " %")
        if worth.counted and worth.missing:
            named = ", ".join(visible(asset) for asset in worth.missing)
            self.sentence(words("window.prices.not_counted", assets=named))
        self.show_prices(usd.prices)

    def show_prices(self, prices: "ChosenPrices") -> None:
        """Every price with its time and source, those that lie apart, and why others were not used."""
        words = self._words
        if prices.found:
            self.rule()
        for asset, one in list(prices.found.items())[:_LISTED]:
            self._price(asset, one.used)
            for other in one.apart:
                self.sentence(words("window.prices.apart", asset=visible(asset)), "partial")
                self._price(asset, other)
        if len(prices.found) > _LISTED:
            self.add(head_label(words("window.list.more", count=len(prices.found) - _LISTED)))
        for source, why in prices.reasons:
            if source:
                self.sentence(f"{visible(source)}: {words.render(why)}")
        if prices.moment is None:
            self.sentence(words("prices.no_moment"))
        elif unknown := [asset for asset in prices.refused if asset not in prices.found]:
            self.sentence(words("window.prices.unknown", assets=", ".join(visible(asset) for asset in unknown)))
        self.ask.setEnabled(prices.moment is not None)
        self.show()

    def tell(self, text: str) -> None:
        """Say why nobody was asked; an empty text takes it away."""
        self.told.set_plain(text)
        self.told.setVisible(bool(text))

    def money(self, key: str, text: str, unit: str = "") -> None:
        """One figure with its name."""
        name = self._words(key)
        self.figure(name, text, self._words.amount(text) + unit, f"{name}: {text}{unit}")

    def _price(self, asset: str, price: "Price") -> None:
        words, text = self._words, stripped(price.usd)
        when = words.row_time(iso(price.time))
        spoken = words("window.prices.spoken", asset=visible(asset), usd=text, time=when)
        self.figure(visible(asset), text, words.amount(text), spoken)
        self.sentence(words("window.prices.from", time=when, source=visible(price.source)))
