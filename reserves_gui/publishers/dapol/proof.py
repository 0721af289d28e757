"""The format ``dapol``: path, opening of the own commitment, and the root's commitment. Range proofs are not checked.

The original compares hashes only; the root's commitment is in no hash, and a liability can be edited without it
noticing. Both are checked here.
"""

from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import parse_integer
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.dapol.hashes import TreeNode, derived, leaf_hash, merge, scalar
from reserves_gui.publishers.dapol.reading import (
    Inclusion,
    Place,
    PublicRoot,
    bytes_of,
    read_inclusion,
    read_public_root,
)
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match
from reserves_gui.publishers.sum_file import content_digest
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    State,
    SumBinding,
)
from reserves_gui.zk.ristretto import commit

_ID = "dapol"
_PROOF = "proof"
_ROOT = "root"
_BOUND_BITS = 64
_UNNAMED = "COIN"

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.ZERO_KNOWLEDGE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=False,
)


@dataclass(frozen=True, slots=True)
class _Secrets:
    """What only the user knows: the leaf's salt, and the blinding if it can be made again."""

    uid: str | None
    salt: bytes | None
    blinding: int | None


def _recognise(document: Document) -> Match | None:
    keys = document.json_keys()
    if {"path_siblings", "leaf_node"} <= keys:
        return Match(_PROOF)
    return Match(_ROOT) if keys == {"hash", "commitment"} else None


def _secrets(given: Given) -> _Secrets:
    """Raises ``format.shape`` for bytes that are none."""
    values = {name: given.secret(name) for name in ("salt", "key", "salt_b", "salt_s")}
    read = {name: bytes_of(value, name) for name, value in values.items() if value is not None}
    salt, key = read.get("salt"), read.get("key")
    if salt is None and key is not None and "salt_s" in read:
        salt = derived(read["salt_s"], key)
    blinding = scalar(derived(read["salt_b"], key)) if key is not None and "salt_b" in read else None
    return _Secrets(given.secret("uid"), salt, blinding)


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    document = evidence.one(_PROOF)
    if document is None:
        raise ReservesError(ErrorCode.USAGE, say("paths.no_proof"))
    proof = read_inclusion(document)
    nodes = _climb(proof, progress)
    root = nodes[-1]
    checks = Checks()
    _leaf(proof, _secrets(given), checks)
    height = given.secret("height")
    _path(proof, None if height is None else parse_integer(height, "height"), checks)
    published = _published_root(given)
    stated = published if published is not None else _beside(evidence)
    _path_hash(root, stated, given, checks)
    _proof(proof, checks)
    asset = given.secret("asset") or _UNNAMED
    amounts = {asset: str(proof.liability)}
    check_expected(checks, given.expected, {asset: Decimal(proof.liability)})
    checks.not_checked("total.bound", say("dapol.total"))
    return Findings(
        format=_ID,
        exchange="DAPOL+",
        decisive=("leaf", "path", "root", "proof"),
        claims=checks.claims("leaf", "path", "total", "proof", ceilings={"total": State.UNDECIDED}),
        guarantees=_GUARANTEES,
        root=root.hash.hex(),
        root_checks=(_commitment(root, stated),),
        balances=amounts,
        leaves=(proof.place.x,),
        notes=(say("dapol.experimental"),),
        view=_view(document, proof, nodes, checks),
    )


def _climb(proof: Inclusion, progress: Progress) -> tuple[TreeNode, ...]:
    """The own nodes from the leaf to the root; the side follows from the own place alone."""
    nodes = [proof.leaf]
    for level, (_, sibling) in enumerate(proof.siblings):
        progress.checkpoint()
        own = nodes[-1]
        right = proof.place.x >> level & 1
        nodes.append(merge(sibling, own) if right else merge(own, sibling))
    return tuple(nodes)


def _leaf(proof: Inclusion, secrets: _Secrets, checks: Checks) -> None:
    opened = commit(proof.liability, proof.blinding).encode()
    stated = proof.leaf.commitment.encode()
    if opened != stated:
        reason = say("dapol.opening_bad")
        checks.failed("leaf.hash", reason, expected=opened.hex(), seen=stated.hex(), private=True)
        return
    if secrets.blinding is not None and secrets.blinding != proof.blinding:
        checks.failed("leaf.hash", say("dapol.blinding_bad"), private=True)
        return
    if secrets.uid is None or secrets.salt is None:
        checks.not_checked("leaf.hash", say("dapol.needs_salt"))
        return
    digest = leaf_hash(secrets.uid, secrets.salt)
    if digest == proof.leaf.hash:
        checks.passed("leaf.hash", say("dapol.leaf_ok"), private=True)
    else:
        reason = say("dapol.leaf_bad")
        checks.failed("leaf.hash", reason, expected=digest.hex(), seen=proof.leaf.hash.hex(), private=True)


