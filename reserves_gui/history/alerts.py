"""Rules that watch the figures: thresholds are starting values and can be edited, every alert carries its figures.

An alert needs two observations in a row, fires once per crossing and is armed again at half its threshold. A conflict
of roots fires at once. Changes of the address set never fire a rule about flows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction

from reserves_gui.messages import Message, say


class Level(StrEnum):
    """How much an alert matters."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"


class Rule(StrEnum):
    """What is watched. The names are stable: stored alerts and settings use them."""

    COVERAGE = "coverage"
    DROP_DAY = "drop_day"
    DROP_WEEK = "drop_week"
    OUTFLOW_Z = "outflow_z"
    ONE_TRANSACTION = "one_transaction"
    DRAWDOWN = "drawdown"
    HOT_HOURS = "hot_hours"
    PAUSED = "paused"
    OWN_TOKEN = "own_token"  # noqa: S105 - a coin of the exchange's own, no password
    SNAPSHOT_AGE = "snapshot_age"
    UNLISTED_HOLDING = "unlisted_holding"
    SHARED_ADDRESS = "shared_address"
    ROOT_CONFLICT = "root_conflict"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When rules fire. Shares are fractions of 1, times are hours or days as named."""

    drop_day: Fraction = Fraction(5, 100)
    drop_day_critical: Fraction = Fraction(15, 100)
    drop_week: Fraction = Fraction(15, 100)
    outflow_z: Fraction = Fraction(3)
    one_transaction: Fraction = Fraction(1, 100)
    drawdown: Fraction = Fraction(20, 100)
    hot_hours: Fraction = Fraction(24)
    own_token: Fraction = Fraction(10, 100)
    snapshot_days: Fraction = Fraction(45)
    source_rounds: int = 3

    def changed(self, values: Mapping[str, str]) -> "Thresholds":
        """The same thresholds with ``values`` (texts of numbers or fractions). Raises ``ValueError``, ``KeyError``."""
        known = {one.name for one in fields(self)}
        parsed: dict[str, Fraction | int] = {}
        for name, text in values.items():
            if name not in known:
                raise KeyError(name)
            parsed[name] = int(text) if name == "source_rounds" else Fraction(text)
            if parsed[name] <= 0:
                raise ValueError(name)
        current: dict[str, Fraction | int] = {one.name: getattr(self, one.name) for one in fields(self)}
        return Thresholds(**{**current, **parsed})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One figure of one round. ``value`` grows with the trouble; ``subject`` is an asset, address or snapshot.

    ``agreed`` is false where the sources of the figure disagree: such a reading never fires a rule about the exchange.
    ``figures`` are the texts an alert quotes. ``shown``: value and threshold as texts, where they are shown otherwise
    than they are compared.
    """

    rule: Rule
    subject: str
    value: Fraction
    threshold: Fraction
    level: Level
    time: int
    agreed: bool = True
    figures: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule that fired, with the figures that raised it."""

    rule: Rule
    subject: str
    level: Level
    time: int
    value: str
    threshold: str
    figures: Mapping[str, str]

    @property
    def message(self) -> Message:
        """One sentence for people."""
        # The sentences of shares have their own per cent sign.
        value, threshold = (text.removesuffix(" %") for text in (self.value, self.threshold))
        return say(f"alert.{self.rule}", subject=self.subject, value=value, threshold=threshold)


@dataclass(slots=True)
class _Arm:
    fired: bool = False
    seen: int = 0


# A root conflict is evidence in itself; a second look would add nothing. Silent sources are counted in rounds anyway.
_AT_ONCE = {Rule.ROOT_CONFLICT, Rule.SOURCES}
_NEEDED = 2


class Watcher:
    """Turns readings, round by round, into alerts. Keeps no figures, only what is armed."""

    def __init__(self, fired: Iterable[tuple[Rule, str, Level]] = ()) -> None:
        self._arms: dict[tuple[Rule, str, Level], _Arm] = {key: _Arm(fired=True, seen=_NEEDED) for key in fired}

    def untold(self, keys: Iterable[tuple[Rule, str, Level]]) -> None:
        """Arm rules again that fired while rounds of the past were judged, and that nobody was told of."""
        for key in keys:
            self._arms[key].fired = False

    def round(self, readings: Iterable[Reading]) -> list[Alert]:
        """The alerts of one round of observations."""
        alerts: list[Alert] = []
        for reading in readings:
            arm = self._arms.setdefault((reading.rule, reading.subject, reading.level), _Arm())
            if not reading.agreed:
                continue
            if reading.value < reading.threshold:
                arm.seen = 0
                if reading.value * 2 < reading.threshold:
                    arm.fired = False
                continue
            arm.seen += 1
            needed = 1 if reading.rule in _AT_ONCE else _NEEDED
            if arm.fired or arm.seen < needed:
                continue
            arm.fired = True
            value, threshold = reading.shown or (
                shown(reading.rule, reading.value),
                shown(reading.rule, reading.threshold),
            )
            alerts.append(
                Alert(
                    rule=reading.rule,
                    subject=reading.subject,
                    level=reading.level,
                    time=reading.time,
                    value=value,
                    threshold=threshold,
                    figures=reading.figures,
                )
            )
        return alerts


_PERCENT = {Rule.COVERAGE, Rule.DROP_DAY, Rule.DROP_WEEK, Rule.ONE_TRANSACTION, Rule.DRAWDOWN, Rule.OWN_TOKEN}


def shown(rule: Rule, value: Fraction) -> str:
    """A figure of a rule as text: percent where it is a share, else a number with at most two decimals."""
    from reserves_gui.history.figures import percent

    if rule in _PERCENT:
        return f"{percent(value)} %"
    return percent(value / 100, 2).rstrip("0").rstrip(".")


def drop_readings(
    asset: str, *, day: Fraction | None, week: Fraction | None, time: int, thresholds: Thresholds, agreed: bool
) -> list[Reading]:
    """Readings for what an asset's reserve lost over a day and a week (shares of what was there, positive = lost)."""
    readings: list[Reading] = []
    if day is not None:
        for level, threshold in ((Level.WARNING, thresholds.drop_day), (Level.CRITICAL, thresholds.drop_day_critical)):
            readings.append(
                Reading(
                    rule=Rule.DROP_DAY,
                    subject=asset,
                    value=day,
                    threshold=threshold,
                    level=level,
                    time=time,
                    agreed=agreed,
                )
            )
    if week is not None:
        threshold = thresholds.drop_week
        readings.append(
            Reading(
                rule=Rule.DROP_WEEK,
                subject=asset,
                value=week,
                threshold=threshold,
                level=Level.WARNING,
                time=time,
                agreed=agreed,
            )
        )
    return readings
