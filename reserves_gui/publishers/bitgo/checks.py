"""Every check of a user's file: leaf, three paths, the links between layers, three proofs, the stated sums."""

import hashlib
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from reserves_gui.merkle.asked import check_expected, check_identity
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.bitgo.user_file import LAYERS, Layer, UserFile, wallet_number
from reserves_gui.publishers.port import Given
from reserves_gui.verdict import Check, Checks, Outcome
from reserves_gui.zk.bn254 import SCALAR_FIELD, element_hex
from reserves_gui.zk.gnark import GnarkError, read_key, read_proof
from reserves_gui.zk.groth16 import Judgement, verify
from reserves_gui.zk.mimc_bn254 import mimc
from reserves_gui.zk.pairings import pairing_library

DEPTH = 10
_AMOUNT_BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of a file. ``top`` is the value to compare with the published one; ``nodes`` the user's own path."""

    checks: Checks
    root_checks: Checks
    leaf: int | None
    nodes: tuple[int, ...]
    top: int | None
    proven: bool
    keys: tuple[tuple[str, str, bool], ...]


@cache
def asset_orders() -> tuple[tuple[str, ...], ...]:
    """The asset orders of the known circuits."""
    text = (resources.files("reserves_gui.resources") / "zk" / "bitgo_assets.toml").read_text(encoding="utf-8")
    return tuple(tuple(one["symbols"].split()) for one in tomllib.loads(text)["order"])


def check_user(file: UserFile, given: Given, progress: Progress) -> Judged:
    """Judge the file; what one step needs and the step before could not give is said to be missing."""
    checks, root_checks = Checks(), Checks()
    _check_leaf(checks, file, given)
    leaf = None
    if checks.outcome("leaf.range") is Outcome.PASSED and file.wallet is not None:
        leaf = mimc((file.wallet, mimc(file.amounts)))
    nodes = _check_paths(checks, file, leaf)
    top = _check_top(root_checks, file)
    keys = _check_keys(checks, file, given, top)
    _check_proofs(checks, file, progress)
    proven = all(checks.outcome(name) is Outcome.PASSED for name in ("proof.groth16", "proof.key"))
    _check_bound(checks, proven=proven and root_checks.outcome("root.commitment") is Outcome.PASSED)
    return Judged(checks=checks, root_checks=root_checks, leaf=leaf, nodes=nodes, top=top, proven=proven, keys=keys)


def _check_leaf(checks: Checks, file: UserFile, given: Given) -> None:
    wallet = file.wallet
    fits = wallet is not None and wallet < SCALAR_FIELD
    if fits and all(0 <= amount < 1 << _AMOUNT_BITS for amount in file.amounts):
        checks.passed("leaf.range", say("bitgo.range_ok"))
    else:
        checks.failed("leaf.range", say("bitgo.range_bad"), private=True)
    _check_order(checks, file)
    account = given.secret("account")
    stated = None if account is None else wallet_number(account)
    check_identity(
        checks,
        {"account": None if account is None else str(stated)},
        {"account": "" if wallet is None else str(wallet)},
    )
    named = None
    if file.assets and len(set(file.assets)) == len(file.assets):
        named = {name: Decimal(amount) for name, amount in zip(file.assets, file.amounts, strict=True)}
    check_expected(checks, given.expected, named)


def _check_order(checks: Checks, file: UserFile) -> None:
    """The hash binds amounts by position: labels must be those of a known circuit, in its order."""
    if not file.assets:
        checks.not_checked("leaf.order", say("bitgo.order_none"))
        return
    if file.assets in asset_orders():
        checks.passed("leaf.order", say("bitgo.order_ok", count=len(file.assets)))
    elif any(set(file.assets) == set(order) or len(file.assets) == len(order) for order in asset_orders()):
        checks.failed("leaf.order", say("bitgo.order_bad"))
    else:
        checks.not_checked("leaf.order", say("bitgo.order_unknown", count=len(file.assets)))


def _check_paths(checks: Checks, file: UserFile, leaf: int | None) -> tuple[int, ...]:
    """Three walks of ten levels; the nodes of the first one, from the leaf up."""
    bottom, middle, top = file.layers
    walks: tuple[tuple[str, int | None, int, Sequence[int | None], int | None], ...] = (
        (bottom.name, leaf, file.position, file.path, bottom.root),
        (middle.name, bottom.summed, bottom.position, bottom.path, middle.root),
        (top.name, middle.summed, middle.position, middle.path, top.root),
    )
    lengths = [name for name, _, _, path, _ in walks if len(path) != DEPTH]
    _made(checks, "path.length", lengths, "bitgo.length_ok", "bitgo.length_bad")
    places = [name for name, _, position, _, _ in walks if not 0 <= position < 1 << DEPTH]
    _made(checks, "path.position", places, "bitgo.position_ok", "bitgo.position_bad")
    elements = [one.name for one in file.layers if one.root is None or one.summed is None]
    elements += [name for name, _, _, path, _ in walks if any(sibling is None for sibling in path)]
    _made(checks, "path.range", elements, "bitgo.element_ok", "bitgo.element_bad")
    own: tuple[int, ...] = ()
    broken, open_walks = [], []
    for name, start, position, path, root in walks:
        siblings = [sibling for sibling in path if sibling is not None]
        if start is None or root is None or len(siblings) != DEPTH or not 0 <= position < 1 << DEPTH:
            open_walks.append(name)
            continue
        nodes = _walk(start, position, siblings)
        if name == LAYERS[0]:
            own = nodes
        if nodes[-1] != root:
            broken.append(name)
    if broken:
        checks.failed("path.hash", say("bitgo.hash_bad", layers=_named(broken)))
    elif open_walks:
        checks.not_checked("path.hash", say("bitgo.hash_open", layers=_named(open_walks)))
    else:
        checks.passed("path.hash", say("bitgo.hash_ok"))
    if LAYERS[0] in (*broken, *open_walks):
        checks.not_checked("leaf.hash", say("bitgo.leaf_open"))
    else:
        checks.passed("leaf.hash", say("bitgo.leaf_ok"))
    return own


