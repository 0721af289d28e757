"""The evidence a report is checked with: what was given, what it is for, and the question it answers again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reserves_gui.errors import ReservesError
from reserves_gui.intake.case_manifest import Use
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import open_case, open_path
from reserves_gui.progress import Progress
from reserves_gui.report.model import Report, Settings
from reserves_gui.services.look_check import holds_observations
from reserves_gui.services.report_files import ReportFile
from reserves_gui.services.verify import VerifyRequest, form_document
from reserves_gui.verdict import InputRecord


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
class EvidenceRow:
    """A file the report names, and whether it was given, byte for byte."""

    record: InputRecord
    use: str
    present: bool


def absent(report: Report) -> Iterator[EvidenceRow]:
    for record in report.verdict.inputs:
        yield EvidenceRow(record, "input", present=False)
    for record in report.settings.published:
        yield EvidenceRow(record, "published", present=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The evidence by what it is for: paths to verify, paths a root is looked for in, and hashes of all of it.

    ``observations``: files of what sources told. ``extra``: names of files that are for nothing.
    """

    files: tuple[str, ...]
    published: tuple[str, ...]
    hashes: frozenset[str]
    observations: tuple[Document, ...]
    extra: tuple[str, ...]


def given_evidence(file: ReportFile, report: Report, request: CheckRequest, progress: Progress) -> Given:
    inputs = {record.sha256 for record in report.verdict.inputs}
    published = {record.sha256 for record in report.settings.published}
    files, pages, extra = [], [], []
    hashes: set[str] = set()
    own = (file.path,) if file.case is not None else ()
    observations = (
        [] if file.case is None else [one for one in file.case.documents(Use.ATTACHED) if holds_observations(one)]
    )
    for path in (*own, *request.evidence):
        as_files, as_pages = _hashes(path, progress)
        # What a case holds and is given beside it again counts once.
        if as_files & inputs - hashes:
            files.append(path)
        if as_pages & published - hashes:
            pages.append(path)
        hashes |= as_files | as_pages
        if path not in own and not (as_files & inputs or as_pages & published):
            told = [] if Path(path).is_dir() else [one for one in open_path(Path(path)) if holds_observations(one)]
            observations += told
            extra += [] if told else [Path(path).name]
    form = _form_hash(report.settings, request)
    return Given(
        files=tuple(files),
        published=tuple(pages),
        hashes=frozenset(hashes | ({form} if form else set())),
        observations=tuple(observations),
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


def asked_again(settings: Settings, request: CheckRequest, given: Given) -> VerifyRequest:
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
