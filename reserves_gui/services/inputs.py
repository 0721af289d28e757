"""Files of several kinds given together: which hold liabilities, which wallet lists, which prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reserves_gui.chain.prices import Price, price_file
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import STANDARD_INPUT, open_path
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Family

_PRICE_COLUMNS = ["asset", "price", "time"]


@dataclass(frozen=True, slots=True)
class SortedFiles:
    """Paths by what they hold, in the order given, and the prices that were read."""

    liabilities: tuple[str, ...]
    lists: tuple[str, ...]
    prices: tuple[Price, ...]


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
