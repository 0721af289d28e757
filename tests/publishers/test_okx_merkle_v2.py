"""OKX's tree of 2022: every parent, every sign, every piece."""

import copy
import json
import random
from decimal import Decimal

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.verdict import Outcome
from tests.encoders.level_tree import LevelTree, Node, build, make, parent, user_file
from tests.publishers.judging import failed, judge, outcome, states

FORMAT = "okx-merkle-v2"


def rehash(tree: LevelTree) -> None:
    for at in range(len(tree.levels) - 2, -1, -1):
        below = tree.levels[at + 1]
        fresh = [parent(below[2 * k], below[2 * k + 1], len(tree.levels) - at) for k in range(len(below) // 2)]
        tail = [Node(fresh[-1].hash, tree.levels[at][-1].values)] if len(tree.levels[at]) > len(fresh) else []
        tree.levels[at] = fresh + tail


@pytest.mark.parametrize(
    ("seed", "users", "reverse"), [(1, 1, True), (2, 2, False), (3, 7, True), (4, 33, False), (5, 120, True)]
)
def test_every_user_of_an_honest_tree_is_found(seed: int, users: int, reverse: bool) -> None:
    tree = make(seed, users, reverse=reverse)
    for user in tree.users:
        findings = judge(FORMAT, tree.text(), user_file(user))
        assert failed(findings) == set()
        assert findings.root == tree.root
        wanted = {"leaf": "verified", "tree": "verified", "total": "verified"}
        assert states(findings) == wanted
        hashes = {piece["hash"] for piece in user["nodes"]}  # type: ignore[attr-defined]
        assert {tree.levels[-1][leaf].hash for leaf in findings.leaves or ()} == hashes
    assert findings.padding_leaves == int(len(tree.levels[-1]) > 1 and not any(tree.levels[-1][-1].values))


def test_each_file_alone_leaves_the_rest_undecided() -> None:
    tree = make(6, 9)
    assert states(judge(FORMAT, tree.text())) == {"leaf": "undecided", "tree": "verified", "total": "verified"}
    findings = judge(FORMAT, user_file(tree.users[0]))
    assert states(findings) == {"leaf": "undecided", "tree": "undecided", "total": "undecided"}
    assert findings.guarantees is not None
    assert findings.guarantees.sum_binding.value == "none"


@pytest.mark.parametrize("seed", range(4))
def test_every_changed_node_is_found(seed: int) -> None:
    draw = random.Random(seed)
    tree = make(seed + 20, 25, reverse=bool(seed % 2))
    for _ in range(15):
        level = draw.randrange(len(tree.levels))
        at = draw.randrange(len(tree.levels[level]))
        kept = tree.levels[level][at]
        if draw.random() < 0.5:
            tree.levels[level][at] = Node(bytes(32).hex(), kept.values)
        else:
            tree.levels[level][at] = Node(kept.hash, [kept.values[0] + 1, *kept.values[1:]])
        findings = judge(FORMAT, tree.text())
        assert failed(findings), (level, at)
        tree.levels[level][at] = kept


def test_a_failing_node_is_named_by_its_place() -> None:
    tree = make(30, 25)
    kept = tree.levels[2][1]
    tree.levels[2][1] = Node(kept.hash, [kept.values[0] + 1, *kept.values[1:]])
    findings = judge(FORMAT, tree.text())
    line = next(number for number, text in enumerate(tree.lines(), 1) if text.startswith(kept.hash))
    places = [(one["check"], one["row"], one["position"], one["line"]) for one in findings.extra["failing_nodes"]]  # type: ignore[attr-defined]
    assert ("tree.sum", 2, 1, line) in places
    assert ("tree.hash", 2, 1, line) in places


def test_g2_a_negative_leaf_is_rejected() -> None:
    leaves = [
        Node(bytes([at]).hex() * 32, [Decimal(value), Decimal(0), Decimal(0)]) for at, value in enumerate((5, -3, 1, 2))
    ]
    findings = judge(FORMAT, build(leaves, reverse=True).text())
    assert failed(findings) == {"tree.negative"}


def test_g19_padding_with_a_balance_is_rejected() -> None:
    tree = build([Node(bytes([at]).hex() * 32, [Decimal(at), Decimal(0), Decimal(0)]) for at in range(3)], reverse=True)
    tree.levels[-1][-1] = Node(tree.levels[-1][-1].hash, [Decimal(9), Decimal(0), Decimal(0)])
    rehash(tree)
    findings = judge(FORMAT, tree.text())
    assert "tree.padding" in failed(findings)


def test_g22_a_changed_root_row_fails_hash_sum_and_total() -> None:
    tree = make(31, 9)
    root = tree.levels[0][0]
    tree.levels[0][0] = Node(root.hash, [root.values[0], root.values[1], root.values[2] - 1])
    assert {"tree.hash", "tree.sum", "total.bound"} <= failed(judge(FORMAT, tree.text()))


def test_g17_a_piece_listed_twice_is_a_duplicate() -> None:
    tree = make(32, 9)
    user = copy.deepcopy(next(user for user in tree.users if len(user["nodes"]) > 1))  # type: ignore[arg-type]
    user["nodes"].append(user["nodes"][0])  # type: ignore[attr-defined,index]
    assert {"leaf.duplicate", "leaf.sum"} <= failed(judge(FORMAT, tree.text(), user_file(user)))


def test_g24_a_users_file_of_another_tree_is_not_found() -> None:
    findings = judge(FORMAT, make(33, 9).text(), user_file(make(34, 9).users[0]))
    assert failed(findings) == {"leaf.found"}


def test_a_leaf_that_stands_twice_in_the_tree_is_not_found_exactly_once() -> None:
    tree = make(35, 9)
    user = tree.users[0]
    again = next(leaf for leaf in tree.levels[-1] if leaf.hash == user["nodes"][0]["hash"])  # type: ignore[index]
    leaves = [leaf for leaf in tree.levels[-1] if any(leaf.values)] + [Node("ab" * 32, [Decimal(1)] * 3), again]
    findings = judge(FORMAT, build(leaves, reverse=True).text(), user_file(user))
    assert "leaf.found" in failed(findings)


def test_every_changed_field_of_a_users_file_is_noticed() -> None:
    tree = make(36, 9)
    user = tree.users[0]

    def leaves(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        if isinstance(value, dict):
            return [one for key, item in value.items() for one in leaves(item, (*path, key))]
        if isinstance(value, list):
            return [one for at, item in enumerate(value) for one in leaves(item, (*path, at))]
        return [path]

    for path in leaves(user):
        changed = copy.deepcopy(user)
        place: object = changed
        for key in path[:-1]:
            place = place[key]  # type: ignore[index]
        text = place[path[-1]]  # type: ignore[index]
        place[path[-1]] = ("1" if text[0] != "1" else "2") + text[1:]  # type: ignore[index]
        assert failed(judge(FORMAT, tree.text(), user_file(changed))), path


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda lines: lines[:-1], "tree.complete"),
        (lambda lines: [*lines, lines[-1]], "tree.complete"),
        (lambda lines: lines[:3] + lines[4:], "tree.complete"),
        (lambda lines: [lines[0], *lines], "tree.complete"),
        (lambda lines: [line for line in lines if ",1,{" not in line], "tree.complete"),
        (lambda lines: [line for line in lines if ",2,{" not in line], "tree.complete"),
        (lambda lines: [*lines, ""], "tree.grammar"),
        (lambda lines: [lines[0], "", *lines[1:]], "tree.grammar"),
        (lambda lines: [lines[0], lines[1].upper(), *lines[2:]], "tree.grammar"),
        (lambda lines: [lines[0], lines[1].replace('"BTC":"', '"BTC": "'), *lines[2:]], "tree.grammar"),
        (lambda lines: [lines[0], lines[1].replace('"}', '.0"}'), *lines[2:]], "tree.grammar"),
        (lambda lines: [lines[0], lines[1].replace('"BTC":"', '"BTC":"0'), *lines[2:]], "tree.grammar"),
        (lambda lines: [lines[0], lines[1].replace('"BTC":"', '"BTC":"-0",'), *lines[2:]], "tree.grammar"),
        (lambda lines: [lines[0], lines[1] + " " * 5000, *lines[2:]], "tree.grammar"),
    ],
)
def test_wrong_shapes_and_lines_fail(change: object, check: str) -> None:
    lines = change(make(37, 20).lines())  # type: ignore[operator]
    findings = judge(FORMAT, ("\n".join(lines) + "\n").encode())
    assert check in failed(findings)


