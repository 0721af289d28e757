"""Judging the files of ``okx-stark-v1``: the user's proof, the sum proofs of its round, or both."""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.okx.elsewhere import PublishedRoot, match_root
from reserves_gui.publishers.okx.stark_v1 import EXCHANGE, FORMAT_ID, GUARANTEES, SUM_PROOF, TOTAL, USER, recognise
from reserves_gui.publishers.okx.stark_v1_checks import (
    check_bound,
    check_proofs,
    check_sums,
    listed,
    root_checks,
)
from reserves_gui.publishers.okx.stark_v1_files import Config, Inclusion, read_inclusion
from reserves_gui.publishers.okx.stark_v1_inclusion import (
    Walked,
    amounts,
    check_hashes,
    check_leaf,
    check_position,
    picture,
    walk,
    well_formed,
)
from reserves_gui.publishers.okx.stark_v1_round import (
    TRUNK,
    Proven,
    RoundFiles,
    assemble,
    chosen_parts,
    prove,
)
from reserves_gui.publishers.port import Evidence, Given, Match
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    NegativeBalances,
    Outcome,
    State,
)


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge a user's file, the sum proofs of a round, or both. Raises what the readers raise for unusable input."""
    user_file = evidence.one(USER)
    user = None if user_file is None else read_inclusion(user_file)
    published, texts = _published(given)
    files = assemble([*published, *_recognised(evidence.documents)])
    config = _config(files)
    proven: list[Proven] = []
    checks = Checks()
    if files is None:
        checks.not_checked("proof.rows", say("okx_stark_v1.rows.none"))
        checks.not_checked("total.bound", say("okx_stark_v1.bound.no"))
    else:
        chosen = chosen_parts(files.parts, given.proofs, random.SystemRandom())
        proven = prove(files, config, chosen, given.executor, progress)
        check_proofs(checks, files, proven, config)
        check_sums(checks, files, proven, config)
        check_bound(checks, config)
    walked = None
    if user is None:
        checks.not_checked("leaf.found", say("okx_stark.no_user_file"))
    else:
        walked = _check_user(checks, user, config, proven, given)
    root = _root(user, walked, proven)
    made = [] if user is None or files is None else root_checks(user, proven)
    match = match_root(
        root,
        asked=given.roots,
        published=_published_roots(published, proven),
        texts=texts,
        bound=None,
        progress=progress,
    )
    if match is None and root is not None and published and not texts and not given.roots:
        # Files of the round without its trunk: they are full of other hashes, and none of them could be the root.
        match = Check("root.match", Outcome.NOT_CHECKED, say("okx_stark.match.no_trunk", source=published[0][0].name))
    claims = ("leaf", "path", "total", "proof") if user is not None else ("leaf", "total", "proof")
    proof_state = checks.claims("proof")[0].state
    return Findings(
        format=FORMAT_ID,
        exchange=EXCHANGE,
        decisive=("leaf", "path", "root"),
        claims=checks.claims(*claims),
        guarantees=_guarantees(proof_state),
        root=root,
        root_checks=tuple(made if match is None else [*made, match]),
        balances={} if user is None else amounts(user.user),
        total=_total(proven),
        leaves=None if user is None else (user.user_index,),
        notes=_notes(user, files, config, proof_state),
        picture=None if user is None or walked is None else picture(user, walked),
        view=None if user_file is None or user is None else _view(user_file, user, walked, checks),
        extra=_extra(files, config, proof_state),
    )


def _recognised(documents: Sequence[Document]) -> list[tuple[Document, Match]]:
    return [(document, match) for document in documents if (match := recognise(document)) is not None]


def _published(given: Given) -> tuple[list[tuple[Document, Match]], list[Document]]:
    """The round's files among the published documents, and the documents that are something else."""
    files = _recognised(given.published)
    known = {id(document) for document, _ in files}
    return files, [document for document in given.published if id(document) not in known]


def _published_roots(published: Sequence[tuple[Document, Match]], proven: Sequence[Proven]) -> list[PublishedRoot]:
    """The trunk's root, if its proof file is among the published ones."""
    names = [document.name for document, match in published if match.role == SUM_PROOF and _is_trunk(document)]
    return [PublishedRoot(names[0], part.root) for part in proven if part.folder == TRUNK and names]


