"""Case files ``*.reserves``: a report with its evidence in one file that can be given to somebody else.

A case holds the user's own proof as it is, so it may identify her; a redacted case holds hashes only. Values that only
the user knows never go in: what she typed is kept as a hash.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from reserves_gui import __version__, limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_file import CaseFile
from reserves_gui.intake.case_manifest import CaseEntry, CaseManifest, CaseReport, LeftOut, Use
from reserves_gui.intake.document import Document, from_bytes
from reserves_gui.intake.opening import STANDARD_INPUT, open_case, open_path
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.report import canonical
from reserves_gui.report.encoding import report_json
from reserves_gui.report.model import Disclosure, Report
from reserves_gui.services.case_writing import Member, write_case_file
from reserves_gui.services.judging import judge
from reserves_gui.services.looked_list import OBSERVATIONS, recorded_looks
from reserves_gui.services.report_files import parse_report, read_report_file
from reserves_gui.services.reports import make_report, redacted_copy
from reserves_gui.services.signing import Signer
from reserves_gui.services.verify import VerifyRequest, documents_of, published_of
from reserves_gui.verdict import InputRecord, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as a face shows it. ``report`` is the newest one; ``changes`` is empty or the rest counts for nothing.

    ``earlier`` counts the reports before the newest; ``kept`` and ``left_out`` are bytes.
    """

    path: str
    changes: tuple[Message, ...]
    report: Report | None
    reference: str | None
    created: str
    entries: tuple[CaseEntry, ...]
    reports: tuple[CaseReport, ...]
    signed: bool

    @property
    def kept(self) -> int:
        """Bytes of evidence in the case."""
        return sum(one.bytes for one in self.entries if one.path is not None)

    @property
    def left_out(self) -> int:
        """Bytes of evidence of which only the hash is kept."""
        return sum(one.bytes for one in self.entries if one.path is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOptions:
    """How a case is written.

    ``largest`` is the size in bytes above which only the hash of a file is kept; ``attached`` are paths of files to
    keep beside, which are never judged; ``extends`` are paths of cases whose reports and attachments come along;
    ``signer`` signs the manifest.
    """

    largest: int = limits.CASE_EVIDENCE_BYTES
    attached: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    signer: Signer | None = field(default=None, repr=False)


def open_case_file(path: Path, progress: Progress) -> Case:
    """Read a case and look for changes. Raises ``input.*``, ``zip.unsafe``, ``limit.*``, ``format.*``."""
    read = read_report_file(path, progress)
    case = read.case
    if case is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("case.no_case"), str(path))
    manifest = case.manifest
    return Case(
        path=str(path),
        changes=read.changes,
        report=read.report,
        reference=read.reference,
        created="" if manifest is None else manifest.created,
        entries=() if manifest is None else manifest.entries,
        reports=() if manifest is None else manifest.reports,
        signed=case.signature is not None,
    )


