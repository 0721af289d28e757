"""Alerts need two agreeing rounds, fire once per crossing, and are armed again at half the threshold."""

from dataclasses import replace
from fractions import Fraction

import pytest

from reserves_gui.history.alerts import Level, Reading, Rule, Thresholds, Watcher, drop_readings
from reserves_gui.messages import render

DROP = Reading(
    rule=Rule.DROP_DAY, subject="BTC", value=Fraction(7, 100), threshold=Fraction(5, 100), level=Level.WARNING, time=1
)


def test_two_rounds_raise_one_alert_with_its_figures() -> None:
    watcher = Watcher()
    assert watcher.round([DROP]) == []
    (alert,) = watcher.round([DROP])
    assert (alert.rule, alert.value, alert.threshold) == (Rule.DROP_DAY, "7.00 %", "5.00 %")
    assert render(alert.message) == "BTC: reserves fell by 7.00 % within a day (threshold 5.00 %)."
    assert watcher.round([DROP]) == []


def test_it_is_armed_again_only_below_half_the_threshold() -> None:
    watcher = Watcher()
    for _ in range(2):
        watcher.round([DROP])
    near = replace(DROP, value=Fraction(4, 100))
    calm = replace(DROP, value=Fraction(2, 100))
    for readings in (near, DROP, DROP):
        assert watcher.round([readings]) == []
    watcher.round([calm])
    watcher.round([DROP])
    assert len(watcher.round([DROP])) == 1


def test_disagreeing_sources_never_fire_a_rule_about_the_exchange() -> None:
    watcher = Watcher()
    doubted = replace(DROP, agreed=False)
    assert [watcher.round([doubted]) for _ in range(4)] == [[], [], [], []]


def test_a_root_conflict_fires_at_once() -> None:
    conflict = replace(DROP, rule=Rule.ROOT_CONFLICT, value=Fraction(1), threshold=Fraction(1), level=Level.CRITICAL)
    assert len(Watcher().round([conflict])) == 1


def test_what_fired_before_a_restart_does_not_fire_again() -> None:
    watcher = Watcher(fired=[(Rule.DROP_DAY, "BTC", Level.WARNING)])
    assert watcher.round([DROP]) + watcher.round([DROP]) == []


def test_a_fall_gives_a_warning_and_a_critical_reading() -> None:
    readings = drop_readings("BTC", day=Fraction(16, 100), week=None, time=1, thresholds=Thresholds(), agreed=True)
    assert [(one.level, one.value >= one.threshold) for one in readings] == [
        (Level.WARNING, True),
        (Level.CRITICAL, True),
    ]


def test_thresholds_can_be_edited_and_nonsense_is_refused() -> None:
    assert Thresholds().changed({"drop_day": "0.1", "source_rounds": "5"}).drop_day == Fraction(1, 10)
    for name, text in (("drop_day", "0"), ("drop_day", "-1"), ("drop_day", "x")):
        with pytest.raises(ValueError, match=r".*"):
            Thresholds().changed({name: text})
    with pytest.raises(KeyError):
        Thresholds().changed({"no_such": "1"})
