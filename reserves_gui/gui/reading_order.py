"""Tab goes through a window in the order it is read: as its layouts are filled, whatever was made first.

Qt's own chain follows the order in which widgets were made, and lines of a result are made long after the bars around
them. The order is therefore taken from the layouts at every step.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLayout, QScrollArea, QWidget

_WHOLE = (QAbstractItemView, QComboBox)
"""What is inside these is theirs."""


def step(top: QWidget, *, forward: bool) -> bool:
    """Move the focus within ``top`` to the next stop, or back to the one before; False where there is none."""
    stops = list(stops_in(top))
    now = QApplication.focusWidget()
    while now is not None and now not in stops:
        now = now.parentWidget()
    if not stops:
        return False
    at = stops.index(now) if now is not None else -1 if forward else 0
    chosen = stops[(at + (1 if forward else -1)) % len(stops)]
    chosen.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def stops_in(top: QWidget) -> Iterator[QWidget]:
    """Everything in ``top`` that Tab stops at now, in reading order."""
    if not top.isVisible() or not top.isEnabled():
        return
    if top.focusPolicy() & Qt.FocusPolicy.TabFocus and top.focusProxy() is None and not top.isWindow():
        yield top
    if isinstance(top, _WHOLE):
        return
    for child in _children(top):
        yield from stops_in(child)


def _children(widget: QWidget) -> list[QWidget]:
    """The children as the layout holds them, then those that stand outside of it, from top to bottom."""
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        return [inside] if inside is not None else []
    layout = widget.layout()
    placed = list(_placed(layout)) if layout is not None else []
    found = [one for one in widget.children() if isinstance(one, QWidget) and one not in placed]
    loose = sorted((one for one in found if not one.isWindow()), key=lambda one: (one.y(), one.x()))
    return [*placed, *loose]


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)
