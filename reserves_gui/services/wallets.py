"""Check who controls listed addresses: the one call behind `reserves wallets` and the Wallets page."""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reserves_gui import amounts
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import STANDARD_INPUT, open_all, spooled
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Evidence, Family, Format, Given
from reserves_gui.services.executors import spread
from reserves_gui.services.sorting import explain_unrecognised
from reserves_gui.verdict import CLAIM_ORDER, Check, Claim, Findings, InputRecord, Outcome, Verdict
from reserves_gui.wallets.chains import chain_of
from reserves_gui.wallets.row import ListedRow, RowSink, RowState
from reserves_gui.wallets.tally import FAILURES_LISTED, Seen

if TYPE_CHECKING:
    from reserves_gui.services.lookup import Looking
    from reserves_gui.services.owner_links import OwnerLookUp
    from reserves_gui.services.probed import OpenDoor

__all__ = ["ListedRow", "RowSink", "RowState", "WalletsRequest", "check_wallets"]

_WORST_FIRST = (Outcome.FAILED, Outcome.NOT_CHECKED, Outcome.PARTIAL, Outcome.PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletsRequest:
    """One question about ownership.

    ``files`` are paths of files, folders or zip archives (``-``: standard input), ``pasted`` are texts. ``chains``
    limits the check to rows on these chains. ``message`` is the signed text where a file does not carry it.
    ``row_sink`` is told every judged row in file order, from the thread that checks. ``looking``: where to look up what
    owner accounts control; naming a source there is the user's consent to contact it. None: nothing is contacted.
    """

    files: tuple[str, ...] = ()
    pasted: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    message: str | None = None
    format: str | None = None
    jobs: int = 1
    cluster: str | None = None
    row_sink: RowSink | None = None
    looking: "Looking | None" = None


def check_wallets(request: WalletsRequest, progress: Progress, *, door: "OpenDoor | None" = None) -> Verdict:
    """Judge every row of every list. Several lists share one search for addresses that stand twice.

    Raises :class:`ReservesError` for input that cannot be used, and ``Cancelled``.
    """
    progress.stage(say("progress.recognise"))
    return check_documents(_opened(request.files, request.pasted), request, progress, door=door)


def check_documents(
    documents: Sequence[Document],
    request: WalletsRequest,
    progress: Progress,
    *,
    door: "OpenDoor | None" = None,
    links: "OwnerLookUp | None" = None,
) -> Verdict:
    """The same over documents, and with a look-up of owners, that are open already. Raises as ``check_wallets``."""
    found = _recognised(documents, request.files, request.format)
    chains = tuple(_chain_name(name) for name in request.chains)
    seen = Seen()
    with (
        _links(request, progress, door) if links is None else nullcontext(links) as looked,
        spread(jobs=request.jobs, cluster=request.cluster) as executor,
        ThreadPoolExecutor(1) as hashing,
    ):
        records = [hashing.submit(_record, document, progress) for document, _, _ in found]
        given = Given(
            message=request.message,
            chains=chains,
            row_sink=request.row_sink,
            seen=seen,
            several_lists=len(found) > 1,
            executor=executor,
            jobs=request.jobs,
            links=looked,
        )
        try:
            findings = [
                declared.verify(Evidence({role: (document,)}), given, progress) for document, declared, role in found
            ]
        except ReservesError:
            _forget(records)
            raise
        inputs = [record.result() for record in records]
    verdicts = [_verdict(one, (record,)) for one, record in zip(findings, inputs, strict=True)]
    verdict = verdicts[0] if len(verdicts) == 1 else _together(verdicts, tuple(inputs))
    return verdict if looked is None else _with_sources(verdict, looked)


@contextmanager
def _links(request: WalletsRequest, progress: Progress, door: "OpenDoor | None") -> Iterator["OwnerLookUp | None"]:
    """The look-up of owners, where a source was named for it."""
    if request.looking is None or not request.looking.sources:
        yield None
        return
    # Only a run that looks at chains loads what that takes.
    from reserves_gui.services.owner_links import OwnerLookUp

    with OwnerLookUp(request.looking, progress, door=door) as links:
        yield links


def _with_sources(verdict: Verdict, links: "OwnerLookUp") -> Verdict:
    """The verdict with who was asked, and what is to be said about them."""
    return replace(
        verdict,
        warnings=(*links.warnings, *verdict.warnings),
        notes=(*links.notes, *verdict.notes),
        extra={**verdict.extra, **links.extra},
    )


def recognised_lists(
    files: Sequence[str], *, pasted: Sequence[str] = (), format_id: str | None = None
) -> list[tuple[Document, Format, str]]:
    """The wallet lists among ``files``: each with its format and role. Raises for files that are none."""
    return _recognised(_opened(files, pasted), files, format_id)


def _opened(files: Sequence[str], pasted: Sequence[str]) -> list[Document]:
    standard_input = getattr(sys.stdin, "buffer", None) if STANDARD_INPUT in files else None
    documents = open_all(list(files), standard_input)
    return documents + [spooled("pasted text", io.BytesIO(text.encode("utf-8", "surrogatepass"))) for text in pasted]


def _recognised(
    documents: Sequence[Document], files: Sequence[str], format_id: str | None
) -> list[tuple[Document, Format, str]]:
    if not documents:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    among = [one for one in registry.formats().values() if one.family is Family.WALLETS]
    if format_id is not None:
        among = [registry.by_id(format_id)]
        if among[0].family is not Family.WALLETS:
            raise ReservesError(ErrorCode.USAGE, say("error.not_a_wallet_list"), format_id)
    named = {Path(name).name for name in files if not Path(name).is_dir()}
    found: list[tuple[Document, Format, str]] = []
    for document in documents:
        matches = registry.candidates(document, among)
        if not matches:
            if document.name in named or len(documents) == 1:
                raise _not_a_list(document)
            continue
        best = [one for one in matches if one.match.strength == matches[0].match.strength]
        if len(best) > 1:
            names = ", ".join(sorted(one.format.id for one in best))
            raise ReservesError(ErrorCode.FORMAT_AMBIGUOUS, say("error.equal_formats", names=names), document.name)
        found.append((document, best[0].format, best[0].match.role))
    if not found:
        raise _not_a_list(documents[0])
    return found


def _not_a_list(document: Document) -> ReservesError:
    if registry.candidates(document):
        return ReservesError(ErrorCode.USAGE, say("error.not_a_wallet_list"), document.name)
    return explain_unrecognised(document)


def _chain_name(name: str) -> str:
    chain = chain_of(name)
    return name.lower() if chain is None else chain.name


def _record(document: Document, progress: Progress) -> InputRecord:
    return InputRecord(document.name, document.digest(progress), document.size)


def _forget(records: Iterable[Future[InputRecord]]) -> None:
    for record in records:
        record.cancel()


def _verdict(findings: Findings, inputs: tuple[InputRecord, ...]) -> Verdict:
    return Verdict(
        format=findings.format,
        exchange=findings.exchange,
        decisive=findings.decisive,
        claims=findings.claims,
        guarantees=None,
        inputs=inputs,
        snapshot=findings.snapshot,
        warnings=findings.warnings,
        notes=findings.notes,
        extra=findings.extra,
    )


def _together(verdicts: Sequence[Verdict], inputs: tuple[InputRecord, ...]) -> Verdict:
    """Several lists as one answer: every check with its worst outcome, counts added up, each list's own below."""
    checks: dict[str, Check] = {}
    for claim in (claim for verdict in verdicts for claim in verdict.claims):
        for check in claim.checks:
            known = checks.get(check.id)
            if known is None or _WORST_FIRST.index(check.outcome) < _WORST_FIRST.index(known.outcome):
                checks[check.id] = check
    claims = tuple(
        Claim(name, tuple(check for check in checks.values() if check.claim == name))
        for name in CLAIM_ORDER
        if any(check.claim == name for check in checks.values())
    )
    first = verdicts[0]
    return replace(
        first,
        format=", ".join(dict.fromkeys(verdict.format for verdict in verdicts)),
        exchange=", ".join(dict.fromkeys(verdict.exchange for verdict in verdicts if verdict.exchange)),
        claims=claims,
        inputs=inputs,
        warnings=tuple(dict.fromkeys(one for verdict in verdicts for one in verdict.warnings)),
        notes=tuple(dict.fromkeys(one for verdict in verdicts for one in verdict.notes)),
        proofs=tuple(verdicts),
        extra=_added([verdict.extra for verdict in verdicts]),
    )


def _added(extras: Iterable[Any]) -> dict[str, object]:
    rows = dict.fromkeys((state.value for state in RowState), 0)
    failures: list[object] = []
    unlinked: list[object] = []
    assets: dict[str, dict[str, Decimal]] = {}
    for extra in extras:
        for name, count in extra["rows"].items():
            rows[name] += count
        failures += extra["failures"]
        unlinked += extra.get("unlinked", ())
        for asset, table in extra.get("assets", {}).items():
            kept = assets.setdefault(asset, {})
            for name, text in table.items():
                kept[name] = amounts.add(kept.get(name, amounts.ZERO), Decimal(text))
    texts = {asset: {name: amounts.stripped(one) for name, one in table.items()} for asset, table in assets.items()}
    result: dict[str, object] = {"rows": rows, "failures": failures[:FAILURES_LISTED]}
    if unlinked:
        result["unlinked"] = unlinked[:FAILURES_LISTED]
    if texts:
        result["assets"] = texts
    return result
