"""Auditors' lists of short leaves: every rule finds its users, every defect of a list is named."""

import json
import random
from fractions import Fraction

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.merkle.lists import rebuild_root, repeated, repeats_its_tail
from reserves_gui.progress import silent
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.publishers.registry import by_id
from reserves_gui.publishers.short_leaves.rules import canon, nearest_double, one_decimal, other_splits
from reserves_gui.verdict import Outcome
from tests.encoders import short_leaves as encode
from tests.publishers.judging import failed, judge, outcome, states

COINS = ("BTC", "ETH", "USDT")
RULES = {"a": encode.rule_a, "b": encode.rule_b, "bitso": encode.bitso}


def people(seed: int, count: int) -> list[tuple[str, list[tuple[str, str]]]]:
    draw = random.Random(seed)
    texts = ["0", "0.00", "100", "1.50000", "10", "0.00000001", "7.000", "12.3400", "1000"]
    return [
        (
            f"user-{seed}-{number}",
            [(coin, draw.choice([*texts, str(draw.randrange(1, 10**9)) + ".5"])) for coin in COINS],
        )
        for number in range(count)
    ]


def given_of(uid: str, balances: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    return {"uid": (uid,), "balances": (",".join(f"{asset}:{text}" for asset, text in balances),)}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("count", [1, 2, 3, 5, 16, 77])
def test_every_user_of_an_honest_list_is_found(rule: str, count: int) -> None:
    users = people(count, count)
    leaves = [RULES[rule](*user) for user in users]
    content = encode.listed(leaves)
    for at, user in enumerate(users):
        findings = judge("tnf-tree", content, user=given_of(*user))
        assert states(findings)["leaf"] == states(findings)["path"] == "verified"
        assert findings.root == (encode.root(leaves) if count > 1 else leaves[0])
        assert findings.leaves == (leaves.index(leaves[at]),)
        assert findings.format == ("bitso-tree" if rule == "bitso" else "tnf-tree")
        assert states(findings)["total"] == "undecided"
        assert states(findings)["tree"] in ("undecided", "failed")


@pytest.mark.parametrize(
    ("balance", "hashed"),
    [
        ("1", "1.00000000"),
        ("0.5", "0.50000000"),
        ("123456789012.12345678", "123456789012.12345886"),
        ("0.000000005", "0.00000001"),
    ],
)
def test_one_balance_with_eight_decimals_is_found_exact_or_through_a_double(balance: str, hashed: str) -> None:
    for text in (hashed, f"{float(balance):.8f}"):
        leaf = encode.sha(encode.sha("hashed user id") + encode.sha(text))[:16]
        user = {"uid": ("hashed user id",), "balances": (balance,), "asset": ("BTC",)}
        findings = judge("tnf-tree", encode.listed([leaf, "00" * 8]), user=user)
        if text == f"{float(balance):.8f}":
            assert findings.exchange == "Gate"
            assert states(findings)["leaf"] == "verified"


@pytest.mark.parametrize("text", ["0.1", "1.005", "123456789.123456785", "9007199254740993", "0.000000015", "3"])
def test_the_nearest_double_is_the_one_of_ieee_754(text: str) -> None:
    assert nearest_double(Fraction(text)) == Fraction(float(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("100", "100.0"), ("1.50000", "1.5"), ("0.00", "0.0"), ("10", "10.0"), ("1.", "1.0"), ("0.10", "0.1")],
)
def test_rule_a_writes_balances_with_one_decimal_at_least(text: str, wanted: str) -> None:
    assert one_decimal(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("100", "10"), ("1000", "100"), ("20", "2"), ("10.0", "10"), ("1.50000", "1.5000"), ("0.00000001", "0.00000001")],
)
def test_the_defective_shortening_is_copied(text: str, wanted: str) -> None:
    assert canon(text) == wanted


def test_another_spelling_of_the_balance_is_tried_and_named() -> None:
    leaf = encode.bitso("code", [("btc", "1.50000000")])
    findings = judge("bitso-tree", encode.listed([leaf]), user={"uid": ("code",), "balances": ("btc:1.5",)})
    assert states(findings)["leaf"] == "verified"
    reason = next(check.reason for claim in findings.claims for check in claim.checks if check.id == "leaf.hash")
    assert reason.args["texts"] == "1.50000000"


