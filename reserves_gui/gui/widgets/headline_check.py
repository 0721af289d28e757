"""Check a headline: what is claimed to have left, against what was published and what the wallets show."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reserves_gui.gui.asking_prices import PriceAsking, at_moment
from reserves_gui.gui.context import Context
from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, StateLabel
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.choice import Choice
from reserves_gui.gui.widgets.text import Prose, label
from reserves_gui.messages import visible
from reserves_gui.progress import Progress
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.headline import HeadlineAnswer
    from reserves_gui.services.prices import GotPrices

_GLYPHS = {State.VERIFIED: Glyph.VERIFIED, State.FAILED: Glyph.FAILED, State.UNDECIDED: Glyph.UNDECIDED}
_FIELDS = (("exchange", "asset"), ("amount",), ("start", "end"))


class HeadlineCheck(TitledCard):
    """Five fields and a reading; the answer in words below them, with every figure that was used."""

    def __init__(self, context: Context, answered: "Callable[[HeadlineAnswer], None]") -> None:
        words = context.words
        super().__init__(words("window.headline.title"))
        self._context = context
        self._answered = answered
        self.fields: dict[str, QLineEdit] = {}
        for pair in _FIELDS:
            line = QHBoxLayout()
            line.setSpacing(8)
            for name in pair:
                line.addLayout(self._field(name))
            self.body.addLayout(line)
        self.reading = Choice(context.theme, words("window.headline.reading"), kind="field")
        for reading in ("net", "out"):
            self.reading.addItem(words(f"window.headline.reading_{reading}"), reading)
        self.body.addWidget(self.reading)
        self.ask = Button(context.theme, words("window.headline.check"), self.check)
        self.example = Button(context.theme, words("window.headline.example"), self.fill_example, kind="link")
        self.body.addWidget(self.ask)
        self.body.addWidget(self.example)
        self.answer = QWidget()
        self._lines = QVBoxLayout(self.answer)
        self._lines.setContentsMargins(0, 8, 0, 0)
        self._lines.setSpacing(8)
        self.answer.hide()
        self.body.addWidget(self.answer)
        self.told = Prose("", Role.SMALL, "partial")
        self.told.hide()
        self.prices = PriceAsking(context, self)
        self.prices.got.connect(self._got_prices)
        self.prices.refused.connect(self._tell)

    def _field(self, name: str) -> QVBoxLayout:
        words = self._context.words
        field = QLineEdit()
        field.setAccessibleName(words(f"window.headline.{name}"))
        field.setPlaceholderText(words(f"window.headline.{name}_hint"))
        field.returnPressed.connect(self.check)
        self.fields[name] = field
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label(words(f"window.headline.{name}"), Role.LABEL, "text3"))
        column.addWidget(field)
        return column

    def suggest(self, exchange: str, asset: str) -> None:
        """Put what is shown into empty fields."""
        for name, text in (("exchange", exchange), ("asset", asset)):
            if not self.fields[name].text():
                self.fields[name].setText(text)

    def fill_example(self) -> None:
        """The worked example from published facts."""
        from reserves_gui.services.headline import worked_example

        shown = worked_example()
        for name, field in self.fields.items():
            field.setText(getattr(shown, name))
        self.reading.setCurrentIndex(self.reading.findData(shown.reading))
        self.check()

    def check(self) -> None:
        """Answer, in a job."""
        words = self._context.words
        claim: dict[str, Any] = {name: field.text().strip() for name, field in self.fields.items()}
        reading = str(self.reading.currentData())

        def work(_progress: Progress) -> object:
            from reserves_gui.services.headline import HeadlineRequest, check_headline

            return check_headline(HeadlineRequest(**claim, reading=reading))

        def done(answer: Any) -> None:
            self.show_answer(answer)

        self._context.run(words("window.headline.title"), work, done)

    def show_answer(self, answer: "HeadlineAnswer") -> None:
        """The readings with their reasons, then the figures with source and date."""
        words, theme = self._context.words, self._context.theme
        self._clear()
        for one in answer.readings:
            name = words(f"window.headline.reading_{one.reading}")
            word = words(f"window.headline.state.{one.state}")
            self._lines.addWidget(label(name, Role.LABEL, "text3"))
            self._lines.addWidget(StateLabel(theme, _GLYPHS[one.state], word))
            for reason in one.reasons:
                self._lines.addWidget(Prose(words.render(reason)).selectable())
        self._lines.addWidget(label(words("window.headline.figures"), Role.LABEL, "text3"))
        for fact in answer.facts.used:
            shown = words(
                "window.headline.figure",
                name=words.known(f"headline.fact.{fact.name}", fact.name),
                value=_both(fact.value, words.amount),
                time=_both(fact.time, words.short_time),
                source=words.known(f"window.source.{fact.source}", fact.source),
            )
            self._lines.addWidget(Prose(shown, Role.SMALL, "text3").selectable())
        if answer.facts.price is None and answer.break_even:
            # A published flow in money is known: the price at the window's end would bound the claim.
            asks = partial(self._ask_price, answer.claim.asset, answer.claim.end)
            self._lines.addWidget(Button(theme, words("window.headline.ask_price"), asks, kind="link"))
            self._lines.addWidget(self.told)
        self._lines.addWidget(Prose(words("headline.limits"), Role.SMALL, "text3"))
        self.answer.show()
        self._answered(answer)

    def _ask_price(self, asset: str, time: int) -> None:
        self.prices.start(at_moment([asset], time))

    def _got_prices(self, found: object) -> None:
        got: GotPrices = found  # type: ignore[assignment]
        if got.prices:
            self.check()
        else:
            words = self._context.words
            self._tell(" ".join(f"{visible(source)}: {words.render(why)}" for source, why in got.reasons))

    def _tell(self, text: str) -> None:
        self.told.set_plain(text)
        self.told.show()

    def _clear(self) -> None:
        self._lines.removeWidget(self.told)
        self.told.hide()
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()


def _both(text: str, shown: Callable[[str], str]) -> str:
    """A figure or a time, or both ends of an interval, as the language writes them."""
    return " – ".join(shown(part) for part in text.split(" – "))
