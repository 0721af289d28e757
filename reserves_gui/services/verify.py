"""Verify what an exchange published about its liabilities: the one call behind `reserves verify` and My balance."""

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from reserves_gui.amounts import parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_manifest import Use
from reserves_gui.intake.document import Document, from_bytes
from reserves_gui.intake.opening import STANDARD_INPUT, open_all, spooled
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Evidence, Family, Format, Given
from reserves_gui.services.executors import spread
from reserves_gui.services.keeping import readable_store
from reserves_gui.services.kept import Remembered, remembered
from reserves_gui.services.pooling import pooled
from reserves_gui.services.roots import read_root, root_claim
from reserves_gui.services.sorting import explain_unrecognised, sort_documents
from reserves_gui.verdict import CLAIM_ORDER, Findings, InputRecord, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest:
    """One question about what an exchange published; ``chains`` and ``message`` are for wallet lists (``judging``).

    ``files`` and ``published`` are paths of files, folders or zip archives (``-`` among ``files``: standard input);
    ``pasted`` are texts. ``user`` and ``forms`` may hold secrets and are never stored, logged or reported.
    ``db``: the store whose kept roots and verifying keys count; None: nothing that was kept counts.
    ``expected`` are (asset, amount text) pairs. ``format`` fixes the format; without files it makes a form of ``user``.
    """

    files: tuple[str, ...] = ()
    pasted: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    expected: tuple[tuple[str, str], ...] = ()
    user: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    form: Mapping[str, object] | None = field(default=None, repr=False)
    pins: tuple[str, ...] = ()
    proofs: str = "all"
    format: str | None = None
    jobs: int = 1
    cluster: str | None = None
    db: str | None = None
    chains: tuple[str, ...] = ()
    message: str | None = None


def verify(request: VerifyRequest, progress: Progress) -> Verdict:
    """Judge all files of ``request`` together. Several users' proofs of one snapshot are pooled.

    Raises :class:`ReservesError` for input that cannot be used, and ``Cancelled``.
    """
    progress.stage(say("progress.recognise"))
    documents = documents_of(request, progress)
    if not documents:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    return verify_documents(documents, request, progress)


def verify_with_kept(request: VerifyRequest, progress: Progress) -> Verdict:
    """The same with what was kept of earlier snapshots, where anything was; the store is the one of this run.

    A store that cannot be used (a database that is away) costs no verdict: it is said in the notes.
    """
    try:
        return verify(replace(request, db=readable_store(None)), progress)
    except ReservesError as error:
        if error.code not in {ErrorCode.STORE_UNUSABLE, ErrorCode.STORE_NEWER}:
            raise
        alone = verify(replace(request, db=None), progress)
        return replace(alone, notes=(*alone.notes, say("verify.without_kept", reason=error.message)))


def verify_documents(documents: Sequence[Document], request: VerifyRequest, progress: Progress) -> Verdict:
    """The same over documents that are open already. Raises as ``verify``."""
    published = published_of(request, progress)
    return _judge(documents, published, request, progress)


def verify_each(request: VerifyRequest, progress: Progress) -> Iterator[tuple[str, Verdict | ReservesError]]:
    """Judge every file by itself: (shown name, its verdict or why it cannot be used), in the order given."""
    documents = documents_of(request, progress)
    published = published_of(request, progress)
    for document in documents:
        try:
            yield document.name, _judge([document], published, request, progress)
        except ReservesError as error:
            if error.code is ErrorCode.CANCELLED:
                raise
            yield document.name, error


def judge_proofs(
    documents: Sequence[Document], request: VerifyRequest, progress: Progress
) -> list[tuple[Findings, Verdict]]:
    """Each user's proof among ``documents`` judged by itself: what was found, and its verdict. Raises as ``verify``."""
    published = published_of(request, progress)
    return _judged(documents, published, request, progress).verdicts


def published_of(request: VerifyRequest, progress: Progress) -> tuple[Document, ...]:
    """What the root is looked for in; of a case file, what it keeps for that."""
    return tuple(open_all(list(request.published), use=Use.PUBLISHED, progress=progress))


def documents_of(request: VerifyRequest, progress: Progress) -> list[Document]:
    """Everything that is to be judged, opened; standard input is read up. Raises ``input.*`` and the like."""
    standard_input = _standard_input() if STANDARD_INPUT in request.files else None
    documents = open_all(list(request.files), standard_input, progress=progress)
    documents += [spooled("pasted text", io.BytesIO(text.encode("utf-8", "surrogatepass"))) for text in request.pasted]
    if request.form is not None and request.format is not None:
        documents.append(form_document(request.format, request.form))
    if not documents and request.format is not None and request.user:
        fields = {name: values[0] for name, values in request.user.items() if values}
        documents.append(form_document(request.format, fields))
    return documents


def form_document(format_id: str, fields: Mapping[str, object]) -> Document:
    """A ``reserves/form/1`` document from values a user typed. Raises ``usage`` if the format has no form."""
    declared = registry.by_id(format_id)
    if not declared.form:
        raise ReservesError(ErrorCode.USAGE, say("error.no_form", id=format_id))
    return from_bytes("form", _form_bytes(format_id, fields))


