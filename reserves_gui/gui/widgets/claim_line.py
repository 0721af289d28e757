"""One claim: glyph, name with its state under it, a sentence, how many checks passed; opens to its checks."""

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from reserves_gui.gui.focus import OWN_FOCUS, paint_ring
from reserves_gui.gui.glyphs import of_state
from reserves_gui.gui.icons import Icon, paint_icon
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.buttons import Button, GlyphMark
from reserves_gui.gui.widgets.card import height_at
from reserves_gui.gui.widgets.check_row import CheckRow
from reserves_gui.gui.widgets.sentence import Sentence
from reserves_gui.gui.widgets.term import TERM_HEIGHT, Term
from reserves_gui.gui.widgets.text import Prose, label
from reserves_gui.gui.words import Words
from reserves_gui.verdict import Claim, Outcome, State

_INDENT = 152
_INDENT_NARROW = 136
_NAMES = 36
"""Height of a name with the word of its state under it."""


@dataclass(frozen=True, slots=True)
class Density:
    """How closely claim lines are set: space above and below, role of the sentences, what stays folded.

    ``folds``: the field under a sentence waits behind its link. ``one_open``: of several failed lines only the first
    opens by itself. ``one_check``: and of several failed checks it shows the first.
    """

    edge: int
    role: Role = Role.BODY
    folds: bool = False
    one_open: bool = False
    one_check: bool = False


DENSITIES = (
    Density(10),
    Density(7),
    Density(7, folds=True),
    Density(6, role=Role.SMALL, folds=True),
    Density(4, role=Role.SMALL, folds=True, one_open=True),
    Density(2, role=Role.SMALL, folds=True, one_open=True, one_check=True),
)
"""From roomy to close: the first under which all claims of a page stand on its first screen is taken."""


class _Header(QAbstractButton):
    """The part that opens and closes the line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.edge = DENSITIES[0].edge
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(OWN_FOCUS, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter open and close."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        symbol = Icon.CHEVRON_DOWN if self.isChecked() else Icon.CHEVRON_RIGHT
        paint_icon(painter, QRectF(self.width() - 32, self.edge + 2, 16, 16), symbol, self._theme.tokens.text3)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._theme, radius=8)


class _Names(QWidget):
    """The name over the word of the state. The name reaches out of its line, so that it can be hit."""

    def __init__(self, name: Term, state: QWidget) -> None:
        super().__init__()
        self._name, self._state = name, state
        name.setParent(self)
        state.setParent(self)
        self.setFixedHeight(_NAMES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place both."""
        super().resizeEvent(event)
        self._name.setGeometry(0, -2, min(self._name.sizeHint().width(), self.width()), TERM_HEIGHT)
        self._state.setGeometry(0, 20, self.width(), 16)


