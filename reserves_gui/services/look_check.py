"""Figures seen on chain, judged once more from recorded observations: no network, the same comparison of sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from reserves_gui import limits
from reserves_gui.chain.port import OutputFound
from reserves_gui.chain.recorded import RecordedFile, folded, is_recorded, read_as_recorded
from reserves_gui.chain.recorded_outputs import RecordedOutput
from reserves_gui.intake.document import Document
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.report.stored import stored_message
from reserves_gui.services.balance_report import assets_of, extra_of, output_counts
from reserves_gui.services.balances import rows_of
from reserves_gui.services.listed import Listed, NoQuestion, ask_of
from reserves_gui.services.looked_list import LOOKED, looks_of, outputs_in, seen_in
from reserves_gui.services.lookup import Looking, LookUp, look_up
from reserves_gui.services.speakers import speaker_of
from reserves_gui.services.wallets import recognised_lists
from reserves_gui.verdict import Outcome, Verdict

__all__ = ["LookFinding", "holds_observations", "looked_again"]

_Key = tuple[str, str, str, str, int]
_OutputKey = tuple[str, str, str, int, int]
_COMPARED = ("listed", "seen", "heights", "agree")


@dataclass(frozen=True, slots=True)
class LookFinding:
    """What came of judging one look again."""

    outcome: Outcome
    reason: Message


def looked_again(
    verdict: Verdict, lists: Sequence[str], format_id: str | None, recorded: Sequence[Document], progress: Progress
) -> list[LookFinding]:
    """Every look of ``verdict`` from the files ``recorded``, held against what the verdict says of it.

    ``lists``: the wallet lists it was about. Raises what unusable lists raise, and ``Cancelled``.
    """
    looks = looks_of(verdict)
    rows = rows_of(recognised_lists(lists, format_id=format_id), progress)
    contracts = _contracts(verdict)
    found = []
    for name, look in looks.items():
        words = Message(f"report.looked.{name}")
        sources = [
            source
            for document in recorded
            for source in read_as_recorded(document.name, _bytes(document), speaker_of, _problems(look))
        ]
        known = _known(sources)
        wanted = {_key(one.source, one.chain, one.asset, one.address, one.height): one.amount for one in seen_in(look)}
        told = _told(sources)
        wanted_outputs = {_output_key(one): one.found for one in outputs_in(look)}
        missing = sum(key not in known for key in wanted) + sum(key not in told for key in wanted_outputs)
        other = sum(key in known and known[key] != Decimal(amount) for key, amount in wanted.items())
        other += sum(key in told and told[key] != seen for key, seen in wanted_outputs.items())
        if other:
            found.append(LookFinding(Outcome.FAILED, say("report.look.other", look=words, count=other)))
        elif missing or _unplaced(look):
            count = missing + _unplaced(look)
            found.append(LookFinding(Outcome.NOT_CHECKED, say("report.look.missing", look=words, count=count)))
        else:
            again = look_up(
                _placed(rows, look, name, contracts),
                Looking(sources=(), offline=True, contracts=contracts, opened=tuple(sources)),
                progress,
            )
            found += _compared(look, again, words, len(wanted) + len(wanted_outputs))
    return found


def holds_observations(document: Document) -> bool:
    """Whether a file given as evidence is one of recorded observations."""
    return document.size <= limits.ANSWER_BYTES and is_recorded(_bytes(document))


def _bytes(document: Document) -> bytes:
    return document.read(limits.ANSWER_BYTES)


def _compared(look: Mapping[str, Any], again: LookUp, words: Message, count: int) -> Iterator[LookFinding]:
    before, after = _table(look, "assets"), assets_of(again.compared)
    differing = [
        asset
        for asset in {**before, **after}
        if any(_figure(before, asset, name) != _figure(after, asset, name) for name in _COMPARED)
    ]
    rows = extra_of(again.compared, again.reports, requests=0, budget=0)["rows"]
    if differing:
        yield LookFinding(Outcome.FAILED, say("report.look.sums", look=words, assets=", ".join(sorted(differing))))
    elif rows != dict(_table(look, "rows")) or not _same_outputs(look, again):
        yield LookFinding(Outcome.FAILED, say("report.look.rows", look=words))
    else:
        yield LookFinding(Outcome.PASSED, say("report.look.same", look=words, count=count))


def _same_outputs(look: Mapping[str, Any], again: LookUp) -> bool:
    before = _table(look, "outputs")
    return all(before.get(name, 0) == count for name, count in output_counts(again.outputs).items())


def _told(sources: Sequence[RecordedFile]) -> dict[_OutputKey, OutputFound]:
    return {_output_key(one): one.found for source in sources for one in source.recorded_outputs}


def _output_key(one: RecordedOutput) -> _OutputKey:
    return one.source, one.chain, one.transaction, one.index, one.height


def _figure(assets: Mapping[str, Any], asset: str, name: str) -> object:
    found = _table(assets, asset).get(name)
    return dict(found) if isinstance(found, Mapping) else found


def _placed(
    rows: Sequence[Listed], look: Mapping[str, Any], name: str, contracts: Mapping[tuple[str, str], str]
) -> list[Listed]:
    """The rows at the blocks of the look: a chain's only one, else each row's own."""
    heights: dict[str, set[int]] = {}
    for one in seen_in(look):
        heights.setdefault(one.chain, set()).add(one.height)
    found = []
    for row in rows:
        asked = ask_of(row, contracts=contracts)
        at = set() if isinstance(asked, NoQuestion) else heights.get(asked.chain.name, set())
        only = next(iter(at)) if len(at) == 1 else None
        found.append(replace(row, height=only if only is not None or name == "now" else row.height))
    return found


def _known(sources: Sequence[RecordedFile]) -> dict[_Key, Decimal]:
    return {
        (source.speaker.name, chain, asset, address, height): amount
        for source in sources
        for (chain, asset, address, height), amount in source.amounts.items()
    }


def _key(source: str, chain: str, asset: str, address: str, height: int) -> _Key:
    return source, chain, asset.upper(), folded(address), height


def _unplaced(look: Mapping[str, Any]) -> int:
    """Figures without a block: nothing can be recorded of them."""
    groups = look.get("seen")
    return sum(
        isinstance(group, Mapping) and not isinstance(group.get("height"), int)
        for group in (groups if isinstance(groups, (list, tuple)) else ())
    )


def _problems(look: Mapping[str, Any]) -> dict[str, Message]:
    """The sources that decided nothing when they were asked."""
    entries = look.get("sources")
    return {
        str(one.get("name")): stored_message(one["problem"])
        for one in (entries if isinstance(entries, (list, tuple)) else ())
        if isinstance(one, Mapping) and isinstance(one.get("problem"), Mapping)
    }


def _contracts(verdict: Verdict) -> dict[tuple[str, str], str]:
    tokens = _table(_table(verdict.extra, LOOKED), "tokens")
    pairs = (name.partition(":") for name in tokens)
    return {(chain, asset): str(tokens[f"{chain}:{asset}"]) for chain, colon, asset in pairs if colon}


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}
