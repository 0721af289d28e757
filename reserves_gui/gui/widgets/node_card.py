"""The card of one node: full hash and all sums, to read, select and copy."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from reserves_gui.evidence import PathNode
from reserves_gui.gui.widgets.popover import Popover
from reserves_gui.messages import Message, render, visible

_HASH_LINE = 32


class NodeCard(Popover):
    """A floating card. ``kept`` cards take the focus and stay until Escape or a click elsewhere; others just hover."""

    closed = Signal()

    def __init__(self, parent: QWidget, language: str, *, kept: bool) -> None:
        super().__init__(parent, hovers=not kept)
        self._language = language
        self._kept = kept
        self._copy = QPushButton(self._say("report.card.copy"), self)
        self._copy.clicked.connect(self.copy)
        self._copy.setVisible(kept)
        self.column.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)

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
        self.fill(f"{title}, {state}", [(name, _lines(value)) for name, value in rows])
        self.show_at(place)
        if self._kept:
            self._copy.setFocus(Qt.FocusReason.PopupFocusReason)

    def copy(self) -> None:
        """Put everything on the card on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the card."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _say(self, key: str, **args: str | int) -> str:
        return render(Message(key, args), self._language)


def _lines(value: str) -> str:
    """A hash of 64 digits is set in two lines, so that the card fits beside the picture."""
    return "\n".join(value[cut : cut + _HASH_LINE] for cut in range(0, len(value), _HASH_LINE))
