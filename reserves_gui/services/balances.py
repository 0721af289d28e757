"""What listed wallets hold: the one call behind `reserves balances` and the look-up on the Wallets page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reserves_gui import limits
from reserves_gui.chain.sources import parse_source
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Format, Given
from reserves_gui.services.balance_report import claim_of, extra_of
from reserves_gui.services.listed import Listed, listed_rows
from reserves_gui.services.lookup import Looking, LookUp, look_up
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.wallets import WalletsRequest, recognised_lists
from reserves_gui.verdict import InputRecord, Snapshot, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancesRequest:
    """One look-up. Naming a source here is the user's consent to contact it in this run, and nothing else.

    ``at`` maps chain names to heights and wins over heights in the list. ``moment`` (seconds UTC): where neither names
    a height, the last block at or before it, in place of the newest. ``contracts`` maps (chain, asset) to token
    contracts beyond the shipped table. ``cache_folder`` None: nothing is kept; ``fresh``: kept answers are not used but
    replaced. ``offline``: only files are read. ``told`` hears the host of every request as it leaves, from the thread
    that asks. ``owners``: the check of the same list, in which what owner accounts control is to be looked up, too (the
    look-up on the Wallets page).
    """

    files: tuple[str, ...]
    sources: tuple[str, ...]
    pasted: tuple[str, ...] = ()
    at: Mapping[str, int] = field(default_factory=dict)
    moment: int | None = None
    format: str | None = None
    offline: bool = False
    proxy: str | None = None
    contracts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    cache_folder: Path | None = None
    fresh: bool = False
    requests_per_run: int = limits.REQUESTS_PER_RUN
    told: Callable[[str], None] | None = None
    owners: WalletsRequest | None = None

    @property
    def looking(self) -> Looking:
        """Where and when this request looks."""
        return Looking(
            sources=self.sources,
            at=self.at,
            moment=self.moment,
            offline=self.offline,
            proxy=self.proxy,
            contracts=self.contracts,
            cache_folder=self.cache_folder,
            fresh=self.fresh,
            requests_per_run=self.requests_per_run,
            told=self.told,
        )


def observe_balances(request: BalancesRequest, progress: Progress, *, door: OpenDoor | None = None) -> Verdict:
    """Look every listed address up at one block and compare the sources address by address.

    Raises :class:`ReservesError` for lists or source texts that can never be used, and ``Cancelled``. A source that
    does not answer, or is on another chain, makes its rows undecided instead.
    """
    lists = opened_lists(request, progress)
    rows = rows_of(lists, progress)
    return observe_rows(lists, rows, request, progress, door=door)


def opened_lists(request: BalancesRequest, progress: Progress) -> list[tuple[Document, Format, str]]:
    """The wallet lists of ``request``. Raises as ``observe_balances``."""
    for text in request.sources:
        # A source text that can never be used is said before the list is read.
        parse_source(text)
    progress.stage(say("progress.recognise"))
    return recognised_lists(request.files, pasted=request.pasted, format_id=request.format)


def observe_rows(
    lists: Sequence[tuple[Document, Format, str]],
    rows: Sequence[Listed],
    request: BalancesRequest,
    progress: Progress,
    *,
    door: OpenDoor | None = None,
) -> Verdict:
    """The same over rows that were read already."""
    return look_verdict(lists, look_up(rows, request.looking, progress, door=door), request, progress)


def look_verdict(
    lists: Sequence[tuple[Document, Format, str]], found: LookUp, request: BalancesRequest, progress: Progress
) -> Verdict:
    """What a look-up of the rows of ``lists`` comes to."""
    inputs = tuple(InputRecord(one.name, one.digest(progress), one.size) for one, _, _ in lists)
    heights = {one.height for row in found.compared for one in row.observations if one.height is not None}
    return Verdict(
        format=lists[0][1].id,
        exchange=lists[0][1].exchange,
        decisive=("balances",),
        claims=(claim_of(found.compared, found.reports, found.outputs),),
        guarantees=None,
        inputs=inputs,
        snapshot=Snapshot(height=heights.pop() if len(heights) == 1 else None),
        warnings=found.alarms,
        notes=(*(note for report in found.reports for note in report.notes), *_kept(found)),
        extra=extra_of(
            found.compared, found.reports, found.outputs, requests=found.requests, budget=request.requests_per_run
        ),
    )


def _kept(found: LookUp) -> tuple[Message, ...]:
    """How many of the figures were asked for in an earlier run, and when."""
    times = [one.asked_at for row in found.compared for one in row.observations if one.kept]
    return (say("balances.kept", count=len(times), time=min(times)),) if times else ()


def rows_of(found: Sequence[tuple[Document, Format, str]], progress: Progress) -> list[Listed]:
    """The address rows of recognised lists. Raises ``usage`` for a list format without addresses."""
    rows: list[Listed] = []
    for document, declared, role in found:
        if declared.rows is None:
            raise ReservesError(ErrorCode.USAGE, say("balances.no_rows", format=declared.id), document.name)
        rows += listed_rows(declared.rows(Evidence({role: (document,)}), Given(), progress), document.name, progress)
    return rows
