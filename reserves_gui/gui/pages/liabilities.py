"""Liabilities: whole trees and global proofs, with totals, leaf sizes and the user's own leaves."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from reserves_gui.amounts import is_plain
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.own_values import OwnValuesDialog
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pages.frame import Columns, PageFrame
from reserves_gui.gui.session import Page, Result, source_name
from reserves_gui.gui.theme import Role
from reserves_gui.gui.turns import Turns, unseen
from reserves_gui.gui.widgets.buttons import Button, IconButton
from reserves_gui.gui.widgets.card import Banner, Card, EmptyState, TitledCard, head_label
from reserves_gui.gui.widgets.check_table import CheckTable
from reserves_gui.gui.widgets.claim_line import DENSITIES
from reserves_gui.gui.widgets.claims import ClaimsCard
from reserves_gui.gui.widgets.guarantees import GuaranteesCard
from reserves_gui.gui.widgets.headline import HeadlineCard
from reserves_gui.gui.widgets.job_bar import duration
from reserves_gui.gui.widgets.leaf_sizes_view import HEIGHTS
from reserves_gui.gui.widgets.notes import NotesCard
from reserves_gui.gui.widgets.parts import Parts
from reserves_gui.gui.widgets.picture import LeafSizesCard
from reserves_gui.gui.widgets.root_entry import RootEntry
from reserves_gui.gui.widgets.running import RunningPanel
from reserves_gui.gui.widgets.strip import SourceStrip
from reserves_gui.gui.widgets.text import Amount, Elided, Prose, Rule, Value
from reserves_gui.gui.wording import format_line
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.verdict import State, Verdict

_NAME_WIDTH = 128
"""Names give way before amounts do."""
_LISTED = 60
_IN_LINE = 4
"""Leaves that are named in one line."""


class LiabilitiesPage(PageFrame):
    """Nothing yet, a run under way, or a result."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=312, right_narrow=312, top=16)
        self._context = context
        words, theme = context.words, context.theme
        self._stack = Parts()
        empty = Card()
        empty.body.addWidget(
            EmptyState(
                theme,
                Icon.LIABILITIES,
                words("window.liabilities.empty"),
                words("window.liabilities.empty_sentence"),
                Button(theme, words("window.liabilities.open"), context.open_files, kind="primary", symbol=Icon.FOLDER),
                Button(theme, words("window.wallets.guides"), context.show_guides, kind="link"),
            )
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(empty)
        column.addStretch(1)
        self._empty = holder
        self.running = RunningPanel(theme, words)
        self.running.cancel.clicked.connect(context.session.jobs.cancel)
        self.result = TreePanel(context, self)
        for part in (self._empty, self.running, self.result):
            self._stack.addWidget(part)
        self.column.addWidget(self._stack)

    def show_running(self, name: str) -> None:
        """A run over ``name`` began."""
        self.running.begin(name)
        self._put(self.running)

    def show_result(self, result: Result) -> None:
        """A run over a tree ended."""
        self.result.show_result(result, self._stack)

    def _put(self, part: QWidget) -> None:
        """Bring ``part`` on screen, for good: what is still to be shown of a result is shown first."""
        self.result.turns.finish()
        self._stack.setCurrentWidget(part)

    def back(self) -> None:
        """What stood here before a run that led elsewhere."""
        has = Page.LIABILITIES in self._context.session.results
        self._put(self.result if has else self._empty)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        super().set_narrow(narrow)
        self.result.set_narrow(narrow)


class TreePanel(QWidget):
    """Strip, headline with facts, leaf sizes, claims; right: totals, own leaves, the run."""

    def __init__(self, context: Context, frame: PageFrame) -> None:
        super().__init__()
        self._context = context
        self._result: Result | None = None
        self.turns = Turns(self)
        words, theme = context.words, context.theme
        self.find_own = Button(theme, words("window.own_leaves.find"), self._find, size="small", symbol=Icon.SEARCH)
        self.shut = IconButton(theme, Icon.CLOSE, words("window.close_result"), context.close_results, small=True)
        self.strip = SourceStrip(theme, self.find_own, self.shut)
        self._columns = Columns(frame)
        self.about = Banner(theme)
        self.headline = HeadlineCard(theme, words, lambda: None)
        self.sizes = LeafSizesCard(theme, words)
        self.sizes.refused.connect(context.complain)
        self.claims = ClaimsCard(theme, words)
        self.notes = NotesCard(theme, words)
        self.checks = CheckTable(theme, words)
        self.guarantees = GuaranteesCard(theme, words)
        self.guarantees.explain.connect(context.show_explained)
        self.totals = ListCard(words, words("window.totals.title"))
        self.leaves = ListCard(words, words("window.own_leaves.title"))
        self.run = TitledCard(words("window.run.title"))
        self._run_text = Prose("", Role.SMALL)
        self.run.body.addWidget(self._run_text)
        checks = TitledCard(words("window.checks.title"), words("window.checks.hint"), margin=0)
        checks.head.setContentsMargins(16, 0, 16, 0)
        checks.body.setContentsMargins(1, 12, 1, 8)
        checks.body.addWidget(self.checks)
        left = self._columns.left.column
        for card in (self.headline, self.sizes, self.claims, self.notes, self.about, checks, self.guarantees):
            left.addWidget(card)
        left.addStretch(1)
        self._columns.left.resized.connect(self._fit)
        right = self._columns.right
        for card in (self.totals, self.leaves, self.run):
            right.addWidget(card)
        right.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.strip)
        column.addWidget(self._columns, 1)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        self._columns.fit()
        self.strip.set_narrow(narrow)
        self.headline.set_narrow(narrow)
        self.claims.set_narrow(narrow)
        self._fit()

    def _fit(self) -> None:
        """Headline, leaf sizes and claims on the first screen; where that is too much, the claims come first."""
        left = self._columns.left
        above = any(self._fits_under_sizes(height) for height in HEIGHTS)
        if not above:
            self.claims.fit(left.content_width, self._columns.room_below(self.headline))
        order = (self.sizes, self.claims) if above else (self.claims, self.sizes)
        if left.column.indexOf(order[0]) > left.column.indexOf(order[1]):
            left.column.insertWidget(left.column.indexOf(order[1]), order[0])

    def _fits_under_sizes(self, height: int) -> bool:
        self.sizes.view.setFixedHeight(height)
        room = self._columns.room_below(self.headline, self.sizes)
        # A lower picture, or one below the claims, is better than claims that are hard to read.
        return self.claims.fit(self._columns.left.content_width, room, DENSITIES[:-1])

    def show_result(self, result: Result, stack: Parts) -> None:
        """Show ``result`` in ``stack``, headline and claims at once and the rest after."""
        self._result = result
        verdict = result.verdict
        first = (
            lambda: self._show_source(result),
            *self.claims.pieces(verdict),
            lambda: self._add_steps(verdict),
            self._fit,
        )
        rest = (
            lambda: self._show_figures(result),
            lambda: self.checks.show_verdict(verdict),
            lambda: self.guarantees.show_guarantees(verdict.guarantees),
        )
        self.turns.start((*unseen(stack, self, first), *rest))

    def _show_source(self, result: Result) -> None:
        words, verdict = self._context.words, result.verdict
        size = sum(record.bytes for record in verdict.inputs)
        details = words(
            "window.strip.tree", kind=format_line(result.format, verdict, words), size=file_size(words, size)
        )
        self.strip.show_source(source_name(result.request, verdict), details)
        if result.about:
            self.about.tell("neutral", result.about)
        self.about.setVisible(bool(result.about))
        self.find_own.setVisible(result.format is not None and bool(result.format.user_fields))
        self.headline.show_verdict(verdict)
        if verdict.state is not State.FAILED:
            self.headline.show_facts(_facts(words, verdict))
        self.sizes.show_verdict(verdict)
        self.notes.show_verdict(verdict)

    def _add_steps(self, verdict: Verdict) -> None:
        words = self._context.words
        for line in self.claims.lines:
            if line.claim.id == "root" and line.claim.state is State.UNDECIDED:
                entry = RootEntry(self._context.theme, words, self._open_published)
                entry.expect(len(verdict.root or "") or 64, "")
                entry.given.connect(self._root_given)
                line.add_extra(entry, words("window.root.paste"))
                text = words("window.receipts.link")
                again = self._context.compare_receipts
                line.add_link(Button(self._context.theme, text, again, kind="link", size="small"))
            elif line.claim.id == "coverage" and line.claim.state is State.UNDECIDED:
                text = words("window.claim_line.open_wallets")
                line.add_link(Button(self._context.theme, text, self._context.open_files, kind="link", size="small"))

    def _show_figures(self, result: Result) -> None:
        words, verdict = self._context.words, result.verdict
        totals = list((verdict.total or {}).items())
        self.totals.show_rows([(visible(asset), amount, words.amount(amount)) for asset, amount in totals])
        self.totals.setVisible(bool(totals))
        self._show_leaves(verdict)
        self._run_text.set_plain(_run_text(words, result))
        self.run.set_hint(words("window.run.finished", clock=result.clock) if result.clock else "")

    def _show_leaves(self, verdict: Verdict) -> None:
        words = self._context.words
        found = verdict.leaves or ()
        self.leaves.setVisible(verdict.leaves is not None)
        if len(found) <= _IN_LINE:
            shown = ", ".join(words.count(index) for index in found)
            rows = [(words("window.facts.leaves"), shown, shown)] if found else []
        else:
            rows = [(words("window.own_leaves.leaf"), str(index), words.count(index)) for index in found[:_LISTED]]
        rows += [(visible(asset), amount, words.amount(amount)) for asset, amount in verdict.balances.items() if found]
        self.leaves.show_rows(rows)
        self.leaves.set_hint(words("window.own_leaves.found", count=len(found)))

    def _find(self) -> None:
        result = self._result
        if result is None or result.format is None:
            return
        dialog = OwnValuesDialog(self._context, result.format.user_fields, self)
        if dialog.exec():
            user = {**result.request.user, **dialog.values()}
            self._context.session.again(result, replace(result.request, user=user))

    def _root_given(self, root: str) -> None:
        if self._result is not None:
            request = replace(self._result.request, roots=(root.lower(),))
            self._context.session.again(self._result, request)

    def _open_published(self) -> None:
        paths = self._context.choose_files(self._context.words("window.root.choose"))
        if paths and self._result is not None:
            request = self._result.request
            self._context.session.again(self._result, replace(request, published=(*request.published, *paths)))


