"""A time stamp over one report: asked for, completed, checked. Every host is named before it is asked."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.glyphs import Glyph, of_state
from reserves_gui.gui.jobs import Fetch, Jobs
from reserves_gui.gui.looking_up import may_ask
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, StateLabel, row
from reserves_gui.gui.widgets.card import Banner
from reserves_gui.gui.widgets.text import Elided, Prose, Rule, label
from reserves_gui.messages import say, visible
from reserves_gui.progress import Progress
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.timestamps import StampCheck

_USUAL_CALENDAR = "https://alice.btc.calendar.opentimestamps.org"
"""One of the public calendars the standard's own tools ask. It is only a proposal: no host is asked unasked."""


class TimeStampDialog(Dialog):
    """What is known about the time stamp above, who may be asked below."""

    def __init__(self, context: Context, path: str, parent: QWidget | None) -> None:
        words, theme = context.words, context.theme
        super().__init__(context, words("window.stamp.title"), words("window.stamp.sentence"), parent, width=560)
        self._path = Path(path)
        self._sources: tuple[str, ...] = ()
        # Apart from the window's jobs: asking a calendar must not end a verification under way.
        self._jobs = Jobs(self)
        self.known: StampCheck | None = None
        self.body.addWidget(Elided(path, Role.SMALL, "text2"))
        self.state = StateLabel(theme, Glyph.NOT_CHECKED, "")
        self.body.addLayout(row(self.state, None))
        self._found = QVBoxLayout()
        self._found.setSpacing(4)
        self.body.addLayout(self._found)
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("window.stamp.calendar"), Role.NAME))
        self.calendar = QLineEdit(context.settings.calendar or _USUAL_CALENDAR)
        self.calendar.setAccessibleName(words("window.stamp.calendar"))
        self.body.addWidget(self.calendar)
        self.make = Button(theme, words("window.stamp.make"), self._make)
        self.complete = Button(theme, words("window.stamp.complete"), self._complete)
        self.body.addLayout(row(self.make, self.complete, None))
        self.enter_clicks(self.make, self.calendar)
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("window.stamp.blocks"), Role.NAME))
        self.body.addWidget(Prose(words("window.stamp.blocks_sentence"), Role.SMALL, "text2"))
        self.check = Button(theme, words("window.stamp.check"), self._check)
        self.sources = Button(theme, words("window.sources.edit"), self._edit_sources)
        self.body.addLayout(row(self.check, self.sources, None))
        self.banner = Banner(theme)
        self.body.addWidget(self.banner)
        self.stop = self.add_button(words("window.stamp.stop"))
        self.stop.clicked.connect(self._jobs.cancel)
        self.stop.hide()
        self.add_closing()
        self.finished.connect(lambda _code: self._jobs.supersede())
        context.network.changed.connect(self._network_changed)
        self._run(self._look, self._show)

    # What is known

    def _look(self, progress: Progress) -> object:
        from reserves_gui.services.timestamps import known_stamp

        return known_stamp(self._path, progress)

    def _show(self, found: object) -> None:
        """Show what the proof says by itself, or what asking for the blocks came to."""
        words = self.context.words
        self.known = known = found  # type: ignore[assignment]
        if known is None:
            self._tell(Glyph.NOT_CHECKED, words("window.stamp.none"), ())
            return
        from reserves_gui.services.timestamps import StampCheck

        assert isinstance(known, StampCheck)
        if known.pending and not self.context.settings.calendar:
            self.calendar.setText(visible(known.pending[0]))
        if known.time is not None:
            sentence = words("stamp.existed", time=words.time(known.time))
        else:
            sentence = words(f"stamp.result.{known.state.value}")
        findings = [words.render(one) for one in known.findings]
        self._tell(of_state(known.state), words.state(known.state), (sentence, *findings))

    def _tell(self, glyph: Glyph, word: str, sentences: Sequence[str]) -> None:
        self.state.set_state(glyph, word)
        while self._found.count():
            item = self._found.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, sentence in enumerate(sentences):
            role, tone = (Role.SMALL, "text2") if at else (Role.BODY, "text")
            self._found.addWidget(Prose(sentence, role, tone).selectable())
        self._offer()
        self.grow()

    def _offer(self) -> None:
        idle, known = self._jobs.running is None, self.known
        self.make.setEnabled(idle and known is None)
        self.complete.setEnabled(idle and known is not None and bool(known.pending))
        self.check.setEnabled(idle and known is not None and known.state is not State.FAILED)
        self.stop.setVisible(not idle)

    # What the user asks for

    def _make(self) -> None:
        words, url = self.context.words, self.calendar.text().strip()
        self._ask_calendar(url, words("window.stamp.learns_hash"), lambda: self._send(url))

    def _send(self, url: str) -> None:
        path, told = self._path, self.context.network.contacted

        def work(progress: Progress) -> object:
            from reserves_gui.services.timestamps import Asking, stamp_file

            return stamp_file(path, url, Asking.online(told), progress)

        def done(place: object) -> None:
            self.context.settings.calendar = url
            self._said(self.context.words("stamp.made", path=Path(str(place)).name))

        self._run(work, done)

    def _complete(self) -> None:
        words, url = self.context.words, self.calendar.text().strip()
        self._ask_calendar(url, words("window.stamp.learns_promise"), lambda: self._upgrade(url))

    def _upgrade(self, url: str) -> None:
        path, told = self._path, self.context.network.contacted

        def work(progress: Progress) -> object:
            from reserves_gui.services.timestamps import Asking, proof_path, upgrade_stamp

            return upgrade_stamp(path, url, Asking.online(told), progress), proof_path(path).name

        def done(made: object) -> None:
            assert isinstance(made, tuple)
            self._said(self.context.words("stamp.completed" if made[0] else "stamp.still_pending", path=made[1]))

        self._run(work, done)

    def _said(self, sentence: str) -> None:
        self.banner.tell("neutral", sentence)
        self.context.reports_changed()
        self._run(self._look, self._show, quiet=True)

    def _ask_calendar(self, url: str, learns: str, then: Callable[[], None]) -> None:
        def work() -> object:
            from reserves_gui.services.timestamps import calendar_host

            return (calendar_host(url),)

        self._ask(work, learns, then)

    def _edit_sources(self) -> None:
        from reserves_gui.gui.dialogs.sources import SourcesDialog

        dialog = SourcesDialog(self.context, self)
        if dialog.exec():
            # Passwords live in this dialog only; what is remembered has none.
            self._sources = dialog.sources

    def _check(self) -> None:
        if not (self._sources or self.context.settings.sources):
            self._edit_sources()
        sources = self._sources or self.context.settings.sources
        if not sources:
            return
        usable: list[str] = []

        def work() -> object:
            from reserves_gui.services.timestamps import header_sources

            named = header_sources(sources)
            usable.extend(one.text for one in named)
            return tuple(one.host for one in named if one.host is not None)

        def then() -> None:
            if not usable:
                self.banner.tell("partial", self.context.words("window.stamp.no_headers"))
                return
            self._look_at_blocks(tuple(usable))

        self._ask(work, self.context.words("window.stamp.learns_blocks"), then)

    def _look_at_blocks(self, sources: tuple[str, ...]) -> None:
        path, told = self._path, self.context.network.contacted

        def work(progress: Progress) -> object:
            from reserves_gui.services.timestamps import Asking, check_stamp

            return check_stamp(path, None, Asking.online(told, sources), progress)

        self._run(work, self._show)

    # Consent and the job

    def _ask(self, name: Callable[[], object], learns: str, then: Callable[[], None]) -> None:
        """Go on with ``then`` once every host that ``name`` gives may be asked."""

        def named(found: object) -> None:
            if not isValid(self):
                return
            if isinstance(found, ReservesError):
                self._failed(found)
                return
            assert isinstance(found, tuple)
            words, hosts = self.context.words, tuple(dict.fromkeys(found))
            if hosts and not self.context.network.online:
                text = words("window.look.offline", hosts=visible(", ".join(hosts)))
                self.banner.tell("partial", text, words("window.look.go_online"), go_on)
                self.grow()
                return
            learns_not = words("window.stamp.learns_not")
            for host in hosts:
                if not may_ask(self.context, host, learns, self, learns_not):
                    self.banner.tell("neutral", words("window.look.declined", host=visible(host)))
                    self.grow()
                    return
            if hosts and not self.context.network.online:
                # The switch was flipped while a question was open.
                return
            then()

        def go_on() -> None:
            self.context.network.set_online(True)
            self._ask(name, learns, then)

        self.banner.hide()
        Fetch(name, named, self.context.session)

    def _run(self, work: Callable[[Progress], object], done: Callable[[object], None], *, quiet: bool = False) -> None:
        """Do ``work``; ``quiet`` keeps the banner of what was just done."""
        if not quiet:
            self.banner.hide()

        def ended(found: object) -> None:
            self._offer()
            done(found)

        self._jobs.start(say("window.job.verify"), work, done=ended, failed=self._failed)
        self._offer()

    def _failed(self, error: ReservesError) -> None:
        self._offer()
        if error.code is not ErrorCode.CANCELLED:
            self.banner.tell("failed", self.context.words.render(error.message))
            self.grow()

    def _network_changed(self) -> None:
        if isValid(self) and self._jobs.running is not None and not self.context.network.online:
            self._jobs.cancel()
