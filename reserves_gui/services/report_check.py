"""Checking a report again: is it what was written, and does the same evidence give the same result?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_manifest import Use
from reserves_gui.intake.opening import open_case, open_path
from reserves_gui.messages import Argument, Message, say
from reserves_gui.progress import Progress
from reserves_gui.report.model import Disclosure, Report, Settings
from reserves_gui.report.redaction import secrets_of, without_secrets
from reserves_gui.report.wallet_rows import wallet_rows
from reserves_gui.services.inputs import sorted_files
from reserves_gui.services.judging import judge
from reserves_gui.services.report_files import ReportFile, read_report_file
from reserves_gui.services.signing import SignatureCheck, check_signature, read_signature, signature_path
from reserves_gui.services.verify import VerifyRequest, form_document
from reserves_gui.verdict import Check, ExitCode, InputRecord, Outcome, State, Verdict


class ReportState(StrEnum):
    """What checking a report came to."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    EVIDENCE_MISSING = "evidence_missing"


_EXIT = {
    ReportState.UNCHANGED: ExitCode.VERIFIED,
    ReportState.CHANGED: ExitCode.FAILED,
    ReportState.EVIDENCE_MISSING: ExitCode.UNDECIDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """A report and what is known about its evidence.

    ``evidence`` are paths of files, folders or zip archives. ``user`` are values only the user knows, given again, and
    ``expected`` amounts that a redacted report left out; neither is kept. ``signature`` is the path of a signature
    file, else the one beside the report is taken; ``key`` is the public key (one line) that must have signed.
    """

    report: str
    evidence: tuple[str, ...] = ()
    user: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    expected: tuple[tuple[str, str], ...] = ()
    signature: str | None = None
    key: str | None = None
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``file`` (the hashes), ``signature``, ``evidence`` (there?), or ``result`` (the same?)."""

    id: str
    outcome: Outcome
    reason: Message


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file the report names, and whether it was given, byte for byte."""

    record: InputRecord
    use: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCheck:
    """The answer. ``file`` is the report as read; ``checks_run`` counts the checks made again.

    ``signature`` is what the signature beside the report is worth, None where there is none.
    """

    file: ReportFile
    findings: tuple[Finding, ...]
    evidence: tuple[EvidenceRow, ...] = ()
    checks_run: int = 0
    signature: SignatureCheck | None = None

    @property
    def state(self) -> ReportState:
        """Changed before evidence missing before unchanged."""
        if any(one.outcome is Outcome.FAILED for one in self.findings):
            return ReportState.CHANGED
        if any(one.outcome is Outcome.NOT_CHECKED and not one.id.startswith("file.") for one in self.findings):
            return ReportState.EVIDENCE_MISSING
        return ReportState.UNCHANGED

    @property
    def exit_code(self) -> ExitCode:
        """0 unchanged, 1 changed, 3 evidence missing."""
        return _EXIT[self.state]


def check_report(request: CheckRequest, progress: Progress) -> ReportCheck:
    """Look for changes and, where evidence is given, run every check again.

    Raises ``input.*``, ``limit.size`` and ``format.*`` for a file that is no report, and ``Cancelled``.
    """
    file = read_report_file(Path(request.report), progress)
    signature = _signature(request, file)
    checked = _checked(file, request, progress, _signature_findings(signature, request, file))
    return replace(checked, signature=signature)


def _checked(file: ReportFile, request: CheckRequest, progress: Progress, signed: list[Finding]) -> ReportCheck:
    if file.changes or file.report is None:
        changes = [Finding("file.hash", Outcome.FAILED, one) for one in file.changes]
        return ReportCheck(file=file, findings=(*changes, *signed))
    findings = [Finding("file.hash", Outcome.PASSED, say("report.again.unchanged")), *signed]
    findings += [Finding("file.remark", Outcome.NOT_CHECKED, one) for one in file.remarks]
    if file.case is not None and file.case.documents(Use.PUBLISHED):
        # "From elsewhere" was true for whoever made the case; for its reader the page came with the proof.
        findings.append(Finding("file.remark", Outcome.NOT_CHECKED, say("case.published_inside")))
    if not (request.evidence or request.user or _kept(file)):
        findings.append(Finding("file.remark", Outcome.NOT_CHECKED, say("report.again.no_evidence")))
        return ReportCheck(file=file, findings=tuple(findings), evidence=tuple(_absent(file.report)))
    return _with_evidence(file, file.report, request, progress, findings)


def _kept(file: ReportFile) -> bool:
    """Whether the file is a case with evidence in it."""
    manifest = None if file.case is None else file.case.manifest
    return manifest is not None and any(
        one.path is not None and one.use is not Use.ATTACHED for one in manifest.entries
    )


def _signature(request: CheckRequest, file: ReportFile) -> SignatureCheck | None:
    """The signature given or lying beside the report, else the one over the manifest of a case."""
    path = signature_path(Path(file.path)) if request.signature is None else Path(request.signature)
    if request.signature is not None or path.exists():
        return check_signature(_bytes(Path(file.path)), read_signature(path), key=request.key, where=str(path))
    if file.case is None or file.case.signature is None:
        return None
    return check_signature(file.case.manifest_bytes, file.case.signature, key=request.key, where=file.path)


def _bytes(path: Path) -> bytes:
    """The file itself, a case too: what a signature beside it was made over."""
    try:
        if path.stat().st_size > limits.SIGNED_BYTES:
            raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.SIGNED_BYTES), str(path))
        return path.read_bytes()
    except OSError:
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), str(path)) from None


