"""What one user's proof and the audit's roots say together, and the declaration of the format."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reserves_gui.amounts import stripped
from reserves_gui.evidence import PathPicture, SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.bound_path import picture, shown, summed
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample, role_twice
from reserves_gui.publishers.sum_file import content_digest
from reserves_gui.publishers.swissborg.reading import AUDIT, USER, Audit, User, read_audit, read_user, recognise
from reserves_gui.publishers.swissborg.walking import Walk, follow
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    SumBinding,
)

_ID = "swissborg-merkle"
_MOST_DRAWN = 64

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.CHILDREN,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    audit = _audit_of(evidence, given)
    document = evidence.one(USER)
    user = None if document is None else read_user(document)
    credential = given.secret("credential")
    checks = Checks()
    walks = () if user is None else follow(user, audit, credential, progress)
    if user is None:
        checks.not_checked("leaf.found", say("swissborg.no_user"))
        checks.not_checked("path.hash", say("swissborg.no_user"))
    else:
        _path_checks(user, audit, walks, checks)
        _leaf_checks(walks, credential, checks)
    root_checks = () if audit is None else (_commitment(audit),)
    balances = _balances(walks)
    check_expected(checks, given.expected, None if user is None else balances)
    _total(audit, walks, root_checks, checks)
    root = None if audit is None else audit.recomputed
    return Findings(
        format=_ID,
        exchange="SwissBorg",
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "total"),
        guarantees=_GUARANTEES,
        snapshot=Snapshot(id=_snapshot_id(audit, user), time=None if audit is None else audit.time),
        root=root,
        root_checks=root_checks,
        balances={asset: stripped(amount) for asset, amount in balances.items()},
        total=None if audit is None else _totals(audit, walks),
        leaves=tuple(sorted({walk.liability.index for walk in walks})) if user is not None else None,
        notes=(say("paths.note_unbound", fields="audit.time, audit_id"),),
        picture=_picture(walks),
        view=None if document is None or user is None else _view(document, user, root, walks, checks),
    )


def _picture(walks: Sequence[Walk]) -> PathPicture | None:
    """A path per liability: failing ones first, then those that hold something. Without an audit no top is wrong."""
    drawn = [walk for walk in walks if walk.nodes]
    drawn.sort(key=lambda walk: (walk.partition is None or walk.reached, walk.liability.amount == 0))
    paths = [
        picture(walk.nodes, walk.steps, holds=walk.partition is None or walk.reached) for walk in drawn[:_MOST_DRAWN]
    ]
    return replace(paths[0], more=tuple(paths[1:])) if paths else None


def _snapshot_id(audit: Audit | None, user: User | None) -> str | None:
    if audit is not None:
        return audit.id
    return None if user is None else user.audit_id


def _audit_of(evidence: Evidence, given: Given) -> Audit | None:
    """The audit's roots: those given beside the user's file, else those saved from the publisher."""
    beside = evidence.one(AUDIT)
    if beside is not None:
        return read_audit(beside)
    published = [each for each in given.published if recognise(each) == Match(AUDIT)]
    if len(published) > 1:
        raise role_twice(AUDIT, [each.name for each in published])
    return read_audit(published[0]) if published else None


def _path_checks(user: User, audit: Audit | None, walks: Sequence[Walk], checks: Checks) -> None:
    count = len(walks)
    short = [walk for walk in walks if not walk.steps]
    far = [walk for walk in walks if walk.liability.index >= 1 << len(walk.steps)]
    _each(checks, "path.length", short, passed=say("swissborg.length_ok"), rule="swissborg.length_bad")
    _each(checks, "path.position", far, passed=say("swissborg.position_ok"), rule="swissborg.position_bad")
    negative = [
        walk
        for walk in walks
        if walk.liability.amount < 0
        or any(amount < 0 for _, amount in walk.liability.witnesses)
        or (walk.partition is not None and walk.partition.liability < 0)
    ]
    _each(checks, "path.negative", negative, passed=say("swissborg.negative_ok"), rule="swissborg.negative_bad")
    if audit is None:
        checks.not_checked("path.hash", say("swissborg.no_audit"))
        return
    below_zero = next((one.id for one in audit.partitions if one.liability < 0), None)
    if below_zero is not None and not negative:
        checks.failed("path.negative", say("swissborg.negative_partition", id=below_zero[:80]))
    if user.audit_id == audit.id:
        checks.passed("path.snapshot", say("swissborg.snapshot_ok"))
    else:
        checks.failed("path.snapshot", say("swissborg.snapshot_bad"), expected=audit.id, seen=user.audit_id)
    _partition_ids(audit, walks, checks)
    known = [walk for walk in walks if walk.partition is not None and walk.nodes]
    missing = [walk for walk in walks if walk.partition is not None and not walk.nodes]
    wrong = [walk for walk in known if not walk.reached]
    off = [
        walk
        for walk in known
        if walk.partition is not None and next(iter(walk.nodes[-1].amounts.values())) != walk.partition.liability
    ]
    if missing and not wrong:
        checks.not_checked("path.hash", say("swissborg.no_leaf", id=missing[0].liability.partition[:80]))
    elif known or wrong:
        _each(checks, "path.hash", wrong, passed=say("swissborg.hash_ok", count=count), rule="swissborg.hash_bad")
    if known:
        _each(checks, "path.sum", off, passed=say("swissborg.sum_ok", count=count), rule="swissborg.sum_bad")


def _each(checks: Checks, check_id: str, wrong: Sequence[Walk], *, passed: Message, rule: str) -> None:
    if not wrong:
        checks.passed(check_id, passed)
        return
    args: dict[str, str | int] = {"id": wrong[0].liability.partition[:80], "count": len(wrong)}
    checks.failed(check_id, Message(rule, args))


def _partition_ids(audit: Audit, walks: Sequence[Walk], checks: Checks) -> None:
    ids = [partition.id for partition in audit.partitions]
    twice = next((name for name in sorted(ids) if ids.count(name) > 1), None) if len(set(ids)) != len(ids) else None
    unknown = next((walk.liability.partition for walk in walks if walk.partition is None), None)
    if twice is not None:
        checks.failed("path.partition", say("swissborg.partition_twice", id=twice[:80]))
    elif unknown is not None:
        checks.failed("path.partition", say("swissborg.partition_unknown", id=unknown[:80]))
    else:
        checks.passed("path.partition", say("swissborg.partition_ok", count=len(ids)))


def _leaf_checks(walks: Sequence[Walk], credential: str | None, checks: Checks) -> None:
    if not walks:
        checks.failed("leaf.found", say("swissborg.no_liability"))
        return
    places = [(walk.liability.partition, walk.liability.index) for walk in walks]
    if len(set(places)) == len(places):
        checks.passed("leaf.duplicate", say("swissborg.duplicate_ok", count=len(places)))
    else:
        twice = next(place for place in places if places.count(place) > 1)
        reason = say("swissborg.duplicate_bad", id=twice[0][:80], index=twice[1])
        checks.failed("leaf.duplicate", reason, private=True)
    if credential is None:
        checks.not_checked("leaf.hash", say("swissborg.no_credential"))
        return
    odd = [walk for walk in walks if walk.partition is not None and not walk.nonce_fits]
    if odd:
        reason = say("swissborg.nonce_bad", id=odd[0].liability.partition[:80], count=len(odd))
        checks.failed("leaf.hash", reason, private=True)
    elif all(walk.reached for walk in walks):
        # Later files state no leaf: that the root commits to it is seen by the path that starts from it.
        checks.passed("leaf.hash", say("swissborg.leaf_ok", count=len(walks)), private=True)
    else:
        checks.not_checked("leaf.hash", say("swissborg.leaf_not_reached"), private=True)


def _commitment(audit: Audit) -> Check:
    expected, seen = audit.recomputed, audit.commitment
    if expected == seen:
        reason = say("swissborg.commitment_ok", count=len(audit.partitions))
        return Check("root.commitment", Outcome.PASSED, reason, expected=expected, seen=seen)
    return Check("root.commitment", Outcome.FAILED, say("swissborg.commitment_bad"), expected=expected, seen=seen)


def _balances(walks: Sequence[Walk]) -> dict[str, Decimal]:
    """The sum per currency, every place of a tree counted once."""
    counted: set[tuple[str, int]] = set()
    balances: dict[str, Decimal] = {}
    for walk in walks:
        place = (walk.liability.partition, walk.liability.index)
        if place not in counted:
            counted.add(place)
            currency = walk.partition.currency if walk.partition is not None else walk.liability.partition
            balances = summed(balances, {currency: walk.liability.amount})
    return balances


def _totals(audit: Audit, walks: Sequence[Walk]) -> dict[str, str]:
    """What the partitions of the user's own currencies state; of all of them where no user is given."""
    wanted = {walk.liability.partition for walk in walks}
    totals: dict[str, Decimal] = {}
    for partition in audit.partitions:
        if partition.id in wanted or not walks:
            totals = summed(totals, {partition.currency: partition.liability})
    return {currency: stripped(amount) for currency, amount in totals.items()}


