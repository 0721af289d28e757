"""Judging a round: the list, the table of batches, the keys. Everything that does not depend on one user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import SystemRandom

from reserves_gui import limits
from reserves_gui.intake.document import Document
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Given, KeptKey
from reserves_gui.publishers.zkmerkle.list_file import ListFile, key_stem
from reserves_gui.publishers.zkmerkle.proving import Selection, Tally, run_table, selection
from reserves_gui.publishers.zkmerkle.releases import shipped_pins
from reserves_gui.publishers.zkmerkle.table_file import Layout, read_layout
from reserves_gui.verdict import Check, Checks, Outcome
from reserves_gui.zk.bn254 import element_hex
from reserves_gui.zk.solvency.account import COLLATERAL_SLOTS, MOST_SLOTS, Shape, empty_collateral_root, find_empty_root
from reserves_gui.zk.solvency.asset_list import debt_faults, list_commitment
from reserves_gui.zk.solvency.batch import Scheme, usable_key

_KEY_BYTES = limits.MIB


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A verifying key as it was given. ``tiers``: what the list says it is for; empty if it is for nothing known.

    ``used``: batches of the table were checked under it. ``changed``: another round kept a key of this name, and it
    was another key.
    """

    name: str
    sha256: str
    data: bytes
    tiers: tuple[int | None, ...]
    pinned: bool
    used: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundJudged:
    """What came of the round. ``root_checks`` are those that need no user. ``final_root`` is None without a table.

    ``shape``: slots of a round of pair leaves, where recovered. ``accounts``: what the indexes allow at most.
    """

    checks: Checks
    root_checks: Checks
    layout: Layout | None = None
    shape: Shape | None = None
    final_root: int | None = None
    accounts: int | None = None
    batches: int = 0
    proven: int = 0
    keys: tuple[KeyFile, ...] = ()
    pinned: bool = False
    listed: ListFile | None = None


def check_round(
    listed: ListFile | None, table: Document | None, key_files: Sequence[Document], given: Given, progress: Progress
) -> RoundJudged:
    """Judge the global files that are there; what is missing is said, never passed."""
    checks, root_checks = Checks(), Checks()
    layout = None if table is None else read_layout(table)
    keys = _keys(key_files, listed, layout, given)
    if table is None or layout is None:
        _without_table(checks, listed)
        _check_keys(checks, keys, used=None)
        return RoundJudged(checks=checks, root_checks=root_checks, keys=keys, listed=listed)
    chosen = selection(given.proofs)
    by_tier = {tier: key.data for key in keys for tier in key.tiers if usable_key(key.data) is not None}
    tally = run_table(
        table,
        layout,
        keys=by_tier,
        tiers=() if listed is None else listed.tiers,
        chosen=chosen,
        executor=given.executor,
        jobs=given.jobs,
        dice=SystemRandom(),
        progress=progress,
    )
    _check_rows(checks, tally)
    shape = _check_start(root_checks, tally, layout, listed, progress)
    _check_links(checks, root_checks, tally, layout)
    _check_list(checks, tally, layout, listed, shape, progress)
    _check_debt(checks, listed)
    _check_commitments(checks, tally)
    _check_proofs(checks, tally, chosen, by_tier)
    end = tally.chain.end
    taken = {by_tier[tier] for tier in tally.tiers if tier in by_tier}
    keys = tuple(replace(key, used=key.data in taken) for key in keys)
    keys = _remembered(keys, given.kept_keys, None if end is None else element_hex(end[1]))
    _check_keys(checks, keys, used=tally.tiers)
    proven = all(
        checks.outcome(name) is Outcome.PASSED
        for name in ("proof.rows", "proof.commitment", "proof.groth16", "proof.key")
    )
    if proven:
        checks.passed("total.bound", say("zkmerkle.bound_ok"))
    else:
        checks.not_checked("total.bound", say("zkmerkle.bound_open"))
    return RoundJudged(
        checks=checks,
        root_checks=root_checks,
        layout=layout,
        shape=shape,
        final_root=None if end is None else end[1],
        accounts=end[2] if end is not None and layout.scheme is Scheme.INDEXED else None,
        batches=tally.chain.rows,
        proven=tally.held,
        keys=keys,
        pinned=proven,
        listed=listed,
    )


