"""Reports: saved ones, what checking them again found, exports."""

from reserves_gui.gui.context import Context
from reserves_gui.gui.pages.frame import PageFrame


class ReportsPage(PageFrame):
    """A list at the left, the chosen report at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=376, right_narrow=320)
        self._context = context
