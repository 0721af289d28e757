"""The checks of ``leaf`` and ``path`` for a user's inclusion proof of the first generation.

The leaf of a user stands in a batch tree, the batch's own row in the trunk; each row is hashed the same way.
Source: okx/proof-of-reserves zk_STARK zkpor/inclusion_verifier.py @2962a895, which does not check the sum of the coins.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.messages import Message, say
from reserves_gui.publishers.okx.stark_v1 import TOTAL
from reserves_gui.publishers.okx.stark_v1_files import Config, Inclusion, Row
from reserves_gui.verdict import Checks
from reserves_gui.zk.stark import EXTENSION, SLOT_ROWS
from reserves_gui.zk.stark_field import P
from reserves_gui.zk.stark_tree import HASH_BYTES, climb, keccak256, permuted

TRUNK_UTS = 32
# Below four leaves there is no permuted tree; above 2^24 no proof of a batch.
_PATH_LENGTHS = range(3, 26)
_WORD = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What was recomputed; a branch is empty where it could not be walked."""

    user_leaf: bytes | None
    trunk_leaf: bytes | None
    batch: tuple[bytes, ...]
    trunk: tuple[bytes, ...]
    user_position: int
    trunk_position: int


def leaf_hash(row: Row, config: Config) -> bytes | None:
    """H(total(32 BE) | H(coins mod P, 32 BE each, in order) | id | random); None if the row cannot be hashed."""
    if set(row.coins) != set(config.coins):
        return None
    total = row.total % P if row.total < 0 else row.total
    if total >= _WORD:
        return None
    coins = b"".join([(row.coins[coin] % P).to_bytes(HASH_BYTES, "big") for coin in config.coins])
    return keccak256(total.to_bytes(HASH_BYTES, "big") + keccak256(coins) + row.id + row.random)


def user_position(proof: Inclusion) -> int:
    """(uts (user_index + 1) + uts - 2) 16: slot 0 is a dummy."""
    return (proof.uts * (proof.user_index + 1) + proof.uts - 2) * EXTENSION


def trunk_position(proof: Inclusion) -> int:
    """(32 (batch_index + 1) + 30) 16."""
    return (TRUNK_UTS * (proof.batch_index + 1) + TRUNK_UTS - 2) * EXTENSION


def well_formed(proof: Inclusion) -> bool:
    """Whether every byte string has 32 bytes and both branches a length that a tree can have."""
    rows = (proof.user, proof.trunk)
    strings = [value for row in rows for value in (row.root, row.id, row.random, *row.path)]
    return all(len(value) == HASH_BYTES for value in strings) and all(len(row.path) in _PATH_LENGTHS for row in rows)


def check_leaf(checks: Checks, proof: Inclusion, config: Config | None) -> None:
    """``leaf.sum``, ``leaf.range``, ``leaf.config``; ``config`` is the round's own, if given."""
    rows = (("batch", proof.user, proof.uts), ("trunk", proof.trunk, TRUNK_UTS))
    wrong = [name for name, row, _ in rows if sum(row.coins.values()) != row.total]
    if wrong:
        checks.failed("leaf.sum", say("okx_stark_v1.sum.bad", rows=tuple(_row(name) for name in wrong)), private=True)
    else:
        checks.passed("leaf.sum", say("okx_stark_v1.sum.ok"), private=True)
    wrong = [name for name, row, uts in rows if not _in_range(row, uts)]
    if wrong:
        reason = say("okx_stark_v1.range.bad", rows=tuple(_row(name) for name in wrong))
        checks.failed("leaf.range", reason, private=True)
    else:
        checks.passed("leaf.range", say("okx_stark_v1.range.ok"), private=True)
    named = all(set(row.coins) == set(proof.config.coins) for _, row, _ in rows)
    if not named:
        checks.failed("leaf.config", say("okx_stark_v1.config.keys"))
    elif config is not None and config != proof.config:
        checks.failed("leaf.config", say("okx_stark_v1.config.differs"))
    else:
        key = "okx_stark_v1.config.alone" if config is None else "okx_stark_v1.config.ok"
        checks.passed("leaf.config", say(key, count=len(proof.config.coins)))


def _in_range(row: Row, uts: int) -> bool:
    """0 <= total < 4^(uts-2), and every coin is the value nearest to zero of its residue, so that it is unique."""
    if uts not in SLOT_ROWS or not 0 <= row.total < 4 ** (uts - 2):
        return False
    return all(2 * abs(amount) < P for amount in row.coins.values())


def walk(proof: Inclusion) -> Walked:
    """Both leaves and both branches, as far as positions allow. The proof is well formed."""
    places = []
    for row, position in ((proof.user, user_position(proof)), (proof.trunk, trunk_position(proof))):
        leaves = 1 << (len(row.path) - 1)
        places.append(permuted(position, leaves) if 0 <= position < leaves else -1)
    return Walked(
        user_leaf=leaf_hash(proof.user, proof.config),
        trunk_leaf=leaf_hash(proof.trunk, proof.config),
        batch=tuple(climb(proof.user.path, places[0])) if places[0] >= 0 else (),
        trunk=tuple(climb(proof.trunk.path, places[1])) if places[1] >= 0 else (),
        user_position=places[0],
        trunk_position=places[1],
    )


