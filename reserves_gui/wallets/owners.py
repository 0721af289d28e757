"""Owner accounts and what they control: the port through which judged rows are looked up on chain."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from reserves_gui.wallets.row import Judged, WalletRow

# Rows asked about together: some batches of questions, and little enough to answer cancellation between them.
_TOGETHER = 256


class OwnerLinks(Protocol):
    """Looks rows up whose owner accounts signed for a contract, and accounts that turn out to be contracts."""

    def look(self, rows: Sequence[tuple[WalletRow, Judged]]) -> Sequence[Judged]:
        """The judgements of ``rows`` after the look, in their order. What was not found out leaves a row as it is."""
        ...


def looked_up(rows: Iterable[tuple[WalletRow, Judged]], links: OwnerLinks) -> Iterator[tuple[WalletRow, Judged]]:
    """The same rows in their order, judged with what the chain shows."""
    source = iter(rows)
    while group := list(islice(source, _TOGETHER)):
        for (row, _), judged in zip(group, links.look(group), strict=True):
            yield row, judged
