"""Whole trees of the BitMEX and River format: honest ones verify, every attack of the list is named."""

import random
from typing import Self

import pytest

from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.intake.document import Document, from_bytes
from reserves_gui.progress import Progress
from reserves_gui.publishers.registry import candidates
from reserves_gui.verdict import Findings, Outcome
from tests.encoders.keyed_tree import Tree, leaf_digest, make, nonce_of, parent, river_user
from tests.publishers.judging import failed, judge, outcome, states

FORMAT = "bitmex-tree"


def coins(sats: int) -> str:
    whole, rest = divmod(sats, 10**8)
    return f"{whole}.{rest:08d}".rstrip("0").rstrip(".")


def verify(content: bytes, **given: object) -> Findings:
    return judge(FORMAT, content, **given)


def joined(tree: Tree, lines: list[str], end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


@pytest.mark.parametrize(("seed", "users", "river"), [(1, 1, False), (2, 3, False), (3, 40, False), (4, 200, True)])
def test_every_user_of_an_honest_tree_finds_the_whole_balance(seed: int, users: int, river: bool) -> None:
    tree = make(seed, users, river=river)
    content = tree.text()
    for user in tree.users:
        findings = verify(content, user=user.args(), expected=(("BTC", coins(user.balance)),))
        assert failed(findings) == set()
        assert states(findings) == {"leaf": "verified", "tree": "verified", "total": "verified"}
        assert findings.balances == {"BTC": coins(user.balance)}
        assert findings.root == tree.root
        assert findings.snapshot_height_bound is True
    assert findings.total == {"BTC": coins(sum(user.balance for user in tree.users))}
    assert findings.leaf_count == len(tree.rows[-1])
    assert findings.exchange == ("River" if river else "BitMEX")
    assert findings.padding_leaves == (tree.owners.count(None) if river else 0)


def test_several_accounts_are_scanned_in_one_run() -> None:
    tree = make(5, 6)
    user = {
        "account": tuple(str(one.account) for one in tree.users[:3]),
        "account_nonce": tuple(one.account_nonce.hex() for one in tree.users[:3]),
    }
    findings = verify(tree.text(), user=user)
    assert states(findings)["leaf"] == "verified"
    assert findings.balances == {"BTC": coins(sum(one.balance for one in tree.users[:3]))}
    owned = tuple(leaf for leaf, owner in enumerate(tree.owners) if owner in (0, 1, 2))
    assert findings.leaves == owned
    user["account"] = (*user["account"][:2], "123")
    assert failed(verify(tree.text(), user=user)) == {"leaf.found"}


def test_one_identity_may_have_several_account_ids() -> None:
    tree = make(6, 2)
    email, key = "a@example.org", bytes(range(32))
    ids = [river_user(number, email, key, 5) for number in (77, 2**40)]
    for leaf, user in zip((0, 1), ids, strict=True):
        nonce = nonce_of(user.account_nonce, tree.height, user.account)
        tree.rows[-1][leaf] = (leaf_digest(nonce, 5, leaf), 5)
    tree.rehash()
    user = {"uid": tuple(one.uid for one in ids), "email": (email,), "key": (key.hex(),)}
    findings = verify(tree.text(), user=user)
    assert findings.leaves == (0, 1)
    assert findings.exchange == "River"
    assert failed(verify(tree.text(), user={**user, "email": (email.upper(),)})) == {"leaf.found"}


def test_without_a_key_the_tree_is_judged_and_the_leaf_undecided() -> None:
    findings = verify(make(7, 5).text())
    assert states(findings) == {"leaf": "undecided", "tree": "verified", "total": "verified"}
    assert findings.leaves is None


def test_the_snapshot_key_alone_does_not_bind_the_height() -> None:
    tree = make(8, 5)
    user = tree.users[2]
    nonce = nonce_of(user.account_nonce, tree.height, user.account).hex()
    lines = tree.lines
    lines[0] = "block_height:1"
    findings = verify(joined(tree, lines), user={"nonce": (nonce,)})
    assert states(findings)["leaf"] == "verified"
    assert findings.snapshot_height_bound is False
    assert outcome(findings, "leaf.height") is Outcome.NOT_CHECKED
    assert failed(verify(joined(tree, lines), user=user.args())) == {"leaf.found"}


def test_a_snapshot_key_beside_the_long_lived_one_must_be_the_derived_one() -> None:
    tree = make(9, 4)
    user = tree.users[0]
    nonce = nonce_of(user.account_nonce, tree.height, user.account).hex()
    assert failed(verify(tree.text(), user={**user.args(), "nonce": (nonce,)})) == set()
    assert failed(verify(tree.text(), user={**user.args(), "nonce": ("ab" * 32,)})) == {"leaf.height"}


@pytest.mark.parametrize(
    "user",
    [
        {"account": ("1",)},
        {"account_nonce": ("ab" * 32,)},
        {"account": ("01",), "account_nonce": ("ab" * 32,)},
        {"account": (str(2**64),), "account_nonce": ("ab" * 32,)},
        {"account": ("1",), "account_nonce": ("ab" * 31,)},
        {"account": ("1", "2", "3"), "account_nonce": ("ab" * 32, "cd" * 32)},
        {"nonce": ("xy" * 32,)},
        {"uid": ("abc",), "email": ("a",), "key": ("ab" * 32,)},
        {"uid": ("A",), "email": ("a",), "key": ("ab" * 32,)},
        {"uid": ("B" * 24,), "email": ("a",), "key": ("ab" * 32,)},
        {"uid": ("AAAA",), "key": ("ab" * 32,)},
        {"email": ("a",)},
    ],
)
def test_unusable_keys_are_usage_errors(user: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ReservesError) as caught:
        verify(make(1, 1).text(), user=user)
    assert caught.value.code is ErrorCode.USAGE
    assert "abab" not in str(caught.value)


def test_a1_an_understated_subtree_is_named() -> None:
    tree = make(10, 30)
    tree.rows[1][1] = (b"\xab" * 32, 1)
    tree.rows[0][0] = parent(tree.rows[1][0], tree.rows[1][1])
    findings = verify(tree.text(), user=tree.users[0].args())
    assert failed(findings) == {"tree.hash", "tree.sum"}
    assert [one["node"] for one in findings.extra["failing_nodes"]] == [2, 2]
    assert states(findings) == {"leaf": "verified", "tree": "failed", "total": "undecided"}


@pytest.mark.parametrize("cut", [1, 2, 3, 10])
def test_a2_a_truncated_file_is_not_whole(cut: int) -> None:
    tree = make(11, 20)
    findings = verify(joined(tree, tree.lines[:-cut]), user=tree.users[0].args())
    assert failed(findings) == {"tree.complete"}
    assert states(findings)["leaf"] == "undecided"
    check = next(check for claim in findings.claims for check in claim.checks if check.id == "tree.complete")
    nodes = len(tree.lines) - 1
    assert check.seen == str(nodes - cut)
    assert str(nodes) in str(check.expected)


def test_a3_a_negative_inner_value_is_named() -> None:
    tree = make(12, 30)
    digest, _ = tree.rows[2][2]
    tree.rows[2][2] = (digest, -5)
    findings = verify(tree.text(), user=tree.users[0].args())
    assert failed(findings) == {"tree.negative", "tree.sum"}
    assert {one["node"] for one in findings.extra["failing_nodes"]} >= {5}


@pytest.mark.parametrize(
    "bad",
    [
        lambda line: line.upper(),
        lambda line: line.replace(",", ", "),
        lambda line: line.replace(",", ",+"),
        lambda line: line.replace(",", ",0"),
        lambda line: line[:63] + " " + line[64:],
        lambda line: line[1:],
        lambda line: "a" + line,
        lambda line: line + ",1",
        lambda line: line + "_0",
        lambda line: line + "\r",
        lambda line: line.replace(",", ""),
        lambda line: line[:64],
        lambda line: line[:65],
        lambda line: line[:65] + "1" * 21,
        lambda line: line[:65] + "-0",
        lambda line: "",
        lambda line: "\x00" + line,
        lambda line: line[:65] + "\u0661",
        lambda line: line + "a" * 100_000,
    ],
)
@pytest.mark.parametrize("at", [1, 2, 9, -2])
def test_a5_a8_lines_outside_the_grammar_are_named(bad: object, at: int) -> None:
    tree = make(13, 30)
    lines = tree.lines
    lines[at] = bad(lines[at])  # type: ignore[operator]
    findings = verify(joined(tree, lines), user=tree.users[0].args())
    assert failed(findings) == {"tree.grammar"}
    reason = next(check.reason for claim in findings.claims for check in claim.checks if check.id == "tree.grammar")
    assert reason.args["line"] == at % len(lines) + 1
    assert outcome(findings, "tree.hash") is Outcome.NOT_CHECKED
    assert findings.balances or outcome(findings, "leaf.found") is Outcome.NOT_CHECKED


def test_a6_the_roots_own_value_is_compared_with_its_children() -> None:
    tree = make(14, 10)
    tree.rows[0][0] = (tree.rows[0][0][0], 1)
    findings = verify(tree.text(), user=tree.users[0].args())
    assert failed(findings) == {"tree.sum", "total.bound"}
    assert findings.total == {"BTC": coins(sum(user.balance for user in tree.users))}


@pytest.mark.parametrize("extra", [1, 2, 5])
def test_a7_trailing_lines_are_not_read_as_a_mismatch(extra: int) -> None:
    tree = make(15, 20)
    findings = verify(joined(tree, tree.lines + tree.lines[-1:] * extra), user=tree.users[0].args())
    assert failed(findings) == {"tree.complete"}


def test_a9_one_final_line_end_is_accepted_and_no_more() -> None:
    tree = make(16, 20)
    args = {"user": tree.users[0].args()}
    assert failed(verify(tree.text()[:-1], **args)) == set()
    for tail in (b"\n", b"\n\n\n", b"\r\n"):
        findings = verify(tree.text() + tail, **args)
        assert failed(findings) == {"tree.grammar"}
        assert findings.balances == {"BTC": coins(tree.users[0].balance)}


def test_a10_a_value_of_2_to_the_64_is_out_of_range() -> None:
    tree = make(17, 20)
    tree.rows[-1][3] = (tree.rows[-1][3][0], 2**64)
    assert "tree.range" in failed(verify(tree.text()))


def test_a_sum_that_reaches_2_to_the_64_is_out_of_range() -> None:
    tree = make(18, 20)
    for leaf in (0, 1):
        tree.rows[-1][leaf] = (tree.rows[-1][leaf][0], 2**63)
    wrapped = tree.text()
    row = tree.rows[-2]
    row[0] = (parent(*tree.rows[-1][:2])[0], 0)
    assert "tree.range" in failed(verify(tree.text()))
    assert "tree.range" in failed(verify(wrapped))


def test_a11_a_negative_leaf_is_named() -> None:
    tree = make(19, 20)
    tree.rows[-1][3] = (tree.rows[-1][3][0], -1)
    findings = verify(tree.text())
    assert {"tree.negative", "tree.sum"} <= failed(findings)
    assert "tree.range" not in failed(findings)


def test_a12_swapped_leaves_are_lost_to_their_owners() -> None:
    tree = make(20, 20)
    first, second = tree.owners.index(3), tree.owners.index(4)
    leaves = tree.rows[-1]
    leaves[first], leaves[second] = leaves[second], leaves[first]
    tree.rehash()
    user = tree.users[3]
    findings = verify(tree.text(), user=user.args(), expected=(("BTC", coins(user.balance + 1)),))
    assert states(findings)["tree"] == "verified"
    assert failed(findings) <= {"leaf.expected", "leaf.found"}
    assert states(findings)["leaf"] == "failed"
    assert first not in (findings.leaves or ())


def test_a13_a_dropped_piece_shows_only_against_the_expected_balance() -> None:
    tree = make(21, 20)
    owned = [leaf for leaf, owner in enumerate(tree.owners) if owner == 5 and tree.rows[-1][leaf][1]]
    dropped = tree.rows[-1][owned[0]][1]
    tree.rows[-1][owned[0]] = (bytes(32), 0)
    tree.rehash()
    user = tree.users[5]
    assert failed(verify(tree.text(), user=user.args())) <= {"leaf.found"}
    findings = verify(tree.text(), user=user.args(), expected=(("BTC", coins(user.balance)),))
    assert "leaf.expected" in failed(findings)
    assert findings.balances.get("BTC", "0") == coins(user.balance - dropped)


def test_a14_crlf_throughout_is_accepted_and_a_mixture_is_not() -> None:
    tree = make(22, 20)
    args = {"user": tree.users[0].args()}
    assert failed(verify(joined(tree, tree.lines, "\r\n"), **args)) == set()
    assert failed(verify(joined(tree, tree.lines, "\r\n")[:-2], **args)) == set()
    mixed = joined(tree, tree.lines, "\r\n").replace(b"\r\n", b"\n", 3).replace(b"\n", b"\r\n", 1)
    assert failed(verify(mixed, **args)) == {"tree.grammar"}
    other = joined(tree, tree.lines).replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 1)
    assert failed(verify(other, **args)) == {"tree.grammar"}