def _keys(
    documents: Sequence[Document], listed: ListFile | None, layout: Layout | None, given: Given
) -> tuple[KeyFile, ...]:
    pins = {*given.pins, *shipped_pins()}
    wanted: Mapping[int | None, str] = {} if listed is None else listed.keys
    single = len(documents) == 1 and (
        (listed is not None and len(wanted) == 1) or (listed is None and layout is not None and not layout.collateral)
    )
    found = []
    for document in documents:
        stem = key_stem(document.name)
        tiers = tuple(tier for tier, name in wanted.items() if name == stem)
        if not tiers and single:
            # With one key there is nothing to mix up, whatever the file was called when it was saved.
            tiers = tuple(wanted) or (None,)
        data = document.read(_KEY_BYTES)
        found.append(KeyFile(document.name, document.sha256, data, tiers, document.sha256 in pins))
    return tuple(found)


def _remembered(keys: Sequence[KeyFile], kept: Sequence[KeptKey], root: str | None) -> tuple[KeyFile, ...]:
    """Keys that were kept with another round count as pinned: the round at hand cannot vouch for its own."""
    others = () if root is None else tuple(one for one in kept if one.root != root)
    known = {one.sha256 for one in others}
    named = {key_stem(one.name) for one in others}
    return tuple(
        replace(
            key,
            pinned=key.pinned or key.sha256 in known,
            changed=key_stem(key.name) in named and key.sha256 not in known,
        )
        for key in keys
    )


def _without_table(checks: Checks, listed: ListFile | None) -> None:
    reason = say("zkmerkle.no_table")
    for name in ("total.start", "total.chain", "total.end"):
        checks.not_checked(name, reason)
    _check_debt(checks, listed)
    if listed is not None:
        slots = COLLATERAL_SLOTS if listed.collateral else MOST_SLOTS
        if listed.repeated or any(not 0 <= slot < slots for slot in listed.assets):
            checks.failed("total.end", say("zkmerkle.list_slots"))
    checks.not_checked("total.bound", reason)
    for name in ("proof.rows", "proof.commitment", "proof.groth16"):
        checks.not_checked(name, reason)


def _check_rows(checks: Checks, tally: Tally) -> None:
    chain = tally.chain
    if tally.bad_count:
        row = tally.bad_rows[0]
        reason = say("zkmerkle.row_bad", line=row.line, column=row.column, count=tally.bad_count)
        checks.failed("proof.rows", reason)
    elif chain.repeated:
        checks.failed("proof.rows", say("zkmerkle.row_twice", batches=str(chain.repeated)))
    elif not chain.rows:
        checks.failed("proof.rows", say("zkmerkle.row_none"))
    elif chain.missing is not None:
        checks.failed("proof.rows", say("zkmerkle.row_missing", batch=chain.missing, count=chain.rows))
    elif tally.strange_tiers:
        checks.failed("proof.rows", say("zkmerkle.row_tier", batches=str(tally.strange_tiers)))
    else:
        checks.passed("proof.rows", say("zkmerkle.row_ok", count=chain.rows))