def write_case(report: Report, request: VerifyRequest, path: Path, *, options: CaseOptions, progress: Progress) -> str:
    """Write ``report`` with the evidence of ``request``, and return the report's reference.

    Cases among the files of ``request`` are extended: their earlier reports and attachments come along. With a
    redacted report no evidence is kept. ``path`` may be one of those cases. Raises ``usage``, ``input.*`` and
    ``Cancelled``.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        reference = _write_case(report, request, fresh, options, progress)
        # Only now is nothing of an old case at ``path`` open any more: some systems replace no open file.
        fresh.replace(path)
    except OSError:
        raise ReservesError(ErrorCode.USAGE, say("report.error.write"), str(path)) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    return reference


def _write_case(report: Report, request: VerifyRequest, path: Path, options: CaseOptions, progress: Progress) -> str:
    building = _Building(report.created)
    for case in _cases((*options.extends, *request.files), progress):
        building.extend(case, report.disclosure)
    if report.disclosure is Disclosure.REDACTED:
        if options.attached:
            raise ReservesError(ErrorCode.USAGE, say("case.redacted_attached"), options.attached[0])
        for record in report.verdict.inputs:
            building.leave_out(record, Use.INPUT, LeftOut.REDACTED)
        for record in report.settings.published:
            building.leave_out(record, Use.PUBLISHED, LeftOut.REDACTED)
    else:
        once = replace(request, files=tuple(name for name in request.files if name != STANDARD_INPUT), form=None)
        typed = request.form is not None or not (request.files or request.pasted)
        given = () if typed else _opened(once, progress)
        missing = LeftOut.TYPED if typed else LeftOut.GONE
        building.evidence(report.verdict.inputs, given, Use.INPUT, missing, options.largest)
        building.evidence(
            report.settings.published, published_of(request, progress), Use.PUBLISHED, LeftOut.GONE, options.largest
        )
        attached = [document for name in options.attached for document in open_path(Path(name), progress=progress)]
        observed = recorded_looks(report.verdict)
        if observed is not None:
            # What the sources told, so that the figures can be judged again without asking anybody.
            attached.append(from_bytes(OBSERVATIONS, observed.encode("utf-8")))
        building.attach(attached, options.largest)
    return building.write(report, path, options.signer, progress)


def redact_case(source: Path, path: Path, *, signer: Signer | None, progress: Progress) -> str:
    """Write the redacted copy of the case at ``source``: its newest report, redacted, and hashes of its evidence.

    Returns the reference. Raises ``zip.unsafe`` for a changed case, ``usage`` and ``input.*``.
    """
    case = _unchanged(source, progress)
    report = redacted_copy(_newest(case))
    return write_case(report, VerifyRequest(), path, options=CaseOptions(signer=signer), progress=progress)


def extension_request(source: Path, progress: Progress) -> VerifyRequest:
    """The question that the newest report of a case answered, over the evidence kept in it.

    Add files, published pages and values only the user knows; then :func:`extend_case` writes what it comes to.
    """
    case = _unchanged(source, progress)
    settings = _newest(case).settings
    return VerifyRequest(
        files=(str(source),) if case.documents(Use.INPUT) else (),
        published=(str(source),) if case.documents(Use.PUBLISHED) else (),
        roots=settings.roots,
        expected=settings.expected,
        pins=settings.pins,
        proofs=settings.proofs,
        format=settings.format,
        chains=settings.chains,
        message=settings.message,
    )


def extend_case(
    source: Path,
    path: Path,
    *,
    files: Sequence[str] = (),
    published: Sequence[str] = (),
    user: Mapping[str, tuple[str, ...]] | None = None,
    options: CaseOptions,
    created: datetime,
    progress: Progress,
) -> tuple[Verdict, str]:
    """Verify a case again together with more files, and write the new report into a case that keeps the old ones.

    ``path`` may be ``source``. Returns the verdict and the reference. Raises what ``verify`` and ``write_case`` raise.
    """
    asked = extension_request(source, progress)
    request = replace(
        asked,
        files=(*asked.files, *files),
        published=(*asked.published, *published),
        user=dict(user or {}),
    )
    verdict = judge(request, progress)
    report = make_report(verdict, request, disclosure=Disclosure.FULL, created=created, progress=progress)
    # A case whose evidence was all left out is no file to verify, and still lends its earlier reports.
    extending = replace(options, extends=(*options.extends, str(source)))
    return verdict, write_case(report, request, path, options=extending, progress=progress)


def _opened(request: VerifyRequest, progress: Progress) -> list[Document]:
    return documents_of(request, progress) if request.files or request.pasted else []


def _cases(files: Sequence[str], progress: Progress) -> Iterator[CaseFile]:
    for name in files:
        case = None if name == STANDARD_INPUT else open_case(Path(name), progress)
        if case is not None:
            yield case


def _unchanged(path: Path, progress: Progress) -> CaseFile:
    case = open_case(path, progress)
    if case is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("case.no_case"), str(path))
    if case.changes:
        raise ReservesError(ErrorCode.ZIP_UNSAFE, case.changes[0], str(path))
    return case


def _newest(case: CaseFile) -> Report:
    manifest = case.manifest
    if manifest is None:
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("case.damaged"), case.name)
    return parse_report(case.members[manifest.reports[-1].path].read(limits.JSON_GLOBAL_BYTES))


class _Building:
    """A case in the making."""

    def __init__(self, created: str) -> None:
        self._created = created
        self._reports: list[tuple[CaseReport, Document]] = []
        self._entries: list[CaseEntry] = []
        self._members: dict[str, Member] = {}
        self._earlier: list[str] = []

    def extend(self, case: CaseFile, disclosure: Disclosure) -> None:
        """Take over earlier reports and attachments of ``case``; nothing of a full one goes into a redacted one."""
        manifest = case.manifest
        if manifest is None or case.changes:
            raise ReservesError(ErrorCode.ZIP_UNSAFE, say("case.damaged"), case.name)
        digest = from_bytes(case.name, case.manifest_bytes).sha256
        self._earlier += [one for one in (*manifest.earlier, digest) if one not in self._earlier]
        if disclosure is Disclosure.REDACTED:
            return
        known = {one.sha256 for one, _ in self._reports}
        self._reports += [(one, case.members[one.path]) for one in manifest.reports if one.sha256 not in known]
        for one in manifest.entries:
            if one.use is Use.ATTACHED and one.path is not None:
                self._keep(one.name, one.use, one.sha256, case.members[one.path])

    def leave_out(self, record: InputRecord, use: Use, reason: LeftOut) -> None:
        """Keep the hash of a file alone."""
        self._entries.append(
            CaseEntry(name=record.name, use=use, sha256=record.sha256, bytes=record.bytes, path=None, left_out=reason)
        )

    def evidence(
        self, records: Sequence[InputRecord], given: Sequence[Document], use: Use, missing: LeftOut, largest: int
    ) -> None:
        """Keep the files a report names, as far as they were given and are no larger than ``largest``."""
        by_hash = {document.sha256: document for document in given}
        # Numbered, because the path of a folder is nobody's business.
        places = {place: str(number) for number, place in enumerate(dict.fromkeys(one.origin for one in given), 1)}
        for record in records:
            document = by_hash.get(record.sha256)
            if document is None:
                self.leave_out(record, use, missing)
            elif record.bytes > largest:
                self.leave_out(record, use, LeftOut.SIZE)
            else:
                origin = None if document.origin is None else places[document.origin]
                self._keep(record.name, use, record.sha256, document, origin=origin)

    def attach(self, documents: Sequence[Document], largest: int) -> None:
        """Keep files that are not judged."""
        for document in documents:
            record = InputRecord(document.name, document.sha256, document.size)
            if record.bytes > largest:
                self.leave_out(record, Use.ATTACHED, LeftOut.SIZE)
            else:
                self._keep(record.name, Use.ATTACHED, record.sha256, document)

    def write(self, report: Report, path: Path, signer: Signer | None, progress: Progress) -> str:
        """Write it all; the reference of ``report``."""
        document = report_json(report)
        reference: str = document["reference"]
        newest = from_bytes("report", canonical.readable_json(document).encode("utf-8"))
        kept = [one for one in self._reports if one[0].sha256 != newest.sha256]
        numbered = [
            (replace(one, path=f"reports/{number}.json"), content) for number, (one, content) in enumerate(kept, 1)
        ]
        last = CaseReport(
            path=f"reports/{len(kept) + 1}.json",
            sha256=newest.sha256,
            bytes=newest.size,
            reference=reference,
            created=report.created,
        )
        numbered.append((last, newest))
        manifest = CaseManifest(
            program=__version__,
            created=self._created,
            reports=tuple(one for one, _ in numbered),
            entries=tuple(self._entries),
            earlier=tuple(self._earlier),
        )
        data = manifest.encoded()
        signature = None if signer is None else signer.signature(data, reference=reference, signed=report.created)
        members = [Member(one.path, content, one.sha256) for one, content in numbered]
        write_case_file(path, manifest, [*members, *self._members.values()], signature, progress)
        return reference

    def _keep(self, name: str, use: Use, sha256: str, document: Document, *, origin: str | None = None) -> None:
        """One copy of equal bytes, however often they are named."""
        if any(one.use is use and one.sha256 == sha256 and one.name == name for one in self._entries):
            return
        number = len(self._members) + 1
        path = f"evidence/{number}"
        self._members[path] = Member(path, document, sha256)
        entry = CaseEntry(name=name, use=use, sha256=sha256, bytes=document.size, path=path, origin=origin)
        self._entries.append(entry)
