"""Over time: reserves, liabilities and flows of the stored snapshots. Nothing is stored yet, and the page says so."""

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pages.frame import PageFrame
from reserves_gui.gui.widgets.card import Card, EmptyState


class OverTimePage(PageFrame):
    """An empty state until snapshots are stored."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=312, right_narrow=312)
        words, theme = context.words, context.theme
        card = Card()
        card.body.addWidget(
            EmptyState(theme, Icon.OVER_TIME, words("window.over_time.empty"), words("window.over_time.empty_sentence"))
        )
        self.column.addWidget(card)
        self.column.addStretch(1)
