"""The path picture as a widget: every node can be pointed at, walked to, read aloud and opened.

The picture is painted by ``pictures.path``; each node and each fold is covered by a see-through button, which brings
focus, hover and an accessible child with it.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from reserves_gui.evidence import PathPicture
from reserves_gui.gui.pictures.path import PathModel, paint
from reserves_gui.gui.theme import Theme, colour
from reserves_gui.gui.widgets.node_card import NodeCard
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, render
from reserves_gui.services.pictures import (
    BOX_HEIGHT,
    BOX_NARROW,
    BOX_WIDE,
    PILL_HEIGHT,
    Box,
    PathLayout,
    Pill,
    layout_path,
    node_sentence,
    plain,
)

_RING = 2.0
_WALK = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
}


_BY_KEY = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
}


class Spot(QAbstractButton):
    """A see-through button over one node or fold."""

    def __init__(self, view: "PathView", target: Box | Pill, name: str) -> None:
        super().__init__(view)
        self.target = target
        self._view = view
        self._by_key = False
        self.setAccessibleName(name)
        # The ring is painted inside the node, so the window's own ring stays away.
        self.setProperty("own_focus", True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        height = BOX_HEIGHT if isinstance(target, Box) else PILL_HEIGHT
        self.setGeometry(round(target.x), round(target.y), round(target.width), round(height))
        self.clicked.connect(lambda: view.open(self))

    def sizeHint(self) -> QSize:
        """The size of the node."""
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Only the focus ring; the node itself is part of the picture."""
        if not (self.hasFocus() and self._by_key):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(self._view.theme.tokens.accent), _RING))
        radius = 8.0 if isinstance(self.target, Box) else self.height() / 2
        half = _RING / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring for keyboard focus."""
        self._by_key = event.reason() in _BY_KEY
        self._view.entered(self)
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is on the node."""
        self._view.hover(self)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        self._view.hover(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter opens."""
        if event.key() in _WALK:
            self._view.walk(self, Qt.Key(event.key()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class PathView(QWidget):
    """Shows one path. Without a picture it is empty and takes no room."""

    reached = Signal(object)
    """The :class:`Spot` that the keyboard came to: whoever scrolls brings it into view."""

    def __init__(self, theme: Theme, language: str = DEFAULT_LANGUAGE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._language = language
        self._amount: Callable[[str, int], str] = plain
        self._height: float | None = None
        self._room: float | None = None
        self._picture: PathPicture | None = None
        self._asset: str | None = None
        self._opened: frozenset[int] = frozenset()
        self._box_width = BOX_WIDE
        self._layout: PathLayout | None = None
        self._hovered: Box | Pill | None = None
        self._spots: list[Spot] = []
        self._hover_card = NodeCard(self, language, kept=False)
        self._kept_card = NodeCard(self, language, kept=True)
        self._from: Spot | None = None
        self._kept_card.closed.connect(self._back_to_node)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(render(Message("report.path.title"), language))
        theme.changed.connect(self.update)

    # What is shown.

    def set_room(self, height: int) -> None:
        """Fold for this height; what the user unfolded stays so."""
        self._height = float(height)
        if self._opened:
            return
        self._room = self._height
        before = self._layout
        if before is not None and self._picture is not None and self._placed(self._picture).pills != before.pills:
            self._place()

    def set_amounts(self, amount: Callable[[str, int], str]) -> None:
        """How sums are written in the boxes, in at most so many characters (the language's thousands sign)."""
        self._amount = amount
        self._place()

    def set_picture(self, picture: PathPicture | None) -> None:
        """Show ``picture``, folded, its sums in its first asset; None clears the view."""
        self._picture = picture
        self._opened = frozenset()
        self._room = self._height
        self._asset = None if picture is None else next(iter(picture.assets), None)
        self._place()

    def set_asset(self, asset: str) -> None:
        """Show the sums in ``asset``."""
        self._asset = asset
        self._place()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Narrower boxes below the window's narrow width."""
        width = BOX_NARROW if narrow else BOX_WIDE
        if width != self._box_width:
            self._box_width = width
            self._place()

    @property
    def asset(self) -> str | None:
        """The asset the sums are shown in."""
        return self._asset

    @property
    def placed(self) -> PathLayout | None:
        """Where everything stands, for exports."""
        return self._layout

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The nodes and folds in reading order, root first."""
        return tuple(self._spots)

    def model(self) -> PathModel | None:
        """What is painted, without the pointer: the same picture goes into exports."""
        return None if self._layout is None else PathModel(layout=self._layout)

    # Pointing, walking, opening.

    def hover(self, spot: Spot | None) -> None:
        """The pointer is over ``spot``, or over none."""
        self._hovered = None if spot is None else spot.target
        if spot is not None and isinstance(spot.target, Box) and not self._kept_card.isVisible():
            self._hover_card.show_node(spot.target.node, spot.target.row, self._beside(spot))
        else:
            self._hover_card.hide()
        self.update()

    def entered(self, spot: Spot) -> None:
        """``spot`` has the focus: it is where Tab comes back to."""
        for one in self._spots:
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one is spot else Qt.FocusPolicy.ClickFocus)
        self.reached.emit(spot)

    def walk(self, spot: Spot, key: Qt.Key) -> None:
        """Move the focus: up towards the root, down towards the leaf, left and right within a row."""
        reached = self._neighbour(spot, key)
        if reached is not None:
            reached.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, spot: Spot) -> None:
        """Unfold a fold; show the card of a node and keep it open."""
        target = spot.target
        if isinstance(target, Pill):
            self._opened |= set(range(target.low, target.high + 1))
            self._place()
            self._focus_row(target.high)
            return
        self._hover_card.hide()
        self._from = spot
        self._kept_card.show_node(target.node, target.row, self._beside(spot))

    @property
    def card(self) -> NodeCard:
        """The card that Enter opens."""
        return self._kept_card

    # Qt.

    def sizeHint(self) -> QSize:
        """The picture's own size."""
        if self._layout is None:
            return QSize(0, 0)
        return QSize(round(self._layout.width), round(self._layout.height))

    def minimumSizeHint(self) -> QSize:
        """The same: a card scrolls rather than shrinks."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture."""
        if self._layout is None:
            return
        painter = QPainter(self)
        rect = QRectF(QPointF(0, 0), self.size().toSizeF())
        paint(painter, rect, PathModel(layout=self._layout, hovered=self._hovered), self.theme.tokens)

    def hideEvent(self, event: QHideEvent) -> None:
        """Cards do not outlive the picture."""
        self._hover_card.hide()
        self._kept_card.hide()
        super().hideEvent(event)

    # Inside.

    def _place(self) -> None:
        for spot in self._spots:
            spot.hide()
            spot.deleteLater()
        self._spots = []
        self._hovered = None
        self._hover_card.hide()
        if self._picture is None or not self._picture.nodes:
            self._layout = None
        else:
            self._layout = self._placed(self._picture)
            self._cover(self._layout, self._picture)
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def _placed(self, picture: PathPicture) -> PathLayout:
        return layout_path(
            picture,
            asset=self._asset,
            opened=self._opened,
            box_width=self._box_width,
            amount=self._amount,
            language=self._language,
            room=self._room,
        )

    def _cover(self, layout: PathLayout, picture: PathPicture) -> None:
        targets: list[Box | Pill] = [*layout.boxes, *layout.pills]
        for target in sorted(targets, key=lambda one: (one.y, one.x)):
            if isinstance(target, Box):
                name = node_sentence(target, picture.assets, self._language)
            else:
                name = target.text + render(Message("report.path.unfold"), self._language)
            spot = Spot(self, target, name)
            spot.show()
            self._spots.append(spot)
        if self._spots:
            self._spots[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _neighbour(self, spot: Spot, key: Qt.Key) -> Spot | None:
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return self._spots[0 if key == Qt.Key.Key_Home else -1]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            beside = [one for one in self._spots if one.y() == spot.y() and one is not spot]
            wanted = [one for one in beside if (one.x() < spot.x()) == (key == Qt.Key.Key_Left)]
            return wanted[0] if wanted else None
        up = key == Qt.Key.Key_Up
        rows = sorted({one.y() for one in self._spots if (one.y() < spot.y()) == up and one.y() != spot.y()})
        if not rows:
            return None
        row = rows[-1] if up else rows[0]
        middle = spot.x() + spot.width() / 2
        return min(
            (one for one in self._spots if one.y() == row),
            key=lambda one: abs(one.x() + one.width() / 2 - middle),
        )

    def _focus_row(self, row: int) -> None:
        found = next((one for one in self._spots if isinstance(one.target, Box) and one.target.row == row), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _beside(self, spot: Spot) -> QPoint:
        return spot.mapToGlobal(QPoint(0, spot.height() + 6))

    def _back_to_node(self) -> None:
        if self._from in self._spots and self._from is not None:
            self._from.setFocus(Qt.FocusReason.OtherFocusReason)