class ClaimLine(QFrame):
    """A claim of a verdict. Failed ones stand on a tinted ground and are open from the start."""

    toggled = Signal()

    def __init__(self, theme: Theme, words: Words, claim: Claim, *, first: bool, last: bool) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self.claim = claim
        self._first, self._last = first, last
        self._density = DENSITIES[0]
        self._touched = False
        self._unfold: Button | None = None
        self._more: Button | None = None
        self._further: list[CheckRow] = []
        self._has_more = False
        self._count = label("", Role.SMALL, "text3")
        self.header = _Header(theme)
        self.extra = QVBoxLayout()
        self.extra.setContentsMargins(0, 0, 0, 0)
        self.extra.setSpacing(8)
        self._sentence = Sentence(words.claim_sentence(claim))
        self._body: QWidget | None = None
        # A failed line opens by itself with what failed only, so that all claims stay in view.
        self._brief = claim.state is State.FAILED
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._build_header()
        self._column.addWidget(self.header)
        self._extra_box = QWidget()
        self._extra_box.setLayout(self.extra)
        self._column.addWidget(self._extra_box)
        self._extra_box.hide()
        theme.changed.connect(self.update)
        self.header.toggled.connect(self._toggle)
        self.header.clicked.connect(self._touch)
        if claim.state is State.FAILED:
            self.header.setChecked(True)

    @property
    def is_open(self) -> bool:
        """Whether the checks are shown."""
        return self.header.isChecked()

    def add_extra(self, widget: QWidget, link: str) -> None:
        """Put the one step that would help under the sentence; where there is no room for it, ``link`` unfolds it."""
        self.extra.addWidget(widget)
        self._unfold = Button(self._theme, link, self._unfold_extra, kind="link", size="small")
        self.add_link(self._unfold)
        self._fold()

    def add_link(self, link: Button) -> None:
        """Put the one step that would help at the end of the sentence."""
        self._sentence.add_link(link)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures: the count hides."""
        self._count.setVisible(not narrow)
        indent = _INDENT_NARROW if narrow else _INDENT
        self._is_narrow = narrow
        # The word of a state is never cut, whatever the font.
        indent = max(indent, 52 + _widest_state(self._words))
        self._names.setFixedWidth(indent - 52)
        self._set_edges()

    def set_density(self, density: Density, *, opens: bool) -> None:
        """Set the line closer or wider. ``opens``: a failed line that nobody has touched shows what failed."""
        self._density = density
        self._sentence.set_role(density.role)
        self._set_edges()
        self._fold()
        if not self._touched and self.claim.state is State.FAILED:
            self.header.setChecked(opens)
        for row in self._further:
            row.setVisible(not density.one_check)
        if self._more is not None:
            # Where room is short, closing the line and opening it again shows all, as does the table of all checks.
            hides = bool(self._further) and density.one_check
            self._more.setVisible(hides or (self._has_more and not density.one_open))

    def resting_height(self, width: int) -> int:
        """The height at ``width`` without what the user opened."""
        layout = self._line
        height = max(self.header.minimumHeight(), layout.totalHeightForWidth(width))
        height += height_at(self._extra_box, width)
        if self._body is not None and not self._touched:
            height += height_at(self._body, width)
        return height

    def _set_edges(self) -> None:
        edge, indent = self._density.edge, self._names.minimumWidth() + 52
        self._line.setContentsMargins(20, edge, 44, edge)
        self.header.edge = edge
        self.header.setMinimumHeight(_NAMES + 2 * edge)
        self.extra.setContentsMargins(indent + 12, 0, 20 if self._is_narrow else 44, edge + 4)
        if self._body is not None:
            self._indent_body()

    def _fold(self) -> None:
        if self._unfold is not None:
            unfolded = self._touched or not self._density.folds
            self._extra_box.setVisible(unfolded)
            self._unfold.setVisible(not unfolded)
            self._sentence.place()

    def _unfold_extra(self) -> None:
        self._touched = True
        self._fold()
        field = self._extra_box.findChild(QLineEdit)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _touch(self) -> None:
        self._touched = True
        if self._brief and self._density.one_open and self.header.isChecked():
            self._show_all()

    def _build_header(self) -> None:
        words, claim = self._words, self.claim
        glyph = of_state(claim.state)
        line = self._line = QHBoxLayout(self.header)
        line.setSpacing(12)
        line.addWidget(GlyphMark(self._theme, glyph, 20), 0, Qt.AlignmentFlag.AlignTop)
        self.term = Term(self._theme, words, claim.id, words.claim(claim.id))
        self._names = _Names(self.term, label(words.state(claim.state), Role.LABEL, glyph.value))
        self._count.setFixedHeight(20)
        line.addWidget(self._names, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._sentence, 1)
        passed = sum(check.outcome is Outcome.PASSED for check in claim.checks)
        counted = words("window.count_of", passed=passed, total=len(claim.checks))
        self._count.setText(counted if claim.checks else "")
        line.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        question = words(f"report.question.{claim.id}")
        self.header.setToolTip(f"{question}\n{counted}" if claim.checks else question)
        self.header.setAccessibleDescription(question)
        self.header.setAccessibleName(
            words(
                "window.claim_line.spoken",
                claim=words.claim(claim.id),
                state=words.state(claim.state),
                sentence=words.claim_sentence(claim),
            )
        )
        for child in self.header.findChildren(QWidget):
            # What is transparent takes its children along, and the term and the links in a sentence are used.
            used = child in {self._sentence, self._names, self.term}
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not used)
        self.set_narrow(False)

    def _toggle(self, opened: bool) -> None:  # noqa: FBT001 - a Qt slot
        if opened and self._body is None:
            self._fill()
        if self._body is not None:
            self._body.setVisible(opened)
        self.toggled.emit()

    def _indent_body(self) -> None:
        layout = None if self._body is None else self._body.layout()
        if layout is not None:
            left = 52 if self._is_narrow else self._names.minimumWidth() + 64
            layout.setContentsMargins(left, 0, 24, min(14, 2 + 2 * self._density.edge))

    def _fill(self) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = self._checks()
        self._indent_body()
        self._column.addWidget(self._body)

    def _show_all(self) -> None:
        self._brief = False
        self._touched = True
        self._more = None
        self._further = []
        self._fill()
        self.header.setFocus(Qt.FocusReason.OtherFocusReason)

    def _checks(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setSpacing(8)
        ordered = sorted(self.claim.checks, key=lambda check: check.outcome is not Outcome.FAILED)
        failed = [check for check in ordered if check.outcome is Outcome.FAILED]
        for at, check in enumerate(failed if self._brief else ordered):
            # The sentence of the line is the reason of the first failed check: once is enough.
            said = self._brief and at == 0
            row = CheckRow(self._theme, self._words, check, said=said)
            column.addWidget(row)
            if self._brief and at:
                self._further.append(row)
        self._has_more = len(ordered) > len(failed)
        if self._brief and len(ordered) > 1:
            text = self._words("window.claim_line.all_checks", count=len(ordered))
            self._more = Button(self._theme, text, self._show_all, kind="link", size="small")
            column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
            self._more.setVisible(self._has_more)
        if not ordered:
            column.addWidget(Prose(self._words("window.claim_line.nothing"), Role.SMALL, "text3"))
        return box

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The tinted ground of a failed claim, and the line under all but the last."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        box = QRectF(self.rect())
        if self.claim.state is State.FAILED:
            shape = QPainterPath()
            shape.setFillRule(Qt.FillRule.WindingFill)
            radius = 9.0
            shape.addRoundedRect(box, radius, radius)
            if not self._first:
                shape.addRect(QRectF(0, 0, box.width(), radius))
            if not self._last:
                shape.addRect(QRectF(0, box.height() - radius, box.width(), radius))
            painter.fillPath(shape, colour(tokens.failed_soft))
        if not self._last:
            painter.setPen(colour(tokens.line))
            y = box.height() - 0.5
            painter.drawLine(QLineF(0, y, box.width(), y))


def _widest_state(words: Words) -> int:
    metrics = QFontMetrics(role_font(Role.LABEL))
    return max(metrics.horizontalAdvance(words.state(state)) for state in State) + 3
