"""The nested JSON tree."""

import json
from decimal import Decimal
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from tests.encoders import nested_tree as encode
from tests.encoders.altering import unnoticed
from tests.publishers.judging import failed, judge, outcome, states

_ID = "cake-tree"


def data(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


@pytest.mark.parametrize("chain", [False, True])
@pytest.mark.parametrize("leaves", [2, 3, 20, 55, 200])
def test_every_leaf_of_an_honest_tree_is_found(leaves: int, chain: bool) -> None:
    tree, made = encode.make(leaves, leaves, chain=chain and leaves < 60)
    for leaf in made[:: 1 + leaves // 10]:
        findings = judge(_ID, data(tree), user={"uid": (leaf["hash"],)})
        assert states(findings) == {"leaf": "undecided", "tree": "verified", "total": "verified"}
        assert outcome(findings, "leaf.found") == "passed"
        assert findings.root == tree["hash"]
        assert findings.leaf_count == leaves


def test_no_changed_character_goes_unnoticed() -> None:
    tree, made = encode.make(1, 6)

    def known(node: Any) -> Any:
        if node is None:
            return None
        assets = node["assets"]
        if node["left"] is None:
            # What a leaf holds is bound through the sums above it: nothing of a coin is nothing of any coin.
            held = [(kind, coin, Decimal(text)) for kind, coins in assets.items() for coin, text in coins.items()]
            assets = [one for one in held if one[2]]
        return [assets, node["hash"], known(node["left"]), known(node["right"])]

    for text in unnoticed(_ID, [data(tree)], 0, seed=1, count=500, user={"uid": (made[2]["hash"],)}):
        assert known(json.loads(text)) == known(tree)


def _deep(levels: int) -> bytes:
    node = encode.leaf("0", {"wallet": {"BTC": "1"}})
    parts = []
    for level in range(levels):
        other = encode.leaf(f"l{level}", {"wallet": {"BTC": "0"}})
        node = {**encode.inner({**node, "left": None, "right": None}, other), "left": None, "right": None}
        parts.append((node["hash"], json.dumps(node["assets"]), json.dumps(other)))
    text = json.dumps(encode.leaf("0", {"wallet": {"BTC": "1"}}))
    head = [f'{{"hash":"{digest}","assets":{assets},"left":' for digest, assets, _ in reversed(parts)]
    return ("".join(head) + text + "".join(f',"right":{other}}}' for _, _, other in parts)).encode()


def test_a_chain_of_nine_thousand_levels_is_walked_and_a_longer_one_refused() -> None:
    findings = judge(_ID, _deep(9000), user={"uid": ("l3",)})
    assert states(findings)["tree"] == "verified"
    with pytest.raises(ReservesError) as caught:
        judge(_ID, _deep(11_000))
    assert caught.value.code is ErrorCode.LIMIT_DEPTH


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda tree: tree["left"].update(hash="00" * 20), "tree.hash"),
        (lambda tree: tree.update(assets={"wallet": {"BTC": "1"}}), "tree.sum"),
        (lambda tree: tree.update(left=None), "tree.shape"),
        (lambda tree: tree.update(left=None, right=None), "tree.shape"),
        (lambda tree: tree["assets"].update({"7": {"BTC": "0"}}), "tree.grammar"),
        (lambda tree: tree["assets"]["wallet"].update({"7": "0"}), "tree.grammar"),
    ],
)
def test_each_defect_fails_its_own_check(change: Any, check: str) -> None:
    tree, _ = encode.make(3, 9)
    tree["assets"].setdefault("wallet", {})
    change(tree)
    assert check in failed(judge(_ID, data(tree)))


def test_negative_amounts_and_repeated_labels_fail_however_well_they_are_hashed() -> None:
    one = encode.leaf("a", {"wallet": {"BTC": "5"}})
    other = encode.leaf("b", {"wallet": {"BTC": "-3"}})
    assert failed(judge(_ID, data(encode.inner(one, other)))) == {"tree.negative"}
    assert failed(judge(_ID, data(encode.inner(one, one)), user={"uid": ("a",)})) == {"tree.unique"}


def test_an_inner_node_is_nobodys_leaf() -> None:
    tree, _ = encode.make(4, 9)
    inner = tree["left"] if tree["left"]["left"] else tree["right"]
    assert failed(judge(_ID, data(tree), user={"uid": (inner["hash"],)})) == {"leaf.found"}


@pytest.mark.parametrize(
    ("amount", "code"),
    [("NaN", ErrorCode.NUMBER_GRAMMAR), ("1e5", ErrorCode.NUMBER_GRAMMAR), (1, ErrorCode.FORMAT_SHAPE)],
)
def test_a_malformed_amount_is_an_error(amount: Any, code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        judge(_ID, data(encode.leaf("a", {"wallet": {"BTC": amount}})))
    assert caught.value.code is code
