"""The rules over what the store holds: rounds of the past are judged again, so that a timer goes on where it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from reserves_gui.chain.prices import OLDEST
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import published
from reserves_gui.history.alerts import Alert, Rule, Thresholds, Watcher
from reserves_gui.history.coverage import AssetCoverage
from reserves_gui.history.known import AssetKnown, Known, asset_known, known_by
from reserves_gui.history.readings import readings
from reserves_gui.history.records import StoredList, StoredSnapshot
from reserves_gui.history.seen import known_points
from reserves_gui.history.shares import shares
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.speakers import speaker_of
from reserves_gui.services.stored_coverage import covered

if TYPE_CHECKING:
    from reserves_gui.history.store import Store

# Rounds judged again at the start, so that a rule that needs two in a row knows the one before.
_AGAIN = 12


def default_thresholds() -> dict[str, str]:
    """Every threshold by name, as the text of its default."""
    usual = Thresholds()
    return {one.name: f"{float(getattr(usual, one.name)):g}" for one in fields(usual)}


def thresholds_of(values: Mapping[str, str]) -> Thresholds:
    """The thresholds with ``values`` changed. Raises ``usage``."""
    try:
        return Thresholds().changed(values)
    except (KeyError, ValueError, ZeroDivisionError):
        known = ", ".join(one.name for one in fields(Thresholds))
        raise ReservesError(ErrorCode.USAGE, say("watch.threshold", known=known)) from None


def judged(store: "Store", exchange: str, moment: int, thresholds: Thresholds, progress: Progress) -> list[Alert]:
    """The alerts of the newest round, after the rounds before it were judged again."""
    past = Past.read(store, exchange)
    kept = [alert for _, alert in store.alerts(exchange)]
    rounds = sorted({one.time for asset in past.assets for one in asset.rows})
    again = rounds[-_AGAIN - 1 : -1]
    start = again[0] if again else moment
    watcher = Watcher((one.rule, one.subject, one.level) for one in kept if one.time < start)
    told = {(one.rule, one.subject, one.level) for one in kept}
    for time_ in again:
        progress.checkpoint()
        fired = watcher.round(readings(past.known(time_), thresholds))
        watcher.untold({(one.rule, one.subject, one.level) for one in fired} - told)
    found = watcher.round(readings(past.known(moment), thresholds))
    # Two roots of one snapshot stay two roots: told once, for ever.
    return [
        one for one in found if one.rule is not Rule.ROOT_CONFLICT or (one.rule, one.subject, one.level) not in told
    ]


def open_alerts(store: "Store", exchange: str, thresholds: Thresholds) -> tuple[Alert, ...]:
    """The newest alert of every rule and subject whose figure has not fallen back to half its threshold since.

    Judged at the newest round; a rule that has no figure there, or one the sources disagree on, keeps its alert open.
    """
    newest = {(one.rule, one.subject, one.level): one for _, one in store.alerts(exchange)}
    past = Past.read(store, exchange) if newest else None
    rounds = [] if past is None else [one.time for asset in past.assets for one in asset.rows]
    if past is None or not rounds:
        return tuple(newest.values())
    over = {
        (one.rule, one.subject, one.level)
        for one in readings(past.known(max(rounds)), thresholds)
        if one.agreed and one.value * 2 < one.threshold
    }
    return tuple(one for key, one in newest.items() if key not in over)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the store holds of one exchange, prepared once for judging several rounds."""

    exchange: str
    assets: tuple[AssetKnown, ...]
    lists: list[StoredList]
    snapshots: list[StoredSnapshot]
    elsewhere: list[list[StoredList]]
    prices: Mapping[str, list[tuple[int, Decimal]]]

    @classmethod
    def read(cls, store: "Store", exchange: str) -> "Past":
        names = store.assets(exchange)
        return cls(
            exchange=exchange,
            assets=tuple(
                asset_known(one, store.observations(exchange, one), speaker_of, store.parties(exchange, one))
                for one in names
            ),
            lists=store.lists(exchange),
            snapshots=store.snapshots(exchange),
            elsewhere=[store.lists(other) for other in store.exchanges() if other != exchange],
            prices={asset: [(one.time, Decimal(one.value)) for one in store.prices(asset)] for asset in names},
        )

    def known(self, moment: int) -> Known:
        """What was known at one time."""
        lists = [one for one in self.lists if one.time <= moment] or self.lists[:1]
        past = [[one for one in other if one.time <= moment] for other in self.elsewhere]
        assets = [known_by(one, moment, self._coverage(one, lists, moment)) for one in self.assets]
        return Known(
            exchange=self.exchange,
            time=moment,
            assets=assets,
            lists=lists,
            snapshots=self.snapshots,
            elsewhere=_addresses(one for other in past for one in other[-1:]),
            once_elsewhere=_addresses(one for other in past for one in other),
            shares=shares(
                {one.asset: known_points(one.points) for one in assets},
                self.prices,
                time=moment,
                near=OLDEST,
                own=published.own_tokens(self.exchange),
                stable=published.stablecoins(),
            ),
        )

    def _coverage(self, asset: AssetKnown, lists: list[StoredList], moment: int) -> AssetCoverage | None:
        stated = [
            (one, figure)
            for one in self.snapshots
            if one.time is not None and one.time <= moment
            for figure in one.totals
            if figure.asset == asset.asset and figure.part == "net"
        ]
        if not stated:
            return None
        points = [one for one in asset.points if one.time <= moment]
        return covered(*stated[-1], [*asset.rows, *asset.told], points, lists, asset.series)


def _addresses(lists: Iterable[StoredList]) -> frozenset[str]:
    return frozenset(wallet.address for one in lists for wallet in one.wallets)
