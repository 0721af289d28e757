"""What owner accounts control, judged once more from recorded answers of the nodes that were asked: no network."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reserves_gui import limits
from reserves_gui.chain.recorded import recorded_owners
from reserves_gui.chain.recorded_calls import OwnerAnswers
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.look_check import LookFinding
from reserves_gui.services.looked_list import owner_answers_of
from reserves_gui.services.lookup import Looking
from reserves_gui.services.owner_links import OwnerLookUp
from reserves_gui.verdict import Outcome, Verdict


@contextmanager
def owners_again(
    verdict: Verdict, recorded: Sequence[Document], progress: Progress
) -> Iterator[tuple[OwnerLookUp | None, list[LookFinding]]]:
    """The look-up that ``verdict`` was made with, from the files ``recorded``, and how these compare with the verdict.

    None where nothing was looked up, or the files do not hold all of it.
    """
    wanted, told = owner_answers_of(verdict), OwnerAnswers()
    for document in recorded:
        told.add(recorded_owners(document.read(limits.ANSWER_BYTES)))
    if not wanted or not told:
        yield None, []
        return
    pairs = [(told.calls.get(key), one) for key, one in wanted.calls.items()]
    beacons = [(told.withdrawals.get(key), one) for key, one in wanted.withdrawals.items()]
    missing = sum(found is None for found, _ in (*pairs, *beacons))
    other = sum(found is not None and found != one for found, one in (*pairs, *beacons))
    if other:
        yield None, [LookFinding(Outcome.FAILED, say("report.look.owners_other", count=other))]
    elif missing:
        yield None, [LookFinding(Outcome.NOT_CHECKED, say("report.look.owners_missing", count=missing))]
    else:
        with OwnerLookUp(Looking(sources=(), offline=True), progress, recorded=told) as links:
            yield links, [LookFinding(Outcome.PASSED, say("report.look.owners_again", count=len(wanted)))]