def test_after_a_bad_line_pieces_are_still_looked_up() -> None:
    tree = make(38, 20)
    lines = tree.lines()
    lines[1] += "x"
    findings = judge(FORMAT, ("\n".join(lines) + "\n").encode(), user_file(tree.users[0]))
    assert failed(findings) == {"tree.grammar"}
    assert outcome(findings, "leaf.found") is Outcome.PASSED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda user: user.pop("nonce"), ErrorCode.FORMAT_SHAPE),
        (lambda user: user["nodes"][0].pop("hash"), ErrorCode.FORMAT_SHAPE),
        (lambda user: user["totalBalances"].update(BTC="1e5"), ErrorCode.NUMBER_GRAMMAR),
        (lambda user: user["totalBalances"].update(BTC="0." + "0" * 40 + "1"), ErrorCode.NUMBER_GRAMMAR),
        (lambda user: user["totalBalances"].update(SOL="1"), ErrorCode.FORMAT_NEWER),
        (lambda user: user.update(hash="xy"), ErrorCode.FORMAT_SHAPE),
    ],
)
def test_unusable_user_files_are_errors(change: object, code: ErrorCode) -> None:
    user = copy.deepcopy(make(39, 3).users[0])
    change(user)  # type: ignore[operator]
    with pytest.raises(ReservesError) as caught:
        judge(FORMAT, json.dumps(user).encode())
    assert caught.value.code is code