def check_hashes(checks: Checks, proof: Inclusion, walked: Walked) -> None:
    """``leaf.hash``, ``path.hash``, ``path.link``."""
    for name, row, leaf in (("batch", proof.user, walked.user_leaf), ("trunk", proof.trunk, walked.trunk_leaf)):
        if leaf is None:
            checks.failed("leaf.hash", say("okx_stark_v1.leaf.unhashable", row=_row(name)), private=True)
        elif leaf != row.path[0]:
            reason = say("okx_stark_v1.leaf.differs", row=_row(name))
            checks.failed("leaf.hash", reason, expected=row.path[0].hex(), seen=leaf.hex(), private=True)
    if checks.outcome("leaf.hash") is None:
        checks.passed("leaf.hash", say("okx_stark_v1.leaf.ok"), seen=proof.user.path[0].hex(), private=True)
    for name, row, nodes in (("batch", proof.user, walked.batch), ("trunk", proof.trunk, walked.trunk)):
        if not nodes:
            checks.not_checked("path.hash", say("okx_stark_v1.path.no_position", row=_row(name)))
        elif nodes[-1] != row.root:
            reason = say("okx_stark_v1.path.differs", row=_row(name))
            checks.failed("path.hash", reason, expected=row.root.hex(), seen=nodes[-1].hex())
    if checks.outcome("path.hash") is None:
        levels = len(walked.batch) + len(walked.trunk) - 2
        checks.passed("path.hash", say("okx_stark_v1.path.ok", levels=levels))
    if proof.trunk.id == proof.user.root:
        checks.passed("path.link", say("okx_stark_v1.link.ok"))
    else:
        reason = say("okx_stark_v1.link.bad")
        checks.failed("path.link", reason, expected=proof.user.root.hex(), seen=proof.trunk.id.hex())


def check_position(checks: Checks, proof: Inclusion, *, batch_steps: int | None, trunk_steps: int | None) -> None:
    """``path.position``: slot rows, indexes, and branch lengths (log2(16 steps) siblings where the proof is given)."""
    if proof.uts not in SLOT_ROWS:
        checks.failed("path.position", say("okx_stark_v1.position.uts", uts=proof.uts))
        return
    for name, row, index, position, steps in (
        ("batch", proof.user, proof.user_index, user_position(proof), batch_steps),
        ("trunk", proof.trunk, proof.batch_index, trunk_position(proof), trunk_steps),
    ):
        siblings = len(row.path) - 1
        if index < 0 or position >= 1 << siblings:
            checks.failed("path.position", say("okx_stark_v1.position.outside", row=_row(name)), private=True)
            return
        if steps is not None and 1 << siblings != EXTENSION * steps:
            wanted = str((EXTENSION * steps).bit_length() - 1)
            reason = say("okx_stark_v1.position.length", row=_row(name))
            checks.failed("path.position", reason, expected=wanted, seen=str(siblings))
            return
    checks.passed("path.position", say("okx_stark_v1.position.ok"), private=True)


def amounts(row: Row) -> dict[str, str]:
    """The coins of a row that are not zero, as texts in value units."""
    return {coin: str(amount) for coin, amount in row.coins.items() if amount}


def picture(proof: Inclusion, walked: Walked) -> PathPicture | None:
    """The path through the batch, then from the batch's row through the trunk; None where it could not be walked."""
    if not walked.batch or not walked.trunk:
        return None
    lower = _nodes(proof.user, walked.batch, walked.user_position, first_level=0, kind=NodeKind.LEAF)
    above = _nodes(proof.trunk, walked.trunk, walked.trunk_position, first_level=len(walked.batch), kind=NodeKind.OWN)
    top = PathNode(
        level=len(walked.batch) + len(walked.trunk) - 1, kind=NodeKind.ROOT, side=None, hash=walked.trunk[-1].hex()
    )
    middle = PathNode(level=len(walked.batch) - 1, kind=NodeKind.OWN, side=None, hash=walked.batch[-1].hex())
    return PathPicture((*lower, middle, *above, top), tuple(proof.config.coins))


def _nodes(
    row: Row, nodes: tuple[bytes, ...], position: int, *, first_level: int, kind: NodeKind
) -> tuple[PathNode, ...]:
    sums: Mapping[str, str] = {**amounts(row), TOTAL: str(row.total)}
    made: list[PathNode] = []
    for height, sibling in enumerate(row.path[1:]):
        odd = position & 1
        level = first_level + height
        own_side, other_side = (Side.RIGHT, Side.LEFT) if odd else (Side.LEFT, Side.RIGHT)
        own_kind = kind if height == 0 else NodeKind.OWN
        own_sums = sums if height == 0 else {}
        made += [
            PathNode(level=level, kind=own_kind, side=own_side, hash=nodes[height].hex(), sums=own_sums),
            PathNode(level=level, kind=NodeKind.SIBLING, side=other_side, hash=sibling.hex(), state=NodeState.GIVEN),
        ]
        position //= 2
    return tuple(made)


def _row(name: str) -> Message:
    return Message(f"okx_stark_v1.row.{name}")
