"""The first start: drop area, examples, guides."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, IconMark, row
from reserves_gui.gui.widgets.card import Banner, Card
from reserves_gui.gui.widgets.drop_area import DropArea
from reserves_gui.gui.widgets.guide_row import GuideRow
from reserves_gui.gui.widgets.scroll import BAR, Scroll
from reserves_gui.gui.widgets.text import Prose, Rule, label

if TYPE_CHECKING:
    from reserves_gui.services.examples import Example
    from reserves_gui.services.formats import FormatInfo, Guide

_GUIDES = 8
_HEAD = 46
_ROOM, _NARROW_ROOM = 294, 256
"""Kept for the lists while they are read, so that little moves when they come."""


class StartPanel(QWidget):
    """What a user sees who has opened nothing yet, or whose file could not be used."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._answered = False
        self._filled = False
        self._narrow = False
        self._extras: list[QWidget] = []
        words, theme = context.words, context.theme
        self.banner = Banner(theme)
        self.drop = DropArea(
            theme,
            words("window.start.title"),
            words("window.start.sentence"),
            Button(theme, words("window.start.open"), context.open_files, kind="primary", symbol=Icon.FOLDER),
            Button(theme, words("window.start.paste"), context.paste, symbol=Icon.CLIPBOARD),
        )
        self.drop.setMinimumHeight(196)
        self._samples = _list_card(words("window.start.examples"))
        more = Button(theme, words("window.start.all_guides"), context.show_guides, kind="link")
        self._guides = _list_card(words("window.start.guides"), more)
        self._guide_grid = QGridLayout()
        self._guide_grid.setSpacing(0)
        self._guide_grid.setColumnStretch(0, 1)
        self._guide_grid.setColumnStretch(2, 1)
        self._guide_grid.setContentsMargins(0, 0, 0, 0)
        self._guides.body.addLayout(self._guide_grid, 1)
        self._guides.body.addWidget(Rule())
        self._hint = Prose(words("window.start.guides_hint"), Role.SMALL, "text3")
        self._hint.setContentsMargins(16, 7, 16, 7)
        self._hint.hide()
        self._guides.body.addWidget(self._hint)
        scroll = Scroll(BAR)
        scroll.column.setSpacing(16)
        scroll.column.addWidget(self.banner)
        scroll.column.addWidget(self.drop, 1)
        self._cards = QHBoxLayout()
        self._cards.setSpacing(24)
        self._cards.addWidget(self._samples, 5)
        self._cards.addWidget(self._guides, 7)
        scroll.column.addLayout(self._cards)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def load(self) -> None:
        """Fetch examples and guides, which loads the engine: to be called once the window is on screen."""
        Fetch(self._load, self._loaded, self)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact gaps; examples go by their names alone."""
        self._narrow = narrow
        self._cards.setSpacing(16 if narrow else 24)
        self._cards.setStretch(0, 1 if narrow else 5)
        self._cards.setStretch(1, 1 if narrow else 7)
        for extra in self._extras:
            extra.setVisible(not narrow)
        self._keep_room()

    @property
    def is_filled(self) -> bool:
        """Whether examples and guides are shown."""
        return self._filled

    def _load(self) -> object:
        language = self._context.words.language
        engine = self._context.session.engine
        return engine.examples(language), engine.guides(language), engine.formats()

    def _keep_room(self) -> None:
        height = 0 if self._answered else _NARROW_ROOM if self._narrow else _ROOM
        for card in (self._samples, self._guides):
            card.setMinimumHeight(height)
            card.body.setAlignment(Qt.AlignmentFlag(0) if self._answered else Qt.AlignmentFlag.AlignTop)

    def _loaded(self, found: object) -> None:
        self._answered = True
        self._keep_room()
        if isinstance(found, ReservesError):
            return
        assert isinstance(found, tuple)
        samples, guides, formats = found
        self._show_samples(samples)
        self._show_guides(guides, formats)
        self._filled = True

    def _show_samples(self, samples: Sequence["Example"]) -> None:
        words, theme = self._context.words, self._context.theme
        for sample in samples:
            line = QHBoxLayout()
            line.setContentsMargins(16, 6, 16, 6)
            line.setSpacing(12)
            mark, hint = IconMark(theme, Icon.FILE, 20, "text"), Prose(sample.hint, Role.SMALL, "text3")
            self._extras += (mark, hint)
            line.addWidget(mark)
            names = QVBoxLayout()
            names.setSpacing(0)
            names.addWidget(Prose(sample.title, Role.NAME, "text"))
            names.addWidget(hint)
            line.addLayout(names, 1)
            button = Button(
                theme,
                words("window.start.open_example"),
                partial(self._open, sample),
                size="small",
            )
            button.setAccessibleName(words("window.start.open_example_named", title=sample.title))
            button.setToolTip(sample.text)
            line.addWidget(button)
            self._samples.body.addWidget(Rule())
            self._samples.body.addLayout(line)
        self._samples.body.addStretch(1)
        self.set_narrow(self._narrow)
        self._samples.setVisible(bool(samples))

    def _open(self, sample: "Example") -> None:
        self._context.session.run(sample.request(), example=sample.title, about=sample.text)

    def _show_guides(self, guides: Sequence["Guide"], formats: Sequence["FormatInfo"]) -> None:
        families = {info.guide: info.family for info in reversed(formats) if info.guide}
        ranked = sorted(guides, key=lambda guide: guide.rank)[:_GUIDES]
        shown = sorted(ranked, key=lambda guide: guide.title.casefold())
        for at, guide in enumerate(shown):
            family = families.get(guide.id)
            kind = self._context.words(f"window.kind.{family}") if family else ""
            # The name alone: what follows the colon stands in the guide.
            made = GuideRow(self._context.theme, guide.title.partition(":")[0], kind)
            made.clicked.connect(lambda _checked=False, chosen=guide.id: self._context.show_guide(chosen))
            self._guide_grid.addWidget(made, at // 2, 2 * (at % 2))
        self._hint.setVisible(bool(shown))
        if shown:
            self._guide_grid.addWidget(Rule("divider"), 0, 1, -1, 1)
        self._guides.setVisible(bool(guides))


def _list_card(title: str, *end: QWidget) -> Card:
    card = Card(margin=0, spacing=0)
    card.body.setContentsMargins(1, 0, 1, 1)
    head = QWidget()
    head.setFixedHeight(_HEAD)
    head.setLayout(row(15, label(title, Role.TITLE), None, *end, 15, spacing=12))
    card.body.addWidget(head)
    card.setAccessibleName(title)
    return card
