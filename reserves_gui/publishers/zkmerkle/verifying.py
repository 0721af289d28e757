"""From the files of a run to findings: the user's file, the round, and what each says about the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from reserves_gui import limits
from reserves_gui.amounts import stripped
from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side, SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Given, role_twice
from reserves_gui.publishers.zkmerkle.figures import (
    Labels,
    asset_figures,
    balances,
    label,
    net_total,
    parts_notes,
    suspicions,
    unit_notes,
    values,
)
from reserves_gui.publishers.zkmerkle.list_file import read_list_file
from reserves_gui.publishers.zkmerkle.naming import GUARANTEES, KEY, LIST, TABLE, USER, Publisher
from reserves_gui.publishers.zkmerkle.recognising import look
from reserves_gui.publishers.zkmerkle.releases import Release, candidates, dated_notes
from reserves_gui.publishers.zkmerkle.round_checks import RoundJudged, check_round
from reserves_gui.publishers.zkmerkle.user_checks import UserJudged, check_totals, check_user
from reserves_gui.publishers.zkmerkle.user_file import UserFile, read_user_file
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    NegativeBalances,
    Outcome,
)
from reserves_gui.zk.bn254 import element_hex
from reserves_gui.zk.solvency.account import Shape

_WORD = re.compile(rb"(?<![0-9A-Za-z])(?:0[xX])?([0-9a-fA-F]{64})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    user: Document | None
    listed: Document | None
    table: Document | None
    keys: tuple[Document, ...]
    texts: tuple[Document, ...]
    table_published: bool


# A round judged once serves every user of the run; the entry goes with the document.
_JUDGED: WeakKeyDictionary[Document, tuple[object, RoundJudged]] = WeakKeyDictionary()


def verify_with(publisher: Publisher, evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge what is there. Raises :class:`ReservesError` for unusable input only."""
    files = _sorted(evidence, given)
    user_file = None if files.user is None else read_user_file(files.user)
    judged = _round(files, given, progress)
    checks = Checks()
    user = None
    if user_file is None:
        checks.not_checked("leaf.found", say("zkmerkle.no_user"))
    else:
        same = _same_round(user_file, judged)
        user = check_user(checks, user_file, round_shape=judged.shape if same else None, progress=progress)
        listed = None if judged.listed is None else judged.listed.assets
        check_totals(checks, user, listed if _fits(user_file, judged) else None)
    made_by = _releases(publisher, user_file, user, judged)
    labels = label(judged.listed, made_by)
    held = () if user is None or user.account is None else user.account.holdings
    if user_file is not None:
        check_expected(checks, given.expected, balances(held, labels))
    for check in judged.checks:
        checks.add(check)
    root = None if user is None or user.root is None else element_hex(user.root)
    if user is None and judged.final_root is not None:
        root = element_hex(judged.final_root)
    proven = judged.pinned and checks.outcome("proof.groth16") is Outcome.PASSED
    names = ("leaf", "path", "total", "proof") if user is not None else ("leaf", "total", "proof")
    slots = [one.index for one in held]
    return Findings(
        format=publisher.format_id,
        exchange=made_by[0].publisher if made_by else publisher.exchange,
        decisive=("leaf", "path", "root"),
        claims=checks.claims(*names),
        guarantees=replace(GUARANTEES, negative_balances=NegativeBalances.REJECTED) if proven else GUARANTEES,
        root=root,
        root_checks=_root_checks(user_file, user, judged, files, given, root, progress),
        balances={name: stripped(amount) for name, amount in balances(held, labels).items()},
        total=None if judged.listed is None else net_total(judged.listed, labels),
        leaves=None if user_file is None or not 0 <= user_file.index < 1 << 28 else (user_file.index,),
        warnings=_warnings(made_by, judged),
        notes=(
            *_notes(user_file, judged, made_by),
            *(() if judged.listed is None else parts_notes(judged.listed, labels)),
            *unit_notes(slots, judged.listed, labels),
        ),
        picture=None if user is None else _picture(user_file, user),
        view=None if files.user is None or user is None else _view(publisher, files.user, user_file, user),
        extra=_extra(judged, made_by, user, labels),
    )