def test_g8_other_readings_of_joined_balances_are_listed() -> None:
    user = ("u", [("BTC", "1"), ("ETH", "23")])
    findings = judge("tnf-tree", encode.listed([encode.rule_b(*user)]), user=given_of(*user))
    note = next(note for note in findings.notes if note.key == "short_leaves.other_splits")
    assert "12 + 3" in str(note.args["splits"])
    assert findings.guarantees is not None
    assert findings.guarantees.per_asset is False
    assert other_splits(("0", "0"), 5) == []


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (lambda lines: [*lines[:3], *lines[4:]], {"tree.complete"}),
        (lambda lines: [*lines, lines[-1]], {"tree.complete", "tree.unique"}),
        (lambda lines: [lines[0], *(line.replace("4,", "5,", 1) for line in lines[1:])], {"tree.complete"}),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], {"tree.complete"}),
        (lambda lines: [*lines[:3], lines[3][:-1], *lines[4:]], {"tree.grammar"}),
        (lambda lines: [*lines[:3], lines[3] + "0", *lines[4:]], {"tree.grammar"}),
        (lambda lines: [*lines[:3], lines[3].replace("\t", " "), *lines[4:]], {"tree.grammar"}),
        (
            lambda lines: [*lines[:3], lines[3][:4] + lines[3][4:].upper().replace("0", "A"), *lines[4:]],
            {"tree.grammar"},
        ),
        (lambda lines: [*lines[:3], lines[3] + "x" * 9000, *lines[4:]], {"tree.grammar"}),
        (lambda lines: lines[:1], {"tree.complete"}),
    ],
)
def test_defects_of_the_list_are_named(change: object, checks: set[str]) -> None:
    lines = encode.listed([encode.sha(str(at))[:16] for at in range(8)]).decode().splitlines()
    findings = judge("tnf-tree", ("\n".join(change(lines)) + "\n").encode())  # type: ignore[operator]
    assert failed(findings) == checks


def test_comments_empty_lines_crlf_and_a_byte_order_mark_are_accepted() -> None:
    user = people(1, 1)[0]
    leaves = [encode.rule_a(*user), "0123456789abcdef"]
    plain = encode.listed(leaves)
    for content in (
        encode.listed(leaves, "\r\n"),
        b"\xef\xbb\xbf" + plain,
        b"# by the auditor\n\n" + plain.replace(b"\n", b"\n\n# more\n"),
    ):
        findings = judge("tnf-tree", content, user=given_of(*user))
        assert findings.root == encode.root(leaves)
        assert states(findings)["path"] == "verified"


def test_g4_a_leaf_that_stands_twice_is_reported() -> None:
    user = people(2, 1)[0]
    leaf = encode.rule_a(*user)
    findings = judge("tnf-tree", encode.listed([leaf, "0123456789abcdef", leaf]), user=given_of(*user))
    assert failed(findings) == {"tree.unique"}


def test_g6_a_leaf_is_never_found_by_prefix_or_astride() -> None:
    user = people(3, 1)[0]
    leaf = encode.rule_a(*user)
    astride = ["00000000" + leaf[:8], leaf[8:] + "00000000"]
    assert failed(judge("tnf-tree", encode.listed(astride), user=given_of(*user))) == {"leaf.found"}
    assert failed(
        judge("tnf-tree", encode.listed([leaf[:15] + ("0" if leaf[15] != "0" else "1")]), user=given_of(*user))
    ) == {"leaf.found"}


def test_a_changed_balance_or_id_is_not_found() -> None:
    uid, balances = people(4, 1)[0]
    content = encode.listed([encode.rule_a(uid, balances)])
    for other in ((uid + "x", balances), (uid, balances[::-1]), (uid, [(balances[0][0], "8.25"), *balances[1:]])):
        findings = judge("tnf-tree", content, user=given_of(*other))
        assert failed(findings) == {"leaf.found"}
        assert findings.balances == {}


def test_expected_amounts_serve_as_balances() -> None:
    uid, balances = people(5, 1)[0]
    content = encode.listed([encode.rule_a(uid, balances)])
    assert states(judge("tnf-tree", content, user={"uid": (uid,)}, expected=tuple(balances)))["leaf"] == "verified"
    wrong = judge("tnf-tree", content, user=given_of(uid, balances), expected=(("BTC", "77"),))
    assert failed(wrong) == {"leaf.expected"}


def test_files_beside_the_list_are_compared_and_never_believed() -> None:
    leaves = [encode.sha(str(at))[:16] for at in range(5)]
    root, content = encode.root(leaves), encode.listed(leaves)
    findings = judge("tnf-tree", content, root.encode() + b"\n", b"BTC:5\nETH:1.50\n")
    assert failed(findings) == set()
    assert findings.total == {"BTC": "5", "ETH": "1.5"}
    assert states(findings)["total"] == "undecided"
    assert outcome(findings, "root.commitment") is Outcome.PASSED
    assert failed(judge("tnf-tree", content, b"ab" * 32)) == {"root.commitment"}
    with pytest.raises(ReservesError) as caught:
        judge("tnf-tree", content, b"BTC:5\nBTC:6\n")
    assert caught.value.code is ErrorCode.FORMAT_SHAPE
    with pytest.raises(ReservesError) as caught:
        judge("tnf-tree", b"BTC:5\n")
    assert caught.value.code is ErrorCode.USAGE


