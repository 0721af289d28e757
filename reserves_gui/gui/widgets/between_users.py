"""What users hold against one another and keep for themselves: receipts, the root log, the journal, the report key."""

from PySide6.QtWidgets import QGridLayout

from reserves_gui.gui.context import Context
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.card import Card
from reserves_gui.gui.widgets.text import Prose, label


class BetweenUsersCard(Card):
    """A sentence and one button each."""

    def __init__(self, context: Context) -> None:
        super().__init__(margin=16, spacing=8)
        self.setObjectName("between users")
        words, theme = context.words, context.theme
        self.body.addWidget(label(words("window.between.title"), Role.NAME))
        self.body.addWidget(Prose(words("window.between.sentence"), Role.SMALL, "text2"))
        self.receipts = Button(theme, words("window.receipts.link"), context.compare_receipts)
        self.journal = Button(theme, words("window.between.journal"), context.show_journal)
        self.log = Button(theme, words("window.between.root_log"), context.show_root_log)
        self.key = Button(theme, words("window.settings.key"), context.show_key)
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, button in enumerate((self.receipts, self.log, self.journal, self.key)):
            grid.addWidget(button, at // 2, at % 2)
            grid.setColumnStretch(at % 2, 1)
        self.body.addLayout(grid)
