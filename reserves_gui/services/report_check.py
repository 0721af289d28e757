"""Checking a report again: is it what was written, and does the same evidence give the same result?"""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_manifest import Use
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.report.model import Disclosure, Report
from reserves_gui.report.redaction import secrets_of, without_secrets
from reserves_gui.services.inputs import sorted_files
from reserves_gui.services.judging import judge
from reserves_gui.services.look_check import looked_again
from reserves_gui.services.looked_list import looks_of
from reserves_gui.services.owner_check import owners_again
from reserves_gui.services.report_compare import (
    Finding,
    checks_of,
    compared_results,
    liabilities_only,
    list_only,
    needs,
)
from reserves_gui.services.report_evidence import (
    CheckRequest,
    EvidenceRow,
    Given,
    absent,
    asked_again,
    given_evidence,
)
from reserves_gui.services.report_files import ReportFile, read_report_file
from reserves_gui.services.signing import SignatureCheck, check_signature, read_signature, signature_path
from reserves_gui.verdict import ExitCode, Outcome

__all__ = ["CheckRequest", "EvidenceRow", "Finding", "ReportCheck", "ReportState", "check_report"]


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
        return ReportCheck(file=file, findings=tuple(findings), evidence=tuple(absent(file.report)))
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


def _with_evidence(
    file: ReportFile, report: Report, request: CheckRequest, progress: Progress, findings: list[Finding]
) -> ReportCheck:
    given = given_evidence(file, report, request, progress)
    rows = tuple(EvidenceRow(row.record, row.use, present=row.record.sha256 in given.hashes) for row in absent(report))
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
    if given.observations and not looks_of(report.verdict):
        findings.append(Finding("file.remark", Outcome.NOT_CHECKED, say("report.look.none")))
    if not all(row.present for row in rows):
        return ReportCheck(file=file, findings=tuple(findings), evidence=rows)
    missing = _missing_values(report, request)
    again = asked_again(report.settings, request, given)
    if "coverage" in report.verdict.decisive:
        findings.append(Finding("file.remark", Outcome.NOT_CHECKED, say("report.again.coverage")))
        again = replace(again, files=sorted_files(again.files, format_id=again.format).liabilities)
        if not again.files:
            findings += _looks(report, given, progress)
            return ReportCheck(file=file, findings=tuple(findings), evidence=rows)
    try:
        with owners_again(report.verdict, given.observations, progress) as (links, owners):
            verdict = without_secrets(judge(again, progress, links=links), secrets_of(request.user))
        findings += [Finding("look.same", one.outcome, one.reason) for one in owners]
    except ReservesError as error:
        if not missing or error.code is ErrorCode.CANCELLED:
            raise
        reason = say("report.again.unusable", reason=error.message)
        findings.append(Finding("result.same", Outcome.NOT_CHECKED, reason))
        findings.append(needs(missing))
        return ReportCheck(file=file, findings=tuple(findings), evidence=rows)
    findings += _looks(report, given, progress)
    if "coverage" in report.verdict.decisive:
        report = replace(report, verdict=liabilities_only(report.verdict, verdict))
    elif report.verdict.claim("ownership") is not None:
        report, verdict, remarks = list_only(report, verdict)
        findings += remarks
    compared = compared_results(report, verdict, missing)
    return ReportCheck(file=file, findings=(*findings, *compared.findings), evidence=rows, checks_run=compared.checks)


def _looks(report: Report, given: "Given", progress: Progress) -> list[Finding]:
    """What was seen on chain, judged again from recorded observations; without them it stands as it was seen."""
    if not looks_of(report.verdict):
        return []
    lists = sorted_files(given.files, format_id=report.settings.format).lists
    if not given.observations or not lists:
        return [Finding("file.remark", Outcome.NOT_CHECKED, say("report.look.not_repeated"))]
    format_id = None if "coverage" in report.verdict.decisive else report.settings.format
    found = looked_again(report.verdict, lists, format_id, given.observations, progress)
    return [Finding("look.same", one.outcome, one.reason) for one in found]


def _missing_values(report: Report, request: CheckRequest) -> tuple[str, ...]:
    """Names of values that the first run had and this one has not."""
    missing = [name for name in report.settings.user if name not in request.user]
    if report.disclosure is Disclosure.REDACTED and not (report.settings.expected or request.expected):
        compared = [check for check in checks_of(report.verdict) if check.id == "leaf.expected"]
        if any(check.outcome is not Outcome.NOT_CHECKED for check in compared):
            missing.append("--expect")
    return tuple(missing)
