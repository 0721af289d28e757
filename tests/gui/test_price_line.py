"""Prices over time: a line on demand from kept prices alone, flows in dollars, a headline bound by a price."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.pages.over_time import OverTimePage
from reserves_gui.gui.pictures.time_chart import paint
from reserves_gui.gui.pictures.time_layout import lay_out, runs
from reserves_gui.gui.pictures.time_model import DAY, ChartModel, Value, readings, standing
from reserves_gui.gui.pictures.time_prices import by_source
from reserves_gui.gui.session import Page
from reserves_gui.gui.theme import DARK, LIGHT, Tokens
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.widgets.text import Value as Shown
from reserves_gui.gui.words import Words
from reserves_gui.history.records import StoredPrice
from reserves_gui.history.store import Store
from reserves_gui.services.keeping import store_url
from tests.chain.price_servers import BITCOIN, Llama
from tests.chain.servers import serving
from tests.gui.made_year import FIRST, keep_year

BOX = QRectF(0, 0, 640, 452)
SOURCE = "https://coins.llama.fi"


def _chart(prices: list[tuple[float, str]], *, other: list[tuple[float, str]] | None = None) -> ChartModel:
    reserves = tuple(Value(at * DAY, 1000.0 + at, f"{1000 + at} BTC", "one") for at in range(30))
    told = tuple(Value(round(at * DAY), float(usd), f"{usd} USD", SOURCE) for at, usd in prices)
    told += tuple(Value(round(at * DAY), float(usd), f"{usd} USD", "file:own.csv") for at, usd in other or [])
    return ChartModel(start=0, end=29 * DAY, asset="BTC", language="en", reserves=reserves, prices=told)


def _image(model: ChartModel, tokens: Tokens = LIGHT) -> QImage:
    image = QImage(640, 452, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint(painter, BOX, model, tokens)
    painter.end()
    return image


def test_prices_have_an_axis_of_their_own() -> None:
    model = _chart([(0, "60000"), (1, "61000"), (2, "65000")])
    layout = lay_out(BOX, model)
    assert layout.price is not None
    assert layout.price.rect == layout.amounts.rect
    assert layout.price.low < 60_000 < 65_000 < layout.price.high
    assert 3 <= len(layout.price.ticks) <= 5
    assert layout.amounts.high < 2_000
    # The axis takes its room at the right; without prices the picture is as it was.
    bare = lay_out(BOX, _chart([]))
    assert bare.price is None
    assert layout.plot.right() < bare.plot.right()
    assert layout.plot.left() == bare.plot.left()


def test_nothing_is_drawn_where_nobody_told_a_price() -> None:
    model = _chart([(0, "1"), (1, "2"), (10, "3"), (11, "4"), (20, "5")])
    layout = lay_out(BOX, model)
    assert layout.price is not None
    assert [len(run.points) for run in runs(model.prices, layout, layout.price)] == [2, 2, 1]
    assert {one.time for one in model.prices} == {round(day * DAY) for day in (0, 1, 10, 11, 20)}


def test_sources_are_lines_of_their_own_and_never_averaged() -> None:
    model = _chart([(0, "60000"), (1, "60100")], other=[(0, "62000"), (1, "62100")])
    assert [[one.text for one in line] for line in by_source(model.prices)] == [
        ["60000 USD", "60100 USD"],
        ["62000 USD", "62100 USD"],
    ]
    told = [(one.text, one.note) for one in readings(model, Words("en"), 0) if one.name == "Price"]
    assert told == [("60000 USD", SOURCE), ("62000 USD", "file:own.csv")]


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_line_is_painted_only_where_it_is_asked_for(tokens: Tokens, qapp: QApplication) -> None:
    assert qapp
    bare, priced = _image(_chart([]), tokens), _image(_chart([(day, str(60_000 + day)) for day in range(30)]), tokens)
    assert bare != priced
    assert _image(_chart([]), tokens) == bare


# The page


@pytest.fixture
def page(program: Program, tmp_path: Path, qtbot: QtBot) -> OverTimePage:
    """A year of Northsea, shown."""
    keep_year(tmp_path)
    program.window.go_to(Page.OVER_TIME)
    found = program.window.over_time
    qtbot.waitUntil(lambda: found.view.chart is not None, timeout=20_000)
    return found


def _keep(*prices: tuple[int, str]) -> None:
    """Keep prices by day of the year."""
    first = int(FIRST.timestamp())
    with Store(store_url(None), clock=lambda: 1) as store:
        store.add_prices(
            [
                StoredPrice(asset="BTC", currency="USD", time=first + day * DAY, value=usd, source=SOURCE)
                for day, usd in prices
            ]
        )


def _shown(page: OverTimePage, qtbot: QtBot) -> None:
    page.refresh()
    qtbot.waitUntil(page.price_line.isEnabled, timeout=20_000)


def test_without_kept_prices_the_line_cannot_be_had_and_says_why(page: OverTimePage) -> None:
    assert not page.price_line.isEnabled()
    assert "No price of BTC is kept" in page.price_line.accessibleDescription()


def test_the_line_comes_and_goes_by_keyboard_and_stands_in_table_and_exports(
    page: OverTimePage, tmp_path: Path, qtbot: QtBot
) -> None:
    _keep((10, "60000"), (11, "60500.25"), (200, "71000"))
    _shown(page, qtbot)
    assert page.view.chart is not None
    assert page.view.chart.prices == ()
    without = tmp_path / "without.svg"
    page.write(without)
    page.write(tmp_path / "without.csv")
    assert "price_usd" not in (tmp_path / "without.csv").read_text(encoding="utf-8")
    page.price_line.setFocus()
    qtbot.keyClick(page.price_line, Qt.Key.Key_Space)
    model = page.view.chart
    assert [one.text for one in model.prices] == ["60,000 USD", "60,500.25 USD", "71,000 USD"]
    rows = [page.rows.row(at) for at in range(page.rows.rowCount())]
    assert [(one.text, one.note) for one in rows if one.name == "Price"] == [
        (text, SOURCE) for text in ("60,000 USD", "60,500.25 USD", "71,000 USD")
    ]
    page.write(tmp_path / "with.csv")
    day = (FIRST + dt.timedelta(days=11)).strftime("%Y-%m-%dT00:00:00Z")
    assert f"{day},price_usd,60500.25,60500.25,,{SOURCE}" in (tmp_path / "with.csv").read_text(encoding="utf-8")
    for kind in ("svg", "png"):
        page.write(tmp_path / f"with.{kind}")
    assert (tmp_path / "with.svg").read_bytes() != without.read_bytes()
    assert (tmp_path / "with.png").stat().st_size > 1000
    qtbot.keyClick(page.price_line, Qt.Key.Key_Space)
    assert page.view.chart.prices == ()


def test_walking_the_chart_reads_the_price_with_its_source(page: OverTimePage, qtbot: QtBot) -> None:
    _keep((0, "60000"))
    _shown(page, qtbot)
    page.price_line.setChecked(True)
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Home)
    assert f"Price: 60,000 USD ({SOURCE})" in page.view.reading


def test_between_two_prices_nothing_is_said_of_a_price(page: OverTimePage, qtbot: QtBot) -> None:
    _keep((0, "60000"), (20, "70000"))
    _shown(page, qtbot)
    page.price_line.setChecked(True)
    model, first = page.view.chart, int(FIRST.timestamp())
    assert model is not None
    for day, told in ((0, ["60,000 USD"]), (1, []), (10, []), (19, []), (20, ["70,000 USD"]), (21, [])):
        said = standing(model, Words("en"), first + day * DAY)
        assert [one.text for one in said if one.name == "Price"] == told
        assert said


# Flows and headlines


def _answer(act: Callable[[HostQuestion], None]) -> None:
    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, HostQuestion):
            act(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def _said(widget: object) -> list[str]:
    return [one.plain for one in widget.findChildren(Prose) if not one.isHidden()]  # type: ignore[attr-defined]


def test_flows_in_dollars_stand_beside_the_chart_once_prices_are_asked_for(
    program: Program, page: OverTimePage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: "No window can be added up: prices or looks are missing." in _said(page.flows))
    program.network.set_online(True)
    with serving(Llama({BITCOIN: 60000})) as server:
        program.settings.price_sources = (server.url,)
        _answer(lambda dialog: dialog.ask.click())
        with qtbot.waitSignal(page.flows.asking.got, timeout=60_000):
            page.flows.ask.click()
        assert all(one.path.startswith("/batchHistorical?coins=%7B%22coingecko") for one in server.log)

    def values() -> list[str]:
        return [one.accessibleName() for one in page.flows.findChildren(Shown) if not one.isHidden()]

    qtbot.waitUntil(lambda: any(one.startswith("24 hours, net:") for one in values()), timeout=20_000)
    assert any(one.startswith("Price of BTC: 60000 USD") for one in values())
    qtbot.waitUntil(page.price_line.isEnabled, timeout=20_000)


def test_offline_no_price_is_asked_for_and_the_card_says_so(program: Program, page: OverTimePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.flows.isVisible, timeout=20_000)
    program.settings.price_sources = ("https://prices.example",)
    with qtbot.waitSignal(page.flows.asking.refused, timeout=10_000):
        page.flows.ask.click()
    assert "prices.example:443" in page.flows.told.plain


def test_a_headline_asks_for_the_price_that_would_bound_it(program: Program, qtbot: QtBot) -> None:
    program.window.go_to(Page.OVER_TIME)
    check = program.window.over_time.headline
    program.network.set_online(True)
    check.fill_example()
    qtbot.waitUntil(check.answer.isVisible, timeout=20_000)
    qtbot.wait(20)
    from reserves_gui.gui.widgets.buttons import Button

    (ask,) = [one for one in check.answer.findChildren(Button) if one.text() == "Ask for the price at the end"]
    with serving(Llama({BITCOIN: 17000})) as server:
        program.settings.price_sources = (server.url,)
        _answer(lambda dialog: dialog.ask.click())
        with qtbot.waitSignal(check.prices.got, timeout=20_000):
            ask.click()
        assert [one.path for one in server.log] == ["/prices/historical/1670889600/coingecko:bitcoin"]
    qtbot.waitUntil(lambda: any("17,000" in text for text in _said(check.answer)), timeout=20_000)
    assert not any(
        one.text() == "Ask for the price at the end" for one in check.answer.findChildren(Button) if one.isVisible()
    )
