"""The card of one node: full hash and all sums, to read, select and copy."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reserves_gui.evidence import PathNode
from reserves_gui.gui.theme import Role, role_font
from reserves_gui.messages import Message, render, visible

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_HASH_LINE = 32


class NodeCard(QFrame):
    """A floating card. ``kept`` cards take the focus and stay until Escape or a click elsewhere; others just hover."""

    closed = Signal()

    def __init__(self, parent: QWidget, language: str, *, kept: bool) -> None:
        super().__init__(parent, Qt.WindowType.Popup if kept else Qt.WindowType.ToolTip)
        self._language = language
        self._kept = kept
        self._text = ""
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(role_font(Role.NAME))
        column.addWidget(self._title)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(4)
        column.addLayout(self._rows)
        self._copy = QPushButton(self._say("report.card.copy"), self)
        self._copy.clicked.connect(self.copy)
        self._copy.setVisible(kept)
        column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)

    def show_node(self, node: PathNode, row: int, place: QPoint) -> None:
        """Fill the card and show it with its corner at ``place`` (global), moved inside the screen."""
        title = self._say(f"report.card.{node.kind.value}", level=row)
        state = self._say(f"report.nodestate.{node.state.value}")
        rows = [(self._say("report.card.hash"), visible(node.hash))]
        if node.stated_hash is not None and node.stated_hash != node.hash:
            rows.append((self._say("report.card.stated_hash"), visible(node.stated_hash)))
        rows += [(visible(asset), visible(amount)) for asset, amount in node.sums.items()]
        for asset, amount in (node.stated_sums or {}).items():
            if node.sums.get(asset) != amount:
                rows.append((self._say("report.card.stated_sum", asset=asset), visible(amount)))
        self._title.setText(f"{title}, {state}")
        self._fill(rows)
        self._text = "\n".join((self._title.text(), *(f"{name}: {value}" for name, value in rows)))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(self._text)
        self.adjustSize()
        self.move(self._inside(place))
        self.show()
        if self._kept:
            self._copy.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def text(self) -> str:
        """Everything on the card as text."""
        return self._text

    def copy(self) -> None:
        """Put everything on the card on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the card."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _fill(self, rows: list[tuple[str, str]]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for at, (name, value) in enumerate(rows):
            head = QLabel(name, self)
            head.setTextFormat(Qt.TextFormat.PlainText)
            head.setFont(role_font(Role.SMALL))
            head.setProperty("tone", "text3")
            # A hash of 64 digits is set in two lines, so that the card fits beside the picture.
            parts = [value[cut : cut + _HASH_LINE] for cut in range(0, len(value), _HASH_LINE)]
            body = QLabel("\n".join(parts), self)
            body.setTextFormat(Qt.TextFormat.PlainText)
            body.setFont(role_font(Role.MONO_SMALL))
            body.setTextInteractionFlags(_SELECTABLE)
            body.setAccessibleName(f"{name}: {value}")
            self._rows.addWidget(head, at, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(body, at, 1)

    def _inside(self, place: QPoint) -> QPoint:
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        return QPoint(x, y)

    def _say(self, key: str, **args: str | int) -> str:
        return render(Message(key, args), self._language)