def _sorted(evidence: Evidence, given: Given) -> _Files:
    """The files by role; the same bytes given twice count once, and global files may come as published ones."""
    published: dict[str, list[Document]] = {}
    texts = []
    for document in given.published:
        seen = look(document)
        if seen is None or seen.role == USER:
            texts.append(document)
        else:
            published.setdefault(seen.role, []).append(document)

    def distinct(role: str) -> tuple[Document, ...]:
        by_content: dict[str, Document] = {}
        for document in (*published.get(role, ()), *evidence.all(role)):
            by_content.setdefault(document.sha256, document)
        return tuple(by_content.values())

    def single(role: str) -> Document | None:
        found = distinct(role)
        if len(found) > 1:
            raise role_twice(role, [document.name for document in found])
        return found[0] if found else None

    table = single(TABLE)
    return _Files(
        user=evidence.one(USER),
        listed=single(LIST),
        table=table,
        keys=distinct(KEY),
        texts=tuple(texts),
        table_published=table is not None and table in published.get(TABLE, ()),
    )


def _round(files: _Files, given: Given, progress: Progress) -> RoundJudged:
    listed_hash = None if files.listed is None else files.listed.sha256
    key = (listed_hash, tuple(document.sha256 for document in files.keys), given.proofs, given.pins, given.kept_keys)
    if files.table is not None:
        kept = _JUDGED.get(files.table)
        if kept is not None and kept[0] == key:
            return kept[1]
    listed = None if files.listed is None else read_list_file(files.listed)
    judged = check_round(listed, files.table, files.keys, given, progress)
    if files.table is not None:
        _JUDGED[files.table] = (key, judged)
    return judged


def _same_round(user: UserFile, judged: RoundJudged) -> bool:
    """Whether the file names the round's own root: then the round's slots are the only ones it can have."""
    return judged.final_root is not None and user.root.lower() == element_hex(judged.final_root)


def _fits(user: UserFile, judged: RoundJudged) -> bool:
    return judged.listed is not None and judged.listed.collateral is (user.collateral is not None)


def _releases(
    publisher: Publisher, file: UserFile | None, user: UserJudged | None, judged: RoundJudged
) -> tuple[Release, ...]:
    collateral: bool | None = None
    if file is not None:
        collateral = file.collateral is not None
    elif judged.layout is not None:
        collateral = judged.layout.collateral
    elif judged.listed is not None:
        collateral = judged.listed.collateral
    shape = judged.shape if judged.shape is not None else (user.shape if user is not None else None)
    scheme = None if judged.layout is None else judged.layout.scheme
    return candidates(publisher.releases, collateral=collateral, shape=shape, scheme=scheme)


def _root_checks(
    file: UserFile | None,
    user: UserJudged | None,
    judged: RoundJudged,
    files: _Files,
    given: Given,
    root: str | None,
    progress: Progress,
) -> tuple[Check, ...]:
    checks = Checks()
    for check in judged.root_checks:
        checks.add(check)
    final = None if judged.final_root is None else element_hex(judged.final_root)
    if file is not None and user is not None and final is not None:
        stated = file.root.lower()[:64]
        if stated == final:
            checks.passed("root.user", say("zkmerkle.root_user_ok"), expected=final, seen=stated)
        else:
            checks.failed("root.user", say("zkmerkle.root_user_bad"), expected=final, seen=stated)
        if user.holds:
            key = "zkmerkle.root_global_ok" if root == final else "zkmerkle.root_global_bad"
            made = checks.passed if root == final else checks.failed
            made("root.global", say(key), expected=final, seen=root)
        if judged.accounts is not None and file.index >= judged.accounts:
            checks.failed("root.indexes", say("zkmerkle.index_beyond", accounts=judged.accounts), private=True)
    match = _match(user, judged, files, given, root, final, progress)
    if match is not None:
        checks.add(match)
    return tuple(checks)


def _match(
    user: UserJudged | None,
    judged: RoundJudged,
    files: _Files,
    given: Given,
    root: str | None,
    final: str | None,
    progress: Progress,
) -> Check | None:
    """``root.match`` where the table is the published one or its proofs verify under pins; else the caller compares.

    Roots named by the user, and other published texts, are compared too: none of them is passed over.
    """
    if user is None or root is None or final is None or not (files.table_published or judged.pinned):
        return None
    for other in given.roots:
        if other != root:
            return _differs(root, other, "--root")
    for text in files.texts:
        words = {found[1].decode("ascii").lower() for found in _WORD.finditer(text.read(limits.PUBLISHED_TEXT_BYTES))}
        progress.checkpoint()
        if words and root not in words:
            return _differs(root, min(words), text.name)
    if root != final:
        return _differs(root, final, files.table.name if files.table is not None else "-")
    reason = say("zkmerkle.match_published") if files.table_published else say("zkmerkle.match_pinned")
    return Check("root.match", Outcome.PASSED, reason, expected=final, seen=root)


