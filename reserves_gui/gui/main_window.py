"""The frame: left bar, top bar, five pages, status bar. It owns no result; the session does."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QGridLayout, QMainWindow, QWidget

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.bars import SideBar, StatusBar, TopBar
from reserves_gui.gui.commands import Commands
from reserves_gui.gui.context import Context, Network
from reserves_gui.gui.dropping import local_paths
from reserves_gui.gui.log import SessionLog
from reserves_gui.gui.pages.frame import PageFrame
from reserves_gui.gui.pages.held import Pages
from reserves_gui.gui.reading_order import step
from reserves_gui.gui.session import Page, Result, Session, source_name
from reserves_gui.gui.settings import Settings
from reserves_gui.gui.theme import NARROW_BELOW, Theme
from reserves_gui.gui.widgets.job_bar import duration
from reserves_gui.gui.words import Words
from reserves_gui.messages import say
from reserves_gui.progress import Progress, Step
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.gui.pages.balance import BalancePage
    from reserves_gui.gui.pages.liabilities import LiabilitiesPage
    from reserves_gui.gui.pages.over_time import OverTimePage
    from reserves_gui.gui.pages.reports import ReportsPage
    from reserves_gui.gui.pages.wallets import WalletsPage

LEAST = (1024, 700)
FIRST = (1280, 800)
_PAGES = tuple(Page)
_RUN_PAGES = (Page.BALANCE, Page.LIABILITIES, Page.WALLETS)
"""Pages that show a run under way."""


class MainWindow(QMainWindow):
    """Opened files go to the session; verdicts go to the page they belong to."""

    def __init__(
        self,
        theme: Theme,
        words: Words,
        settings: Settings,
        session: Session,
        network: Network,
        log: SessionLog,
        language_changed: Callable[[], None],
        ways_changed: Callable[[], None],
    ) -> None:
        super().__init__()
        self.commands = Commands(self)
        commands = self.commands
        self.context = Context(
            theme=theme,
            words=words,
            settings=settings,
            session=session,
            network=network,
            log=log,
            open_files=self.open_files,
            paste=commands.paste,
            show_guide=commands.show_guide,
            show_guides=commands.show_guides,
            show_explained=commands.show_explained,
            go_to=self.go_to,
            save_report=commands.save_report,
            share_redacted=commands.share_redacted,
            compare_receipts=commands.compare_receipts,
            keep=commands.keep,
            show_kept=self.show_kept,
            show_journal=commands.show_journal,
            show_root_log=commands.show_root_log,
            show_key=commands.show_key,
            choose_files=self.choose_files,
            close_results=self.start_again,
            run=self.run_job,
            complain=commands.complain,
            reports_changed=self.show_reports,
            language_changed=language_changed,
            ways_changed=ways_changed,
        )
        self.setWindowTitle("Reserves")
        self.setMinimumSize(*LEAST)
        self.setAcceptDrops(True)
        self._narrow: bool | None = None
        self._painted = False
        self.side = SideBar(self.context, self.go_to_row, commands.show_help, commands.show_settings)
        self.top = TopBar(self.context, self.open_files)
        self.status = StatusBar(self.context, self.cancel, commands.show_hosts)
        self.stack = Pages(self.context, self._page_made)
        self._lay_out()
        self._shortcuts()
        self._connect()
        self.go_to(Page.BALANCE)
        geometry = settings.geometry()
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*FIRST)
        for result in session.results.values():
            self._show(result)

    def _lay_out(self) -> None:
        central = QWidget()
        central.setProperty("ground", "window")
        grid = QGridLayout(central)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.side, 0, 0, 3, 1)
        grid.addWidget(self.top, 0, 1)
        grid.addWidget(self.stack, 1, 1)
        grid.addWidget(self.status, 2, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.setCentralWidget(central)

    def _shortcuts(self) -> None:
        for at, page in enumerate(_PAGES, start=1):
            QShortcut(QKeySequence(f"Ctrl+{at}"), self, partial(self.go_to, page))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Open), self, self.open_files)
        QShortcut(QKeySequence("Ctrl+Shift+V"), self, self.context.paste)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self, self.context.save_report)
        QShortcut(QKeySequence("Ctrl+H"), self, self.context.keep)
        QShortcut(QKeySequence("Ctrl+K"), self, self.top.focus_search)
        QShortcut(QKeySequence("Ctrl+,"), self, self.commands.show_settings)
        QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self, self.commands.show_help)
        QShortcut(QKeySequence("Escape"), self, self.cancel)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self, self.close)

    def _connect(self) -> None:
        session = self.context.session
        session.opened.connect(self._opened)
        session.arrived.connect(self._arrived)
        session.refused.connect(self._refused)
        session.redirected.connect(self._redirected)
        session.jobs.progressed.connect(self._progressed)
        self.stack.wallets_shut.connect(self._close_wallets)
        self.stack.alerts_open.connect(self._alerts_open)
        self.stack.watch_rests.connect(self.status.job.rest)

    def disconnect_session(self) -> None:
        """Hear nothing more: another window takes over."""
        session = self.context.session
        session.opened.disconnect(self._opened)
        session.arrived.disconnect(self._arrived)
        session.refused.disconnect(self._refused)
        session.redirected.disconnect(self._redirected)
        session.jobs.progressed.disconnect(self._progressed)

    def _page_made(self, page: PageFrame) -> None:
        page.set_narrow(self._narrow is True)

    @property
    def pages(self) -> dict[Page, PageFrame]:
        """All five pages."""
        return {page: self.stack.page(page) for page in _PAGES}

    @property
    def balance(self) -> "BalancePage":
        """*My balance*."""
        return self.stack.balance

    @property
    def liabilities(self) -> "LiabilitiesPage":
        """*Liabilities*."""
        return self.stack.liabilities

    @property
    def wallets(self) -> "WalletsPage":
        """*Wallets*."""
        return self.stack.wallets

    @property
    def over_time(self) -> "OverTimePage":
        """*Over time*."""
        return self.stack.over_time

    @property
    def reports(self) -> "ReportsPage":
        """*Reports*."""
        return self.stack.reports

    @property
    def current_page(self) -> Page:
        """The page on screen."""
        return self.stack.current

    # What the user does

    def go_to(self, page: Page) -> None:
        """Show a page."""
        self.side.navigation.choose(_PAGES.index(page))
        self.stack.setCurrentWidget(self.stack.page(page))
        self.top.offer(self.commands.savable())

    def go_to_row(self, row: int) -> None:
        """Show the page of a row of the left bar."""
        self.go_to(_PAGES[row])

    def open_files(self) -> None:
        """Ask for files and verify them."""
        paths = self.choose_files(self.context.words("window.open.choose"))
        if paths:
            self.check(paths)

    def show_kept(self, exchange: str) -> None:
        """Show what is kept about an exchange over time."""
        self.over_time.choose(exchange)
        self.go_to(Page.OVER_TIME)

    def show_store(self) -> None:
        """Another store is used from now on."""
        if self.current_page is Page.OVER_TIME:
            self.over_time.refresh()

    def start_again(self) -> None:
        """Forget the results on screen, as after a start."""
        session = self.context.session
        for page in (Page.BALANCE, Page.LIABILITIES):
            session.close(page)
            self._mark(page, failed=False)
        self.balance.show_start()
        self.liabilities.back()
        self.status.job.rest(self.context.words("window.job.none"))
        self.go_to(Page.BALANCE)

    def _close_wallets(self) -> None:
        self.context.session.close(Page.WALLETS)
        self._mark(Page.WALLETS, failed=False)
        self.wallets.result.forget()
        self.wallets.back()
        self.top.offer(None)

    def choose_files(self, title: str) -> tuple[str, ...]:
        """Ask for files."""
        recent = self.context.settings.recent
        folder = str(Path(recent[0]).parent) if recent else ""
        paths, _kind = QFileDialog.getOpenFileNames(self, title, folder)
        return tuple(paths)

    def check(self, paths: tuple[str, ...]) -> None:
        """Verify files, at once."""
        self.context.settings.add_recent(paths)
        self.top.show_recent()
        self.context.session.check_files(paths)

    def show_reports(self) -> None:
        """The list of reports changed."""
        self.reports.reload()

    def run_job(self, title: str, work: Callable[[Progress], object], done: Callable[[object], None]) -> None:
        """Do ``work`` in a job of the status bar; a verification under way is given up for it."""
        jobs, words = self.context.session.jobs, self.context.words
        if jobs.running is not None:
            for page in _RUN_PAGES:
                self._back(page)

        def ended(result: object) -> None:
            self.status.job.rest(words("window.job.done", title=title))
            done(result)

        def failed(error: ReservesError) -> None:
            cancelled = error.code is ErrorCode.CANCELLED
            self.status.job.rest(
                words("window.job.cancelled") if cancelled else words("window.job.not_done", title=title)
            )
            self.context.complain(error)

        jobs.start(say("window.job.verify"), work, done=ended, failed=failed)
        self.status.job.begin(title)

    def cancel(self) -> None:
        """Stop the running job."""
        if self.context.session.jobs.running is not None:
            self.status.job.stopping()
            self.balance.running.stopping()
            self.liabilities.running.stopping()
            self.wallets.stopping()
            self.context.session.jobs.cancel()

    # What the session says

    def _opened(self, request: object) -> None:
        words, session = self.context.words, self.context.session
        files = getattr(request, "files", ())
        name = Path(files[0]).name if files else words("window.pasted")
        self.status.job.begin(words("window.job.verify_named", name=name))
        rerun = any(result.request.files == files for result in session.results.values()) and bool(files)
        if not rerun:
            self.balance.show_running(name)
            self.liabilities.show_running(name)
            self.wallets.show_running(name)
            if self.stack.currentWidget() not in {self.balance, self.liabilities, self.wallets}:
                self.go_to(Page.BALANCE)
        self.top.offer(None)
        self.context.log.note(words("window.log.check", files=len(files) or 1))

    def _progressed(self, step: object) -> None:
        if isinstance(step, Step):
            self.status.job.step(step)
            self.balance.running.step(step)
            self.liabilities.running.step(step)
            self.wallets.step(step)

    def _arrived(self, result: object) -> None:
        assert isinstance(result, Result)
        words = self.context.words
        self._show(result)
        for page in _RUN_PAGES:
            if page is not result.page:
                self._back(page)
        self.go_to(result.page)
        name = source_name(result.request, result.verdict)
        ended = words("window.job.finished", name=name, time=duration(words, result.seconds))
        self.status.job.rest(ended)
        state, time = words.state(result.verdict.state), duration(words, result.seconds)
        self.context.log.note(words("window.log.verdict", format=result.verdict.format, state=state, time=time))

    def _redirected(self, dropped: object) -> None:
        """Reports go to their page, with the other files as their evidence; receipts are compared."""
        from reserves_gui.services.dropped import Dropped

        assert isinstance(dropped, Dropped)
        self.status.job.rest(self.context.words("window.job.none"))
        for page in _RUN_PAGES:
            self._back(page)
        if dropped.receipts:
            self.commands.compare_receipts((*dropped.receipts, *dropped.others))
        for path in dropped.reports:
            self.reports.show_file(path, () if dropped.receipts else dropped.others)
        self.go_to(Page.REPORTS if dropped.reports else self.current_page)

    def _show(self, result: Result) -> None:
        if result.page is Page.BALANCE:
            self.balance.show_result(result)
        elif result.page is Page.LIABILITIES:
            self.liabilities.show_result(result)
        elif result.page is Page.WALLETS and result.rows is not None:
            self.wallets.show_result(result)
        self._mark(result.page, failed=result.verdict.state is State.FAILED)

    def _mark(self, page: Page, *, failed: bool) -> None:
        words = self.context.words
        row = _PAGES.index(page)
        name = self.side.navigation.pages.entry(row).name
        spoken = words("window.page.failed", page=name) if failed else name
        self.side.navigation.pages.mark(row, failed=failed, number=0, spoken=spoken)

    def _alerts_open(self, count: int) -> None:
        words, row = self.context.words, _PAGES.index(Page.OVER_TIME)
        name = self.side.navigation.pages.entry(row).name
        spoken = words("window.page.alerts", page=name, count=count) if count else name
        self.side.navigation.pages.mark(row, failed=False, number=count, spoken=spoken)

    def _refused(self, error: object) -> None:
        assert isinstance(error, ReservesError)
        words = self.context.words
        self.context.log.note(words("window.log.refused", code=str(error.code)))
        if error.code is ErrorCode.CANCELLED:
            self.status.job.rest(words("window.job.cancelled"))
            for page in _RUN_PAGES:
                self._back(page)
        elif error.message.key == "error.equal_formats":
            self.status.job.rest(words("window.job.none"))
            self._choose_format(error)
        else:
            self.status.job.rest(words("window.job.unusable"))
            self._back(Page.LIABILITIES)
            self._back(Page.WALLETS)
            self.balance.show_error(error)
            self.go_to(Page.BALANCE)
        self.top.offer(self.commands.savable())

    def _choose_format(self, error: ReservesError) -> None:
        from reserves_gui.gui.dialogs.choose_format import ChooseFormat

        self._back(Page.LIABILITIES)
        self._back(Page.WALLETS)
        self.balance.show_error(error)
        asked = self.context.session.asked
        dialog = ChooseFormat(self.context, str(error.message.args.get("names", "")), self)
        if dialog.exec() and asked is not None:
            from dataclasses import replace

            session = self.context.session
            session.run(replace(asked, format=dialog.chosen), example=session.example, about=session.about)

    def _back(self, page: Page) -> None:
        if page is Page.BALANCE:
            self.balance.back()
        elif page is Page.LIABILITIES:
            self.liabilities.back()
        elif page is Page.WALLETS:
            self.wallets.back()

    # What Qt says

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and text may be dropped on every page."""
        paths = local_paths(event.mimeData())
        if paths or event.mimeData().hasText():
            event.acceptProposedAction()
            words = self.context.words
            many = words("window.drop.one") if len(paths) == 1 else words("window.drop.files", count=len(paths))
            text = many if paths else words("window.drop.text")
            self.balance.start.drop.set_dragging(text)
            self.status.job.rest(text)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing was dropped."""
        self.balance.start.drop.set_dragging(None)
        self.status.job.rest(self.context.words("window.job.none"))
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Verify what was dropped, at once."""
        self.balance.start.drop.set_dragging(None)
        paths = local_paths(event.mimeData())
        event.acceptProposedAction()
        if paths:
            self.check(paths)
        elif event.mimeData().hasText():
            self.context.session.check_text(event.mimeData().text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """After the first picture the rest follows: examples and guides, then the pages that are not on screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._complete)

    def _complete(self) -> None:
        self.balance.start.load()
        self.stack.complete()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Compact measures below 1100 px."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        if narrow != self._narrow:
            self._narrow = narrow
            self.side.set_narrow(narrow)
            self.top.set_narrow(narrow)
            self.status.set_narrow(narrow)
            for page in self.stack.made:
                page.set_narrow(narrow)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the work, keep size and place; while an exchange is watched from the tray, only the window goes."""
        if self.stack.has(Page.OVER_TIME) and not self.over_time.watched.may_close():
            event.ignore()
            return
        self.context.session.jobs.wait()
        self.context.settings.keep_geometry(self.saveGeometry())
        self.context.settings.sync()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Tab and Shift+Tab: the left bar, the top bar, the page, the status bar."""
        return step(self, forward=forward)

    def raise_up(self) -> None:
        """Come to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