class ListCard(TitledCard):
    """Names at the left, amounts at the right, one a line."""

    def __init__(self, words: Words, title: str) -> None:
        super().__init__(title)
        self._words = words
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.body.addWidget(self._table)

    def show_rows(self, rows: list[tuple[str, str, str]]) -> None:
        """(name, full value, shown value) per line."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (name, full, shown) in enumerate(rows[:_LISTED]):
            self._grid.addWidget(Rule(), 2 * at, 0, 1, 2)
            named = Elided(name)
            named.setMaximumWidth(_NAME_WIDTH)
            self._grid.addWidget(named, 2 * at + 1, 0)
            value = Amount(self._words, full) if is_plain(full) else Value(full, shown=shown)
            value.setAccessibleName(f"{name}: {full}")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(value, 2 * at + 1, 1, Qt.AlignmentFlag.AlignRight)
        if len(rows) > _LISTED:
            more = self._words("window.list.more", count=len(rows) - _LISTED)
            self._grid.addWidget(head_label(more), 2 * _LISTED, 0, 1, 2)


def _facts(words: Words, verdict: Verdict) -> dict[str, tuple[str, bool]]:
    facts: dict[str, tuple[str, bool]] = {}
    if verdict.snapshot.time or verdict.snapshot.id:
        facts[words("window.facts.snapshot")] = (words.time(verdict.snapshot.time or verdict.snapshot.id), False)
    if verdict.leaf_count is not None:
        facts[words("window.facts.leaves")] = (words.count(verdict.leaf_count), False)
    if verdict.padding_leaves is not None:
        facts[words("window.facts.padding")] = (words.count(verdict.padding_leaves), False)
    if verdict.root is not None:
        facts[words("window.facts.root")] = (verdict.root, True)
    return facts


def _run_text(words: Words, result: Result) -> str:
    took = words("window.run.took", time=duration(words, result.seconds))
    step = result.work
    if step is None or not step.total or step.seconds < 0.05:
        return took
    rate = words.count(int(step.total / step.seconds))
    return f"{took} {words('window.run.rate', done=step.total, rate=rate)}"


def file_size(words: Words, size: int) -> str:
    """A size in bytes, kB or MB, rounded."""
    if size < 10_000:
        return words("window.size.bytes", count=size)
    if size < 10_000_000:
        return words("window.size.kb", count=round(size / 1000))
    return words("window.size.mb", count=round(size / 1_000_000))