def test_a15_a_byte_order_mark_is_accepted_and_noted() -> None:
    tree = make(23, 20)
    findings = verify(b"\xef\xbb\xbf" + tree.text(), user=tree.users[0].args())
    assert failed(findings) == set()
    assert "trees.bom" in {note.key for note in findings.notes}


def test_a16_a_single_leaf_is_its_own_root_and_its_total_needs_its_owner() -> None:
    digest = leaf_digest(nonce_of(bytes(range(32)), 7, 9), 5, 0)
    content = f"block_height:7\n{digest.hex()},5\n".encode()
    user = {"account": ("9",), "account_nonce": (bytes(range(32)).hex(),)}
    findings = verify(content, user=user)
    assert states(findings) == {"leaf": "verified", "tree": "verified", "total": "verified"}
    assert (findings.root, findings.total) == (digest.hex(), {"BTC": "0.00000005"})
    assert states(verify(content)) == {"leaf": "undecided", "tree": "verified", "total": "undecided"}


def test_a17_a_user_who_is_not_in_the_file_fails() -> None:
    tree = make(24, 20)
    user = {"account": ("5",), "account_nonce": ("11" * 32,)}
    findings = verify(tree.text(), user=user)
    assert failed(findings) == {"leaf.found"}
    assert findings.balances == {}


