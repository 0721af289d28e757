"""No single changed character of a proof goes unnoticed, unless no hash can cover what it changes."""

import json
import string
from decimal import Decimal
from random import Random

import pytest

from reserves_gui.publishers import registry
from tests.encoders import plain_trees, sum_trees
from tests.encoders.judging import accepted, judge

ENCODERS = {**sum_trees.ENCODERS, **plain_trees.ENCODERS}

# Keys that a file may leave out without any hash or rule noticing, beside Format.unbound: a neighbour's ids (the check
# is not made without them), a list of coins that the file's
# amounts already name, a leaf hash beside a record.
DROPPABLE = {
    "okx-merkle-v1": {"nonce"},
    "bitget-merkle": {"encryptUid", "nonce"},
    "uzx-merkle": {"encryptUid", "nonce"},
    "bitunix-merkle": {"encryptUid", "nonce"},
    "ourbit-merkle": {"uid", "allCurrencies", "snapshotDate"},
    "mazars-merkle": {"leaf"},
}
# A root entry may have no totals (total.bound is then not made), no parent and, in newer files of one publisher, no role.
DROPPABLE_AT_ROOT = {"balances", "balance", "role", "parentMerkelLeaf"}


def replaced(data: bytes, position: int, random: Random) -> bytes:
    old = chr(data[position])
    for kind in (string.digits, "abcdef", string.ascii_lowercase, string.ascii_uppercase, "{}[],:\"'| -+="):
        if old in kind:
            new = random.choice([char for char in kind if char != old])
            return data[:position] + new.encode() + data[position + 1 :]
    return data[:position] + b"7" + data[position + 1 :]


def flat(value, path=()):
    """Every leaf value of a JSON document by its key path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from flat(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from flat(each, (*path, number))
    else:
        yield path, value


def as_hashed(format_id: str, document):
    """Amounts without what no hash covers: coins without an amount at the root, the accounts a coin is kept in."""
    by_account = format_id == "ourbit-merkle"
    root = document["root"] if isinstance(document.get("root"), dict) else None
    path = document.get("path") or document.get("pathList")
    root = path[-1] if root is None and isinstance(path, list) and path else root
    entries = [root] if not by_account else [document["self"], *path]
    for entry in entries:
        for key in {"balances", "balance"} & set(entry if isinstance(entry, dict) else ()):
            if isinstance(entry[key], dict):
                sums: dict[str, Decimal] = {}
                for coin, amount in entry[key].items():
                    name = coin.partition(":")[0] if by_account else coin
                    sums[name] = sums.get(name, Decimal(0)) + Decimal(str(amount))
                entry[key] = {coin: str(amount) for coin, amount in sums.items() if amount}
    return document


def same(first, second) -> bool:
    if first == second:
        return True
    try:
        return Decimal(str(first)) == Decimal(str(second))
    except ArithmeticError:
        return False


def irrelevant(format_id: str, before: bytes, after: bytes) -> bool:
    """Whether all that differs lies in a field that no hash covers, or is a key that the file may leave out."""
    one, two = (
        dict(flat(as_hashed(format_id, json.loads(data, parse_float=str, parse_int=str)))) for data in (before, after)
    )
    last = max((path[1] for path in one if path[0] in ("path", "pathList") and len(path) > 1), default=None)
    for path in one.keys() | two.keys():
        if same(one.get(path), two.get(path)):
            continue
        known = set(registry.by_id(format_id).unbound) | DROPPABLE.get(format_id, set())
        if path[0] == "root" or (path[0] in ("path", "pathList") and path[1:2] == (last,)):
            known |= DROPPABLE_AT_ROOT
        if known & set(path):
            continue
        if path in one:
            return False
        # A renamed key: where it stands now, a known key must have gone.
        depth = next(n for n in range(len(path)) if not any(each[: n + 1] == path[: n + 1] for each in one))
        here = {each[depth] for each in one if each[:depth] == path[:depth] and len(each) > depth}
        there = {each[depth] for each in two if each[:depth] == path[:depth] and len(each) > depth}
        if not (here - there) & known:
            return False
    return True


@pytest.mark.parametrize("kind", ENCODERS)
def test_every_changed_character_is_noticed_or_covered_by_nothing(kind):
    format_id = kind.partition("/")[0]
    random = Random(kind)
    tree = ENCODERS[kind](random, 3)
    data = tree.bytes_of(2 if len(tree.proofs) == 3 else 1)
    published = () if tree.anchor is None else (json.dumps(tree.anchor).encode(),)
    honest = accepted(format_id, data, published=published)
    assert honest is not None
    unnoticed = []
    for position in range(len(data)):
        changed = replaced(data, position, random)
        found = accepted(format_id, changed, published=published)
        # What was proven of the honest file must be proven of this one, else the change was noticed.
        if found is not None and found.states == honest.states and not irrelevant(format_id, data, changed):
            unnoticed.append((position, data[position - 30 : position + 20], changed[position : position + 1]))
    assert unnoticed == []


@pytest.mark.parametrize("kind", ENCODERS)
def test_cut_off_files_are_never_accepted(kind):
    format_id = kind.partition("/")[0]
    random = Random(kind)
    data = ENCODERS[kind](random, 5).bytes_of(3)
    for length in sorted(random.sample(range(len(data) - 1), 40)):
        assert accepted(format_id, data[:length]) is None


@pytest.mark.parametrize("kind", ENCODERS)
def test_a_proof_is_of_its_own_format_alone(kind):
    from reserves_gui.intake.document import from_bytes

    data = ENCODERS[kind](Random(kind), 5).bytes_of(3)
    fitting = registry.candidates(from_bytes("proof.json", data))
    best = [each for each in fitting if each.match.strength == fitting[0].match.strength]
    assert [each.format.id for each in best] == [kind.partition("/")[0]]


def test_the_anchor_of_another_tree_fails():
    one, two = (sum_trees.hotcoin(Random(seed), 9) for seed in (1, 2))
    judged = judge("hotcoin-merkle", one.bytes_of(3), published=(json.dumps(two.anchor).encode(),))
    assert {"path.hash", "total.bound"} <= judged.failed
    beside = judge("hotcoin-merkle", one.bytes_of(3), json.dumps(two.anchor).encode())
    assert {"path.hash", "total.bound"} <= beside.failed
    assert beside.findings.root_checks == ()
