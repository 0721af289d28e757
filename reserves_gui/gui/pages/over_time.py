"""Over time: reserves, liabilities, coverage and flow of what is stored, a headline check, and the alerts raised."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QTableView, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.filling import Filling
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.jobs import Jobs
from reserves_gui.gui.models.rows import RowsModel
from reserves_gui.gui.pages.frame import Columns, PageFrame
from reserves_gui.gui.pictures import export
from reserves_gui.gui.pictures.time_chart import paint
from reserves_gui.gui.pictures.time_model import ChartModel, Reading, chart_model, iso, price_readings, readings
from reserves_gui.gui.theme import Role, Tokens
from reserves_gui.gui.watched import Watched
from reserves_gui.gui.widgets.alerts_card import AlertsCard
from reserves_gui.gui.widgets.buttons import Button, IconButton, row
from reserves_gui.gui.widgets.card import Card, EmptyState
from reserves_gui.gui.widgets.choice import Choice
from reserves_gui.gui.widgets.headline_check import HeadlineCheck
from reserves_gui.gui.widgets.price_line import PriceLine
from reserves_gui.gui.widgets.said_cards import SaidCards
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.widgets.time_chart_view import TimeChartView
from reserves_gui.gui.widgets.usd_flows import UsdFlowsCard
from reserves_gui.messages import say
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    # The store and what it needs are loaded by the first look into it, not by the first paint.
    from reserves_gui.services.headline import HeadlineAnswer
    from reserves_gui.services.over_time import KeptExchange, OverTime
    from reserves_gui.services.series_said import Said

_RANGES = (("month", 30), ("quarter", 91), ("year", 365), ("all", 0))
_MEASURED = 40
"""Rows whose texts tell how wide a column is."""
_PICTURE = QSizeF(960, 452)
_CHART_MARGIN, _CHART_GAP = 16, 16
# The chart is at least, and at most, so high.
_CHART = (340, 640)
# Beside the headline check in the smallest window.
_EMPTY_WIDTH = 384


def _time(one: Reading) -> int:
    return one.time


class OverTimePage(PageFrame):
    """Pickers and chart at the left; headline check and alerts at the right."""

    opened = Signal(int)
    """How many alerts of the exchange shown are open."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=312, right_narrow=312, top=16)
        self._context = context
        # Apart from the window's jobs: looking into the store must not end a verification under way.
        self._loading = Jobs(self)
        self._found: OverTime | None = None
        # What is shown, without the price line.
        self._bare: tuple[OverTime, ChartModel, tuple[Said, ...], list[Reading]] | None = None
        self._window: tuple[int, int] | None = None
        self._exchanges: tuple[KeptExchange, ...] = ()
        self._wanted = ""
        words, theme = context.words, context.theme
        self.exchange = Choice(theme, words("window.over_time.exchange"), kind="field")
        self.asset = Choice(theme, words("window.over_time.asset"), kind="field")
        self.range = Choice(theme, words("window.over_time.range"), kind="field")
        for name, _days in _RANGES:
            self.range.addItem(words(f"window.over_time.range.{name}"), name)
        self.range.setCurrentIndex(len(_RANGES) - 1)
        self.table_button = Button(theme, words("window.over_time.as_table"), self.flip)
        self.keep = IconButton(theme, Icon.DOWNLOAD, words("window.over_time.save"))
        self.bring = Button(theme, words("window.over_time.import"), self.ask_import)
        self.sentence = Prose("", Role.HEADLINE_CHART, "text")
        self.detail = Prose("", Role.SMALL, "text3")
        self.view = TimeChartView(theme, words)
        self.price_line = PriceLine(words)
        self.flows = UsdFlowsCard(context, self.refresh)
        self.rows: RowsModel[Reading] = RowsModel(
            [words(f"window.over_time.column.{name}") for name in ("time", "figure", "value", "source")],
            lambda one: (words.time(iso(one.time)), one.name, one.text, one.note),
            self,
        )
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAccessibleName(words("window.over_time.as_table"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        # Rows are alike: the first ones tell how wide a column is, all of them would take a second.
        self.table.horizontalHeader().setResizeContentsPrecision(_MEASURED)
        self.table.setTabKeyNavigation(False)
        self.headline = HeadlineCheck(context, self._answered)
        self.said = SaidCards(theme, words)
        self.alerts = AlertsCard(context, self.flip_watching, self.choose_thresholds, self.ask_fill)
        self.filling = Filling(context, self, self.alerts.tell_filled, self.refresh)
        self.watched = Watched(context, self, self.alerts, self.refresh)
        self.watching = self.watched.watching
        self._lay_out()
        self.exchange.currentIndexChanged.connect(lambda _at: self._offer_assets())
        self.asset.currentIndexChanged.connect(lambda _at: self._load())
        self.range.currentIndexChanged.connect(lambda _at: self._load())
        self.view.table_wanted.connect(self.flip)
        self.price_line.toggled.connect(lambda _on: self._show_again())
        self.keep.clicked.connect(lambda _checked=False: self.ask_save())

    def _lay_out(self) -> None:
        words, theme = self._context.words, self._context.theme
        empty = Card(margin=0)
        empty.body.addWidget(
            EmptyState(
                theme,
                Icon.OVER_TIME,
                words("window.over_time.empty"),
                words("window.over_time.empty_sentence"),
                Button(theme, words("window.over_time.import"), self.ask_import, kind="primary", symbol=Icon.FOLDER),
                Button(theme, words("window.headline.example"), self.headline.fill_example, kind="link"),
                width=_EMPTY_WIDTH,
            )
        )
        chart = Card(margin=_CHART_MARGIN)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.view)
        self._faces.addWidget(self.table)
        chart.body.addLayout(row(self.price_line, None))
        chart.body.addWidget(self._faces)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addWidget(self.detail)
        column.addWidget(chart)
        column.addWidget(self.said)
        column.addStretch(1)
        full.hide()
        # Not a stack: that would be as high as its sentences are at their narrowest.
        self._empty, self._full = empty, full
        self.pickers = QWidget()
        line = row(self.exchange, self.asset, self.range, None, self.table_button, self.bring, self.keep)
        line.setContentsMargins(0, 0, 0, 16)
        self.pickers.setLayout(line)
        self._columns = Columns(self)
        self._columns.left.resized.connect(self._fit)
        self._columns.left.column.addWidget(self._empty, 1)
        self._columns.left.column.addWidget(self._full)
        beside = Scroll(8)
        beside.column.setContentsMargins(0, 0, 0, 16)
        beside.column.addWidget(self.headline)
        beside.column.addWidget(self.flows)
        beside.column.addWidget(self.alerts)
        beside.column.addStretch(1)
        self._columns.right.setContentsMargins(0, 0, 0, 0)
        self._columns.right.addWidget(beside)
        self.column.addWidget(self.pickers)
        self.column.addWidget(self._columns, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Look what is stored whenever the page comes up."""
        super().showEvent(event)
        self.refresh()

    def choose(self, exchange: str) -> None:
        """Show this exchange from the next look into the store on."""
        self._wanted = exchange
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Look again what is stored; the choice stays where it can."""

        def work(_progress: Progress) -> object:
            from reserves_gui.services.over_time import kept_exchanges

            return kept_exchanges(None)

        def done(found: object) -> None:
            assert isinstance(found, tuple)
            self._offer(found)

        self._loading.start(say("window.job.verify"), work, done=done, failed=self._context.complain)

    def _offer(self, found: "tuple[KeptExchange, ...]") -> None:
        self._exchanges = tuple(one for one in found if one.assets)
        before, self._wanted = self._wanted or self.exchange.currentText(), ""
        self.exchange.blockSignals(True)
        self.exchange.clear()
        self.exchange.addItems([one.name for one in self._exchanges])
        self.exchange.setCurrentIndex(max(0, self.exchange.findText(before)))
        self.exchange.blockSignals(False)
        self.exchange.updateGeometry()
        self.pickers.setVisible(bool(self._exchanges))
        self._empty.setVisible(not self._exchanges)
        self._full.setVisible(bool(self._exchanges))
        self.alerts.setVisible(bool(self._exchanges))
        self._offer_assets()

    def _offer_assets(self) -> None:
        chosen = next((one for one in self._exchanges if one.name == self.exchange.currentText()), None)
        before = self.asset.currentText()
        self.asset.blockSignals(True)
        self.asset.clear()
        self.asset.addItems([] if chosen is None else list(chosen.assets))
        self.asset.setCurrentIndex(max(0, self.asset.findText(before)))
        self.asset.blockSignals(False)
        self.asset.updateGeometry()
        self.flows.show_exchange(self.exchange.currentText())
        self._load()

    def _load(self) -> None:
        exchange, asset = self.exchange.currentText(), self.asset.currentText()
        if not exchange or not asset:
            return
        days = dict(_RANGES)[str(self.range.currentData())]
        first = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        begin = first.strftime("%Y-%m-%d") if days else None
        words, window = self._context.words, self._window
        thresholds = self._context.settings.thresholds

        def work(_progress: Progress) -> object:
            from reserves_gui.services.over_time import SeriesRequest, over_time
            from reserves_gui.services.series_said import said

            found = over_time(SeriesRequest(exchange=exchange, asset=asset, start=begin, thresholds=thresholds))
            model = chart_model(found, words, window=window)
            # Many looks are many rows: they are made here, away from the thread of the window.
            return found, model, said(found), sorted(readings(model, words), key=_time)

        def done(made: object) -> None:
            assert isinstance(made, tuple)
            self.show_series(*made)

        self._loading.start(say("window.job.verify"), work, done=done, failed=self._context.complain)

    def show_series(self, found: "OverTime", model: ChartModel, said: "tuple[Said, ...]", rows: list[Reading]) -> None:
        """Show one asset of one exchange. ``rows``: all that can be read in the model, oldest first."""
        self._found, self._bare = found, (found, model, said, rows)
        model = self.price_line.drawn(model, found)
        self.view.set_chart(model)
        prices = list(price_readings(model, self._context.words))
        self.rows.show(sorted([*rows, *prices], key=_time) if prices else rows)
        self.table.resizeColumnsToContents()
        self._say(found, model)
        self.headline.suggest(found.exchange, found.asset)
        self._fit()
        self.alerts.show_alerts(found)
        self.said.show_said(said)
        self.opened.emit(len(found.open_alerts))

    def _show_again(self) -> None:
        if self._bare is not None:
            self.show_series(*self._bare)

    def flip(self) -> None:
        """Chart or table."""
        words = self._context.words
        shown = 1 - self._faces.currentIndex()
        self._faces.setCurrentIndex(shown)
        self.table_button.setText(words("window.over_time.as_chart" if shown else "window.over_time.as_table"))
        (self.table if shown else self.view).setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, found: "OverTime", model: ChartModel) -> None:
        """What the newest figures say, with their times."""
        words = self._context.words
        seen = next((one for one in reversed(model.reserves) if one.at is not None), None)
        latest = ""
        if seen is not None:
            latest = words("window.over_time.last_seen", amount=seen.text, time=words.short_time(iso(seen.time)))
        if found.owed:
            last, cover = found.owed[-1], found.coverage[-1]
            time = words.short_time(iso(last.time))
            self.sentence.set_plain(
                words("window.over_time.covered", asset=found.asset, time=time, ratio=model.coverage[-1].text)
            )
            amount = f"{words.amount(last.amount)} {found.asset}"
            owed = words("window.over_time.last_owed", amount=amount, time=time, state=words.state(cover.state))
            detail = [latest, owed]
        else:
            self.sentence.set_plain(latest or words("window.over_time.nothing_seen"))
            detail = []
        limits = words("window.over_time.limits")
        self.detail.set_plain(" ".join(one for one in (*detail, limits) if one))

    def _answered(self, answer: "HeadlineAnswer") -> None:
        """Shade the window of the headline that was checked."""
        self._window = (answer.claim.start, answer.claim.end)
        if self._found is not None and self._found.exchange.casefold() == answer.claim.exchange.casefold():
            self._load()

    # Watching

    def choose_thresholds(self) -> None:
        """When alerts fire."""
        from reserves_gui.gui.dialogs.thresholds import ThresholdsDialog

        ThresholdsDialog(self._context, self).exec()

    def ask_fill(self) -> None:
        """Look at the past of the exchange that is shown."""
        self.filling.ask(self.exchange.currentText())

    def flip_watching(self) -> None:
        """Watch the exchange that is shown, or stop."""
        self.watched.flip(self.exchange.currentText())

    # Files

    def ask_import(self) -> None:
        """Choose a CSV file of a series or a list and keep it."""
        words = self._context.words
        chosen, _kind = QFileDialog.getOpenFileName(self, words("window.over_time.import"), "", "CSV (*.csv)")
        if chosen:
            self.bring_file(Path(chosen))

    def bring_file(self, path: Path) -> None:
        """Keep the rows of a CSV file."""
        words = self._context.words
        exchange = self.exchange.currentText() or None

        def work(_progress: Progress) -> object:
            from reserves_gui.services.history_import import ImportRequest, import_series

            return import_series(ImportRequest(path=path, exchange=exchange))

        def done(_imported: object) -> None:
            self.refresh()

        self._context.run(words("window.over_time.import"), work, done)

    def ask_save(self) -> None:
        """Choose where the picture or the figures go."""
        words = self._context.words
        kinds = "PNG (*.png);;SVG (*.svg);;CSV (*.csv)"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, words("window.over_time.save"), "reserves-over-time.png", kinds
        )
        if chosen:
            writing = self.writing(Path(chosen))
            self._context.run(words("window.over_time.save"), lambda _progress: writing(), lambda _done: None)

    def write(self, target: Path) -> None:
        """Write the picture or, as CSV, the known points. Raises ``usage``."""
        self.writing(target)()

    def writing(self, target: Path) -> Callable[[], None]:
        """What writes the file, with all that is shown now bound to it: a job must not look at widgets."""
        model, found, tokens = self.view.chart, self._found, self._context.theme.tokens
        if found is not None and not self.price_line.isChecked():
            found = replace(found, prices=())
        title, kind = self.view.accessibleName(), target.suffix.lower()

        def write() -> None:
            if model is None or found is None:
                return
            if kind == ".csv":
                from reserves_gui.services.series_json import series_csv

                export.write(target, series_csv(found).encode())
            elif kind == ".svg":
                export.write(target, export.svg(self._painting(model), _PICTURE, tokens, title=title))
            else:
                export.write(target.with_suffix(".png"), export.png(self._painting(model), _PICTURE, tokens))

        return write

    @staticmethod
    def _painting(model: ChartModel) -> export.Painting:
        def painting(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
            paint(painter, box, model, tokens)

        return painting

    def _fit(self) -> None:
        """The chart takes what the first screen leaves; what follows from it stands below."""
        above = self.price_line.sizeHint().height() + 2 * _CHART_MARGIN + _CHART_GAP
        room = self._columns.room_below(self.sentence, self.detail) - above
        self._faces.setFixedHeight(max(_CHART[0], min(_CHART[1], room)))

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        super().set_narrow(narrow)
        self._columns.fit()