def _check_start(
    root_checks: Checks, tally: Tally, layout: Layout, listed: ListFile | None, progress: Progress
) -> Shape | None:
    """``root.start``, and the shape of a round of pair leaves: the empty root gives it, the list decides a tie."""
    if layout.scheme is Scheme.INDEXED:
        return None
    start = tally.chain.start
    if start is None:
        root_checks.not_checked("root.start", say("zkmerkle.start_missing"))
        return None
    commitment, root, _ = start
    seen = element_hex(root)
    if layout.collateral:
        empty = empty_collateral_root()
        made = root_checks.passed if root == empty else root_checks.failed
        key = "zkmerkle.start_ok" if root == empty else "zkmerkle.start_bad"
        made("root.start", say(key), expected=element_hex(empty), seen=seen)
        return None
    progress.stage(say("zkmerkle.progress.slots"))
    shapes = find_empty_root(root, progress)
    if not shapes:
        root_checks.failed("root.start", say("zkmerkle.start_unknown"), seen=seen)
        return None
    root_checks.passed("root.start", say("zkmerkle.start_slots", slots=shapes[0].slots, chunk=shapes[0].chunk))
    if listed is not None and not listed.collateral and len(shapes) > 1:
        emptied = {slot: asset.emptied for slot, asset in listed.assets.items()}
        for shape in shapes:
            if list_commitment(emptied, shape, progress) == commitment:
                return shape
    return shapes[0]


def _check_links(checks: Checks, root_checks: Checks, tally: Tally, layout: Layout) -> None:
    chain = tally.chain
    indexed = layout.scheme is Scheme.INDEXED
    linked = [
        (checks, "total.chain", chain.lists, "zkmerkle.list_chain_bad", "zkmerkle.list_chain_ok"),
        (
            root_checks,
            "root.chain",
            chain.roots,
            "zkmerkle.root_same_bad" if indexed else "zkmerkle.root_chain_bad",
            "zkmerkle.root_same_ok" if indexed else "zkmerkle.root_chain_ok",
        ),
    ]
    if indexed:
        start = chain.start
        if start is not None and start[2] != 0:
            chain.accounts.add(0)
        linked.append((root_checks, "root.indexes", chain.accounts, "zkmerkle.indexes_bad", "zkmerkle.indexes_ok"))
    for target, name, breaks, bad, good in linked:
        if breaks:
            target.failed(name, say(bad, batches=str(breaks), count=breaks.count))
        elif not chain.whole or tally.bad_count:
            target.not_checked(name, say("zkmerkle.chain_gaps"))
        else:
            target.passed(name, say(good, count=chain.rows))


def _check_list(
    checks: Checks,
    tally: Tally,
    layout: Layout,
    listed: ListFile | None,
    shape: Shape | None,
    progress: Progress,
) -> None:
    """``total.start`` and ``total.end``: the chain of list commitments begins empty and ends in the published list."""
    names = ("total.start", "total.end")
    if listed is None:
        for name in names:
            checks.not_checked(name, say("zkmerkle.no_list"))
        return
    if listed.collateral is not layout.collateral:
        for name in names:
            checks.failed(name, say("zkmerkle.other_release"))
        return
    slots = COLLATERAL_SLOTS if layout.collateral else (shape.slots if shape is not None else None)
    if slots is None:
        for name in names:
            checks.not_checked(name, say("zkmerkle.slots_unknown"))
        return
    outside = [slot for slot in listed.assets if not 0 <= slot < slots]
    progress.stage(say("zkmerkle.progress.list"))
    emptied = {slot: asset.emptied for slot, asset in listed.assets.items()}
    begun = list_commitment(emptied, shape, progress)
    ended = list_commitment(listed.assets, shape, progress)
    _compare(checks, "total.start", begun, tally.chain.start)
    if listed.repeated or outside:
        checks.failed("total.end", say("zkmerkle.list_slots"))
    else:
        _compare(checks, "total.end", ended, tally.chain.end)


def _compare(checks: Checks, name: str, expected: int, end: tuple[int, int, int] | None) -> None:
    if end is None:
        checks.not_checked(name, say("zkmerkle.chain_gaps"))
        return
    values = {"expected": element_hex(expected), "seen": element_hex(end[0])}
    if end[0] == expected:
        checks.passed(name, say("zkmerkle.list_ok" if name == "total.end" else "zkmerkle.list_empty_ok"), **values)
    else:
        checks.failed(name, say("zkmerkle.list_bad" if name == "total.end" else "zkmerkle.list_empty_bad"), **values)