def _signature_findings(signature: SignatureCheck | None, request: CheckRequest, file: ReportFile) -> list[Finding]:
    if signature is None:
        asked = request.key is not None
        return [Finding("signature.valid", Outcome.NOT_CHECKED, say("signature.absent"))] if asked else []
    findings = [Finding("signature.valid", signature.outcome, signature.reason)]
    if signature.outcome is Outcome.PASSED and signature.reference not in (None, file.reference):
        findings.append(Finding("signature.reference", Outcome.FAILED, say("signature.reference")))
    return findings


def _absent(report: Report) -> Iterator[EvidenceRow]:
    for record in report.verdict.inputs:
        yield EvidenceRow(record, "input", present=False)
    for record in report.settings.published:
        yield EvidenceRow(record, "published", present=False)


def _with_evidence(
    file: ReportFile, report: Report, request: CheckRequest, progress: Progress, findings: list[Finding]
) -> ReportCheck:
    given = _given(file, report, request, progress)
    rows = tuple(EvidenceRow(row.record, row.use, present=row.record.sha256 in given.hashes) for row in _absent(report))
    findings += [
        Finding(
            "evidence.present",
            Outcome.NOT_CHECKED,
            say("report.again.evidence_missing", name=row.record.name, sha256=row.record.sha256),
        )
        for row in rows
        if not row.present
    ]
    findings += [
        Finding("file.remark", Outcome.NOT_CHECKED, say("report.again.extra", name=name)) for name in given.extra
    ]
    if not all(row.present for row in rows):
        return ReportCheck(file=file, findings=tuple(findings), evidence=rows)
    missing = _missing_values(report, request)
    again = _again(report.settings, request, given)
    if "coverage" in report.verdict.decisive:
        findings.append(Finding("file.remark", Outcome.NOT_CHECKED, say("report.again.coverage")))
        again = replace(again, files=sorted_files(again.files, format_id=again.format).liabilities)
        if not again.files:
            return ReportCheck(file=file, findings=tuple(findings), evidence=rows)
    try:
        verdict = without_secrets(judge(again, progress), secrets_of(request.user))
    except ReservesError as error:
        if not missing or error.code is ErrorCode.CANCELLED:
            raise
        reason = say("report.again.unusable", reason=error.message)
        findings.append(Finding("result.same", Outcome.NOT_CHECKED, reason))
        findings.append(_needs(missing))
        return ReportCheck(file=file, findings=tuple(findings), evidence=rows)
    if "coverage" in report.verdict.decisive:
        report = replace(report, verdict=_liabilities_only(report.verdict, verdict))
    compared = _compared(report, verdict, missing)
    return ReportCheck(file=file, findings=(*findings, *compared.findings), evidence=rows, checks_run=compared.checks)