def test_g19_padding_that_carries_a_balance_fails() -> None:
    tree = make(25, 9, river=True, padding=3)
    leaf = tree.owners.index(None)
    tree.rows[-1][leaf] = (leaf_digest(nonce_of(bytes(32), tree.height, 0), 7, leaf), 7)
    tree.rehash()
    assert failed(verify(tree.text(), user=tree.users[0].args())) == {"tree.padding"}


def test_a_header_alone_is_no_tree() -> None:
    assert failed(verify(b"block_height:5\n")) == {"tree.complete"}


def test_every_changed_character_of_a_tree_is_noticed() -> None:
    tree = make(26, 6)
    content = tree.text()
    user = tree.users[1]
    draw = random.Random(0)
    start = content.index(b"\n") + 1
    for _ in range(150):
        at = draw.randrange(start, len(content))
        other = draw.choice([byte for byte in b"0123456789abcdef,\n-x" if byte != content[at]])
        changed = content[:at] + bytes([other]) + content[at + 1 :]
        findings = verify(changed, user=user.args(), expected=(("BTC", coins(user.balance)),))
        assert failed(findings) or findings.root != tree.root, changed[at - 5 : at + 5]


@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_inner_node_is_found_wherever_it_stands(seed: int) -> None:
    tree = make(seed + 30, 60)
    draw = random.Random(seed)
    for _ in range(10):
        row = draw.randrange(0, len(tree.rows) - 1)
        position = draw.randrange(len(tree.rows[row]))
        digest, value = kept = tree.rows[row][position]
        tree.rows[row][position] = (digest, value + 1)
        findings = verify(tree.text())
        node = 2**row - 1 + position
        assert {
            "node": node,
            "check": "tree.sum",
            "row": row,
            "position": position,
            "line": node + 2,
        } in findings.extra["failing_nodes"]
        tree.rows[row][position] = kept


