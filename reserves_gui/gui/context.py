"""What every page and dialog is given: theme, words, settings, session and the switch to the network."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from reserves_gui.errors import ReservesError
from reserves_gui.gui.log import SessionLog
from reserves_gui.gui.session import Page, Session
from reserves_gui.gui.settings import Settings
from reserves_gui.gui.theme import Theme
from reserves_gui.gui.words import Words
from reserves_gui.progress import Progress


class Network(QObject):
    """The offline switch and the hosts contacted in this run. Offline at every start: nothing leaves by itself."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._online = False
        self._hosts: list[str] = []
        self._database = ""

    @property
    def online(self) -> bool:
        """Whether hosts may be asked, each after its own question."""
        return self._online

    def set_online(self, online: bool) -> None:  # noqa: FBT001 - the state of a switch
        """Flip the switch."""
        if online != self._online:
            self._online = online
            self.changed.emit()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts contacted in this run, in the order of first contact."""
        return tuple(self._hosts)

    @property
    def database(self) -> str:
        """The other computer the store lies on (``host:port``): contacted whenever it is used, online or not."""
        return self._database

    def set_database(self, host: str) -> None:
        """Where the store lies from now on; empty for this computer."""
        if host != self._database:
            self._database = host
            self.changed.emit()
        if host:
            self.contacted(host)

    def contacted(self, host: str) -> None:
        """A host was contacted."""
        if host not in self._hosts:
            self._hosts.append(host)
            self.changed.emit()


@dataclass(frozen=True, slots=True)
class Context:
    """Shared by all pages, with the actions of the window that a page may ask for."""

    theme: Theme
    words: Words
    settings: Settings
    session: Session
    network: Network
    log: SessionLog
    open_files: Callable[[], None]
    paste: Callable[[], None]
    show_guide: Callable[[str], None]
    show_guides: Callable[[], None]
    show_explained: Callable[[], None]
    go_to: Callable[[Page], None]
    save_report: Callable[[], None]
    share_redacted: Callable[[], None]
    compare_receipts: Callable[[], None]
    keep: Callable[[], None]
    """Ask under which exchange and time the result on screen is kept in history."""
    show_kept: Callable[[str], None]
    """Show what is kept about an exchange over time."""
    show_journal: Callable[[], None]
    show_root_log: Callable[[], None]
    show_key: Callable[[], None]
    choose_files: Callable[[str], tuple[str, ...]]
    close_results: Callable[[], None]
    run: Callable[[str, Callable[[Progress], object], Callable[[object], None]], None]
    """Do something in a job of the status bar: its title, the work, and what to do with what it gives."""
    complain: Callable[[ReservesError], None]
    reports_changed: Callable[[], None]
    language_changed: Callable[[], None]
    ways_changed: Callable[[], None]
    """Another proxy or another store was chosen: what starts from now on uses it."""
