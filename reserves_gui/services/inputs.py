"""Files of several kinds given together: which hold liabilities, which wallet lists, which prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reserves_gui.chain.prices import Price, price_file
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import STANDARD_INPUT, open_path
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Family

if TYPE_CHECKING:
    from reserves_gui.services.coverage_sides import Kept

_PRICE_COLUMNS = ["asset", "price", "time"]
# A price this far from the moment it is used for says nothing about it.
_NEAR = 6 * 3600


@dataclass(frozen=True, slots=True)
class SortedFiles:
    """Paths by what they hold, in the order given, and the prices that were read."""

    liabilities: tuple[str, ...]
    lists: tuple[str, ...]
    prices: tuple[Price, ...]

    def prices_at(self, moment: int | None, kept: "Kept | None") -> dict[str, tuple[str, int, str]]:
        """Asset to (US dollars a coin, time, source) near ``moment``: from the files, else from the store."""
        found: dict[str, tuple[str, int, str]] = {}
        known = [(one.asset, one.time, f"{one.usd:f}", one.source) for one in self.prices]
        known += [] if kept is None else [(one.asset, one.time, one.value, one.source) for one in kept.prices]
        for asset, time, value, source in known:
            if moment is None or abs(time - moment) > _NEAR:
                continue
            if asset not in found or abs(time - moment) < abs(found[asset][1] - moment):
                found[asset] = (value, time, source)
        return found


def sorted_files(files: Sequence[str], *, format_id: str | None = None) -> SortedFiles:
    """Every path by its content. A path that holds both kinds counts as both; what nobody reads as liabilities."""
    liabilities: list[str] = []
    lists: list[str] = []
    prices: list[Price] = []
    for name in files:
        if name == STANDARD_INPUT:
            liabilities.append(name)
            continue
        documents = open_path(Path(name))
        if len(documents) == 1 and _is_price_file(documents[0]):
            prices += price_file(Path(name))
            continue
        families = [_family(one, format_id) for one in documents]
        if Family.WALLETS in families:
            lists.append(name)
        if Family.WALLETS not in families or any(one not in (None, Family.WALLETS) for one in families):
            liabilities.append(name)
    return SortedFiles(tuple(liabilities), tuple(lists), tuple(prices))


def _family(document: Document, format_id: str | None) -> Family | None:
    known = registry.candidates(document)
    if format_id is not None:
        # A fixed format is that of the liabilities, unless it names a list.
        fixed = [one for one in known if one.format.id == format_id]
        known = fixed or [one for one in known if one.format.family is Family.WALLETS]
    return known[0].format.family if known else None


def _is_price_file(document: Document) -> bool:
    cells = document.first_line.decode("utf-8", "replace").lower().split(",")
    return sorted(cell.strip() for cell in cells) == _PRICE_COLUMNS
