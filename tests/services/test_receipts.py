"""Receipts made of real proofs, trees and rounds, and what comparing them shows."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import Grouping, NodeKind, of_every_asset
from reserves_gui.progress import silent
from reserves_gui.services.examples import example, examples
from reserves_gui.services.keeping import root_log
from reserves_gui.services.receipt_files import write_receipt
from reserves_gui.services.receipt_odds import odds_of, odds_sentences
from reserves_gui.services.receipts import compare_files, export_receipt, write_evidence
from reserves_gui.services.root_logs import export_log
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.trust.receipts import Receipt, node_claim, node_key
from reserves_gui.trust.root_log import LogEntry
from reserves_gui.verdict import ExitCode, State
from tests.conftest import shared_vectors
from tests.encoders.sum_trees import bybit, okx

DAY = "2026-11-22"
FOLDER = shared_vectors()


def _users(folder: Path, publish: object, users: int, seed: int) -> list[str]:
    published = publish(Random(seed), users)  # type: ignore[operator]
    paths = []
    for user in range(users):
        path = folder / f"user{user}.json"
        path.write_bytes(published.bytes_of(user))
        paths.append(str(path))
    return paths


def _exported(paths: list[str], folder: Path) -> list[str]:
    found = []
    for number, path in enumerate(paths):
        receipt = export_receipt(VerifyRequest(files=(path,)), silent(), seen=DAY)
        out = folder / f"receipt{number}.json"
        write_receipt(receipt, out)
        found.append(str(out))
    return found


@pytest.mark.parametrize("publish", [okx, bybit])
def test_honest_users_never_conflict_as_files_as_receipts_or_mixed(publish: object, tmp_path: Path) -> None:
    paths = _users(tmp_path, publish, 50, 5)
    receipts = _exported(paths, tmp_path)
    mixed = [one if number % 2 else other for number, (one, other) in enumerate(zip(paths, receipts, strict=True))]
    for given in (paths, receipts, mixed):
        for count in (2, 7, 50):
            compared = compare_files(given[:count], silent())
            assert compared.state is State.VERIFIED, compared.conflicts
            assert compared.compared == count
            assert compared.evidence is None
    assert compared.odds is not None
    assert (compared.odds.receipts, compared.odds.leaves) == (50, 64)


def test_two_hundred_honest_users_never_conflict(tmp_path: Path) -> None:
    receipts = _exported(_users(tmp_path, okx, 200, 9), tmp_path)
    compared = compare_files(receipts, silent())
    assert (compared.state, compared.compared) == (State.VERIFIED, 200)


def test_a_user_and_her_own_receipt_count_as_one(tmp_path: Path) -> None:
    paths = _users(tmp_path, okx, 4, 6)
    receipts = _exported(paths, tmp_path)
    assert compare_files([paths[0], receipts[0]], silent()).exit_code is ExitCode.UNDECIDED


@pytest.mark.parametrize("name", ["verified", "many-coins"])
def test_zero_balances_are_kept_in_what_a_receipt_says_of_a_node(name: str) -> None:
    request = example(name).request()
    receipt = export_receipt(request, silent(), seen=DAY)
    verdict = verify(request, silent())
    leaf = next(one for one in verdict.picture.nodes if one.kind is NodeKind.LEAF)
    root = next(one for one in verdict.picture.nodes if one.kind is NodeKind.ROOT)
    assert "0" in leaf.sums.values()
    for node, balances in ((leaf, leaf.sums), (root, root.sums)):
        key = node_key(bytes.fromhex(node.hash))
        whole = of_every_asset(balances, root.sums)
        assert set(whole) == set(root.sums)
        assert receipt.nodes[key] == node_claim(bytes.fromhex(node.hash), whole)
    held = {asset: amount for asset, amount in leaf.sums.items() if amount != "0"}
    assert node_claim(bytes.fromhex(leaf.hash), held) not in receipt.nodes.values()


def test_whether_a_file_writes_a_zero_down_beside_a_node_is_no_conflict() -> None:
    assert of_every_asset({"BTC": "1"}, ("BTC", "ETH")) == of_every_asset({"BTC": "1", "ETH": "0"}, ("BTC", "ETH"))
    assert of_every_asset({"BTC": "1", "X": "0"}, ("BTC",)) == {"BTC": "1"}
    # An amount of an asset that the total does not have is said, and so conflicts with a view without it.
    assert of_every_asset({"BTC": "1", "X": "2"}, ("BTC",)) == {"BTC": "1", "X": "2"}


def test_receipts_hold_nothing_private(tmp_path: Path) -> None:
    path = _users(tmp_path, okx, 4, 7)[1]
    own = json.loads(Path(path).read_text())["self"]
    text = Path(_exported([path], tmp_path)[0]).read_text()
    for private in (own["nonce"], own["hash"], "user1", *(one for one in own["balances"].values() if len(one) > 3)):
        assert private not in text


@pytest.mark.skipif(FOLDER is None, reason="no shared vectors beside the repository")
def test_every_forged_pair_is_caught_as_receipts_too(tmp_path: Path) -> None:
    assert FOLDER is not None
    seen = 0
    for manifest in sorted(FOLDER.glob("*/manifest.json")):
        for case in json.loads(manifest.read_text(encoding="utf-8")):
            if case.get("command") != "receipt compare":
                continue
            files = [str(manifest.parent / name) for name in case["files"]]
            plain = compare_files(files, silent())
            assert plain.exit_code == case["expect"]["exit"], case["id"]
            if plain.unusable:
                continue
            receipts = [export_receipt(VerifyRequest(files=(one,)), silent(), seen=DAY) for one in files]
            paths = []
            for number, receipt in enumerate(receipts):
                path = tmp_path / f"{number}.json"
                write_receipt(receipt, path)
                paths.append(str(path))
            blinded = compare_files(paths, silent())
            assert blinded.exit_code == plain.exit_code, case["id"]
            assert {one.kind for one in blinded.conflicts} == {one.kind for one in plain.conflicts}, case["id"]
            if plain.conflicts:
                seen += 1
                # What is handed on as evidence shows the same to whoever compares it.
                evidence = tmp_path / "evidence.json"
                write_evidence(plain, evidence)
                again = compare_files([str(evidence)], silent())
                assert again.exit_code is ExitCode.FAILED
                assert {one.kind for one in again.conflicts} == {one.kind for one in plain.conflicts}, case["id"]
    assert seen > 10


def _example(part: str) -> object:
    return next(one for one in examples() if part in one.format)


def test_a_whole_tree_gives_its_header_and_never_the_users_place(tmp_path: Path) -> None:
    tree = _example("tree")
    receipt = export_receipt(tree.request(), silent(), seen=DAY)  # type: ignore[attr-defined]
    assert receipt.root
    assert receipt.total
    assert receipt.leaves
    assert receipt.root_source == "--published"
    assert receipt.nodes == receipt.places == {}
    assert receipt.leaf is None
    path = tmp_path / "tree.json"
    write_receipt(receipt, path)
    other = tmp_path / "other.json"
    write_receipt(type(receipt)(**{name: getattr(receipt, name) for name in receipt.__slots__} | {"root": "00"}), other)
    compared = compare_files([str(path), str(other)], silent())
    assert [one.kind for one in compared.conflicts] in (["root"], [])
    assert compare_files([str(path), *tree.files], silent()).conflicts == ()  # type: ignore[attr-defined]


@pytest.mark.skipif(FOLDER is None, reason="no shared vectors beside the repository")
def test_a_zero_knowledge_proof_gives_root_and_index() -> None:
    assert FOLDER is not None
    found = 0
    for folder in ("binance-zk", "gate-zk", "okx-stark-v1", "okx-stark-v2"):
        for case in json.loads((FOLDER / folder / "manifest.json").read_text(encoding="utf-8")):
            claims = case["expect"].get("claims", {})
            if case.get("command", "verify") != "verify" or case["expect"]["exit"] not in (0, 3):
                continue
            if claims.get("leaf") != "verified" or len(case["files"]) != 1 or case.get("args"):
                continue
            receipt = export_receipt(
                VerifyRequest(files=(str(FOLDER / folder / case["files"][0]),)), silent(), seen=DAY
            )
            assert receipt.root
            assert list(receipt.places.values()) == [receipt.leaf]
            found += 1
            break
    assert found >= 2


def test_what_does_not_verify_makes_no_receipt() -> None:
    tampered = next(one for one in examples() if one.expect is State.FAILED and len(one.files) == 1)
    with pytest.raises(ReservesError) as caught:
        export_receipt(tampered.request(), silent(), seen=DAY)
    assert caught.value.message.key == "receipt.not_usable"
    first = _example("bybit")
    with pytest.raises(ReservesError) as caught:
        export_receipt(VerifyRequest(files=first.files, roots=("00" * 32,)), silent(), seen=DAY)  # type: ignore[attr-defined]
    assert caught.value.message.key == "receipt.not_usable"


def test_the_short_form_is_a_qr_code_and_the_long_one_is_not(tmp_path: Path) -> None:
    path = _users(tmp_path, okx, 4, 8)[0]
    receipt = export_receipt(VerifyRequest(files=(path,)), silent(), seen=DAY)
    for suffix, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        out = tmp_path / f"code.{suffix}"
        write_receipt(receipt.short(), out)
        assert out.read_bytes().startswith(start)
        with pytest.raises(ReservesError) as caught:
            write_receipt(receipt, out)
        assert caught.value.message.key == "receipt.qr_short"
    shorts = []
    for number, other in enumerate(_users(tmp_path, okx, 4, 8)[:2]):
        out = tmp_path / f"short{number}.json"
        write_receipt(export_receipt(VerifyRequest(files=(other,)), silent(), seen=DAY).short(), out)
        shorts.append(str(out))
    assert compare_files(shorts, silent()).state is State.VERIFIED


def test_the_odds_come_with_their_formula_and_the_users_own_number_of_leaves(tmp_path: Path) -> None:
    paths = _users(tmp_path, okx, 4, 9)
    odds = compare_files(paths, silent(), leaves=65_536).odds
    assert odds is not None
    assert (odds.leaves, odds.enough) == (65_536, 628)
    siblings, *own, limits = odds_sentences(odds)
    assert "exp(-n(n-1) / (2(N-1)))" in str(siblings.args["formula"])
    assert [one.args["every"] for one in own] == [100, 1000]
    assert limits.key == "receipt.odds_limits"


def test_the_odds_of_wrong_leaves_are_those_of_the_formula_and_left_out_for_small_trees() -> None:
    hundredth, thousandth = odds_of(receipts=299, leaves=1_000).own
    assert (hundredth.wrong, thousandth.wrong) == (10, 1)
    assert f"{hundredth.probability:.4f}" == "0.9719"
    assert f"{thousandth.probability:.4f}" == "0.2990"
    assert thousandth.enough == 950
    assert odds_of(receipts=2, leaves=64).own == ()
    assert odds_of(receipts=90, leaves=80).enough > 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schema": "reserves/receipt/2"}, ErrorCode.FORMAT_NEWER),
        ({"nodes": [["aa", "bb"]]}, ErrorCode.FORMAT_SHAPE),
        ({"nodes": [["aa" * 32]]}, ErrorCode.FORMAT_SHAPE),
        ({"nodes": [["aa" * 32, "bb" * 32], ["aa" * 32, "cc" * 32]]}, ErrorCode.FORMAT_SHAPE),
        ({"places": [["1", "aa" * 32], ["1", "bb" * 32]]}, ErrorCode.FORMAT_SHAPE),
        ({"leaf": 5}, ErrorCode.FORMAT_SHAPE),
        ({"leaves": "many"}, ErrorCode.NUMBER_GRAMMAR),
        ({"total": {"BTC": "1e5"}}, ErrorCode.NUMBER_GRAMMAR),
        ({"root": "XYZ"}, ErrorCode.FORMAT_SHAPE),
        ({"exchange": None}, ErrorCode.FORMAT_SHAPE),
    ],
)
def test_what_is_no_receipt_is_refused(change: dict[str, object], code: ErrorCode, tmp_path: Path) -> None:
    receipt = json.loads(Path(_exported(_users(tmp_path, okx, 2, 3)[:1], tmp_path)[0]).read_text())
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(receipt | change), encoding="utf-8")
    evidence = tmp_path / "evidence.json"
    evidence.write_text(json.dumps({"schema": "reserves/conflict/1", "conflicts": [], "receipts": [receipt | change]}))
    for one in (path, evidence):
        with pytest.raises(ReservesError) as caught:
            compare_files([str(one)], silent())
        assert caught.value.code is code
        assert main(["receipt", "compare", str(one), str(one)]) == 2


def test_the_command_line_exports_compares_and_hands_evidence_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = next(one for one in examples() if len(one.files) == 2)
    outs = []
    for number, path in enumerate(forged.files):
        outs.append(str(tmp_path / f"{number}.json"))
        assert main(["receipt", "export", path, "--out", outs[-1]]) == 0
    evidence = str(tmp_path / "evidence.json")
    assert main(["receipt", "compare", *outs, "--out", evidence]) == 1
    capsys.readouterr()
    assert main(["receipt", "compare", evidence, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["conflicts"][0]["kind"] == "balance"
    assert answer["odds"]["formula"].startswith("P ≈ 1 - exp(")
    assert main(["receipt", "compare", outs[0]]) == 3
    assert main(["receipt", "export", forged.files[0], "--out", str(tmp_path / "x.svg")]) == 2
    assert main(["receipt", "export", forged.files[0], "--short", "--out", str(tmp_path / "x.svg")]) == 0
    assert main(["receipt", "export", forged.files[0], "--out", str(tmp_path / "no" / "x.json")]) == 2
    assert main(["receipt", "compare", outs[0], "--leaves", "1"]) == 2
    assert main(["receipt"]) == 2
    assert main(["receipt", "compare", str(tmp_path / "missing")]) == 2


def _unnamed(tmp_path: Path, *roots: str) -> list[str]:
    """Receipts as a format without snapshot ids gives them."""
    paths = []
    for number, root in enumerate(roots):
        path = tmp_path / f"unnamed{number}.json"
        header = Receipt(
            exchange="Northsea", format="some-zk", snapshot=None, root=root, nodes={}, leaf=f"{number:064x}"
        )
        write_receipt(replace(header, places={str(number): header.leaf}), path)
        paths.append(str(path))
    return paths


def test_files_that_name_no_snapshot_conflict_when_their_owners_say_that_they_are_of_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = _unnamed(tmp_path, "aa" * 32, "aa" * 32, "bb" * 32)
    plain = compare_files(files, silent())
    assert (plain.state, plain.compared, plain.apart) == (State.VERIFIED, 2, 3)
    assert compare_files(files[:2], silent()).apart == 0
    said = compare_files(files, silent(), grouping=Grouping.SAID)
    assert (said.state, said.compared, said.apart) == (State.FAILED, 3, 0)
    assert [(one.kind, one.reason.key) for one in said.conflicts] == [("root", "receipt.conflict.root_said")]
    assert compare_files(files[:2], silent(), grouping=Grouping.SAID).state is State.VERIFIED
    assert main(["receipt", "compare", files[0], files[2]]) == 3
    shown = capsys.readouterr()
    assert "only their owners can say" in shown.out
    assert "--same-snapshot" in shown.err
    evidence = tmp_path / "evidence.json"
    words = ["receipt", "compare", files[0], files[2], "--same-snapshot", "--json"]
    assert main([*words, "--out", str(evidence)]) == 1
    assert json.loads(capsys.readouterr().out)["same_snapshot"] is True
    # Evidence of what was only said convinces nobody by itself: who compares it again must say it too.
    assert json.loads(evidence.read_text(encoding="utf-8"))["said_of_one_snapshot"] is True
    assert main(["receipt", "compare", str(evidence)]) == 3
    assert main(["receipt", "compare", str(evidence), "--same-snapshot"]) == 1


def test_proof_files_said_to_be_of_one_snapshot_are_compared_as_they_are(tmp_path: Path) -> None:
    paths = [*_users(tmp_path, okx, 2, 5)]
    other = tmp_path / "other"
    other.mkdir()
    paths += _users(other, okx, 2, 8)
    for number, path in enumerate(paths):
        text = Path(path).read_text()
        named = json.loads(text)["self"]["auditId"]
        Path(path).write_text(text.replace(f'"{named}"', f'"{named}-{number}"'))
    assert compare_files(paths, silent()).state is State.UNDECIDED
    said = compare_files(paths, silent(), grouping=Grouping.SAID)
    assert {one.reason.key for one in said.conflicts} == {"pool.two_roots_said"}
    assert compare_files(paths[:2], silent(), grouping=Grouping.SAID).state is State.VERIFIED


def test_a_root_log_cannot_be_said_to_be_of_one_snapshot(tmp_path: Path) -> None:
    entries = [
        LogEntry(
            exchange="Northsea",
            snapshot=None,
            format="some-zk",
            root=root * 32,
            totals=None,
            source="page",
            file_sha256=None,
            seen_at=DAY,
        )
        for root in ("aa", "bb")
    ]
    root_log().append_all(entries)
    path = tmp_path / "log.json"
    export_log(path)
    files = [str(path), *_unnamed(tmp_path, "aa" * 32)]
    # What one log holds of several rounds is no conflict, and nobody is asked about it.
    plain = compare_files(files, silent())
    assert (plain.conflicts, plain.apart) == ((), 0)
    with pytest.raises(ReservesError) as caught:
        compare_files(files, silent(), grouping=Grouping.SAID)
    assert caught.value.message.key == "receipt.same_log"
