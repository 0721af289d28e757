"""Reports draw the coverage they state: one bar an asset, on paper and in HTML, from the same measures as the window."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPainter

from reserves_gui.gui.pdf_items import page_items
from reserves_gui.gui.theme import LIGHT
from reserves_gui.report.coverage_layout import Scale, coverage_bars
from reserves_gui.report.coverage_svg import coverage_svg
from reserves_gui.report.html import html_report
from reserves_gui.report.sheet import Sheet, sheet
from reserves_gui.verdict import State
from tests.report import samples


def _figures(state: str, low: object, high: object) -> dict[str, object]:
    return {"state": state, "ratio": {"low_percent": low, "high_percent": high}}


COVERED = {
    "XRP": _figures("failed", "96.87", "96.88"),
    "BTC": _figures("verified", "102.30", "102.38"),
    "ETH": _figures("undecided", "99.86", "101.92"),
    "SOL": _figures("undecided", None, "103.10"),
    "DOGE": _figures("verified", "150", "350"),
    "USDT": _figures("undecided", None, None),
}


def _sheet(coverage: object = COVERED) -> Sheet:
    verdict = replace(samples.verdict(), extra={"coverage": coverage})
    return sheet(replace(samples.report(), verdict=verdict), "0" * 64, "en")


def test_the_bars_have_the_ends_of_the_figures_on_one_scale() -> None:
    bars = dict(coverage_bars({"coverage": COVERED}))
    assert list(bars) == list(COVERED)
    assert {bar.scale for bar in bars.values()} == {Scale(94, 200)}
    assert (bars["XRP"].low, bars["XRP"].high) == (Fraction(9687, 10000), Fraction(9688, 10000))
    assert bars["SOL"].low is None
    assert bars["SOL"].known_end == Fraction(1031, 1000)
    assert bars["USDT"].empty
    assert bars["DOGE"].beyond() == (True,)
    assert [bar.state for bar in bars.values()][:2] == [State.FAILED, State.VERIFIED]


@pytest.mark.parametrize("odd", [None, [], {"BTC": 1}, {"BTC": {"state": "great", "ratio": {}}}, {"BTC": {"ratio": 1}}])
def test_figures_of_another_shape_are_no_bars(odd: object) -> None:
    assert coverage_bars({"coverage": odd}) == ()
    assert coverage_svg([]) == ""


@pytest.mark.parametrize("text", ["1e9", "-1", "NaN", "1/0", "٣", "9" * 40, 99])
def test_an_end_that_is_not_a_plain_number_is_not_known(text: object) -> None:
    ((_, bar),) = coverage_bars({"coverage": {"BTC": _figures("verified", text, text)}})
    assert bar.empty


def test_the_html_has_a_bar_an_asset_in_the_colour_of_its_state_that_says_its_figures() -> None:
    page = html_report(_sheet(), {}).decode()
    drawn = re.search(r'<svg class="cover".*?</svg>', page, re.DOTALL)
    assert drawn is not None
    spoken = re.findall(r'<g role="img" aria-label="(\w+): ', drawn[0])
    assert spoken == list(COVERED)
    assert len(re.findall('class="track"', drawn[0])) == len(COVERED)
    assert len(re.findall('class="hundred"', drawn[0])) == len(COVERED)
    assert re.findall(r'class="seen seen-(\w+)"', drawn[0]) == ["failed", "verified", "undecided", "verified"]
    assert len(re.findall("<linearGradient", drawn[0])) == 1
    for used in set(re.findall(r'class="([\w-]+(?: [\w-]+)?)"', drawn[0])):
        assert all(f".{one}" in page for one in used.split()), used


def test_a_hostile_name_of_an_asset_stays_text() -> None:
    page = html_report(_sheet({'<b onload="x">"': _figures("verified", "101", "102")}), {}).decode()
    assert "<b onload" not in page
    assert 'class="cover"' in page


def test_the_paper_has_the_same_bars(qapp: object, tmp_path: Path) -> None:
    def tinted(coverage: dict[str, object]) -> set[str]:
        image = QImage(700, 6000, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFFFF)
        painter, y = QPainter(image), 0.0
        for item in page_items(_sheet(coverage), LIGHT):
            item.draw(painter, y)
            y += item.height
        painter.end()
        colours = set()
        for row in range(0, min(image.height(), int(y)), 2):
            for x in range(142, 666, 2):
                colours.add(image.pixelColor(x, row).name().upper())
        return colours

    assert LIGHT.hover in tinted({"USDT": COVERED["USDT"]})
    assert LIGHT.hover not in tinted({})