def _path(proof: Inclusion, height: int | None, checks: Checks) -> None:
    levels = len(proof.siblings)
    wanted = [Place(level, (proof.place.x >> level) ^ 1) for level in range(levels)]
    if proof.place.y == 0 and [place for place, _ in proof.siblings] == wanted and not proof.place.x >> levels:
        checks.passed("path.position", say("dapol.position_ok"))
    else:
        checks.failed("path.position", say("dapol.position_bad"))
    if not levels:
        checks.failed("path.length", say("mpath.length_bad"))
    elif height is None:
        checks.not_checked("path.length", say("dapol.no_height", levels=levels + 1))
    elif height == levels + 1:
        checks.passed("path.length", say("dapol.height_ok", levels=levels + 1))
    else:
        reason = say("dapol.height_bad", levels=levels + 1, height=height)
        checks.failed("path.length", reason, expected=str(height), seen=str(levels + 1))


def _published_root(given: Given) -> PublicRoot | None:
    found = [each for each in given.published if _recognise(each) == Match(_ROOT)]
    return read_public_root(found[0]) if len(found) == 1 else None


def _beside(evidence: Evidence) -> PublicRoot | None:
    document = evidence.one(_ROOT)
    return None if document is None else read_public_root(document)


def _path_hash(root: TreeNode, stated: PublicRoot | None, given: Given, checks: Checks) -> None:
    seen = root.hash.hex()
    expected = stated.hash.hex() if stated is not None else next(iter(given.roots), None)
    if expected is None:
        checks.not_checked("path.hash", say("dapol.no_root"), seen=seen)
    elif expected == seen or seen in given.roots:
        checks.passed("path.hash", say("dapol.hash_ok"), expected=expected, seen=seen)
    else:
        checks.failed("path.hash", say("dapol.hash_bad"), expected=expected, seen=seen)


def _commitment(root: TreeNode, stated: PublicRoot | None) -> Check:
    seen = root.commitment.encode().hex()
    if stated is None or stated.commitment is None:
        return Check("root.commitment", Outcome.NOT_CHECKED, say("dapol.no_commitment"), seen=seen)
    expected = stated.commitment.hex()
    if expected == seen:
        return Check("root.commitment", Outcome.PASSED, say("dapol.commitment_ok"), expected=expected, seen=seen)
    return Check("root.commitment", Outcome.FAILED, say("dapol.commitment_bad"), expected=expected, seen=seen)


def _proof(proof: Inclusion, checks: Checks) -> None:
    height = len(proof.siblings) + 1
    ranges = proof.ranges
    covered = ranges.individual == height and not ranges.aggregated
    if ranges.aggregated:
        covered = any(ranges.individual + together == height for together in ranges.together if together)
    if covered:
        checks.not_checked("proof.range", say("dapol.range_unchecked", count=height))
    else:
        reason = say("dapol.range_missing", count=ranges.individual, wanted=height)
        checks.failed("proof.range", reason, expected=str(height), seen=str(ranges.individual))
    if proof.bound_bits == _BOUND_BITS:
        checks.passed("proof.parameters", say("dapol.bound_ok"))
    else:
        reason = say("dapol.bound_bad", bits=proof.bound_bits)
        checks.failed("proof.parameters", reason, expected=str(_BOUND_BITS), seen=str(proof.bound_bits))


def _view(document: Document, proof: Inclusion, nodes: tuple[TreeNode, ...], checks: Checks) -> SnapshotView:
    bad = any(check.claim in ("leaf", "path") and check.outcome is Outcome.FAILED for check in checks)
    own = {f"{level}:{proof.place.x >> level}": node.hash.hex() for level, node in enumerate(nodes)}
    others = {f"{place.y}:{place.x}": node.hash.hex() for place, node in proof.siblings}
    return SnapshotView(
        format=_ID,
        snapshot_id=None,
        usable=not bad,
        root=nodes[-1].hash.hex(),
        leaf=proof.leaf.hash.hex(),
        leaf_position=f"0:{proof.place.x}",
        positions={**own, **others},
        content=content_digest(document),
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="DAPOL+",
        exchanges=("DAPOL+", "Silver Sixpence"),
        family=Family.ZERO_KNOWLEDGE,
        since="2023-06-01",
        guarantees=_GUARANTEES,
        recognise=_recognise,
        verify=_verify,
        per_user=_PROOF,
        anchors=(_ROOT,),
        guide="dapol",
        user_fields=("uid", "salt", "key", "salt_b", "salt_s", "height", "asset"),
        experimental=True,
    ),
)
