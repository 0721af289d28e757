"""The claims side by side: glyph, name and state word, one sentence; on the Wallets page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reserves_gui.gui.glyphs import of_state
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import Button, GlyphMark, row
from reserves_gui.gui.widgets.sentence import Sentence
from reserves_gui.gui.widgets.term import Term
from reserves_gui.gui.widgets.text import Rule, label
from reserves_gui.gui.words import Words
from reserves_gui.verdict import Claim, State


class ClaimsSide(QFrame):
    """One cell per claim, failed ones first."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self.claims: tuple[Claim, ...] = ()
        self.sentences: dict[str, Sentence] = {}
        self.setProperty("kind", "card")
        self.setAccessibleName(words("window.claims.title"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(1, 1, 1, 1)
        self._line.setSpacing(0)

    def show_claims(self, claims: Sequence[Claim]) -> None:
        """Show ``claims``."""
        while self._line.count():
            item = self._line.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.claims = tuple(sorted(claims, key=lambda claim: claim.state is not State.FAILED))
        self.sentences = {}
        for at, claim in enumerate(self.claims):
            if at:
                self._line.addWidget(Rule("divider"))
            self._line.addWidget(self._cell(claim), 1)

    def add_link(self, claim_id: str, link: Button) -> None:
        """Put the one step that would help at the end of a claim's sentence."""
        self.sentences[claim_id].add_link(link)

    def _cell(self, claim: Claim) -> QWidget:
        words = self._words
        name, state = words.claim(claim.id), words.state(claim.state)
        unseen = claim.id == "coverage" and not claim.checks
        text = words("window.wallets.coverage") if unseen else words.claim_sentence(claim)
        sentence = Sentence(text)
        sentence.set_role(Role.SMALL)
        self.sentences[claim.id] = sentence
        cell = QWidget()
        cell.setAccessibleName(f"{name}, {state}: {text}")
        line = QHBoxLayout(cell)
        line.setContentsMargins(16, 8, 12, 8)
        line.setSpacing(10)
        mark = GlyphMark(self._theme, of_state(claim.state))
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        tone = claim.state.value
        column.addLayout(row(Term(self._theme, words, claim.id, name), label(state, Role.SMALL, tone), None, spacing=6))
        column.addWidget(sentence)
        column.addStretch(1)
        line.addLayout(column, 1)
        return cell
