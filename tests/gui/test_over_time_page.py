"""The Over time page: what is stored as a chart, read by keyboard and as a table, written to files; headlines checked."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.pages.over_time import OverTimePage
from reserves_gui.gui.pictures import export
from reserves_gui.gui.pictures.time_chart import paint
from reserves_gui.gui.pictures.time_layout import lay_out, runs
from reserves_gui.gui.pictures.time_model import ChartModel, EventKind, Value, chart_model, iso, ratio_text, readings
from reserves_gui.gui.session import Page
from reserves_gui.gui.theme import DARK, LIGHT
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words
from reserves_gui.services.over_time import SeriesRequest, over_time
from tests.gui.made_year import day, keep_year
from tests.gui.states import show_over_time

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = QSizeF(640, 452)


@pytest.fixture
def page(program: Program, qtbot: QtBot) -> OverTimePage:
    """The page on screen, whatever is stored."""
    program.window.go_to(Page.OVER_TIME)
    shown = program.window.pages[Page.OVER_TIME]
    assert isinstance(shown, OverTimePage)
    return shown


@pytest.fixture
def model(tmp_path: Path) -> ChartModel:
    keep_year(tmp_path)
    return chart_model(over_time(SeriesRequest(exchange="Northsea", asset="BTC")), Words("en"))


@pytest.fixture
def full(tmp_path: Path, page: OverTimePage, qtbot: QtBot) -> OverTimePage:
    """The page with a year in the store."""
    keep_year(tmp_path)
    page.refresh()
    qtbot.waitUntil(lambda: page.view.chart is not None, timeout=20_000)
    return page


def test_the_model_holds_every_figure_and_keeps_gaps_as_gaps(model: ChartModel) -> None:
    assert len(model.owed) == len(model.coverage) == 4
    assert [iso(one.time) for one in model.owed] == [day(30), day(120), day(210), day(330)]
    assert [one.kind for one in model.events].count(EventKind.SNAPSHOT) == 4
    known = [one for one in model.reserves if one.at is not None]
    assert len(known) == 352
    texts = [one.text for one in readings(model, Words("en"), model.owed[1].time)]
    assert "117,500.25 BTC" in texts


def test_a_gap_cuts_the_line(model: ChartModel) -> None:
    layout = lay_out(QRectF(0, 0, 2000, 452), model)
    with_gap = (*model.reserves[:50], Value(model.reserves[50].time, None, "no data"), *model.reserves[51:])
    assert len(runs(with_gap, layout, layout.amounts)) == len(runs(model.reserves, layout, layout.amounts)) + 1


def test_ticks_are_round_and_few(model: ChartModel) -> None:
    layout = lay_out(QRectF(0, 0, 640, 452), model)
    for scale in (layout.amounts, layout.coverage, layout.flow):
        assert 3 <= len(scale.ticks) <= 5
        assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert all(tick % 500 == 0 for tick in layout.amounts.ticks)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_screen_and_export_have_the_same_pixels(model: ChartModel, tokens: object) -> None:
    def painting(painter: QPainter, box: QRectF, chosen: object) -> None:
        paint(painter, box, model, chosen)  # type: ignore[arg-type]

    exported = export.image_of(painting, SIZE, tokens, scale=1.0)  # type: ignore[arg-type]
    again = QImage.fromData(export.png(painting, SIZE, tokens, scale=1.0))  # type: ignore[arg-type]
    assert again.convertToFormat(exported.format()) == exported
    colours = {
        exported.pixelColor(x, y).name() for x in range(0, exported.width(), 3) for y in range(exported.height())
    }
    assert {tokens.accent.lower(), tokens.grid.lower()} <= colours  # type: ignore[attr-defined]


def test_nothing_stored_says_what_to_do_and_a_headline_can_be_checked_all_the_same(
    page: OverTimePage, qtbot: QtBot
) -> None:
    page.headline.fill_example()
    qtbot.waitUntil(page.headline.answer.isVisible, timeout=20_000)
    texts = " ".join(getattr(one, "plain", "") for one in page.headline.answer.findChildren(QWidget))
    assert "121.58" in texts
    assert "2022" in texts
    assert page.view.chart is None


def test_a_claim_that_cannot_be_read_is_refused_in_words(page: OverTimePage, program: Program, qtbot: QtBot) -> None:
    page.headline.fields["exchange"].setText("Northsea")
    page.headline.fields["asset"].setText("BTC")
    page.headline.fields["amount"].setText("many")
    with qtbot.waitSignal(program.jobs.finished, timeout=20_000):
        page.headline.check()
    assert not page.headline.answer.isVisible()


def test_the_chart_is_read_by_keyboard_and_as_a_table(full: OverTimePage, qtbot: QtBot) -> None:
    view = full.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    first = view.reading
    assert "1 November 2025" in first
    assert "BTC" in first
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.reading != first
    assert view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == view.reading
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert "2026" in view.reading
    qtbot.keyClick(view, Qt.Key.Key_F6)
    assert full.table.isVisible()
    cells = [full.rows.index(row, 2).data() for row in range(full.rows.rowCount())]
    assert "117,500.25 BTC" in cells
    full.flip()
    assert view.isVisible()


def test_the_sentence_states_the_newest_figures(full: OverTimePage) -> None:
    text = full.sentence.plain
    assert "of the BTC owed was seen" in text
    assert "Owed: 99,000 BTC" in full.detail.plain
    assert "Seen: " in full.detail.plain


def test_ranges_narrow_the_series(full: OverTimePage, qtbot: QtBot) -> None:
    whole = full.rows.rowCount()
    full.range.setCurrentIndex(full.range.findData("year"))
    qtbot.waitUntil(lambda: 0 < full.rows.rowCount() < whole, timeout=20_000)


@pytest.mark.parametrize("name", ["chart.png", "chart.svg", "figures.csv"])
def test_picture_and_figures_are_written(full: OverTimePage, tmp_path: Path, name: str) -> None:
    full.write(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    starts = {"chart.png": b"\x89PNG", "chart.svg": b"<?xml", "figures.csv": b"time,"}
    assert data.startswith(starts[name])
    if name.endswith("csv"):
        assert data.count(b"\n") > 350


def test_a_checked_headline_is_shaded_in_the_chart(full: OverTimePage, qtbot: QtBot) -> None:
    values = {"exchange": "Northsea", "asset": "BTC", "amount": "15000", "start": "2026-08-27", "end": "2026-09-02"}
    for name, text in values.items():
        full.headline.fields[name].setText(text)
    full.headline.check()
    qtbot.waitUntil(lambda: full.view.chart is not None and full.view.chart.window is not None, timeout=20_000)
    assert full.headline.answer.isVisible()


def test_a_file_that_is_no_series_is_complained_about(
    page: OverTimePage, program: Program, tmp_path: Path, qtbot: QtBot
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    with qtbot.waitSignal(program.jobs.finished, timeout=20_000):
        page.bring_file(bad)
    assert page.view.chart is None


@pytest.mark.parametrize(
    ("language", "shown", "text"),
    [
        ("en", "98.20 – 103.10 %", "98.20 – 103.10 %"),
        ("de", "98.20 – 103.10 %", "98,20 – 103,10 %"),
        ("en", "? – 86.48 %", "at most 86.48 %"),
        ("de", "? – 86.48 %", "höchstens 86,48 %"),
        ("en", "? – ? %", "? – ? %"),
    ],
)
def test_ratios_are_written_as_the_language_does(language: str, shown: str, text: str) -> None:
    assert ratio_text(shown, Words(language)) == text


def test_what_follows_is_said_below_the_chart_and_open_alerts_are_counted(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    show_over_time(program, qtbot, tmp_path)
    page = program.window.over_time
    said = {name: " ".join(one.plain for one in card.findChildren(Prose)) for name, card in page.said.cards.items()}
    assert "24 hours: -9,000 BTC on balance (-12.32 %)." in said["flows"]
    assert "paid out" in said["signs"]
    assert "1 May 2025" in said["tests"]
    assert "nobody can be named" in said["tests"]
    lines = " ".join(one.plain for one in page.alerts.findChildren(Prose))
    assert "BTC: reserves fell by 9.38 % within a day (threshold 5.00 %). Warning · 28 Nov 2025 · still holds" in lines
    entry = program.window.side.navigation.pages.entry(3)
    assert entry.number == len(page._found.open_alerts) > 0
    assert f"{entry.number} open alerts" in entry.spoken
    # The first screen holds the whole chart.
    view = page.view
    assert view.mapTo(program.window, view.rect().bottomLeft()).y() <= program.window.status.y()