def _total(audit: Audit | None, walks: Sequence[Walk], root_checks: Sequence[Check], checks: Checks) -> None:
    if audit is None or not walks:
        checks.not_checked("total.bound", say("swissborg.total_stated"))
    elif checks.outcome("path.sum") is Outcome.FAILED:
        checks.failed("total.bound", say("swissborg.total_bad"))
    elif any(check.claim == "path" and check.outcome is not Outcome.PASSED for check in checks) or any(
        check.outcome is not Outcome.PASSED for check in root_checks
    ):
        checks.not_checked("total.bound", say("trees.total_without_path"))
    else:
        others = len(audit.partitions) - len({walk.liability.partition for walk in walks})
        checks.passed("total.bound", say("swissborg.total_ok", others=others))


def _view(document: Document, user: User, root: str | None, walks: Sequence[Walk], checks: Checks) -> SnapshotView:
    bad = any(check.claim in ("leaf", "path") and check.outcome is Outcome.FAILED for check in checks)
    walked = [walk for walk in walks if walk.nodes]
    return SnapshotView(
        format=_ID,
        snapshot_id=user.audit_id,
        usable=bool(walked) and not bad and all(walk.reached for walk in walks),
        root=root,
        leaf=walked[0].nodes[0].hash if walked else None,
        nodes={name: sums for walk in walked for name, sums in shown(walk.nodes, walk.steps).items()},
        content=content_digest(document),
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="SwissBorg",
        family=Family.SUM_PATH,
        since="2022-12-07",
        guarantees=_GUARANTEES,
        recognise=recognise,
        verify=_verify,
        per_user=USER,
        anchors=(AUDIT,),
        guide="swissborg",
        user_fields=("credential",),
        unbound=("audit.time", "audit_id"),
        sample=Sample.OFFICIAL,
    ),
)
