"""Several users' proofs in one run: what each of them comes to by itself."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from reserves_gui.gui.glyphs import of_state
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import GlyphMark, row
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Rule, label
from reserves_gui.gui.wording import ordered_claims
from reserves_gui.gui.words import Words
from reserves_gui.verdict import Verdict

_LISTED = 50


class ProofsCard(TitledCard):
    """One row a proof, with the states of its claims; hidden where there is only one."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(words("window.proofs.title"))
        self._theme = theme
        self._words = words
        self._content = QWidget()
        self.body.addWidget(self._content)
        self.hide()

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the proofs of a pooled run."""
        self.body.removeWidget(self._content)
        self._content.hide()
        self._content.deleteLater()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for number, proof in enumerate(verdict.proofs[:_LISTED], start=1):
            column.addWidget(Rule())
            column.addWidget(self._row(number, proof))
        if len(verdict.proofs) > _LISTED:
            more = self._words("window.list.more", count=len(verdict.proofs) - _LISTED)
            column.addWidget(label(more, Role.SMALL, "text3"))
        self.body.addWidget(self._content)
        self.setVisible(bool(verdict.proofs))

    def _row(self, number: int, proof: Verdict) -> QWidget:
        words = self._words
        line = QWidget()
        name = words("report.part.proof", number=number)
        inside = row(label(name, Role.NAME), None, spacing=6)
        said = []
        for claim in ordered_claims(proof):
            if claim.checks:
                inside.addWidget(GlyphMark(self._theme, of_state(claim.state), 16))
                inside.addWidget(label(words.claim(claim.id), Role.SMALL, "text2"))
                inside.addSpacing(8)
                said.append(f"{words.claim(claim.id)} {words.state(claim.state)}")
        line.setLayout(inside)
        line.setAccessibleName(f"{name}: {', '.join(said)}")
        line.setToolTip(", ".join(said))
        return line
