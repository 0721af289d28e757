"""My balance: what the file shows, claim by claim, and what would show more."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSpacerItem, QVBoxLayout, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.own_values import OwnValuesDialog
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pages.frame import Columns, PageFrame, inset
from reserves_gui.gui.pages.start import StartPanel
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.session import Page, Result, source_name
from reserves_gui.gui.theme import Role
from reserves_gui.gui.turns import Turns, unseen
from reserves_gui.gui.widgets.buttons import Button, IconButton
from reserves_gui.gui.widgets.card import Banner, TitledCard
from reserves_gui.gui.widgets.check_table import CheckTable
from reserves_gui.gui.widgets.claims import ClaimsCard
from reserves_gui.gui.widgets.expected import ExpectedCard
from reserves_gui.gui.widgets.guarantees import GuaranteesCard
from reserves_gui.gui.widgets.headline import HeadlineCard
from reserves_gui.gui.widgets.notes import NotesCard
from reserves_gui.gui.widgets.parts import Parts
from reserves_gui.gui.widgets.picture import PictureCard
from reserves_gui.gui.widgets.proofs import ProofsCard
from reserves_gui.gui.widgets.root_entry import RootEntry
from reserves_gui.gui.widgets.running import RunningPanel
from reserves_gui.gui.widgets.scroll import BAR
from reserves_gui.gui.widgets.strip import SourceStrip
from reserves_gui.gui.widgets.tabs import JumpMarks
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.wording import format_line
from reserves_gui.verdict import State, Verdict

if TYPE_CHECKING:
    from reserves_gui.services.verify import VerifyRequest


_TABS = ("result", "root", "expected", "checks", "guarantees")


def _asks(result: Result) -> bool:
    """Whether the format has a use for values that only the user knows."""
    return result.format is not None and bool(result.format.user_fields)


class BalancePage(PageFrame):
    """First start, a run under way, or a result."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=376, right_narrow=320, bleed=BAR)
        self._context = context
        self._stack = Parts()
        self.start = StartPanel(context)
        self.running = RunningPanel(context.theme, context.words)
        self.running.cancel.clicked.connect(context.session.jobs.cancel)
        self.result = ResultPanel(context, self)
        for part in (self.start, self.running, self.result):
            self._stack.addWidget(part)
        inset(self.running, self.result)
        self.column.addWidget(self._stack)

    def show_start(self) -> None:
        """Nothing is open."""
        self.start.banner.hide()
        self._put(self.start)

    def show_running(self, name: str) -> None:
        """A run over ``name`` began."""
        self.running.begin(name)
        self._put(self.running)

    def show_result(self, result: Result) -> None:
        """A run ended with a verdict."""
        self.result.show_result(result, self._stack)

    def show_error(self, error: ReservesError) -> None:
        """The input cannot be used: nothing is claimed."""
        words = self._context.words
        sentence = words.render(error.message)
        place = f"{words.place(error.where)}: {sentence}" if error.where else sentence
        self.start.banner.tell("failed", place, words("window.start.all_guides"), self._context.show_guides)
        self.start.banner.setToolTip(str(error.code))
        self._put(self.start)

    def _put(self, part: QWidget) -> None:
        """Bring ``part`` on screen, for good: what is still to be shown of a result is shown first."""
        self.result.turns.finish()
        self._stack.setCurrentWidget(part)

    def back(self) -> None:
        """What stood here before a run that was cancelled."""
        result = self._context.session.results.get(Page.BALANCE)
        if result is None:
            self.show_start()
        else:
            self._put(self.result)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        super().set_narrow(narrow)
        self.start.set_narrow(narrow)
        self.result.set_narrow(narrow)


