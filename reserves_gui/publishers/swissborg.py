"""SwissBorg: one tree per currency, the roots of all of them under one audit commitment.

Source: SwissBorg/proof-of-liabilities merkle.ts (7ad8737). K(key, text) = hex HMAC-SHA256, keys are texts.

    audit nonce = K( credential,  "SB PoL - Audit nonce derivation," || audit id )
    tree nonce  = K( audit nonce, "SB PoL - Currency Merkle tree nonce derivation," || currency )
    leaf nonce  = K( tree nonce,  "SB PoL - Leaf nonce derivation," || leaf_index )
    leaf        = hex SHA256( "leaf,<leaf nonce>,<user_id>,<liability>" )                    liability verbatim
    inner       = hex SHA256( "inner,<balL>,<balR>,<hashL>,<hashR>" )                        shortest decimals
    commitment  = hex SHA256( "SB PoL - Audit commitment hash" || ",<id>,<liability>,<digest>" per partition )
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from reserves_gui import limits
from reserves_gui.amounts import stripped
from reserves_gui.evidence import PathPicture, Side, SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.bound_path import BoundNode, BoundStep, climb, picture, shown, summed
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample, role_twice
from reserves_gui.publishers.sum_file import content_digest
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
_AUDIT = "audit"
_USER = "user"
_MOST_PARTITIONS = 10_000
_MOST_LIABILITIES = 10_000
_MOST_DRAWN = 64

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.CHILDREN,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


@dataclass(frozen=True, slots=True)
class _Partition:
    id: str
    currency: str
    text: str
    liability: Decimal
    digest: str


@dataclass(frozen=True, slots=True)
class _Audit:
    id: str
    time: str | None
    commitment: str
    partitions: tuple[_Partition, ...]

    @property
    def recomputed(self) -> str:
        """The audit commitment, hashed again from the partitions."""
        ordered = sorted(self.partitions, key=lambda one: one.currency.upper())
        return _sha("SB PoL - Audit commitment hash" + "".join(f",{one.id},{one.text},{one.digest}" for one in ordered))


@dataclass(frozen=True, slots=True)
class _Liability:
    partition: str
    text: str
    amount: Decimal
    index: int
    nonce: str | None
    witnesses: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class _User:
    audit_id: str
    user_id: str
    liabilities: tuple[_Liability, ...]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One liability followed up: ``leaf_bound`` says whether the user's own secret and id went into the leaf."""

    liability: _Liability
    partition: _Partition | None
    nodes: tuple[BoundNode, ...]
    steps: tuple[BoundStep, ...]
    nonce_fits: bool

    @property
    def reached(self) -> bool:
        return self.partition is not None and bool(self.nodes) and self.nodes[-1].hash == self.partition.digest


