"""A choice of settings that can be tried before it is used: what was typed is read and tested off the GUI thread."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.jobs import Fetch, Jobs
from reserves_gui.gui.looking_up import Refusal, may_ask, refused_host
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.card import Banner
from reserves_gui.messages import Message, say, visible
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.ways import Place

Found = tuple[bool, Message]
"""Whether it can be used, and what was seen."""


class TestedDialog(Dialog):
    """Options one below the other, fields, **Test**, **Use it**. Subclasses say how to read, test and keep.

    2026-11-27: a test is given up rather than waited for: a driver may be blocked in a connection for ten seconds, and
    the window answers at once.
    """

    __test__ = False

    def __init__(
        self, context: Context, title: str, sentence: str, parent: QWidget | None, options: Mapping[str, str]
    ) -> None:
        super().__init__(context, title, sentence, parent, width=560)
        words = context.words
        self._jobs = Jobs(self)
        self._asked_over_network = False
        self.options: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for name, text in options.items():
            button = QRadioButton(text)
            button.setAccessibleName(f"{title}: {text}")
            button.toggled.connect(self._chosen)
            group.addButton(button)
            self.options[name] = button
        self.test = Button(context.theme, words("window.tested.test"), self.start_test)
        self.stop = Button(context.theme, words("window.tested.stop"), self._stop)
        self.stop.hide()
        self.banner = Banner(context.theme)
        self.add_cancel()
        self.keep = self.add_button(words("window.tested.keep"), primary=True)
        self.keep.clicked.connect(self._keep)
        context.network.changed.connect(self._network_changed)
        self.finished.connect(lambda _code: self._jobs.supersede())

    @property
    def choice(self) -> str:
        """The name of the option chosen."""
        return next(name for name, button in self.options.items() if button.isChecked())

    def end_body(self, chosen: str) -> None:
        """Choose an option, and lay the test out below the fields."""
        self.body.addLayout(row(self.test, self.stop, None))
        self.body.addWidget(self.banner)
        self.body.addStretch(1)
        self.options[chosen].setChecked(True)
        self.options[chosen].setFocus()
        self._chosen()

    # What subclasses say

    def reading(self) -> "Callable[[], Place | None]":
        """Work that reads what is typed now (None: the usual). It raises ``ReservesError``, off the GUI thread."""
        raise NotImplementedError

    def testing(self, place: "Place | None") -> Callable[[Progress], Found]:
        """Work that tests ``place``."""
        raise NotImplementedError

    def learns(self) -> tuple[str, str]:
        """What another computer would learn from being asked, and what it would not."""
        raise NotImplementedError

    def before(self) -> str:
        """The URL in the settings until now, empty for the usual."""
        raise NotImplementedError

    def kept(self, place: "Place | None") -> None:
        """Put ``place`` into the settings."""
        raise NotImplementedError

    def offer(self) -> None:
        """Enable the fields of the option chosen."""

    # What the user does

    def _chosen(self, _on: object = None) -> None:
        self._jobs.supersede()
        self._idle()
        self.banner.hide()
        self.offer()

    def start_test(self) -> None:
        """Read, ask for consent where another computer is contacted, test."""
        self.banner.hide()
        Fetch(self.reading(), self._read_for_test, self)

    def _read_for_test(self, found: object) -> None:
        if isinstance(found, ReservesError):
            self._failed(found)
            return
        place: Place | None = found  # type: ignore[assignment]
        hosts = (place.host,) if place is not None and place.host is not None else ()
        refusal = refused_host(self.context, hosts, *self._asked(), proxy="")
        if refusal is not None:
            self._tell_refusal(*refusal)
            return
        self._asked_over_network = bool(hosts)
        if hosts:
            self.context.network.contacted(hosts[0])
        words = self.context.words
        self.test.setEnabled(False)
        self.stop.show()
        self.banner.tell("neutral", words("window.tested.testing"))
        self.grow()
        self._jobs.start(say("window.job.verify"), self.testing(place), done=self._tested, failed=self._failed)

    def _asked(self) -> tuple[str, QWidget, str]:
        learns, learns_not = self.learns()
        return learns, self, learns_not

    def _tell_refusal(self, kind: Refusal, host: str) -> None:
        words = self.context.words
        if kind is Refusal.OFFLINE:
            text = words("window.tested.online", host=visible(host))
            self.banner.tell("partial", text, words("window.tested.go_online"), self._go_online)
        else:
            self.banner.tell("neutral", words("window.tested.declined", host=visible(host)))
        self.grow()

    def _go_online(self) -> None:
        self.context.network.set_online(True)
        self.start_test()

    def _tested(self, found: object) -> None:
        assert isinstance(found, tuple)
        usable, message = found
        self._idle()
        self.banner.tell("neutral" if usable else "failed", self.context.words.render(message))
        self.grow()

    def _failed(self, error: ReservesError) -> None:
        self._idle()
        self.banner.tell("failed", self.context.words.render(error.message))
        self.grow()

    def _idle(self) -> None:
        self._asked_over_network = False
        self.test.setEnabled(True)
        self.keep.setEnabled(True)
        self.stop.hide()

    def _stop(self) -> None:
        self._jobs.supersede()
        self._idle()
        self.banner.tell("neutral", self.context.words("window.tested.stopped"))
        self.test.setFocus()

    def _network_changed(self) -> None:
        if self._asked_over_network and not self.context.network.online:
            self._stop()

    def _keep(self) -> None:
        self.keep.setEnabled(False)
        Fetch(self.reading(), self._read_for_keeping, self)

    def _read_for_keeping(self, found: object) -> None:
        if isinstance(found, ReservesError):
            self._failed(found)
            return
        place: Place | None = found  # type: ignore[assignment]
        if place is not None and not self.may_use(place):
            self.keep.setEnabled(True)
            self.banner.tell("neutral", self.context.words("window.tested.declined", host=visible(place.host or "")))
            return
        before = self.before()

        def settle() -> object:
            from reserves_gui.services.ways import change_place

            return change_place(before, place)

        Fetch(settle, lambda lasting: self._keeping(place, lasting), self)

    def may_use(self, place: "Place") -> bool:  # noqa: ARG002 - for subclasses
        """Whether the user agrees to what using it entails."""
        return True

    def consents(self, place: "Place") -> bool:
        """Ask about the other computer of ``place`` as about every host; True where there is none."""
        learns, over, learns_not = self._asked()
        return place.host is None or may_ask(self.context, place.host, learns, over, learns_not, proxy="")

    def _keeping(self, place: "Place | None", lasting: object) -> None:
        self.kept(place)
        self.context.ways_changed()
        self.accept()
        if lasting is not True:
            self.context.log.note(self.context.words("window.tested.not_kept"))