def _check_debt(checks: Checks, listed: ListFile | None) -> None:
    if listed is None:
        checks.not_checked("total.debt", say("zkmerkle.no_list"))
        return
    faults = debt_faults(listed.assets)
    if not faults:
        checks.passed("total.debt", say("zkmerkle.debt_ok", count=len(listed.assets)))
        return
    kind = faults[0][0]
    symbols = ", ".join(sorted({symbol for fault, symbol in faults if fault == kind})[:20])
    reasons = {
        "range": say("zkmerkle.debt_range", symbols=symbols),
        "debt": say("zkmerkle.debt_over", symbols=symbols),
        "collateral": say("zkmerkle.debt_collateral", symbols=symbols),
        "tiers": say("zkmerkle.debt_tiers", symbols=symbols),
        "backing": say("zkmerkle.debt_backing"),
    }
    checks.failed("total.debt", reasons[kind])


def _check_commitments(checks: Checks, tally: Tally) -> None:
    if tally.commitments:
        reason = say("zkmerkle.commitment_bad", batches=str(tally.commitments), count=tally.commitments.count)
        checks.failed("proof.commitment", reason)
    elif tally.chain.rows:
        checks.passed("proof.commitment", say("zkmerkle.commitment_ok", count=tally.chain.rows))
    else:
        checks.not_checked("proof.commitment", say("zkmerkle.row_none"))


def _check_proofs(checks: Checks, tally: Tally, chosen: Selection | None, by_tier: Mapping[int | None, bytes]) -> None:
    name, rows = "proof.groth16", tally.chain.rows
    if tally.proofs:
        reason = say("zkmerkle.proof_bad", batches=str(tally.proofs), count=tally.proofs.count)
        checks.failed(name, reason)
        return
    if chosen is None:
        checks.not_checked(name, say("zkmerkle.proof_chain_only", count=rows))
        return
    if not by_tier:
        checks.not_checked(name, say("zkmerkle.proof_no_key"))
        return
    if rows and tally.held == rows:
        checks.passed(name, say("zkmerkle.proof_ok", count=rows))
        return
    covered: dict[str, str | int] = {"held": tally.held, "rows": rows, "percent": _percent(tally.held, rows)}
    if tally.unsupported:
        reason = say("zkmerkle.proof_unsupported", **covered)
    elif chosen.slow:
        reason = say("zkmerkle.proof_slow", **covered)
    elif chosen.sample is not None:
        reason = say("zkmerkle.proof_sample", **covered)
    else:
        reason = say("zkmerkle.proof_key_missing", **covered)
    if tally.held:
        checks.add(_partial(name, reason))
    else:
        checks.not_checked(name, reason)


def _partial(name: str, reason: Message) -> Check:
    return Check(name, Outcome.PARTIAL, reason)


def _percent(part: int, whole: int) -> str:
    """With two decimals, cut and never rounded up: 99.999 % is not 100 %."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _check_keys(checks: Checks, keys: Sequence[KeyFile], *, used: set[int | None] | None) -> None:
    name = "proof.key"
    broken = [key.name for key in keys if usable_key(key.data) is None]
    if broken:
        checks.failed(name, say("zkmerkle.key_broken", names=", ".join(broken)))
        return
    in_use = [key for key in keys if key.tiers and (used is None or used & set(key.tiers))]
    if not in_use:
        checks.not_checked(name, say("zkmerkle.key_none" if not keys else "zkmerkle.key_unused"))
        return
    prints = ", ".join(f"{key.name} {key.sha256}" for key in in_use)
    if all(key.pinned for key in in_use):
        checks.passed(name, say("zkmerkle.key_pinned", keys=prints))
    else:
        checks.not_checked(name, say("zkmerkle.key_unpinned", keys=prints))
