"""Wallets: the addresses an exchange lists, who controls them, and what they hold."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pages.frame import PageFrame, inset
from reserves_gui.gui.session import Page, Result
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.card import Card, EmptyState
from reserves_gui.gui.widgets.parts import Parts
from reserves_gui.gui.widgets.running import RunningPanel
from reserves_gui.gui.widgets.scroll import BAR
from reserves_gui.gui.widgets.term import Term
from reserves_gui.gui.widgets.wallet_panel import WalletPanel
from reserves_gui.progress import Step


class WalletsPage(PageFrame):
    """Nothing yet, a check under way, or a checked list."""

    shut = Signal()
    """The user closed the list."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=320, right_narrow=320, top=16, bleed=BAR)
        self._context = context
        words, theme = context.words, context.theme
        empty = Card()
        empty.body.addWidget(
            EmptyState(
                theme,
                Icon.WALLET,
                words("window.wallets.empty"),
                words("window.wallets.empty_sentence"),
                Button(theme, words("window.wallets.open"), context.open_files, kind="primary", symbol=Icon.FOLDER),
                Button(theme, words("window.start.examples"), self.open_example, kind="link"),
                Button(theme, words("window.wallets.guides"), context.show_guides, kind="link"),
                Term(theme, words, "wallet_list", words("window.wallets.term"), Role.BODY, "text2"),
            )
        )
        self._empty = QWidget()
        column = QVBoxLayout(self._empty)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(empty)
        column.addStretch(1)
        self.running = RunningPanel(theme, words)
        self.running.cancel.clicked.connect(context.session.jobs.cancel)
        self.result = WalletPanel(context, self)
        self.result.shut.clicked.connect(self.shut)
        self._stack = Parts()
        for part in (self._empty, self.running, self.result):
            self._stack.addWidget(part)
        inset(self._empty, self.running)
        self.column.addWidget(self._stack)

    def open_example(self) -> None:
        """Check the bundled list."""
        session = self._context.session
        found = session.engine.wallet_list(self._context.words.language)
        session.run(found.request(), example=found.title, about=found.text)

    def show_running(self, name: str) -> None:
        """A check of ``name`` began."""
        self.running.begin(name)
        self._put(self.running)

    def step(self, step: Step) -> None:
        """The job under way stands at ``step``."""
        self.running.step(step)
        self.result.looking.step(step)

    def stopping(self) -> None:
        """Cancel was asked for."""
        self.running.stopping()
        self.result.looking.stopping()

    def show_result(self, result: Result) -> None:
        """A check of a wallet list ended."""
        self.result.show_result(result, self._stack)

    def _put(self, part: QWidget) -> None:
        """Bring ``part`` on screen, for good: what is still to be shown of a result is shown first."""
        self.result.turns.finish()
        self._stack.setCurrentWidget(part)

    def back(self) -> None:
        """What stood here before a run that led elsewhere."""
        has = Page.WALLETS in self._context.session.results
        self._put(self.result if has else self._empty)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        super().set_narrow(narrow)
        self.result.set_narrow(narrow)