def _sha(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _leaf(nonce: str, user_id: str, liability: str) -> str:
    return _sha(f"leaf,{nonce},{user_id},{liability}")


def _inner(left: BoundNode, right: BoundNode) -> str:
    (one,), (other,) = left.amounts.values(), right.amounts.values()
    return _sha(f"inner,{stripped(one)},{stripped(other)},{left.hash},{right.hash}")


def _recognise(document: Document) -> Match | None:
    keys = document.json_keys()
    if {"audit_id", "liabilities"} <= keys:
        return Match(_USER)
    if "audit" in keys:
        value = document.json()
        audit = value.get("audit") if isinstance(value, dict) else None
        if isinstance(audit, dict) and "partitions" in audit:
            return Match(_AUDIT)
    return None


def _read_audit(document: Document) -> _Audit:
    audit = document.shape()["audit"]
    time = audit.get("time")
    partitions = tuple(
        _Partition(
            entry["id"].text(),
            entry["currency"].text(longest=64),
            *entry["commitment"]["liability"].amount(),
            entry["commitment"]["digest"].hex(64),
        )
        for entry in audit["partitions"].entries(_MOST_PARTITIONS)
    )
    return _Audit(
        audit["id"].text(),
        time.text(longest=64) if time is not None and time.is_text else None,
        audit["commitment"]["digest"].hex(64),
        partitions,
    )


def _read_user(document: Document) -> _User:
    shape = document.shape()
    liabilities = tuple(map(_read_liability, shape["liabilities"].entries(_MOST_LIABILITIES)))
    return _User(shape["audit_id"].text(), shape["user_id"].text(), liabilities)


def _read_liability(entry: Shape) -> _Liability:
    proof = entry["proof"]
    nonce = proof.get("nonce")
    witnesses = tuple(
        (witness["digest"].hex(64), witness["liability"].amount()[1])
        for witness in proof["witnesses"].entries(limits.PATH_ENTRIES)
    )
    text, amount = entry["liability"].amount()
    return _Liability(
        entry["audit_partition_id"].text(),
        text,
        amount,
        proof["leaf_index"].integer(),
        None if nonce is None else nonce.text(),
        witnesses,
    )


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    audit = _audit_of(evidence, given)
    document = evidence.one(_USER)
    user = None if document is None else _read_user(document)
    credential = given.secret("credential")
    checks = Checks()
    walks = () if user is None else _walks(user, audit, credential, progress)
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


def _picture(walks: Sequence[_Walk]) -> PathPicture | None:
    """A path per liability: failing ones first, then those that hold something. Without an audit no top is wrong."""
    drawn = [walk for walk in walks if walk.nodes]
    drawn.sort(key=lambda walk: (walk.partition is None or walk.reached, walk.liability.amount == 0))
    paths = [
        picture(walk.nodes, walk.steps, holds=walk.partition is None or walk.reached) for walk in drawn[:_MOST_DRAWN]
    ]
    return replace(paths[0], more=tuple(paths[1:])) if paths else None


def _snapshot_id(audit: _Audit | None, user: _User | None) -> str | None:
    if audit is not None:
        return audit.id
    return None if user is None else user.audit_id


def _audit_of(evidence: Evidence, given: Given) -> _Audit | None:
    """The audit's roots: those given beside the user's file, else those saved from the publisher."""
    beside = evidence.one(_AUDIT)
    if beside is not None:
        return _read_audit(beside)
    published = [each for each in given.published if _recognise(each) == Match(_AUDIT)]
    if len(published) > 1:
        raise role_twice(_AUDIT, [each.name for each in published])
    return _read_audit(published[0]) if published else None


def _walks(user: _User, audit: _Audit | None, credential: str | None, progress: Progress) -> tuple[_Walk, ...]:
    partitions: dict[str, _Partition] = {}
    for partition in () if audit is None else audit.partitions:
        partitions.setdefault(partition.id, partition)
    walks = []
    for liability in user.liabilities:
        progress.checkpoint()
        walks.append(_walk(user, liability, partitions.get(liability.partition), credential))
    return tuple(walks)


def _walk(user: _User, liability: _Liability, partition: _Partition | None, credential: str | None) -> _Walk:
    currency = partition.currency if partition is not None else liability.partition
    steps = tuple(
        BoundStep(Side.RIGHT if liability.index >> level & 1 else Side.LEFT, BoundNode(digest, {currency: amount}))
        for level, (digest, amount) in enumerate(liability.witnesses)
    )

    def path(leaf: str) -> tuple[BoundNode, ...]:
        return climb(BoundNode(leaf, {currency: liability.amount}), steps, _inner)

    if credential is not None and partition is not None:
        audit_nonce = _keyed(credential, f"SB PoL - Audit nonce derivation,{user.audit_id}")
        tree_nonce = _keyed(audit_nonce, f"SB PoL - Currency Merkle tree nonce derivation,{currency}")
        nonce = _keyed(tree_nonce, f"SB PoL - Leaf nonce derivation,{liability.index}")
        leaf = _leaf(nonce, user.user_id, liability.text)
        return _Walk(liability, partition, path(leaf), steps, liability.nonce in (None, nonce, leaf))
    if liability.nonce is None:
        return _Walk(liability, partition, (), steps, nonce_fits=False)
    walked = _Walk(
        liability, partition, path(_leaf(liability.nonce, user.user_id, liability.text)), steps, nonce_fits=False
    )
    # The oldest files state the leaf itself where later ones state its nonce.
    oldest = _Walk(liability, partition, path(liability.nonce), steps, nonce_fits=False)
    return oldest if oldest.reached else walked


def _path_checks(user: _User, audit: _Audit | None, walks: Sequence[_Walk], checks: Checks) -> None:
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


def _each(checks: Checks, check_id: str, wrong: Sequence[_Walk], *, passed: Message, rule: str) -> None:
    if not wrong:
        checks.passed(check_id, passed)
        return
    args: dict[str, str | int] = {"id": wrong[0].liability.partition[:80], "count": len(wrong)}
    checks.failed(check_id, Message(rule, args))


def _partition_ids(audit: _Audit, walks: Sequence[_Walk], checks: Checks) -> None:
    ids = [partition.id for partition in audit.partitions]
    twice = next((name for name in sorted(ids) if ids.count(name) > 1), None) if len(set(ids)) != len(ids) else None
    unknown = next((walk.liability.partition for walk in walks if walk.partition is None), None)
    if twice is not None:
        checks.failed("path.partition", say("swissborg.partition_twice", id=twice[:80]))
    elif unknown is not None:
        checks.failed("path.partition", say("swissborg.partition_unknown", id=unknown[:80]))
    else:
        checks.passed("path.partition", say("swissborg.partition_ok", count=len(ids)))


def _leaf_checks(walks: Sequence[_Walk], credential: str | None, checks: Checks) -> None:
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


def _commitment(audit: _Audit) -> Check:
    expected, seen = audit.recomputed, audit.commitment
    if expected == seen:
        reason = say("swissborg.commitment_ok", count=len(audit.partitions))
        return Check("root.commitment", Outcome.PASSED, reason, expected=expected, seen=seen)
    return Check("root.commitment", Outcome.FAILED, say("swissborg.commitment_bad"), expected=expected, seen=seen)


def _balances(walks: Sequence[_Walk]) -> dict[str, Decimal]:
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


def _totals(audit: _Audit, walks: Sequence[_Walk]) -> dict[str, str]:
    """What the partitions of the user's own currencies state; of all of them where no user is given."""
    wanted = {walk.liability.partition for walk in walks}
    totals: dict[str, Decimal] = {}
    for partition in audit.partitions:
        if partition.id in wanted or not walks:
            totals = summed(totals, {partition.currency: partition.liability})
    return {currency: stripped(amount) for currency, amount in totals.items()}


def _total(audit: _Audit | None, walks: Sequence[_Walk], root_checks: Sequence[Check], checks: Checks) -> None:
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


def _view(document: Document, user: _User, root: str | None, walks: Sequence[_Walk], checks: Checks) -> SnapshotView:
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
        recognise=_recognise,
        verify=_verify,
        per_user=_USER,
        guide="swissborg",
        user_fields=("credential",),
        unbound=("audit.time", "audit_id"),
        sample=Sample.OFFICIAL,
    ),
)
