"""The five pages, each made when it is first asked for: the window is on screen before the other four are."""

import sys
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Signal
from shiboken6 import isValid

from reserves_gui.gui.context import Context
from reserves_gui.gui.pages.frame import PageFrame
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.parts import Parts

if TYPE_CHECKING:
    from reserves_gui.gui.pages.balance import BalancePage
    from reserves_gui.gui.pages.liabilities import LiabilitiesPage
    from reserves_gui.gui.pages.over_time import OverTimePage
    from reserves_gui.gui.pages.reports import ReportsPage
    from reserves_gui.gui.pages.wallets import WalletsPage

_Made = TypeVar("_Made", bound=PageFrame)


class Pages(Parts):
    """Holds the pages; ``added`` is told of each one once it is made."""

    wallets_shut = Signal()
    """The user closed the wallet list."""
    alerts_open = Signal(int)
    """How many alerts are open of the exchange that *Over time* shows."""
    watch_rests = Signal(str)
    """What is watched until the next look."""

    def __init__(self, context: Context, added: Callable[[PageFrame], None]) -> None:
        super().__init__()
        self._context = context
        self._added = added
        self._made: dict[Page, PageFrame] = {}

    @property
    def made(self) -> tuple[PageFrame, ...]:
        """The pages there are so far."""
        return tuple(self._made.values())

    @property
    def current(self) -> Page:
        """The page on screen."""
        return next(page for page, shown in self._made.items() if shown is self.currentWidget())

    def has(self, page: Page) -> bool:
        """Whether ``page`` is made yet."""
        return page in self._made

    def page(self, page: Page) -> PageFrame:
        """The page, made now if it was not."""
        made: PageFrame = getattr(self, page.value)
        return made

    def complete(self) -> None:
        """Make the pages that are missing, one at a time, so that the window can be used in between.

        A page is loaded in one turn of the event loop and made in another.
        """
        missing = next((page for page in Page if page not in self._made), None)
        if missing is None:
            return
        module = f"{__package__}.{missing.value}"
        if module in sys.modules:
            self.page(missing)
        else:
            import_module(module)
        QTimer.singleShot(0, lambda: self.complete() if isValid(self) else None)

    def _keep(self, page: Page, made: _Made) -> _Made:
        self._made[page] = made
        self.addWidget(made)
        self._added(made)
        return made

    @cached_property
    def balance(self) -> "BalancePage":
        """*My balance*."""
        from reserves_gui.gui.pages.balance import BalancePage

        return self._keep(Page.BALANCE, BalancePage(self._context))

    @cached_property
    def liabilities(self) -> "LiabilitiesPage":
        """*Liabilities*."""
        from reserves_gui.gui.pages.liabilities import LiabilitiesPage

        return self._keep(Page.LIABILITIES, LiabilitiesPage(self._context))

    @cached_property
    def wallets(self) -> "WalletsPage":
        """*Wallets*."""
        from reserves_gui.gui.pages.wallets import WalletsPage

        made = WalletsPage(self._context)
        made.shut.connect(self.wallets_shut)
        return self._keep(Page.WALLETS, made)

    @cached_property
    def over_time(self) -> "OverTimePage":
        """*Over time*."""
        from reserves_gui.gui.pages.over_time import OverTimePage

        made = OverTimePage(self._context)
        made.opened.connect(self.alerts_open)
        made.watching.rests.connect(self.watch_rests)
        return self._keep(Page.OVER_TIME, made)

    @cached_property
    def reports(self) -> "ReportsPage":
        """*Reports*."""
        from reserves_gui.gui.pages.reports import ReportsPage

        return self._keep(Page.REPORTS, ReportsPage(self._context))
