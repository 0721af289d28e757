"""Wallets: the addresses an exchange lists. Nothing is loaded yet, and the page says so."""

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pages.frame import PageFrame
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.card import Card, EmptyState


class WalletsPage(PageFrame):
    """An empty state until a wallet list can be opened here."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=320, right_narrow=320)
        words, theme = context.words, context.theme
        card = Card()
        card.body.addWidget(
            EmptyState(
                theme,
                Icon.WALLET,
                words("window.wallets.empty"),
                words("window.wallets.empty_sentence"),
                Button(theme, words("window.wallets.guides"), context.show_guides),
            )
        )
        self.column.addWidget(card)
        self.column.addStretch(1)
