"""Each liability followed up to the root of its tree.

K(key, text) = hex HMAC-SHA256, keys are texts.

    audit nonce = K( credential,  "SB PoL - Audit nonce derivation," || audit id )
    tree nonce  = K( audit nonce, "SB PoL - Currency Merkle tree nonce derivation," || currency )
    leaf nonce  = K( tree nonce,  "SB PoL - Leaf nonce derivation," || leaf_index )
    leaf        = hex SHA256( "leaf,<leaf nonce>,<user_id>,<liability>" )                    liability verbatim
    inner       = hex SHA256( "inner,<balL>,<balR>,<hashL>,<hashR>" )                        shortest decimals
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from reserves_gui.amounts import stripped
from reserves_gui.evidence import Side
from reserves_gui.merkle.bound_path import BoundNode, BoundStep, climb
from reserves_gui.progress import Progress
from reserves_gui.publishers.swissborg.reading import Audit, Liability, Partition, User, digest_of


@dataclass(frozen=True, slots=True)
class Walk:
    """One liability followed up: the nodes from the leaf, and whether the stated nonce is the one that was derived."""

    liability: Liability
    partition: Partition | None
    nodes: tuple[BoundNode, ...]
    steps: tuple[BoundStep, ...]
    nonce_fits: bool

    @property
    def reached(self) -> bool:
        """Whether the path ends in the root that the audit states for the currency."""
        return self.partition is not None and bool(self.nodes) and self.nodes[-1].hash == self.partition.digest


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _leaf(nonce: str, user_id: str, liability: str) -> str:
    return digest_of(f"leaf,{nonce},{user_id},{liability}")


def _inner(left: BoundNode, right: BoundNode) -> str:
    (one,), (other,) = left.amounts.values(), right.amounts.values()
    return digest_of(f"inner,{stripped(one)},{stripped(other)},{left.hash},{right.hash}")


def follow(user: User, audit: Audit | None, credential: str | None, progress: Progress) -> tuple[Walk, ...]:
    """Every liability followed up, with the leaf from the user's own ``credential`` where it is given."""
    partitions: dict[str, Partition] = {}
    for partition in () if audit is None else audit.partitions:
        partitions.setdefault(partition.id, partition)
    walks = []
    for liability in user.liabilities:
        progress.checkpoint()
        walks.append(_walk(user, liability, partitions.get(liability.partition), credential))
    return tuple(walks)


def _walk(user: User, liability: Liability, partition: Partition | None, credential: str | None) -> Walk:
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
        return Walk(liability, partition, path(leaf), steps, liability.nonce in (None, nonce, leaf))
    if liability.nonce is None:
        return Walk(liability, partition, (), steps, nonce_fits=False)
    walked = Walk(
        liability, partition, path(_leaf(liability.nonce, user.user_id, liability.text)), steps, nonce_fits=False
    )
    # The oldest files state the leaf itself where later ones state its nonce.
    oldest = Walk(liability, partition, path(liability.nonce), steps, nonce_fits=False)
    return oldest if oldest.reached else walked
