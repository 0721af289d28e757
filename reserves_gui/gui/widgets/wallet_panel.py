"""A checked wallet list: strip, headline, claims side by side, filters and table, figures per asset, remarks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.asking_prices import PriceAsking, at_moment
from reserves_gui.gui.context import Context
from reserves_gui.gui.covering import Covering
from reserves_gui.gui.dialogs.signed_text import offer_signed_text
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.looking_up import LookUp
from reserves_gui.gui.pages.frame import PageFrame
from reserves_gui.gui.session import Result, source_name
from reserves_gui.gui.theme import Role
from reserves_gui.gui.turns import Turns, unseen
from reserves_gui.gui.widgets.asset_figures import AssetFigures
from reserves_gui.gui.widgets.buttons import Button, IconButton, row
from reserves_gui.gui.widgets.card import Banner, TitledCard
from reserves_gui.gui.widgets.check_table import CheckTable
from reserves_gui.gui.widgets.claims_side import ClaimsSide
from reserves_gui.gui.widgets.looking_card import LookingCard
from reserves_gui.gui.widgets.parts import Parts
from reserves_gui.gui.widgets.scroll import BAR, Scroll
from reserves_gui.gui.widgets.strip import SourceStrip
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.widgets.usd_card import UsdCard
from reserves_gui.gui.widgets.wallet_list import WalletListCard
from reserves_gui.gui.wording import list_headline, ordered_claims
from reserves_gui.messages import visible
from reserves_gui.verdict import Verdict

if TYPE_CHECKING:
    from reserves_gui.services.list_coverage import ListCoverage
    from reserves_gui.services.two_looks import TwoLooks

_LABELLED = 20
_ANY_WIDTH = 16_777_215


class WalletPanel(QWidget):
    """One scroll area below the strip."""

    def __init__(self, context: Context, frame: PageFrame) -> None:
        super().__init__()
        self._context = context
        self._frame = frame
        self._result: Result | None = None
        self._ownership: Verdict | None = None
        self._looks: TwoLooks | None = None
        self.turns = Turns(self)
        self.verdict: Verdict | None = None
        words, theme = context.words, context.theme
        self.look_up = LookUp(context, self)
        self.sources = Button(theme, words("window.sources.edit"), self._choose_sources, size="small")
        self.look = Button(theme, words("window.look.start"), self._look, size="small", symbol=Icon.REFRESH)
        self.shut = IconButton(theme, Icon.CLOSE, words("window.close_result"), small=True)
        self.strip = SourceStrip(theme, self.sources, self.look, self.shut)
        self.banner = Banner(theme)
        self.sentence = Prose("", Role.HEADLINE, "text").selectable()
        self.not_shown = Prose("", Role.SMALL, "text2").selectable()
        self.claims = ClaimsSide(theme, words)
        self.list = WalletListCard(context)
        self.looking = LookingCard(words)
        self.checks = CheckTable(theme, words)
        checks = TitledCard(words("window.checks.title"), words("window.checks.hint"), margin=0)
        checks.head.setContentsMargins(16, 0, 16, 0)
        checks.body.setContentsMargins(1, 12, 1, 8)
        checks.body.addWidget(self.checks)
        self.remarks = TitledCard(words("window.wallets.remarks"))
        self._remark_text = QVBoxLayout()
        self._remark_text.setSpacing(8)
        self.remarks.body.addLayout(self._remark_text)
        self.assets = AssetFigures(theme, words)
        self.usd = UsdCard(theme, words, self._ask_prices)
        self.covering = Covering(context, self)
        self.prices = PriceAsking(context, self)
        self.area = Scroll(BAR)
        self._lay_out(checks)
        self.look_up.began.connect(self._began)
        self.look_up.ended.connect(self._ended)
        self.look_up.seen.connect(self._seen)
        self.look_up.offline.connect(self._offline)
        self.look_up.declined.connect(self._declined)
        self.covering.covered.connect(self._covered)
        self.prices.got.connect(self.covering.price)
        self.prices.refused.connect(self.usd.tell)

    def _lay_out(self, checks: QWidget) -> None:
        self._left = left = QVBoxLayout()
        left.setSpacing(16)
        for card in (self.list, self.looking, self.remarks, checks):
            left.addWidget(card)
        left.addStretch(1)
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        right.addWidget(self.assets)
        right.addWidget(self.usd)
        right.addStretch(1)
        self._line = QHBoxLayout()
        self._line.addLayout(left, 1)
        self._line.addWidget(self.right)
        words_above = QVBoxLayout()
        words_above.setSpacing(2)
        words_above.addWidget(self.sentence)
        words_above.addWidget(self.not_shown)
        inner = self.area.column
        inner.setSpacing(12)
        inner.addWidget(self.banner)
        inner.addLayout(words_above)
        inner.addWidget(self.claims)
        inner.addWidget(self.list.filter)
        inner.addLayout(self._line)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row(self.strip, BAR, spacing=0))
        column.addWidget(self.area, 1)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        self._line.setSpacing(self._frame.gap)
        # In the smallest window reasons need the whole width: the figures per asset stand below the list.
        for layout in (self._left, self._line):
            layout.removeWidget(self.right)
        if narrow:
            self._left.insertWidget(self._left.indexOf(self.looking) + 1, self.right)
        else:
            self._line.addWidget(self.right)
        self.right.setMinimumWidth(0 if narrow else self._frame.right_width)
        self.right.setMaximumWidth(_ANY_WIDTH if narrow else self._frame.right_width)
        self.strip.set_narrow(narrow)
        self.sentence.set_role(Role.HEADLINE_NARROW if narrow else Role.HEADLINE)

    def show_result(self, result: Result, stack: Parts) -> None:
        """Show a checked list in ``stack``, headline and claims at once and the rest after."""
        self._result, self._ownership, self._looks = result, result.verdict, None
        self.banner.hide()
        self.usd.hide()
        words, verdict, rows = self._context.words, result.verdict, result.rows
        assert rows is not None
        details = words("window.wallets.details", count=len(rows), chains=len(rows.chains()))
        self.strip.show_source(source_name(result.request, verdict), details)
        first = (lambda: self._show_verdict(verdict), lambda: self.list.show_table(rows))
        self.turns.start(
            (
                *unseen(stack, self, first),
                lambda: self._show_listed(verdict),
                lambda: self._show_remarks(verdict),
                lambda: self.covering.begin(result, verdict),
                lambda: self.area.verticalScrollBar().setValue(0),
            )
        )

    def forget(self) -> None:
        """The list was closed."""
        self._result = self._ownership = self._looks = self.verdict = None
        self.covering.forget()
        self.list.forget()

    def _show_verdict(self, verdict: Verdict) -> None:
        from reserves_gui.services.report_view import not_shown

        words = self._context.words
        self.verdict = verdict
        self.sentence.set_plain(list_headline(verdict, words))
        lead = words("window.not_shown.lead")
        rest = " ".join(words.render(one) for one in not_shown(verdict))
        self.not_shown.set_led(lead, rest)
        self.claims.show_claims(ordered_claims(verdict))
        if self._result is not None:
            offer_signed_text(self._context, self.claims, verdict, self._result)
        self.checks.show_verdict(verdict)

    def _show_listed(self, verdict: Verdict) -> None:
        figures = verdict.extra.get("assets")
        self.assets.show_listed(figures if isinstance(figures, Mapping) else {})

    def _show_remarks(self, verdict: Verdict) -> None:
        while self._remark_text.count():
            item = self._remark_text.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        words = self._context.words
        for warning in verdict.warnings:
            self._remark_text.addWidget(Prose(words.render(warning), Role.BODY, "partial").selectable())
        self._show_contested()
        for one in _entries(verdict.extra.get("shared")):
            text = words(
                "window.wallets.labelled",
                line=words.count(_number(one.get("line"))),
                address=visible(str(one.get("address"))),
                names=visible(str(one.get("names"))),
            )
            self._remark_text.addWidget(Prose(text, Role.SMALL).selectable())
        for note in verdict.notes:
            self._remark_text.addWidget(Prose(words.render(note), Role.SMALL).selectable())
        self.remarks.setVisible(bool(self._remark_text.count()))

    def _show_contested(self) -> None:
        """Which addresses a look-up left open or found short, with the figures of every source."""
        words, left = self._context.words, () if self._looks is None else self._looks.contested
        for one in left[:_LABELLED]:
            text = words(
                "window.wallets.contested",
                line=words.count(one.listed.line),
                asset=visible(one.listed.asset),
                address=visible(one.listed.address),
                reason=words.render(one.reason),
            )
            self._remark_text.addWidget(Prose(text, Role.SMALL, "partial").selectable())
        if len(left) > _LABELLED:
            self._remark_text.addWidget(Prose(words("window.list.more", count=len(left) - _LABELLED), Role.SMALL))

    # Looking up

    def _choose_sources(self) -> None:
        self.look_up.choose_sources()

    def _look(self) -> None:
        if self._result is not None:
            self.banner.hide()
            self.look_up.start(self._result, self.covering.moment)

    def _began(self) -> None:
        self.look.setEnabled(False)
        self.looking.begin()

    def _ended(self) -> None:
        self.look.setEnabled(True)
        self.looking.hide()

    def _seen(self, result: object, found: object) -> None:
        # What was found out meanwhile makes a new result over the same rows.
        if self._result is None or not isinstance(result, Result) or result.rows is not self._result.rows:
            return
        looks: TwoLooks = found  # type: ignore[assignment]
        self._looks = looks
        if looks.ownership is not None:
            self._ownership = looks.ownership.verdict
            self.list.show_table(looks.ownership.rows)
            self._show_listed(looks.ownership.verdict)
        self.assets.show_looks(looks.assets)
        self._show_together(None)
        assert self._ownership is not None
        self.covering.begin(self._result, self._ownership, looks)

    def _covered(self, found: object) -> None:
        cover: ListCoverage | None = found  # type: ignore[assignment]
        self.assets.show_coverage(cover, self.covering.source)
        if cover is None:
            self.usd.hide()
        else:
            self.usd.show_usd(cover.usd)
        self._show_together(cover)

    def _show_together(self, cover: "ListCoverage | None") -> None:
        """List, look-up and coverage as one verdict: shown, and kept for the report that is saved from here."""
        from reserves_gui.services.looked_list import with_looks

        if self._result is None or self._ownership is None:
            return
        verdict = with_looks(self._ownership, self._looks, cover)
        self._show_verdict(verdict)
        self._show_remarks(verdict)
        self._result = self._context.session.amend(self._result, verdict)

    def _ask_prices(self) -> None:
        cover = self.covering.found
        if cover is not None and cover.moment is not None:
            self.prices.start(at_moment([*(one.asset for one in cover.lines), *cover.unlisted], cover.moment))

    def _offline(self, hosts: str) -> None:
        words = self._context.words
        text = words("window.look.offline", hosts=visible(hosts)) if hosts else words("window.look.offline_now")
        self.banner.tell("partial", text, words("window.look.go_online"), self._go_online)
        self.area.ensureWidgetVisible(self.banner)

    def _go_online(self) -> None:
        self._context.network.set_online(True)
        self._look()

    def _declined(self, host: str) -> None:
        self.banner.tell("neutral", self._context.words("window.look.declined", host=visible(host)))


def _entries(value: object) -> list[Mapping[str, object]]:
    listed = value if isinstance(value, (list, tuple)) else []
    return [one for one in listed[:_LABELLED] if isinstance(one, Mapping)]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