class ResultPanel(QWidget):
    """Strip, jump marks, and the cards; the picture stays in view."""

    def __init__(self, context: Context, frame: PageFrame) -> None:
        super().__init__()
        self._context = context
        self._result: Result | None = None
        self.turns = Turns(self)
        words, theme = context.words, context.theme
        self.share = Button(theme, words("window.share"), context.share_redacted, size="small", symbol=Icon.SHARE)
        self.own = Button(theme, words("window.open_own"), context.open_files, size="small", symbol=Icon.FOLDER)
        self.shut = IconButton(theme, Icon.CLOSE, words("window.close_result"), context.close_results, small=True)
        self.strip = SourceStrip(theme, self.share, self.own, self.shut)
        self.tabs = JumpMarks(theme, [words(f"window.tab.{name}") for name in _TABS])
        self.tabs.jumped.connect(self._jump)
        self._columns = Columns(frame)
        self.about = Banner(theme)
        self.headline = HeadlineCard(theme, words, lambda: self._jump(2))
        self.claims = ClaimsCard(theme, words)
        self.notes = NotesCard(theme, words)
        self.proofs = ProofsCard(theme, words)
        self.root = TitledCard(words("window.root.title"))
        self.root_entry = RootEntry(theme, words, self._open_published)
        self.root_entry.given.connect(self._root_given)
        self.expected = ExpectedCard(theme, words)
        self.expected.asked.connect(self._expected_given)
        self.expected.journal.clicked.connect(lambda _checked=False: self.open_journal())
        self.checks = CheckTable(theme, words)
        self.guarantees = GuaranteesCard(theme, words)
        self.guarantees.explain.connect(context.show_explained)
        self.picture = PictureCard(theme, words)
        self.picture.refused.connect(context.complain)
        self._quick_root: RootEntry | None = None
        self._build()

    def _build(self) -> None:
        words = self._context.words
        self.root.body.addWidget(Prose(words("window.root.sentence")))
        self.root.body.addWidget(self.root_entry)
        self._root_state = Prose("", Role.BODY, "text").selectable()
        self.root.body.addWidget(self._root_state)
        checks = TitledCard(words("window.checks.title"), words("window.checks.hint"), margin=0)
        checks.head.setContentsMargins(16, 0, 16, 0)
        checks.body.setContentsMargins(1, 12, 1, 8)
        checks.body.addWidget(self.checks)
        self._marks: list[QWidget] = [self.headline, self.root, self.expected, checks, self.guarantees]
        left = self._columns.left.column
        for card in (
            self.headline,
            self.claims,
            self.proofs,
            self.notes,
            self.about,
            self.root,
            self.expected,
            checks,
            self.guarantees,
        ):
            left.addWidget(card)
        left.addStretch(1)
        self._columns.right.addWidget(self.picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addSpacing(8)
        column.addWidget(self.tabs)
        self._gap = QSpacerItem(0, 16)
        column.addItem(self._gap)
        column.addWidget(self._columns, 1)
        self._columns.left.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._columns.left.resized.connect(self._fit)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        self._columns.fit()
        self.strip.set_narrow(narrow)
        self.tabs.set_narrow(narrow)
        self._gap.changeSize(0, 10 if narrow else 16)
        self.headline.set_narrow(narrow)
        self.claims.set_narrow(narrow)
        self.picture.set_narrow(narrow)
        self._fit()

    def _fit(self) -> None:
        """Set the claims as close as they must be to stand on the first screen."""
        self.claims.fit(self._columns.left.content_width, self._columns.room_below(self.headline))

    def show_result(self, result: Result, stack: Parts) -> None:
        """Show ``result`` in ``stack``, headline and claims at once and the rest after."""
        before = self._result
        self._result = result
        verdict = result.verdict
        first = (
            lambda: self._show_source(result),
            *self.claims.pieces(verdict),
            lambda: self._add_steps(result),
            self._fit,
            lambda: self._begin_above(before, verdict),
        )
        self.turns.start((*unseen(stack, self, first), *self._rest(result)))

    def _show_source(self, result: Result) -> None:
        words, verdict = self._context.words, result.verdict
        details = format_line(result.format, verdict, words)
        note = words("window.private.example") if result.example else words("window.private.file")
        self.strip.show_source(source_name(result.request, verdict), details, note)
        if result.about:
            self.about.tell("neutral", result.about)
        self.about.setVisible(bool(result.about))
        self.share.setVisible(not result.example)
        self.own.setVisible(bool(result.example))
        self.headline.show_verdict(verdict)
        count = sum(len(claim.checks) for claim in verdict.claims)
        self.tabs.set_counts({3: count, 4: 6} if verdict.guarantees is not None else {3: count})

    def _begin_above(self, before: Result | None, verdict: Verdict) -> None:
        """Another file is read from its headline on; the same one from where it was."""
        if before is None or before.verdict.inputs != verdict.inputs:
            self._columns.left.verticalScrollBar().setValue(0)
            self.tabs.mark(0)

    def _rest(self, result: Result) -> tuple[Callable[[], None], ...]:
        """What follows headline and claims, a card or two at a time: all at once would hold the window up."""
        words, verdict = self._context.words, result.verdict
        root = verdict.claim("root")

        def about_root() -> None:
            shown = result.request.roots[0] if result.request.roots else ""
            self.root_entry.expect(len(verdict.root or "") or 64, shown)
            self._root_state.set_plain(words.claim_sentence(root) if root is not None else words("window.root.none"))
            self.root.setVisible(root is not None)
            self.expected.show_balances(verdict.balances, result.request.expected)
            self.expected.show_source(self._source(result))

        def beside_claims() -> None:
            self.notes.show_verdict(verdict)
            self.proofs.show_verdict(verdict)

        return (
            lambda: self.picture.show_verdict(verdict),
            beside_claims,
            about_root,
            lambda: self.checks.show_verdict(verdict),
            lambda: self.guarantees.show_guarantees(verdict.guarantees),
        )

    def _add_steps(self, result: Result) -> None:
        words, theme = self._context.words, self._context.theme
        self._quick_root = None
        for line in self.claims.lines:
            if line.claim.id == "root" and line.claim.state is State.UNDECIDED:
                entry = RootEntry(theme, words, self._open_published)
                entry.expect(len(result.verdict.root or "") or 64, "")
                entry.given.connect(self._root_given)
                line.add_extra(entry, words("window.root.paste"))
                self._quick_root = entry
            elif line.claim.id == "leaf" and line.claim.state is State.UNDECIDED and _asks(result):
                text = words("window.own_values.give")
                line.add_link(Button(theme, text, self._ask_own_values, kind="link", size="small"))
            elif line.claim.id == "total" and line.claim.state is State.UNDECIDED:
                text = words("window.receipts.link")
                line.add_link(Button(theme, text, self._context.compare_receipts, kind="link", size="small"))
            elif line.claim.id == "coverage" and line.claim.state is State.UNDECIDED:
                text = words("window.claim_line.open_wallets")
                line.add_link(Button(theme, text, self._context.open_files, kind="link", size="small"))

    def _jump(self, at: int) -> None:
        self.turns.finish()
        bar = self._columns.left.verticalScrollBar()
        bar.setValue(self._marks[at].y() if at else 0)
        self.tabs.mark(at)

    def _scrolled(self, value: int) -> None:
        bar = self._columns.left.verticalScrollBar()
        if value == bar.maximum() and value > 0:
            # The last cards may be too short to reach the top; a jump to one of them has marked its word already.
            return
        reached = [at for at, mark in enumerate(self._marks) if mark.isVisible() and mark.y() <= value + 24]
        self.tabs.mark(reached[-1] if reached else 0)

    def _again(self, request: "VerifyRequest") -> None:
        if self._result is not None:
            self._context.session.again(self._result, request)

    def _ask_own_values(self) -> None:
        result = self._result
        if result is None or result.format is None:
            return
        dialog = OwnValuesDialog(self._context, result.format.user_fields, self)
        if dialog.exec():
            self._again(replace(result.request, user={**result.request.user, **dialog.values()}))

    def _root_given(self, root: str) -> None:
        if self._result is not None:
            self._again(replace(self._result.request, roots=(root.lower(),)))

    def _expected_given(self, pairs: object) -> None:
        if self._result is not None and isinstance(pairs, tuple):
            self._again(replace(self._result.request, expected=pairs))

    def _source(self, result: Result) -> str:
        """Where the balances expected came from."""
        words, known = self._context.words, result.journal
        if known is None:
            return ""
        return words(
            "window.expected_card.from_journal",
            time=words.time(iso(known.time)),
            newest=words.time(iso(known.newest)),
        )

    def open_journal(self) -> None:
        """Show the journal; what changed in it is compared with the file on screen again."""
        from reserves_gui.gui.dialogs.journal import JournalDialog

        result = self._result
        if result is None:
            return
        dialog = JournalDialog(self._context, self, verdict=result.verdict)
        dialog.compare.connect(self._compare_journal)
        dialog.finished.connect(lambda _code: self._journal_closed(dialog.changed))
        dialog.show_over()

    def _compare_journal(self, known: object) -> None:
        from reserves_gui.services.journal import JournalBalances

        assert isinstance(known, JournalBalances)
        if self._result is not None:
            self._context.session.again(
                self._result, replace(self._result.request, expected=known.pairs), journal=known
            )

    def _journal_closed(self, changed: bool) -> None:  # noqa: FBT001 - what the dialog says of itself
        """Ask the journal again, unless the user typed what she expects."""
        result = self._result
        if changed and result is not None and (result.journal is not None or not result.request.expected):
            request = replace(result.request, expected=())
            self._context.session.run(request, example=result.example, about=result.about)

    def _open_published(self) -> None:
        paths = self._context.choose_files(self._context.words("window.root.choose"))
        if paths and self._result is not None:
            request = self._result.request
            self._again(replace(request, published=(*request.published, *paths)))