def _liabilities_only(before: Verdict, again: Verdict) -> Verdict:
    """The part of a verdict on coverage that files alone can give again."""
    names = {claim.id for claim in again.claims}
    return replace(
        before,
        format=again.format,
        decisive=again.decisive,
        claims=tuple(claim for claim in before.claims if claim.id in names),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The evidence by what it is for: paths to verify, paths a root is looked for in, and hashes of all of it."""

    files: tuple[str, ...]
    published: tuple[str, ...]
    hashes: frozenset[str]
    extra: tuple[str, ...]


def _given(file: ReportFile, report: Report, request: CheckRequest, progress: Progress) -> _Given:
    inputs = {record.sha256 for record in report.verdict.inputs}
    published = {record.sha256 for record in report.settings.published}
    files, pages, extra = [], [], []
    hashes: set[str] = set()
    own = (file.path,) if file.case is not None else ()
    for path in (*own, *request.evidence):
        as_files, as_pages = _hashes(path, progress)
        # What a case holds and is given beside it again counts once.
        if as_files & inputs - hashes:
            files.append(path)
        if as_pages & published - hashes:
            pages.append(path)
        hashes |= as_files | as_pages
        if path not in own and not (as_files & inputs or as_pages & published):
            extra.append(Path(path).name)
    form = _form_hash(report.settings, request)
    return _Given(
        files=tuple(files),
        published=tuple(pages),
        hashes=frozenset(hashes | ({form} if form else set())),
        extra=tuple(extra),
    )


def _hashes(path: str, progress: Progress) -> tuple[set[str], set[str]]:
    """The hashes of what is behind a path, as files to verify and as pages to look through; a case keeps them apart."""
    case = open_case(Path(path), progress)
    if case is None:
        found = {document.digest(progress) for document in open_path(Path(path), progress=progress)}
        return found, found
    return (
        {document.digest(progress) for document in case.documents(Use.INPUT)},
        {document.digest(progress) for document in case.documents(Use.PUBLISHED)},
    )


def _form_hash(settings: Settings, request: CheckRequest) -> str | None:
    """Values typed into a form become a document again if the same ones are given again."""
    if settings.format is None or not request.user or request.evidence:
        return None
    fields = {name: values[0] for name, values in request.user.items() if values}
    try:
        return form_document(settings.format, fields).sha256
    except ReservesError:
        return None


def _again(settings: Settings, request: CheckRequest, given: _Given) -> VerifyRequest:
    return VerifyRequest(
        files=given.files,
        roots=settings.roots,
        published=given.published,
        expected=settings.expected or request.expected,
        user=request.user,
        pins=settings.pins,
        proofs=settings.proofs,
        format=settings.format,
        jobs=request.jobs,
        chains=settings.chains,
        message=settings.message,
    )


def _missing_values(report: Report, request: CheckRequest) -> tuple[str, ...]:
    """Names of values that the first run had and this one has not."""
    missing = [name for name in report.settings.user if name not in request.user]
    if report.disclosure is Disclosure.REDACTED and not (report.settings.expected or request.expected):
        compared = [check for check in _checks(report.verdict) if check.id == "leaf.expected"]
        if any(check.outcome is not Outcome.NOT_CHECKED for check in compared):
            missing.append("--expect")
    return tuple(missing)


def _needs(missing: Sequence[str]) -> Finding:
    return Finding("result.values", Outcome.NOT_CHECKED, say("report.again.needs", names=", ".join(missing)))


@dataclass(frozen=True, slots=True)
class _Compared:
    findings: tuple[Finding, ...]
    checks: int


def _compared(report: Report, again: Verdict, missing: Sequence[str]) -> _Compared:
    """Every result of the report against the one of this run, in the order of the report."""
    values = report.disclosure is Disclosure.FULL
    before, after = dict(_results(report.verdict, values=values)), dict(_results(again, values=values))
    findings = []
    for what in (*before, *(name for name in after if name not in before)):
        old, new = before.get(what, "–"), after.get(what, "–")
        if old == new:
            continue
        if missing:
            findings.append(Finding("result.same", Outcome.NOT_CHECKED, say("report.again.not_compared", what=what)))
        else:
            reason = say("report.again.different", what=what, before=old, after=new)
            findings.append(Finding("result.same", Outcome.FAILED, reason))
    count = sum(1 for _ in _checks(again))
    if not findings:
        findings.append(Finding("result.same", Outcome.PASSED, say("report.again.same", count=count)))
    elif missing:
        findings.append(_needs(missing))
    return _Compared(tuple(findings), count)


def _results(verdict: Verdict, *, values: bool) -> Iterator[tuple[Argument, Argument]]:
    """Names and texts of everything a run came to; ``values``: also the amounts and hashes that were compared."""
    yield say("report.fact.verdict"), _state(verdict.state)
    yield say("report.fact.format"), verdict.format
    yield say("report.fact.root"), verdict.root or "–"
    for asset, amount in (verdict.total or {}).items():
        yield say("report.what.total", asset=asset), amount
    if values:
        for asset, amount in verdict.balances.items():
            yield say("report.what.balance", asset=asset), amount
    for claim in verdict.claims:
        yield say("report.what.claim", claim=Message(f"report.claim.{claim.id}")), _state(claim.state)
    yield from _row_results(verdict)
    seen: dict[str, int] = {}
    for check in _checks(verdict):
        # A pooled run makes a check once for each proof.
        seen[check.id] = seen.get(check.id, 0) + 1
        name = check.id if seen[check.id] == 1 else f"{check.id} ({seen[check.id]})"
        outcome = Message(f"report.outcome.{check.outcome.value}")
        compared = [one for one in (check.expected, check.seen) if one is not None] if values else []
        yield name, (outcome, *(say("report.stored", text=one) for one in compared))


def _state(state: State) -> Message:
    return Message(f"report.state.{state.value}")


def _row_results(verdict: Verdict) -> Iterator[tuple[Argument, Argument]]:
    """Of a wallet list: how many rows came to which state, and which rows failed."""
    rows = wallet_rows(verdict)
    for state, count in rows.states.items():
        yield say("report.what.rows", state=Message(f"row.state.{state}")), count
    for failure in rows.failures:
        yield say("report.what.row", line=failure.line, address=failure.address), failure.reason


def _checks(verdict: Verdict) -> Iterator[Check]:
    for one in (verdict, *verdict.proofs):
        for claim in one.claims:
            yield from claim.checks
