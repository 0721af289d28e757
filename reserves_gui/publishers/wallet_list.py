"""What every wallet list has in common: a reader of items makes a format. Like the port, it knows no exchange."""

from collections.abc import Callable, Iterator

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.counted import counted
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, ListTraits, Match, Sample
from reserves_gui.verdict import Findings
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.listing import Listing, judge_listing
from reserves_gui.wallets.row import WalletRow
from reserves_gui.wallets.tally import Policy

ROLE = "list"
# (document, what the user gave) to the items of the list and how they are counted.
Reader = Callable[[Document, Given], tuple[Iterator[Item], Policy]]


def list_format(
    *,
    id: str,  # noqa: A002 - the name of the field it fills
    exchange: str,
    since: str,
    traits: ListTraits,
    recognise: Callable[[Document], Match | None],
    read: Reader,
    sample: Sample = Sample.SPECIFICATION,
) -> Format:
    """A wallet list format: recognised by ``recognise``, read by ``read``, judged row by row."""

    def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
        document = _one(evidence)
        progress.stage(say("progress.wallets"), document.size)
        items, policy = read(counted(document, progress), given)
        listing = Listing(format=id, exchange=exchange, name=document.name, items=items, policy=policy)
        return judge_listing(listing, given.judging(), progress)

    def rows(evidence: Evidence, given: Given, progress: Progress) -> Iterator[WalletRow]:
        document = _one(evidence)
        progress.stage(say("progress.wallets"), document.size)
        items, _ = read(counted(document, progress), given)
        return (item for item in items if isinstance(item, WalletRow))

    return Format(
        id=id,
        exchange=exchange,
        family=Family.WALLETS,
        since=since,
        guarantees=None,
        recognise=recognise,
        verify=verify,
        sample=sample,
        listing=traits,
        rows=rows,
    )


def _one(evidence: Evidence) -> Document:
    document = evidence.one(ROLE)
    if document is None:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    return document