def _differs(root: str, other: str, source: str) -> Check:
    reason = say("zkmerkle.match_differs", source=source)
    return Check("root.match", Outcome.FAILED, reason, expected=other, seen=root)


def _warnings(made_by: Sequence[Release], judged: RoundJudged) -> tuple[Message, ...]:
    found = [say("zkmerkle.setup_alone"), *dated_notes(made_by)]
    if judged.listed is not None:
        found += suspicions(judged.listed)
    changed = ", ".join(key.name for key in judged.keys if key.changed)
    if changed:
        found.append(say("zkmerkle.warn_key_changed", names=changed))
    return tuple(found)


def _notes(file: UserFile | None, judged: RoundJudged, made_by: Sequence[Release]) -> tuple[Message, ...]:
    notes = [say("zkmerkle.hidden")]
    if made_by:
        notes.append(say("zkmerkle.made_by", releases=", ".join(f"{one.publisher} {one.name}" for one in made_by)))
    elif judged.shape is not None:
        notes.append(say("zkmerkle.made_by_unknown", slots=judged.shape.slots, chunk=judged.shape.chunk))
    if judged.accounts is not None:
        notes.append(say("zkmerkle.accounts_at_most", accounts=judged.accounts))
    unknown = sorted({*(file.unknown if file else ()), *(judged.listed.unknown if judged.listed else ())})
    if unknown:
        notes.append(say("zkmerkle.unknown_keys", names=", ".join(name[:40] for name in unknown[:20])))
    return tuple(notes)


def _picture(file: UserFile | None, user: UserJudged) -> PathPicture | None:
    if file is None or user.leaf is None:
        return None
    state = NodeState.RECOMPUTED if user.holds else NodeState.UNDECIDED
    nodes, own = [], user.leaf
    for level, sibling in enumerate(user.siblings):
        right = bool(file.index >> level & 1)
        kind = NodeKind.OWN if level else NodeKind.LEAF
        side, other = (Side.RIGHT, Side.LEFT) if right else (Side.LEFT, Side.RIGHT)
        nodes.append(PathNode(level=level, kind=kind, side=side, hash=element_hex(own), state=state))
        nodes.append(
            PathNode(level=level, kind=NodeKind.SIBLING, side=other, hash=element_hex(sibling), state=NodeState.GIVEN)
        )
        own = user.nodes[level]
    stated = None if user.holds or user.stated is None else element_hex(user.stated)
    state = NodeState.RECOMPUTED if user.holds else NodeState.FAILED
    nodes.append(
        PathNode(
            level=len(user.siblings),
            kind=NodeKind.ROOT,
            side=None,
            hash=element_hex(own),
            state=state,
            stated_hash=stated,
        )
    )
    return PathPicture(tuple(nodes), ())


def _view(publisher: Publisher, document: Document, file: UserFile | None, user: UserJudged) -> SnapshotView:
    return SnapshotView(
        format=publisher.format_id,
        snapshot_id=None,
        usable=user.holds,
        root=None if user.root is None else element_hex(user.root),
        leaf=None if user.leaf is None else element_hex(user.leaf),
        leaf_position=None if file is None else str(file.index),
        content=document.sha256,
    )


def _extra(
    judged: RoundJudged, made_by: Sequence[Release], user: UserJudged | None, labels: Labels
) -> dict[str, object]:
    shape: Shape | None = judged.shape if judged.shape is not None else (user.shape if user is not None else None)
    extra: dict[str, object] = {
        "release": [
            {"exchange": one.publisher, "name": one.name, "since": one.since or None, "until": one.until or None}
            for one in made_by
        ]
    }
    if shape is not None:
        extra["slots"] = {"assets": shape.slots, "chunk": shape.chunk}
    if judged.layout is not None:
        extra["batches"] = {"rows": judged.batches, "proven": judged.proven}
    if judged.accounts is not None:
        extra["accounts_at_most"] = judged.accounts
    if judged.keys:
        extra["keys"] = [
            {
                "name": key.name,
                "sha256": key.sha256,
                "tiers": [tier for tier in key.tiers if tier is not None],
                "pinned": key.pinned,
                "used": key.used,
            }
            for key in judged.keys
        ]
    if judged.listed is not None:
        extra["figures"] = asset_figures(judged.listed, labels)
        extra["values"] = values(judged.listed)
        unsure = [labels.name(slot) for slot, unit in labels.units.items() if not unit.certain]
        if unsure:
            extra["units_unconfirmed"] = unsure
    return extra
