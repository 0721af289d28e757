"""The card of claims: failed ones first and open, the rest in the contract's order."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout

from reserves_gui.gui.theme import Theme
from reserves_gui.gui.turns import Piece
from reserves_gui.gui.widgets.claim_line import DENSITIES, ClaimLine, Density
from reserves_gui.gui.wording import ordered_claims
from reserves_gui.gui.words import Words
from reserves_gui.verdict import Claim, InputRecord, State, Verdict


class ClaimsCard(QFrame):
    """One line per claim."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._narrow = False
        self._inputs: tuple[InputRecord, ...] = ()
        self.lines: list[ClaimLine] = []
        self.setProperty("kind", "card")
        self.setAccessibleName(words("window.claims.title"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the claims of ``verdict``; a line that was open stays open as long as the files are the same."""
        for piece in self.pieces(verdict):
            piece()

    def pieces(self, verdict: Verdict) -> Iterator[Piece]:
        """The same, a line a piece."""
        opened = {line.claim.id for line in self.lines if line.is_open} if verdict.inputs == self._inputs else set()
        claims = ordered_claims(verdict)
        yield partial(self._clear, verdict.inputs)
        for at, claim in enumerate(claims):
            yield partial(self._add, claim, first=at == 0, last=at == len(claims) - 1, is_open=claim.id in opened)

    def _clear(self, inputs: tuple[InputRecord, ...]) -> None:
        self._inputs = inputs
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []

    def _add(self, claim: Claim, *, first: bool, last: bool, is_open: bool) -> None:
        line = ClaimLine(self._theme, self._words, claim, first=first, last=last)
        line.set_narrow(self._narrow)
        self.lines.append(line)
        self._column.addWidget(line)
        if is_open:
            line.header.setChecked(True)

    def fit(self, width: int, room: int, densities: Sequence[Density] = DENSITIES) -> bool:
        """Set the lines as close as it takes to stand in ``room`` pixels; whether they do, lines of the user aside."""
        failed = [line for line in self.lines if line.claim.state is State.FAILED]
        for density in densities:
            for line in self.lines:
                line.set_density(density, opens=not density.one_open or line in failed[:1])
            if 2 + sum(line.resting_height(width - 2) for line in self.lines) <= room:
                return True
        return False

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        self._narrow = narrow
        for line in self.lines:
            line.set_narrow(narrow)
