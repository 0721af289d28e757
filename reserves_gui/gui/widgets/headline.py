"""The headline card: one sentence, the facts it rests on, and what it does not show. No glyph."""

from collections.abc import Callable, Mapping

from reserves_gui.gui.theme import LINE_HEIGHTS, Role, Theme
from reserves_gui.gui.widgets.card import Card, Fact, Facts
from reserves_gui.gui.widgets.term import Term
from reserves_gui.gui.widgets.text import Prose, Rule
from reserves_gui.gui.wording import headline
from reserves_gui.gui.words import Words, shorten
from reserves_gui.messages import visible
from reserves_gui.verdict import State, Verdict

_FACTS = 10
"""More do not fit side by side in any window."""


class HeadlineCard(Card):
    """Sentence, facts, “This does not show …”."""

    def __init__(self, theme: Theme, words: Words, open_balances: Callable[[], None]) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self.sentence = Prose("", Role.HEADLINE, "text").selectable()
        self.facts = Facts(theme, lambda count: words("window.facts.more", count=count), open_balances)
        self.rule = Rule()
        self.not_shown = Prose("", Role.SMALL, "text2").selectable()
        for part in (self.sentence, self.facts, self.rule, self.not_shown):
            self.body.addWidget(part)

    def show_verdict(self, verdict: Verdict) -> None:
        """State what ``verdict`` amounts to. Facts are left out of a failed one: they would be read as true."""
        said = headline(verdict, self._words)
        self.sentence.set_plain(said.sentence)
        self.not_shown.set_led(self._words("window.not_shown.lead"), said.not_shown)
        failed = verdict.state is State.FAILED
        left_out = 0 if failed else max(0, len(verdict.balances) - _FACTS)
        self.facts.set_facts([] if failed else self._facts(verdict), left_out)
        self.rule.setVisible(not failed)

    def show_facts(self, facts: Mapping[str, tuple[str, bool]]) -> None:
        """Other facts: name -> (value, fixed font)."""
        self.facts.set_facts(
            [
                Fact(name, value, mono=mono, shown=_short(value), term=self._term(name))
                for name, (value, mono) in facts.items()
            ]
        )
        self.rule.hide()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """The smaller headline."""
        self.sentence.set_role(Role.HEADLINE_NARROW if narrow else Role.HEADLINE)
        side = 20 if narrow else 24
        self.body.setContentsMargins(side, 12 if narrow else 16, side, 12 if narrow else 16)

    def _term(self, name: str) -> Term | None:
        if name != self._words("window.facts.snapshot"):
            return None
        return Term(self._theme, self._words, "snapshot", name, Role.SMALL, "text3", LINE_HEIGHTS[Role.SMALL])

    def _facts(self, verdict: Verdict) -> list[Fact]:
        ordered = sorted(verdict.balances.items(), key=lambda pair: _is_zero(pair[1]))
        made = [Fact(visible(asset), amount, shown=self._words.amount(amount)) for asset, amount in ordered[:_FACTS]]
        if verdict.root is not None:
            made.append(Fact(self._words("window.facts.root"), verdict.root, shown=shorten(verdict.root)))
        return made


def _is_zero(amount: str) -> bool:
    return not set(amount) & set("123456789")


def _short(value: str) -> str:
    return shorten(value) if len(value) > 32 and " " not in value else value