def _form_bytes(format_id: str, fields: Mapping[str, object]) -> bytes:
    import json

    document = {"schema": "reserves/form/1", "format": format_id, "fields": dict(fields)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _standard_input() -> BinaryIO | None:
    return getattr(sys.stdin, "buffer", None) if sys.stdin is not None else None


@dataclass(frozen=True, slots=True)
class _Judged:
    verdicts: list[tuple[Findings, Verdict]]
    inputs: tuple[InputRecord, ...]
    strangers: tuple[Document, ...]


def _judge(
    documents: Sequence[Document], published: tuple[Document, ...], request: VerifyRequest, progress: Progress
) -> Verdict:
    judged = _judged(documents, published, request, progress)
    result = pooled([verdict for _, verdict in judged.verdicts], [one for one, _ in judged.verdicts])
    if judged.strangers:
        names = ", ".join(sorted(document.name for document in judged.strangers)[:20])
        result = replace(result, notes=(*result.notes, say("verify.ignored", names=names)))
    return replace(result, inputs=judged.inputs)


def _judged(
    documents: Sequence[Document], published: tuple[Document, ...], request: VerifyRequest, progress: Progress
) -> _Judged:
    chosen, evidence, strangers = sort_documents(documents, format_id=request.format)
    named = {Path(name).name for name in request.files if not Path(name).is_dir()}
    for document in strangers:
        # A file named by the user must be understood; what else lies in a folder or an archive need not be.
        if document.name in named:
            raise explain_unrecognised(document)
    if chosen.family is Family.WALLETS:
        raise ReservesError(ErrorCode.USAGE, say("error.wallet_list"), evidence.documents[0].name)
    if request.chains or request.message is not None:
        raise ReservesError(ErrorCode.USAGE, say("error.wallet_options"), evidence.documents[0].name)
    _known_values(chosen, request)
    kept = remembered(chosen.id, request.db)
    with spread(jobs=request.jobs, cluster=request.cluster) as executor, ThreadPoolExecutor(1) as hashing:
        records = [hashing.submit(_record, document, progress) for document in evidence.documents]
        given = Given(
            user=request.user,
            expected=_expected(request.expected),
            roots=tuple(read_root(root) for root in request.roots),
            published=published,
            pins=request.pins,
            kept_keys=kept.keys,
            proofs=request.proofs,
            executor=executor,
            jobs=request.jobs,
        )
        progress.stage(say("progress.verify"))
        try:
            verdicts = [
                (findings, _verdict(findings, chosen, one, given, kept, progress))
                for one in _split(chosen, evidence, given)
                for findings in [chosen.verify(one, given, progress)]
            ]
        except ReservesError:
            _forget(records)
            raise
        inputs = tuple(record.result() for record in records)
    return _Judged([(one, replace(verdict, inputs=inputs)) for one, verdict in verdicts], inputs, strangers)


def _split(chosen: Format, evidence: Evidence, given: Given) -> Iterator[Evidence]:
    """One evidence per user's proof; the other files are shared by all."""
    proofs = evidence.all(chosen.per_user) if chosen.per_user else ()
    if chosen.per_user is None or len(proofs) < 2:
        yield evidence
        return
    if given.expected:
        raise ReservesError(ErrorCode.USAGE, say("error.expect_pooled"))
    for proof in proofs:
        yield Evidence({**evidence.by_role, chosen.per_user: (proof,)})


def _verdict(
    findings: Findings, chosen: Format, evidence: Evidence, given: Given, kept: Remembered, progress: Progress
) -> Verdict:
    root = root_claim(
        findings,
        roots=given.roots,
        published=given.published,
        evidence=evidence.but(chosen.anchors),
        progress=progress,
        kept=kept,
        exchange=findings.exchange or chosen.exchange,
    )
    claims = sorted((*findings.claims, root), key=lambda claim: CLAIM_ORDER.index(claim.id))
    return Verdict(
        format=findings.format,
        exchange=findings.exchange or chosen.exchange,
        decisive=findings.decisive,
        claims=tuple(claims),
        guarantees=findings.guarantees,
        inputs=(),
        snapshot=findings.snapshot,
        root=findings.root,
        balances=findings.balances,
        total=findings.total,
        leaves=findings.leaves,
        leaf_count=findings.leaf_count,
        padding_leaves=findings.padding_leaves,
        snapshot_height_bound=findings.snapshot_height_bound,
        warnings=findings.warnings,
        notes=findings.notes,
        picture=findings.picture,
        leaf_sizes=findings.leaf_sizes,
        extra=findings.extra,
    )


def _record(document: Document, progress: Progress) -> InputRecord:
    digest = document.sha256
    progress.checkpoint()
    return InputRecord(document.name, digest, document.size)


def _forget(records: Sequence[Future[InputRecord]]) -> None:
    for record in records:
        record.cancel()


def _known_values(chosen: Format, request: VerifyRequest) -> None:
    """A value that the format never looks at would seem to have been checked: refuse it."""
    known = {*chosen.user_fields, *(one.name for one in chosen.form)}
    for name in request.user:
        if name not in known:
            message = say("error.user_unknown", name=name[:40], known=", ".join(sorted(known)) or "-")
            raise ReservesError(ErrorCode.USAGE, message)


def _expected(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    assets = [asset for asset, _ in pairs]
    if len(set(assets)) != len(assets):
        raise ReservesError(ErrorCode.USAGE, say("error.expect_grammar"))
    for asset, amount in pairs:
        parse_plain(amount, f"--expect {asset}")
    return tuple(pairs)