def _walk(start: int, position: int, siblings: Sequence[int]) -> tuple[int, ...]:
    nodes = [start]
    for level, sibling in enumerate(siblings):
        here = nodes[-1]
        nodes.append(mimc((sibling, here) if position >> level & 1 else (here, sibling)))
    return tuple(nodes)


def _check_top(root_checks: Checks, file: UserFile) -> int | None:
    """The value to publish: MiMC(root of the top layer, MiMC(sums)), recomputed from the sums in the file."""
    top = file.layers[-1]
    if top.root is None or top.summed is None:
        root_checks.failed("root.commitment", say("bitgo.top_element"))
        return top.summed
    in_range = all(0 <= amount < SCALAR_FIELD for amount in file.sums)
    same_labels = not file.sum_assets or file.sum_assets == file.assets
    if not in_range or len(file.sums) != len(file.amounts) or not same_labels:
        root_checks.failed("root.commitment", say("bitgo.sums_shape"))
        return top.summed
    made = mimc((top.root, mimc(file.sums)))
    values = {"expected": element_hex(made), "seen": element_hex(top.summed)}
    if made == top.summed:
        root_checks.passed("root.commitment", say("bitgo.top_ok"), **values)
    else:
        root_checks.failed("root.commitment", say("bitgo.top_bad"), **values)
    return top.summed


def _check_keys(checks: Checks, file: UserFile, given: Given, top: int | None) -> tuple[tuple[str, str, bool], ...]:
    """(layer, SHA-256 of the key, whether it is pinned): every key comes in the user's own file."""
    root = None if top is None else element_hex(top)
    pins = {*given.pins, *(one.sha256 for one in given.kept_keys if root is not None and one.root != root)}
    broken = [layer.name for layer in file.layers if not _usable(layer)]
    found = tuple((layer.name, digest, digest in pins) for layer in file.layers for digest in _digests(layer))
    prints = tuple(say("bitgo.layer_key", layer=_layer(name), sha256=digest) for name, digest, _ in found)
    if broken:
        checks.failed("proof.key", say("bitgo.key_bad", layers=_named(broken)))
    elif all(pinned for _, _, pinned in found):
        checks.passed("proof.key", say("bitgo.key_pinned", keys=prints))
    else:
        checks.not_checked("proof.key", say("bitgo.key_unpinned", keys=prints))
    return found


def _digests(layer: Layer) -> tuple[str, ...]:
    return () if layer.key is None else (hashlib.sha256(layer.key).hexdigest(),)


def _usable(layer: Layer) -> bool:
    if layer.key is None:
        return False
    try:
        key = read_key(layer.key)
    except GnarkError:
        return False
    return pairing_library().prepare(key) is not None


def _check_proofs(checks: Checks, file: UserFile, progress: Progress) -> None:
    """Each layer's proof for its two public inputs: the root, and the hash of root and sums."""
    if checks.outcome("proof.key") is Outcome.FAILED:
        checks.not_checked("proof.groth16", say("bitgo.proof_no_key"))
        return
    bad: list[str] = []
    unsupported: list[str] = []
    for layer in file.layers:
        progress.checkpoint()
        judged = _judge(layer)
        if judged is Judgement.UNSUPPORTED:
            unsupported.append(layer.name)
        elif judged is not Judgement.HOLDS:
            bad.append(layer.name)
    if bad:
        checks.failed("proof.groth16", say("bitgo.proof_bad", layers=_named(bad)))
    elif unsupported:
        checks.not_checked("proof.groth16", say("bitgo.proof_unsupported", layers=_named(unsupported)))
    else:
        checks.passed("proof.groth16", say("bitgo.proof_ok"))


def _judge(layer: Layer) -> Judgement:
    if layer.key is None or layer.proof is None or layer.root is None or layer.summed is None:
        return Judgement.SHAPE
    key = read_key(layer.key)
    prepared = pairing_library().prepare(key)
    try:
        proof = read_proof(layer.proof)
    except GnarkError:
        return Judgement.SHAPE
    return Judgement.SUBGROUP if prepared is None else verify(key, prepared, proof, (layer.root, layer.summed))


def _check_bound(checks: Checks, *, proven: bool) -> None:
    for name, good, open_key in (
        ("path.link", "bitgo.link_ok", "bitgo.link_open"),
        ("total.bound", "bitgo.bound_ok", "bitgo.bound_open"),
    ):
        if proven:
            checks.passed(name, say(good))
        else:
            checks.not_checked(name, say(open_key))


def _made(checks: Checks, name: str, wrong: Collection[str], good: str, bad: str) -> None:
    if wrong:
        checks.add(Check(name, Outcome.FAILED, say(bad, layers=_named(wrong))))
    else:
        checks.add(Check(name, Outcome.PASSED, say(good)))


def _named(layers: Collection[str]) -> tuple[Message, ...]:
    return tuple(_layer(layer) for layer in LAYERS if layer in layers)


def _layer(name: str) -> Message:
    return Message(f"bitgo.layer.{name}")