def test_only_the_first_twenty_failing_nodes_are_listed_and_all_are_counted() -> None:
    tree = make(40, 60)
    inner = [(row, at) for row in range(1, len(tree.rows) - 1) for at in range(len(tree.rows[row]))]
    for row, at in inner:
        tree.rows[row][at] = (bytes(32), tree.rows[row][at][1])
    findings = verify(tree.text())
    reason = next(check.reason for claim in findings.claims for check in claim.checks if check.id == "tree.hash")
    assert reason.args["count"] == len(inner) + 1
    assert len(findings.extra["failing_nodes"]) == 20


def test_a_run_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        judge(FORMAT, make(1, 3).text(), progress=progress)


def test_progress_is_monotone_and_ends_at_the_whole() -> None:
    steps: list[tuple[int, int | None]] = []
    progress = Progress(lambda step: steps.append((step.done, step.total)))
    content = make(41, 200).text()
    judge(FORMAT, content, progress=progress)
    assert steps[-1] == (len(content), len(content))


@pytest.mark.parametrize(
    "head",
    [b"block_height:007\n", b"block_height:-1\n", b"block_height:12345678901234567890\n", b"block_height:\n", b"x"],
)
def test_other_headers_are_not_recognised(head: bytes) -> None:
    assert [one for one in candidates(from_bytes("x", head)) if one.format.id == FORMAT] == []


