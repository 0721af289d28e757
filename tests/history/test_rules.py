"""Every rule of the table: what fires it, what does not, and that it needs two rounds that agree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

import pytest

from reserves_gui.history.alerts import Level, Rule, Thresholds, Watcher
from reserves_gui.history.coverage import Liability, Reserve, asset_coverage
from reserves_gui.history.figures import DAY, HOUR, Interval
from reserves_gui.history.known import Known, asset_known, known_by
from reserves_gui.history.readings import readings
from reserves_gui.history.records import StoredList, StoredObservation, StoredParty, StoredSnapshot
from reserves_gui.history.seen import LISTED, TRANSACTION
from reserves_gui.history.shares import Shares
from reserves_gui.services.speakers import speaker_of
from reserves_gui.verdict import State, SumBinding
from tests.history.rows import ASSET, CHAIN, EXCHANGE, listed, party

START = 1_790_000_000 // DAY * DAY
TWO = ("https://one.example", "https://two.example")
Fired = list[tuple[int, Rule, Level]]


@dataclass
class World:
    """Looks at one exchange, and what else is known of it."""

    rows: list[StoredObservation] = field(default_factory=list)
    lists: list[StoredList] = field(default_factory=list)
    parties: list[StoredParty] = field(default_factory=list)
    changes: dict[str, object] = field(default_factory=dict)
    coverage: Callable[[int], object] = lambda _time: None
    thresholds: Thresholds = field(default_factory=Thresholds)

    def look(self, hour: float, amount: str | None, sources: Sequence[str] = TWO, **addresses: str) -> None:
        """What every source saw at an hour: the sum, and the addresses whose figure changed."""
        for source in sources:
            self._row(hour, LISTED, amount, source, "point")
            for address, held in addresses.items():
                self._row(hour, address, held, source, "point")

    def differ(self, hour: float, one: str, other: str) -> None:
        for source, amount in zip(TWO, (one, other), strict=True):
            self._row(hour, LISTED, amount, source, "point")

    def move(self, hour: float, amount: str) -> None:
        self._row(hour, f"tx{len(self.rows)}", amount, TWO[0], TRANSACTION)

    def _row(self, hour: float, subject: str, amount: str | None, source: str, kind: str) -> None:
        self.rows.append(
            StoredObservation(
                exchange=EXCHANGE,
                chain=CHAIN,
                subject=subject,
                asset=ASSET,
                time=START + round(hour * HOUR),
                amount=amount,
                source=source,
                height=round(hour * 6),
                kind=kind,
            )
        )

    def alerts(self, rounds: int = 3) -> Fired:
        """What the last rounds raise: (number from the end, rule, level)."""
        times = sorted({one.time for one in self.rows if one.subject == LISTED})[-rounds:]
        asset = asset_known(ASSET, self.rows, speaker_of, self.parties)
        watcher = Watcher()
        fired = []
        for at, time in enumerate(times, 1):
            known = Known(
                exchange=EXCHANGE,
                time=time,
                assets=[known_by(asset, time, self.coverage(time))],  # type: ignore[arg-type]
                lists=[one for one in self.lists if one.time <= time],
                **self.changes,  # type: ignore[arg-type]
            )
            found = watcher.round(readings(known, self.thresholds))
            fired += [(at - len(times), one.rule, one.level) for one in found]
        return fired

    def rules(self, rounds: int = 3) -> set[tuple[Rule, Level]]:
        return {(rule, level) for _, rule, level in self.alerts(rounds)}


def _every(hours: float, amounts: Sequence[str]) -> World:
    world = World()
    for at, amount in enumerate(amounts):
        world.look(at * hours, amount)
    return world


def _covered(held: str, *, agreed: bool = True) -> World:
    world = _every(1, ["90"] * 4)
    owed = Liability(
        asset=ASSET, text="100", time=START, binding=SumBinding.WHOLE_TREE, recomputed=True, total_verified=True
    )
    seen = Reserve(asset=ASSET, seen=Interval.exactly(Decimal(held)), time=START, balances_verified=agreed)
    world.coverage = lambda _time: asset_coverage(owed, seen)
    return world


def _walk(days: int, *last: int) -> World:
    """Days that differ a little, then days with the given changes; the last of them is looked at twice."""
    held, world = 100_000, World()
    for day in range(days):
        held += (-1) ** day * (50 + 7 * day % 40)
        world.look(day * 24, str(held))
    for at, change in enumerate(last):
        held += change
        world.look((days + at) * 24, str(held))
    world.look((days + len(last) - 1) * 24 + 6, str(held))
    return world


def _moved(amount: str) -> World:
    world = _every(1, ["100"] * 30)
    world.move(28.5, amount)
    world.look(30, "100")
    return world


def _paying(hot: str, *, quiet: int = 0) -> World:
    """A hot wallet that pays one coin every hour of eight days from deposits of the same size, then pauses."""
    world = World()
    world.lists = [listed(0, "hot", "cold")]
    for hour in range(8 * 24):
        held = Decimal(hot) + (hour % 2 == 0)
        world.look(hour, str(held + 1000), hot=str(held), cold="1000")
    for hour in range(8 * 24, 8 * 24 + quiet):
        world.look(hour, str(Decimal(hot) + 1000), hot=hot, cold="1000")
    return world


def _refilled(hot: str) -> World:
    """A hot wallet that pays two coins every hour, and holds as much again at every look."""
    world = World()
    world.lists = [listed(0, "hot", "cold")]
    for hour in range(8 * 24):
        world.look(hour, str(Decimal(hot) + 1000), hot=hot, cold="1000")
        if hour:
            world.move(hour - 0.5, "-2")
            taken_apart = party(hour, f"out{hour}", "hot", "-2")
            world.parties.append(replace(taken_apart, time=START + hour * HOUR - HOUR // 2))
    return world


def _shared(*, elsewhere: bool) -> World:
    world = _every(1, ["5"] * 3)
    world.lists = [listed(0, "one", "two")]
    there = frozenset({"two"})
    world.changes = {"elsewhere": there if elsewhere else frozenset(), "once_elsewhere": there}
    return world


def _left(amount: str) -> World:
    world = World()
    world.lists = [replace(listed(0, "one", "gone"), time=START), replace(listed(0, "one"), time=START + HOUR)]
    world.look(0, "6", one="5", gone="1")
    for hour in range(1, 4):
        world.look(hour, "5", one="5", gone=amount)
    return world


def _snapshots(*snapshots: StoredSnapshot) -> World:
    world = _every(1, ["5"] * 3)
    world.changes = {"snapshots": list(snapshots)}
    return world


def _snapshot(days: float, root: str = "aa") -> StoredSnapshot:
    return StoredSnapshot(
        exchange=EXCHANGE,
        snapshot="s",
        time=START + 2 * HOUR - round(days * DAY),
        height=None,
        format="f",
        root=root * 32,
        root_source="page",
        file_sha256=None,
        binding=SumBinding.NONE,
        verdict=State.UNDECIDED,
    )


def _own(share: str) -> World:
    world = _every(1, ["5"] * 3)
    world.changes = {"shares": Shares(time=START, own=Fraction(share), stable=Fraction(0), missing=())}
    return world


def _differing(rounds: int) -> World:
    world = _every(1, ["5"] * 3)
    for hour in range(3, 3 + rounds):
        world.differ(hour, "5", "6")
    return world


def _silent(rounds: int) -> World:
    world = _every(1, ["5"] * 3)
    for hour in range(3, 3 + rounds):
        world.look(hour, "5", TWO[:1])
        world.look(hour, None, TWO[1:])
    return world


W, C, N = Level.WARNING, Level.CRITICAL, Level.NOTICE
# Rule and level, a world that fires it in its last rounds, and one that just does not.
TABLE: dict[str, tuple[Rule, Level, Callable[[], World], Callable[[], World]]] = {
    "coverage": (Rule.COVERAGE, C, lambda: _covered("99.99"), lambda: _covered("100")),
    "a day": (
        Rule.DROP_DAY,
        W,
        lambda: _every(12, ["100", "100", "95", "95"]),
        lambda: _every(12, ["100", "100", "95.01", "95.01"]),
    ),
    "a bad day": (
        Rule.DROP_DAY,
        C,
        lambda: _every(12, ["100", "100", "85", "85"]),
        lambda: _every(12, ["100", "100", "85.01", "85.01"]),
    ),
    "a week": (
        Rule.DROP_WEEK,
        W,
        lambda: _every(24, [str(100 - 3 * min(day, 6)) for day in range(9)]),
        lambda: _every(24, [str(100 - 2 * min(day, 6)) for day in range(9)]),
    ),
    "an unusual day": (Rule.OUTFLOW_Z, W, lambda: _walk(60, -400), lambda: _walk(60, -100)),
    "one transaction": (Rule.ONE_TRANSACTION, N, lambda: _moved("-1"), lambda: _moved("-0.99")),
    "below the peak": (
        Rule.DRAWDOWN,
        W,
        lambda: _every(24, [str(100 - min(day, 20)) for day in range(22)]),
        lambda: _every(24, [str(100 - min(day, 19)) for day in range(22)]),
    ),
    "a hot wallet": (Rule.HOT_HOURS, W, lambda: _paying("10"), lambda: _paying("60")),
    "a refilled hot wallet": (Rule.HOT_HOURS, W, lambda: _refilled("40"), lambda: _refilled("60")),
    "an empty hot wallet": (Rule.HOT_HOURS, W, lambda: _refilled("0"), lambda: replace(_refilled("0"), parties=[])),
    "no payout": (Rule.PAUSED, N, lambda: _paying("60", quiet=24), lambda: _paying("60", quiet=12)),
    "own tokens": (Rule.OWN_TOKEN, N, lambda: _own("0.1"), lambda: _own("0.0999")),
    "old": (Rule.SNAPSHOT_AGE, N, lambda: _snapshots(_snapshot(45.1)), lambda: _snapshots(_snapshot(44.9))),
    "left": (Rule.UNLISTED_HOLDING, W, lambda: _left("1"), lambda: _left("0")),
    "shared": (Rule.SHARED_ADDRESS, W, lambda: _shared(elsewhere=True), lambda: _shared(elsewhere=False)),
    "two roots": (
        Rule.ROOT_CONFLICT,
        C,
        lambda: _snapshots(_snapshot(1), _snapshot(1, "bb")),
        lambda: _snapshots(_snapshot(1), _snapshot(2, "bb")),
    ),
    "differing": (Rule.SOURCES, W, lambda: _differing(3), lambda: _differing(2)),
    "silent": (Rule.SOURCES, W, lambda: _silent(3), lambda: _silent(2)),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_rule_fires_where_it_should_and_not_just_before(name: str) -> None:
    rule, level, fires, calm = TABLE[name]
    assert (rule, level) in fires().rules()
    assert (rule, level) not in calm().rules()


def test_every_rule_of_the_table_is_here() -> None:
    assert {rule for rule, *_ in TABLE.values()} == set(Rule)


@pytest.mark.parametrize("name", [name for name, (rule, *_) in TABLE.items() if rule is not Rule.ROOT_CONFLICT])
def test_one_round_alone_fires_nothing_but_a_conflict_of_roots(name: str) -> None:
    rule, level, fires, _ = TABLE[name]
    if rule is Rule.SOURCES:
        # Counted in rounds from what is kept: it tells by itself that it is the third.
        assert (rule, level) in fires().rules(1)
    else:
        assert fires().rules(1) == set()


def test_a_conflict_of_roots_fires_at_once() -> None:
    assert (Rule.ROOT_CONFLICT, C) in TABLE["two roots"][2]().rules(1)


ABOUT_DATA = {Rule.SOURCES, Rule.ROOT_CONFLICT, Rule.SNAPSHOT_AGE, Rule.SHARED_ADDRESS, Rule.COVERAGE}


@pytest.mark.parametrize("name", [name for name, (rule, *_) in TABLE.items() if rule not in ABOUT_DATA])
def test_one_source_alone_fires_nothing_about_the_exchange(name: str) -> None:
    world = TABLE[name][2]()
    world.rows = [one for one in world.rows if one.source == TWO[0]]
    assert TABLE[name][0] not in {rule for rule, _ in world.rules()}


def test_reserves_the_sources_disagree_on_are_no_lack_of_coverage() -> None:
    assert _covered("90", agreed=False).rules() == set()


def test_a_fall_is_told_once_and_again_after_it_was_made_good() -> None:
    amounts = ["100"] * 3 + ["94"] * 6 + ["100"] * 4 + ["94"] * 4
    world = _every(12, amounts)
    found = [at for at, rule, level in world.alerts(len(amounts)) if (rule, level) == (Rule.DROP_DAY, W)]
    # The second look of each fall.
    assert found == [5 - len(amounts), 15 - len(amounts)]


def test_a_fall_that_shrinks_to_more_than_half_the_threshold_is_not_told_again() -> None:
    amounts = ["100", "100", "94", "94", "91.18", "91.18", "86.2", "86.2"]
    world = _every(12, amounts)
    assert [rule for _, rule, level in world.alerts(len(amounts)) if rule is Rule.DROP_DAY] == [Rule.DROP_DAY]


def test_a_set_that_changes_fires_no_rule_about_flows() -> None:
    """Half of the coins lie on a wallet that leaves the list, later a wallet with as many joins it."""
    world = World()
    world.lists = [
        replace(listed(0, "one", "two"), time=START),
        replace(listed(0, "one"), time=START + 40 * DAY + HOUR),
        replace(listed(0, "one", "three"), time=START + 44 * DAY + HOUR),
    ]
    for day in range(48):
        one, other = 1000 + 7 * (day % 5), 1000 + 3 * (day % 4)
        held = one if 40 < day <= 44 else one + other
        world.look(day * 24, str(held), one=str(one), two=str(other), three=str(other))
    told = {rule for rule, _ in world.rules(10)}
    assert told == {Rule.UNLISTED_HOLDING}


def test_an_alert_names_its_figures_and_sources() -> None:
    world = TABLE["a day"][2]()
    times = sorted({one.time for one in world.rows})
    asset = asset_known(ASSET, world.rows, speaker_of)
    known = Known(exchange=EXCHANGE, time=times[-1], assets=[known_by(asset, times[-1], None)])
    (reading,) = [one for one in readings(known, Thresholds()) if (one.rule, one.level) == (Rule.DROP_DAY, W)]
    assert dict(reading.figures) == {"now": "95", "day_before": "100", "sources": ", ".join(TWO)}
