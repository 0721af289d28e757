"""The newest figure of an asset, without reading its whole past: the same as with it, gaps and chains included."""

import random
from decimal import Decimal
from pathlib import Path

import pytest

from reserves_gui.history.database import sqlite_url
from reserves_gui.history.figures import HOUR, Point
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import known_points, listed_points
from reserves_gui.history.store import Store
from reserves_gui.services import over_time
from reserves_gui.services.speakers import speaker_of
from tests.history.rows import ASSET, EXCHANGE, look


def _history(seed: int) -> list[StoredObservation]:
    """Looks at one to three chains every few hours, with gaps of days, failures and sources that differ."""
    chance = random.Random(seed)
    rows: list[StoredObservation] = []
    for chain in ("bitcoin", "liquid", "bsc")[: 1 + seed % 3]:
        hour = chance.randrange(0, 400)
        while hour < chance.choice((700, 1000)):
            rows.append(look(hour, chance.choice((None, "5", "6", "7")), chain))
            if chance.random() < 0.4:
                rows.append(look(hour, "7", chain))
            hour += chance.choice((2, 12, 30, 40, 130, 300))
    return sorted(rows, key=lambda one: one.time)


def _expected(rows: list[StoredObservation], end: int) -> list[Point]:
    return known_points(listed_points([one for one in rows if one.time <= end], speaker_of))[-1:]


@pytest.mark.parametrize("seed", range(24))
def test_the_newest_figure_is_that_of_the_whole_past(seed: int, tmp_path: Path) -> None:
    rows = _history(seed)
    with Store(sqlite_url(tmp_path / "kept.sqlite"), clock=lambda: 1) as store:
        store.add_observations(rows)
        for end in (0, *range(50 * HOUR, 1100 * HOUR, 61 * HOUR), 2**62):
            found = over_time._newest(store, EXCHANGE, ASSET, end)
            assert list(found) == _expected(rows, end)


def test_a_chain_seen_just_before_what_is_read_first_counts(tmp_path: Path) -> None:
    rows = [look(380, "5", "liquid"), look(395, "7"), *(look(hour, None) for hour in range(400, 496, 5))]
    with Store(sqlite_url(tmp_path / "kept.sqlite"), clock=lambda: 1) as store:
        store.add_observations(rows)
        assert (
            over_time._newest(store, EXCHANGE, ASSET, 2**62)
            == _expected(rows, 2**62)
            == [Point(395 * HOUR, Decimal(12))]
        )


def test_a_long_past_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begins: list[int] = []
    with Store(sqlite_url(tmp_path / "kept.sqlite"), clock=lambda: 1) as store:
        store.add_observations([look(24 * day, str(day)) for day in range(400)])
        read = store.observations

        def watched(*words: str, **limits: object) -> list[StoredObservation]:
            begins.append(limits["start"])  # type: ignore[arg-type]
            return read(*words, **limits)  # type: ignore[arg-type]

        monkeypatch.setattr(store, "observations", watched)
        assert [one.amount for one in over_time._newest(store, EXCHANGE, ASSET, 2**62)] == [399]
    assert min(begins) > 390 * 24 * HOUR
