"""What is known of one exchange by one time: what the rules read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reserves_gui.history.coverage import AssetCoverage
from reserves_gui.history.figures import Point
from reserves_gui.history.flows import Movement
from reserves_gui.history.records import StoredList, StoredObservation, StoredParty, StoredSnapshot
from reserves_gui.history.seen import (
    LISTED,
    Address,
    SeenPoint,
    SpeakerOf,
    address_series,
    is_balance,
    listed_points,
    transactions,
)
from reserves_gui.history.shares import Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetKnown:
    """One asset's rows of the whole list, its points, single addresses and transactions.

    ``told``: the rows behind ``moves``, and which of them are known to be all there were. ``parties``: what large ones
    changed for single addresses. ``coverage``: the answer at the newest snapshot, if there is one.
    """

    asset: str
    rows: Sequence[StoredObservation]
    points: Sequence[SeenPoint]
    series: Mapping[Address, Sequence[Point]]
    moves: Sequence[Movement]
    told: Sequence[StoredObservation] = ()
    parties: Sequence[StoredParty] = ()
    coverage: AssetCoverage | None = None

    def current(self, time: int) -> SeenPoint | None:
        """What was seen in the round at ``time``; None where the asset was not looked at."""
        return self.points[-1] if self.points and self.points[-1].time == time else None

    def agreed(self, time: int) -> bool:
        """Whether the round's figure is one that independent sources agree on."""
        current = self.current(time)
        return current is not None and current.decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one exchange at ``time`` (seconds UTC); rows after it take no part.

    ``elsewhere``: addresses on other exchanges' newest lists, ``once_elsewhere``: on any of their lists. ``shares``:
    own tokens and stablecoins in all reserves.
    """

    exchange: str
    time: int
    assets: Sequence[AssetKnown]
    lists: Sequence[StoredList] = ()
    snapshots: Sequence[StoredSnapshot] = ()
    elsewhere: frozenset[str] = field(default=frozenset())
    once_elsewhere: frozenset[str] = field(default=frozenset())
    shares: Shares | None = None


def asset_known(
    asset: str, rows: Sequence[StoredObservation], speaker_of: SpeakerOf, parties: Sequence[StoredParty] = ()
) -> AssetKnown:
    """The rows of an asset, put in order once."""
    return AssetKnown(
        asset=asset,
        rows=[one for one in rows if one.subject == LISTED and is_balance(one)],
        points=listed_points(rows, speaker_of),
        series=address_series(rows),
        moves=transactions(rows),
        told=[one for one in rows if not is_balance(one)],
        parties=parties,
    )


def known_by(asset: AssetKnown, time: int, coverage: AssetCoverage | None) -> AssetKnown:
    """What was known of the asset by ``time``. Single addresses carry their times and are cut where they are read."""
    return replace(
        asset,
        rows=[one for one in asset.rows if one.time <= time],
        points=[one for one in asset.points if one.time <= time],
        moves=[one for one in asset.moves if one.time <= time],
        told=[one for one in asset.told if one.time <= time],
        parties=[one for one in asset.parties if one.time <= time],
        coverage=coverage,
    )
