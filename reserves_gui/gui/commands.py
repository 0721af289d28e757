"""What the user asks for beside pages and results: dialogs, reports, receipts."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.dropping import local_paths
from reserves_gui.gui.session import Page, Result

if TYPE_CHECKING:
    from reserves_gui.gui.main_window import MainWindow


class Commands:
    """Every dialog is loaded when it is first asked for, so that none of them delays the first paint."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    def paste(self) -> None:
        """Verify what the clipboard holds; ask for text if it holds none."""
        from reserves_gui.gui.dialogs.paste import PasteDialog

        window = self._window
        held = QGuiApplication.clipboard().mimeData()
        paths = local_paths(held)
        if paths:
            window.check(paths)
            return
        dialog = PasteDialog(window.context, held.text() if held.hasText() else "", window)
        if dialog.exec():
            window.context.session.check_text(dialog.text)

    def show_guide(self, guide_id: str) -> None:
        """Show how to get a file."""
        from reserves_gui.gui.dialogs.guides import GuideDialog

        GuideDialog(self._window.context, guide_id, self._window).show_over()

    def show_guides(self) -> None:
        """Show all guides."""
        self.show_guide("")

    def show_explained(self) -> None:
        """What claims mean, in plain words."""
        self._show_page("what-a-proof-shows")

    def show_help(self) -> None:
        """How the window is used."""
        self._show_page("using-reserves")

    def _show_page(self, name: str) -> None:
        from reserves_gui.gui.dialogs.explained import ExplainedDialog

        ExplainedDialog(self._window.context, name, self._window).show_over()

    def show_settings(self) -> None:
        """What the user may choose."""
        from reserves_gui.gui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(
            self._window.context, self._window, about=self.show_about, log=self.show_log, key=self.show_key
        )
        dialog.finished.connect(lambda _code: self._window.top.show_recent())
        dialog.show_over()

    def show_hosts(self) -> None:
        """Which hosts were contacted in this run."""
        from reserves_gui.gui.dialogs.hosts import HostsDialog

        HostsDialog(self._window.context, self._window).show_over()

    def show_about(self) -> None:
        """Version, hash, licences."""
        from reserves_gui.gui.dialogs.about import AboutDialog

        AboutDialog(self._window.context, self._window).show_over()

    def show_log(self) -> None:
        """What happened in this run."""
        from reserves_gui.gui.dialogs.log import LogDialog

        LogDialog(self._window.context, self._window.context.log, self._window).show_over()

    def show_key(self) -> None:
        """The report key."""
        from reserves_gui.gui.dialogs.signing import KeyDialog

        KeyDialog(self._window.context, self._window).show_over()

    def show_journal(self) -> None:
        """The user's own balances over time."""
        from reserves_gui.gui.dialogs.journal import JournalDialog

        JournalDialog(self._window.context, self._window).show_over()

    def show_root_log(self) -> None:
        """Every root that was seen, and what others saw."""
        from reserves_gui.gui.dialogs.root_log import RootLogDialog

        RootLogDialog(self._window.context, self._window).show_over()

    def save_report(self) -> None:
        """Write the report of the result on screen."""
        result = self.savable()
        if result is not None:
            from reserves_gui.gui.dialogs.save_report import save_report

            save_report(self._window.context, result, self._window)

    def keep(self) -> None:
        """Keep the result on screen in history."""
        result = self.savable()
        if result is not None and not result.example:
            from reserves_gui.gui.dialogs.keep import KeepDialog

            KeepDialog(self._window.context, result, self._window).show_over()

    def share_redacted(self) -> None:
        """Write a copy of the report that identifies nobody."""
        result = self._window.context.session.results.get(Page.BALANCE)
        if result is not None:
            from reserves_gui.gui.dialogs.save_report import share_redacted

            share_redacted(self._window.context, result, self._window)

    def compare_receipts(self, paths: tuple[str, ...] = ()) -> None:
        """Hold receipts and proofs of one snapshot against each other; the result on screen takes part."""
        from reserves_gui.gui.dialogs.receipts import ReceiptsDialog

        window = self._window
        own = self.savable() if window.current_page in {Page.BALANCE, Page.LIABILITIES} else None
        files = own.request.files if own is not None and not paths else ()
        ReceiptsDialog(window.context, (*files, *paths), window, own=own).show_over()

    def complain(self, error: ReservesError) -> None:
        """Say why something could not be done. A cancelled one needs no words."""
        if error.code is not ErrorCode.CANCELLED:
            from reserves_gui.gui.dialogs.notice import Notice

            Notice.of_error(self._window.context, error, self._window).show_over()

    def savable(self) -> Result | None:
        """The result on screen, if there is one."""
        return self._window.context.session.results.get(self._window.current_page)
