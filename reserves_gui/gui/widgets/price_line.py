"""Whether the chart over time has a price line: only where prices are kept, and only if the user wants it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from reserves_gui.gui.pictures.time_model import ChartModel, priced
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.over_time import OverTime


class PriceLine(QCheckBox):
    """Off at first. What it is for, or why it cannot be had, is told beside the pointer and to readers."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("window.prices.line"))
        self._words = words
        self.setAccessibleName(self.text())

    def drawn(self, model: ChartModel, found: "OverTime") -> ChartModel:
        """``model``, with the kept prices where they are wanted."""
        key = "window.prices.line_help" if found.prices else "window.prices.line_none"
        told = self._words(key, asset=visible(found.asset))
        self.setEnabled(bool(found.prices))
        self.setToolTip(told)
        self.setAccessibleDescription(told)
        return priced(model, found, self._words) if self.isChecked() else model
