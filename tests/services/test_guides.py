"""Guides: every format that names one has it, complete in both languages, and the first start shows eight."""

import pytest

from reserves_gui.services.formats import formats, guide, guides

FIRST = {"Binance", "Bitget", "BitMEX", "Bybit", "CoinEx", "Gate, WebSea", "MEXC", "OKX"}


@pytest.mark.parametrize("info", [info for info in formats() if info.guide], ids=lambda info: info.id)
def test_every_format_that_names_a_guide_has_it_in_both_languages(info) -> None:
    for language in ("en", "de"):
        found = guide(info.guide, language)
        assert found.where
        assert all((found.title, found.file, found.private))
    assert guide(info.guide, "en").where != guide(info.guide, "de").where


def test_the_first_start_shows_the_guides_most_users_look_for() -> None:
    ranked = sorted(guides(), key=lambda one: one.rank)[:8]
    assert [one.rank for one in ranked] == list(range(1, 9))
    assert {one.title.partition(":")[0] for one in ranked} == FIRST