@pytest.mark.parametrize("format_id", ["tnf-tree", "bitso-tree"])
def test_a_form_gives_id_and_balances(format_id: str) -> None:
    uid, balances = people(6, 1)[0]
    leaf = (encode.rule_a if format_id == "tnf-tree" else encode.bitso)(uid, balances)
    declared = by_id(format_id)
    fields = {"uid": uid, "balances": [list(pair) for pair in balances]}
    form = from_bytes("form", json.dumps({"schema": "reserves/form/1", "format": format_id, "fields": fields}).encode())
    listing = from_bytes("list", encode.listed([leaf]))
    roles = {declared.recognise(one).role: (one,) for one in (form, listing)}  # type: ignore[union-attr]
    assert states(declared.verify(Evidence(roles), Given(), silent()))["leaf"] == "verified"
    assert declared.leaf_text is not None
    text = declared.leaf_text(fields)
    assert text is not None
    assert encode.sha(text)[:16] == leaf
    assert declared.leaf_text({"uid": uid}) is None


@pytest.mark.parametrize(
    ("user", "code"),
    [
        ({"uid": ("a",)}, ErrorCode.USAGE),
        ({"balances": ("BTC:1",)}, ErrorCode.USAGE),
        ({"uid": ("a",), "balances": ("1",)}, ErrorCode.USAGE),
        ({"uid": ("a",), "balances": ("BTC:1,BTC:2",)}, ErrorCode.USAGE),
        ({"uid": ("a",), "balances": ("BTC:1e5",)}, ErrorCode.NUMBER_GRAMMAR),
        ({"uid": ("a",), "balances": ("BTC:",)}, ErrorCode.NUMBER_GRAMMAR),
    ],
)
def test_incomplete_or_odd_user_data_is_an_error(user: dict[str, tuple[str, ...]], code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        judge("tnf-tree", encode.listed(["00" * 8]), user=user)
    assert caught.value.code is code


@pytest.mark.parametrize("count", [0, 1, 2, 3, 6, 7, 11, 33, 100])
def test_the_rebuilt_root_moves_odd_nodes_up_unchanged(count: int) -> None:
    leaves = [encode.sha(str(at))[:16] for at in range(count)]
    found = rebuild_root(bytes.fromhex("".join(leaves)), 8, silent())
    assert (found.hex() if found else None) == (encode.root(leaves) if leaves else None)


def test_repeated_leaves_are_found_in_one_round_and_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    leaves = [encode.sha(str(at))[:16] for at in range(500)]
    data = bytes.fromhex("".join([*leaves, leaves[7], leaves[400]]))
    wanted = {bytes.fromhex(leaves[7]), bytes.fromhex(leaves[400])}
    assert set(repeated(data, 8, silent())) == wanted
    monkeypatch.setattr("reserves_gui.merkle.lists._SET_ENTRIES", 100)
    assert set(repeated(data, 8, silent())) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("abcc", True), ("abcd", False), ("abab", True), ("abcabc", False), ("a", False)]
)
def test_a_list_that_repeats_its_tail_is_seen(text: str, wanted: bool) -> None:
    assert repeats_its_tail(text.encode(), 1) is wanted


def test_a_preset_or_a_template_finds_and_never_verifies() -> None:
    uid, balances = "record-1", [("BTC", "1.5"), ("ETH", "2.0")]
    listed = encode.listed([encode.rule_a(uid, balances), "0123456789abcdef"])
    given = given_of(uid, balances)
    sure = judge("tnf-tree", listed, user=given)
    assert states(sure)["leaf"] == "verified"
    for extra in ({"preset": ("kraken",)}, {"template": ("cut(16, sha256hex({uid},{balances}))",)}):
        findings = judge("tnf-tree", listed, user={**given, **extra})
        assert states(findings)["leaf"] == states(findings)["path"] == "undecided"
        assert outcome(findings, "leaf.found") is Outcome.PASSED
        assert findings.extra["template"] == "unconfirmed"
        assert not failed(findings)
    other = judge("tnf-tree", listed, user={**given, "template": ("{uid}",)})
    assert outcome(other, "leaf.found") is Outcome.NOT_CHECKED
    assert not failed(other)
    with pytest.raises(ReservesError):
        judge("tnf-tree", listed, user={**given, "preset": ("nobody",)})


@pytest.mark.parametrize("exchange", ["Gate", "Ledn", "Kraken"])
def test_lists_of_these_publishers_are_read(exchange: str) -> None:
    assert exchange in by_id("tnf-tree").exchanges
