"""Judging the files of ``okx-stark-v2``: the user's proof, the global proof of its round, or both."""

from collections.abc import Sequence
from decimal import Decimal

from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.okx.elsewhere import PublishedRoot, match_root
from reserves_gui.publishers.okx.stark_v2 import EXCHANGE, FORMAT_ID, GLOBAL, GUARANTEES, USER, recognise
from reserves_gui.publishers.okx.stark_v2_global import GlobalProof, read_global
from reserves_gui.publishers.okx.stark_v2_inclusion import (
    Climbed,
    Inclusion,
    TreeShape,
    check_leaf,
    check_path,
    picture,
    read_inclusion,
)
from reserves_gui.publishers.okx.stark_v2_proof import Judged, check_global, tree_shape
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Outcome,
    Snapshot,
    State,
)
from reserves_gui.zk.poseidon_goldilocks import Hash, to_hex


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge one user's file, a global proof, or both. Raises what the readers raise for unusable input."""
    user_file = evidence.one(USER)
    user = None if user_file is None else read_inclusion(user_file)
    published, texts = _published(given)
    proofs = _distinct([*published, *[read_global(document) for document in evidence.all(GLOBAL)]])
    checks = Checks()
    shape = tree_shape(proofs[0]) if proofs else TreeShape()
    climbed = None
    if user is None:
        checks.not_checked("leaf.found", say("okx_stark.no_user_file"))
    else:
        climbed = _check_user(checks, user, shape, given, progress)
    judged = [check_global(checks, proof, given, progress) for proof in proofs]
    if not proofs:
        checks.not_checked("proof.circuit", say("okx_stark_v2.proof.absent"))
        checks.not_checked("total.bound", say("okx_stark_v2.total.absent"))
    root = _root(climbed, proofs)
    root_checks = _root_checks(root, climbed, proofs, judged)
    match = match_root(
        root,
        asked=given.roots,
        published=[PublishedRoot(one.document.name, to_hex(one.root)) for one in published if one.root is not None],
        texts=texts,
        bound=_binding(proofs, judged, root),
        progress=progress,
    )
    if match is not None:
        root_checks.append(match)
    claims = ("leaf", "path", "total", "proof") if user is not None else ("leaf", "total", "proof")
    round_number = str(proofs[0].round_number) if proofs else None
    view = None
    if user_file is not None and user is not None and climbed is not None:
        view = _view(user_file, climbed, user, round_number, checks)
    return Findings(
        format=FORMAT_ID,
        exchange=EXCHANGE,
        decisive=("leaf", "path", "root"),
        claims=checks.claims(*claims, ceilings={"total": State.UNDECIDED}),
        guarantees=GUARANTEES,
        snapshot=Snapshot(id=round_number),
        root=root,
        root_checks=tuple(root_checks),
        balances={} if user is None else _balances(user),
        total=_total(proofs),
        leaves=None if user is None else (user.index,),
        notes=_notes(user, proofs, judged),
        picture=None if user is None or climbed is None else picture(user, climbed),
        view=view,
        extra=_extra(judged),
    )


def _published(given: Given) -> tuple[list[GlobalProof], list[Document]]:
    """Global proofs among the published documents, and the documents that are something else."""
    proofs: list[GlobalProof] = []
    texts: list[Document] = []
    for document in given.published:
        match = recognise(document)
        if match is not None and match.role == GLOBAL:
            proofs.append(read_global(document))
        elif match is None:
            texts.append(document)
    return proofs, texts


def _distinct(proofs: Sequence[GlobalProof]) -> list[GlobalProof]:
    if len(proofs) < 2:
        return list(proofs)
    return list({proof.document.sha256: proof for proof in reversed(proofs)}.values())[::-1]


def _check_user(checks: Checks, user: Inclusion, shape: TreeShape, given: Given, progress: Progress) -> Climbed:
    leaf = check_leaf(checks, user, shape)
    check_expected(checks, given.expected, {name: Decimal(text) for name, text in _balances(user).items()})
    return check_path(checks, user, shape, leaf, progress)


def _balances(user: Inclusion) -> dict[str, str]:
    return {"equity": str(user.total_equity), "debt": str(user.total_debt)}


def _root(climbed: Climbed | None, proofs: Sequence[GlobalProof]) -> str | None:
    found: Hash | None = None
    if climbed is not None:
        found = climbed.root
    elif proofs:
        found = proofs[0].root
    return None if found is None else to_hex(found)


def _root_checks(
    root: str | None, climbed: Climbed | None, proofs: Sequence[GlobalProof], judged: Sequence[Judged]
) -> list[Check]:
    checks: list[Check] = []
    for proof, result in zip(proofs, judged, strict=True):
        stated = None if proof.root is None else to_hex(proof.root)
        name = proof.document.name
        if climbed is None or stated is None or root is None:
            reason = say("okx_stark_v2.global.nothing_to_compare", name=name)
            checks.append(Check("root.global", Outcome.NOT_CHECKED, reason, required=False))
        elif stated != root:
            reason = say("okx_stark_v2.global.differs", name=name)
            checks.append(Check("root.global", Outcome.FAILED, reason, expected=stated, seen=root))
        else:
            key = "okx_stark_v2.global.equal_bound" if result.bound else "okx_stark_v2.global.equal"
            checks.append(Check("root.global", Outcome.PASSED, say(key, name=name), expected=stated, seen=root))
    return checks


def _binding(proofs: Sequence[GlobalProof], judged: Sequence[Judged], root: str | None) -> Message | None:
    """What to say where a proof under a pinned circuit holds this very root."""
    for proof, result in zip(proofs, judged, strict=True):
        if result.bound and proof.root is not None and to_hex(proof.root) == root:
            return say("okx_stark_v2.match.bound", name=proof.document.name)
    return None


def _total(proofs: Sequence[GlobalProof]) -> dict[str, str] | None:
    if not proofs or proofs[0].root is None:
        return None
    equity, debt = proofs[0].proof.public_inputs[:2]
    return {"net": str(equity - debt), "equity": str(equity), "debt": str(debt)}


def _notes(user: Inclusion | None, proofs: Sequence[GlobalProof], judged: Sequence[Judged]) -> tuple[Message, ...]:
    notes: list[Message] = []
    if user is not None:
        notes += [say("okx_stark_v2.note.sums_only"), say("okx_stark.note.private")]
    if proofs:
        bound = all(one.bound for one in judged)
        notes.append(say("okx_stark_v2.note.net_proven") if bound else say("okx_stark_v2.note.unpinned"))
        notes.append(say("okx_stark_v2.note.publisher_tool"))
    notes.append(say("okx_stark.note.omitted"))
    return tuple(notes)


def _view(
    document: Document, climbed: Climbed, user: Inclusion, round_number: str | None, checks: Checks
) -> SnapshotView:
    failed = any(check.outcome is Outcome.FAILED for check in checks if check.claim in {"leaf", "path"})
    return SnapshotView(
        format=FORMAT_ID,
        snapshot_id=round_number,
        usable=not failed and climbed.root is not None,
        root=None if climbed.root is None else to_hex(climbed.root),
        leaf=to_hex(climbed.leaf),
        leaf_position=str(user.index),
        content=document.sha256,
    )


def _extra(judged: Sequence[Judged]) -> dict[str, object]:
    circuits = [one.sha256 for one in judged if one.sha256 is not None]
    return {"circuit_sha256": circuits[0]} if circuits else {}