def lines_of(tree: Tree, number: int) -> bytes:
    owned = [leaf for leaf, owner in enumerate(tree.owners) if owner == number]
    return ("\n".join(tree.proof_line(leaf) for leaf in owned) + "\n").encode()


def test_printed_lines_of_one_user_lead_to_the_root() -> None:
    tree = make(50, 12)
    user = tree.users[4]
    content = lines_of(tree, 4)
    findings = verify(content, user=user.args(), roots=(tree.root,), expected=(("BTC", coins(user.balance)),))
    assert findings.root == tree.root
    assert states(findings) == {"leaf": "verified", "path": "verified", "total": "verified"}
    assert findings.total == {"BTC": coins(sum(one.balance for one in tree.users))}
    assert (outcome(findings, "leaf.height"), findings.snapshot_height_bound) == (Outcome.PASSED, True)
    # Without a root from elsewhere the height is only what the line says.
    alone = verify(content, user=user.args())
    assert (outcome(alone, "leaf.height"), alone.snapshot_height_bound) == (Outcome.NOT_CHECKED, False)
    assert states(verify(content))["path"] == "undecided"
    assert failed(verify(content, user={"nonce": ("ab" * 32,)}, roots=(tree.root,))) & {"path.hash"}
    assert "leaf.duplicate" in failed(verify(content + content, user=user.args()))


def test_every_changed_field_of_a_printed_line_is_noticed() -> None:
    tree = make(51, 12)
    leaf = tree.owners.index(4)
    honest = tree.proof_line(leaf).split(",")
    for at, text in enumerate(honest):
        other = str(int(text) + 1) if len(text) < 64 else text[:-1] + ("1" if text[-1] == "0" else "0")
        fields = [*honest[:at], other, *honest[at + 1 :]]
        findings = verify(",".join(fields).encode(), user=tree.users[4].args(), roots=(tree.root,))
        assert failed(findings), at


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda fields: [*fields[:4], "-1", *fields[5:]], "path.negative"),
        (lambda fields: [*fields[:4], str(2**64 - 1), *fields[5:]], "path.range"),
        (lambda fields: fields[:-2], "path.length"),
        (lambda fields: fields[:3], "path.length"),
        (lambda fields: [str(2**30), *fields[1:]], "path.length"),
    ],
)
def test_printed_lines_out_of_bounds_fail(change: object, check: str) -> None:
    tree = make(52, 12)
    leaf = max(leaf for leaf, owner in enumerate(tree.owners) if owner == 4)
    fields = change(tree.proof_line(leaf).split(","))  # type: ignore[operator]
    if check == "path.length" and len(fields) > 3 and int(fields[0]) < 2**30:
        fields[0] = str(len(tree.rows[-1]) - 1)
    assert check in failed(verify(",".join(fields).encode(), user=tree.users[4].args(), roots=(tree.root,)))


def test_a_tree_and_lines_together_are_a_usage_error() -> None:
    tree = make(53, 4)
    with pytest.raises(ReservesError) as caught:
        judge(FORMAT, tree.text(), lines_of(tree, 0))
    assert caught.value.code is ErrorCode.USAGE


def test_a_stream_is_never_read_whole() -> None:
    """Peak reading stays at block size: no read call asks for more than a MiB."""
    tree = make(54, 200)
    content = tree.text()
    asked: list[int] = []

    class Watched:
        def __init__(self) -> None:
            self.at = 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def read(self, size: int) -> bytes:
            asked.append(size)
            data = content[self.at : self.at + size]
            self.at += len(data)
            return data

    document = Document("tree", len(content), Watched)  # type: ignore[arg-type,return-value]
    assert failed(judge(FORMAT, document)) == set()
    assert max(asked) <= 1024 * 1024
    assert min(asked) >= 1
