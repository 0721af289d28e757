"""What floating cards share: a title, rows of values under their names, and a place inside the screen."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, role_font

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard

# Sentences longer than this are set in lines of that many pixels.
_LONG, _WRAPPED = 40, 260


class Popover(QFrame):
    """A card over the window. Those that only hover take no focus; the texts of others can be selected."""

    def __init__(self, parent: QWidget, *, hovers: bool) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip if hovers else Qt.WindowType.Popup)
        self._hovers = hovers
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, hovers)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 12)
        self.column.setSpacing(6)
        self._title = _plain("", Role.NAME)
        self.column.addWidget(self._title)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(2)
        self.column.addLayout(self._rows)
        self._text = ""

    @property
    def text(self) -> str:
        """Everything on the card as text."""
        return self._text

    def fill(self, title: str, rows: Sequence[tuple[str, ...]]) -> None:
        """A name, its value (lines that are broken already), and below it where it comes from, a row each."""
        self._title.setText(title)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (name, value, *notes) in enumerate(rows):
            self._add(_plain(name, Role.SMALL, "text3"), 2 * at, 0)
            body = _plain(value, Role.MONO_SMALL)
            joined = "".join(value.split("\n"))
            body.setAccessibleName(f"{name}: {joined}")
            if not self._hovers:
                body.setTextInteractionFlags(_SELECTABLE)
            self._add(body, 2 * at, 1)
            for note in notes:
                if note:
                    self._add(_plain(note, Role.SMALL, "text3"), 2 * at + 1, 1)
        lines = ((f"{name}: {''.join(value.split(chr(10)))}", *notes) for name, value, *notes in rows)
        self._text = "\n".join((title, *(", ".join(one for one in line if one) for line in lines)))
        self.setAccessibleName(title)
        self.setAccessibleDescription(self._text)

    def show_at(self, place: QPoint) -> None:
        """Show the card with its upper left corner at ``place`` (global), moved inside the screen."""
        self.settle()
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(QPoint(x, y))
        self.show()

    def settle(self) -> None:
        """Take the size that the rows need."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.resize(self.sizeHint())

    def _add(self, widget: QLabel, row: int, column: int) -> None:
        self._rows.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        # Else it would be shown, and measured, only after the card was.
        widget.show()


def _plain(text: str, role: Role, tone: str = "") -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(role_font(role))
    if "\n" not in text and len(text) > _LONG:
        made.setWordWrap(True)
        made.setFixedSize(_WRAPPED, made.heightForWidth(_WRAPPED))
    if tone:
        made.setProperty("tone", tone)
    return made