def _is_trunk(document: Document) -> bool:
    if "/" in document.name:
        return document.name.split("/")[-2] == TRUNK
    return document.path is not None and document.path.absolute().parent.name == TRUNK


def _config(files: RoundFiles | None) -> Config | None:
    return None if files is None else files.config


def _root(user: Inclusion | None, walked: Walked | None, proven: Sequence[Proven]) -> str | None:
    if walked is not None and walked.trunk:
        return walked.trunk[-1].hex()
    if user is not None:
        return user.trunk.root.hex()
    return next((part.root for part in proven if part.folder == TRUNK), None)


def _check_user(
    checks: Checks, user: Inclusion, config: Config | None, proven: Sequence[Proven], given: Given
) -> Walked | None:
    """``leaf`` and ``path``; None where the file's byte strings forbid hashing."""
    check_leaf(checks, user, config)
    held = {**{coin: Decimal(value) for coin, value in user.user.coins.items()}, TOTAL: Decimal(user.user.total)}
    check_expected(checks, given.expected, held)
    if not well_formed(user):
        checks.failed("proof.shape", say("okx_stark_v1.files.bytes"))
        checks.not_checked("leaf.hash", say("okx_stark_v1.files.bytes"))
        checks.not_checked("path.hash", say("okx_stark_v1.files.bytes"))
        return None
    walked = walk(user)
    check_hashes(checks, user, walked)
    batch = next((part.steps for part in proven if part.folder != TRUNK and part.root == user.user.root.hex()), None)
    trunk = next((part.steps for part in proven if part.folder == TRUNK), None)
    check_position(checks, user, batch_steps=batch, trunk_steps=trunk)
    return walked


def _guarantees(proof: State) -> Guarantees:
    """Only verified sum proofs show that no user's total is negative."""
    seen = NegativeBalances.REJECTED if proof is State.VERIFIED else NegativeBalances.HIDDEN
    return replace(GUARANTEES, negative_balances=seen)


def _total(proven: Sequence[Proven]) -> dict[str, str] | None:
    trunk = next((part.sums for part in proven if part.folder == TRUNK), None)
    if trunk is None:
        return None
    return {**{coin: str(value) for coin, value in trunk.coins.items()}, TOTAL: str(trunk.total)}


def _notes(
    user: Inclusion | None, files: RoundFiles | None, config: Config | None, proof: State
) -> tuple[Message, ...]:
    notes = [say("okx_stark_v1.note.units")]
    if config is not None:
        main, others = config.coins[: config.main], config.coins[config.main :]
        key = "okx_stark_v1.note.proven" if proof is State.VERIFIED else "okx_stark_v1.note.would_be_proven"
        notes.append(say(key, coins=listed(main), count=len(main)))
        if others:
            notes.append(say("okx_stark_v1.note.unproven", coins=listed(others), count=len(others)))
    if files is not None:
        notes += [say("okx_stark_v1.note.soundness"), say("okx_stark_v1.note.rows")]
    if user is not None:
        notes.append(say("okx_stark.note.private"))
    notes.append(say("okx_stark.note.omitted"))
    return tuple(notes)


def _extra(files: RoundFiles | None, config: Config | None, proof: State) -> dict[str, object]:
    """Which totals rest on the proofs; without a configuration there is nothing to tell them apart."""
    if files is None or config is None:
        return {}
    verified = proof is State.VERIFIED
    main, others = config.coins[: config.main], config.coins[config.main :]
    return {
        "proven_assets": [TOTAL, *main] if verified else [],
        "unproven_assets": list(others) if verified else [TOTAL, *config.coins],
    }


def _view(document: Document, user: Inclusion, walked: Walked | None, checks: Checks) -> SnapshotView:
    failed = any(check.outcome is Outcome.FAILED for check in checks if check.claim in {"leaf", "path"})
    coins = {coin: str(amount) for coin, amount in user.trunk.coins.items()}
    shown = {**coins, TOTAL: str(user.trunk.total)}
    return SnapshotView(
        format=FORMAT_ID,
        snapshot_id=None,
        usable=not failed and walked is not None,
        root=user.trunk.root.hex(),
        leaf=user.user.path[0].hex() if user.user.path else None,
        leaf_position=f"{user.batch_index}:{user.user_index}",
        nodes={user.user.root.hex(): shown},
        content=document.sha256,
    )
