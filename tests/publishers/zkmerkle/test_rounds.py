"""Whole rounds of every release: honest ones are verified, and every field of every file is bound or listed as not."""

import base64
import copy
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.messages import render
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Given
from reserves_gui.publishers.zkmerkle import binance, gate, verifying
from reserves_gui.publishers.zkmerkle.list_file import read_list_file
from reserves_gui.verdict import NegativeBalances, Outcome, State
from reserves_gui.zk.solvency.asset_list import committed_words, debt_faults
from tests.publishers.zkmerkle.judging import failed, judge, outcomes, pins_of, reason, state, states
from tests.publishers.zkmerkle.rounds import as_fork, b64, collateral_round, pair_round, written

R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
ALL = ("leaf", "path", "root", "total", "proof")


@pytest.fixture(autouse=True)
def _short_search(monkeypatch):
    """Rounds made here have few slots; looking for hundreds where none can fit would take seconds a test."""
    # Judges are loaded when first asked for: loaded from here on, they would keep the short search for all later tests.
    assert verifying
    monkeypatch.setattr("reserves_gui.zk.solvency.account.MOST_SLOTS", 20)
    monkeypatch.setattr("reserves_gui.zk.solvency.account.KNOWN_SHAPES", ((64, 12),))


@cache
def made(name: str):
    return {
        "pair": lambda: pair_round(1),
        "pair chunk 16": lambda: pair_round(2, slots=14, chunk=16, batches=2),
        "fork": lambda: as_fork(pair_round(3, slots=9)),
        "linked": lambda: collateral_round(4, indexed=False),
        "indexed": lambda: collateral_round(6, indexed=True),
    }[name]()


def fresh(name: str):
    """A copy that a test may alter."""
    return copy.deepcopy(made(name))


def judged(one, *, fork=False, user=0, pinned=True, **given):
    pins = pins_of(one.keys) if pinned else ()
    return judge(one.documents(user), fork=fork, pins=pins, **given)


@pytest.mark.parametrize("name", ["pair", "pair chunk 16", "fork", "linked", "indexed"])
def test_an_honest_round_under_pinned_keys_is_verified_in_every_claim(name):
    found = judged(made(name), fork=name == "fork")
    assert states(found) == dict.fromkeys(ALL, State.VERIFIED)
    assert found.guarantees.negative_balances is NegativeBalances.REJECTED
    assert outcomes(found)["root.match"] is Outcome.PASSED


def test_every_account_of_a_round_is_found():
    one = made("pair")
    for user in range(len(one.users)):
        assert state(judge(one.documents(user, keys=False, table=False))) is State.UNDECIDED
        assert states(judge(one.documents(user, keys=False, table=False)))["leaf"] is State.VERIFIED


def test_the_number_of_slots_is_recovered_and_the_list_decides_between_equal_ones():
    # 8 and 9 slots both pack into 6 words; up to 12 words the two chunks hash alike.
    assert judged(made("fork"), fork=True).extra["slots"] == {"assets": 9, "chunk": 12}
    assert judged(made("pair")).extra["slots"] == {"assets": 7, "chunk": 12}
    assert judged(made("pair chunk 16")).extra["slots"] == {"assets": 14, "chunk": 16}


def test_without_a_pin_everything_holds_and_neither_proof_nor_total_nor_root_is_claimed():
    found = judged(made("pair"), pinned=False)
    assert states(found) == {
        "leaf": State.VERIFIED,
        "path": State.VERIFIED,
        "root": State.VERIFIED,
        "total": State.UNDECIDED,
        "proof": State.UNDECIDED,
    }
    # root.match is the caller's to make: nothing came from elsewhere.
    assert "root.match" not in outcomes(found)
    assert outcomes(found)["proof.groth16"] is Outcome.PASSED
    assert outcomes(found)["proof.key"] is Outcome.NOT_CHECKED
    assert found.guarantees.negative_balances is NegativeBalances.HIDDEN


def test_global_files_given_as_published_settle_the_root_and_not_the_proof():
    one = made("pair")
    found = judge(one.documents(listed=False, table=False, keys=False), published=tuple(one.documents(None)))
    assert outcomes(found)["root.match"] is Outcome.PASSED
    assert states(found)["root"] is State.VERIFIED
    assert states(found)["proof"] is State.UNDECIDED


def test_a_root_named_by_the_user_is_compared_even_beside_published_files():
    one = made("pair")
    user = one.documents(listed=False, table=False, keys=False)
    found = judge(user, published=tuple(one.documents(None)), roots=("0" * 64,))
    assert outcomes(found)["root.match"] is Outcome.FAILED


def test_a_published_text_that_holds_another_root_fails_it():
    one = made("pair")
    user = one.documents(listed=False, table=False, keys=False)
    page = from_bytes("page.html", b"<p>" + b"ab" * 32 + b"</p>")
    found = judge(user, published=(*one.documents(None), page))
    assert outcomes(found)["root.match"] is Outcome.FAILED


def test_the_same_file_given_twice_counts_once():
    one = made("pair")
    found = judge(one.documents(), published=tuple(one.documents(None)), pins=pins_of(one.keys))
    assert state(found) is State.VERIFIED


def test_two_different_tables_are_ambiguous():
    one, other = made("pair"), fresh("pair")
    other.rows.pop()
    with pytest.raises(ReservesError) as caught:
        judge([*one.documents(), other.table()])
    assert caught.value.code is ErrorCode.FORMAT_AMBIGUOUS


# --- the user's file ---------------------------------------------------------------------------------------------------


def _altered_fields(user: dict):
    for key, value in user.items():
        if isinstance(value, int):
            yield key, {**user, key: value + 1}
        elif isinstance(value, str):
            yield key, {**user, key: f"{int(value, 16) ^ 1:064x}"}
    assets = next(key for key in user if key.startswith("Asset"))
    for at, asset in enumerate(user[assets]):
        for key, value in asset.items():
            rows = [dict(row) for row in user[assets]]
            rows[at][key] = value + 1
            yield f"{assets}[{at}].{key}", {**user, assets: rows}
    proof = next(key for key in user if "Proof" in key)
    for at, text in enumerate(user[proof]):
        changed = b64(int.from_bytes(base64.b64decode(text), "big") ^ 1)
        yield f"{proof}[{at}]", {**user, proof: [*user[proof][:at], changed, *user[proof][at + 1 :]]}


@pytest.mark.parametrize("name", ["pair", "fork", "linked"])
def test_every_field_of_a_user_file_is_bound(name):
    one = made(name)
    table = one.documents(None, listed=False, keys=False)
    for what, user in _altered_fields(one.users[1]):
        found = judge([written("user_config.json", user), *table], fork=name == "fork")
        assert state(found) is State.FAILED, what


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"AccountIndex": 2**28}, "path.range"),
        ({"AccountIndex": 2**28 + 1}, "path.range"),
        ({"AccountIndex": -1}, "path.range"),
        ({"AccountIdHash": f"{R:064x}"}, "leaf.range"),
        ({"AccountIdHash": "0a"}, "leaf.range"),
        ({"TotalEquity": R}, "leaf.range"),
        ({"TotalDebt": -1}, "leaf.range"),
        ({"Root": "zz" * 32}, "path.range"),
        ({"Root": f"{R:064x}"}, "path.range"),
        ({"Proof": []}, "path.length"),
        ({"Assets": [{"Index": 1, "Equity": 2**64, "Debt": 0}]}, "leaf.range"),
        ({"Assets": [{"Index": 1, "Equity": -1, "Debt": 0}]}, "leaf.range"),
        ({"Assets": [{"Index": 1200, "Equity": 1, "Debt": 0}]}, "leaf.range"),
        ({"Assets": [{"Index": 2, "Equity": 1, "Debt": 0}, {"Index": 1, "Equity": 1, "Debt": 0}]}, "leaf.order"),
        ({"Assets": [{"Index": 2, "Equity": 1, "Debt": 0}] * 2}, "leaf.order"),
        ({"TotalDebt": 2**200, "TotalEquity": 1}, "leaf.solvent"),
    ],
)
def test_a_value_outside_its_rule_fails_its_own_check(change, check):
    one = made("pair")
    user = {**one.users[0], **change}
    # With the table beside, the slots are known and nothing is searched for.
    found = judge([written("user_config.json", user), one.table()])
    assert check in failed(found)


@pytest.mark.parametrize("change", ["short", "not base64", "not reduced", "one more", "not canonical"])
def test_siblings_are_exactly_28_reduced_canonical_elements(change):
    user = copy.deepcopy(made("linked").users[0])
    proof = user["Proof"]
    value = int.from_bytes(base64.b64decode(proof[3]), "big")
    if change == "short":
        proof.pop()
    elif change == "one more":
        proof.append(proof[0])
    elif change == "not base64":
        proof[3] = proof[3][:-2] + "!="
    elif change == "not reduced":
        proof[3] = b64(value + R)
    else:
        # The last character before the padding carries two bits that are thrown away.
        last = proof[3][-2]
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        proof[3] = proof[3][:-2] + alphabet[alphabet.index(last) ^ 1] + "="
    found = judge([written("user_config.json", user)])
    assert failed(found) & {"path.length", "path.range"}


def test_the_debt_of_an_account_with_collateral_must_be_covered():
    user = copy.deepcopy(made("linked").users[0])
    over = {**user, "TotalDebt": user["TotalCollateral"] + 1}
    assert "leaf.solvent" in failed(judge([written("user_config.json", over)]))
    user["Assets"][0]["Loan"] = user["Assets"][0]["Equity"] + 1
    assert "leaf.solvent" in failed(judge([written("user_config.json", user)]))


def test_more_than_500_assets_fit_no_leaf():
    user = copy.deepcopy(made("linked").users[0])
    one = user["Assets"][0]
    user["Assets"] = [{**one, "Index": index} for index in range(501)]
    assert "leaf.range" in failed(judge([written("user_config.json", user)]))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("AccountIndex", "1"), ErrorCode.FORMAT_SHAPE),
        (("TotalEquity", 1.5), ErrorCode.NUMBER_GRAMMAR),
        (("TotalEquity", 1e300), ErrorCode.NUMBER_GRAMMAR),
        (("TotalEquity", 10**90), ErrorCode.NUMBER_GRAMMAR),
        (("TotalDebt", None), ErrorCode.FORMAT_SHAPE),
        (("Assets", None), ErrorCode.FORMAT_SHAPE),
        (("Assets", [{"Index": 1, "Equity": 1}]), ErrorCode.FORMAT_SHAPE),
        (("Proof", [1] * 28), ErrorCode.FORMAT_SHAPE),
        (("Root", 5), ErrorCode.FORMAT_SHAPE),
        (("Root", ...), ErrorCode.FORMAT_SHAPE),
    ],
)
def test_a_file_that_cannot_be_read_is_unusable_and_nothing_is_claimed(change, code):
    key, value = change
    user = {**made("pair").users[0], key: value}
    if value is ...:
        del user[key]
    with pytest.raises(ReservesError) as caught:
        judge([written("user_config.json", user)])
    assert caught.value.code is code


def test_unknown_keys_are_named_and_change_nothing():
    user = {**made("linked").users[0], "Note": "hello"}
    found = judge([written("user_config.json", user)])
    assert states(found)["leaf"] is State.VERIFIED
    assert any("Note" in render(note) for note in found.notes)


def test_a_sample_of_an_unreleased_formula_fails_with_a_hint():
    user = {**made("linked").users[0], "AccountIdHash": f"{5:064x}"}
    found = judge([written("user_config.json", user)])
    assert failed(found) == {"path.hash"}
    assert outcomes(found)["leaf.hash"] is Outcome.NOT_CHECKED
    assert "unreleased formula" in render(reason(found, "path.hash"))


# --- the list ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["TotalEquity", "TotalDebt", "BasePrice"])
def test_every_figure_of_a_list_is_bound(field):
    for at in range(7):
        one = fresh("pair")
        one.listed["CexAssetsInfo"][at][field] += 1
        found = judged(one)
        assert "total.end" in failed(found), (field, at)
        assert ("total.start" in failed(found)) is (field == "BasePrice")


def test_every_figure_of_a_list_with_collateral_is_bound_or_checked():
    """Each is in the committed words; a precomputed value is in none, and is recomputed instead."""
    one = made("linked")
    asset = one.listed["CexAssetsInfo"][1]

    def read(row):
        document = written("config.json", {**one.listed, "CexAssetsInfo": [row]})
        return read_list_file(document).assets[asset["Index"]]

    honest = read(asset)
    for name, value in asset.items():
        if name.endswith("Ratios"):
            for at, step in enumerate(value):
                for field in step:
                    row = {**asset, name: [*value[:at], {**step, field: step[field] + 1}, *value[at + 1 :]]}
                    words = committed_words(read(row)) != committed_words(honest)
                    assert words or debt_faults({0: read(row)}), (name, at, field)
        elif name not in ("Symbol", "Index"):
            row = read({**asset, name: value + 1})
            assert committed_words(row) != committed_words(honest), name


def test_a_list_with_collateral_that_differs_from_the_chain_fails_at_its_end():
    one = fresh("linked")
    one.listed["CexAssetsInfo"][1]["MarginRatios"][4]["Ratio"] -= 1
    assert {"total.start", "total.end", "total.debt"} <= failed(judge(one.documents(None, keys=False)))


def test_slots_swapped_repeated_or_outside_the_round_fail_the_end_of_the_chain():
    for change in ((0, 1), (1, 1), (0, 7), (0, -1)):
        one = fresh("pair")
        at, index = change
        if change == (0, 1):
            one.listed["CexAssetsInfo"][1]["Index"] = 0
        one.listed["CexAssetsInfo"][at]["Index"] = index if change != (1, 1) else 0
        assert "total.end" in failed(judged(one)), change


def test_a_price_above_64_bits_that_keeps_the_commitment_is_caught():
    """(debt 1, price p) and (debt 0, price 2^64 + p) have one commitment."""
    one = fresh("pair")
    asset = one.listed["CexAssetsInfo"][0]
    asset["TotalDebt"] -= 1
    asset["BasePrice"] += 2**64
    found = judged(one)
    assert failed(found) >= {"total.debt"}
    assert outcomes(found)["total.end"] is Outcome.PASSED


def test_more_debt_than_equity_in_an_asset_fails():
    one = fresh("pair")
    asset = one.listed["CexAssetsInfo"][0]
    asset["TotalDebt"] = asset["TotalEquity"] + 1
    assert "total.debt" in failed(judged(one))


@pytest.mark.parametrize("key", ["CexAssetsInfo", "ProofTable", "ZkKeyName"])
def test_a_list_without_its_keys_is_unusable(key):
    one = fresh("pair")
    del one.listed[key]
    if key == "CexAssetsInfo":
        assert binance.recognise(written("config.json", one.listed)) is None
        return
    with pytest.raises(ReservesError) as caught:
        judged(one)
    assert caught.value.code is ErrorCode.FORMAT_SHAPE


def test_what_nothing_binds_is_declared():
    one = fresh("pair")
    for row in one.rows:
        row["id"], row["created_at"] = "9", "1999-01-01"
    for asset in one.listed["CexAssetsInfo"]:
        asset["Symbol"] = asset["Symbol"] + "x"
    one.listed["ProofTable"] = "elsewhere.csv"
    one.listed["ZkKeyName"] = "other"
    assert state(judged(one)) is State.VERIFIED
    declared = set(binance.FORMATS[0].unbound)
    assert {"id", "created_at", "Symbol", "ProofTable", "ZkKeyName"} <= declared


# --- the table of batches ----------------------------------------------------------------------------------------------


def _flipped(text: str) -> str:
    return b64(int.from_bytes(base64.b64decode(text), "big") ^ 1)


def _altered_rows(one):
    for at, row in enumerate(one.rows):
        for column in ("cex_asset_list_commitments", "account_tree_roots"):
            for place, text in enumerate(row[column]):
                changed = [*row[column][:place], _flipped(text), *row[column][place + 1 :]]
                yield f"{at}.{column}[{place}]", at, {**row, column: changed}
        yield f"{at}.batch_commitment", at, {**row, "batch_commitment": _flipped(row["batch_commitment"])}
        for column in ("batch_number", "min_account_index", "max_account_index", "assets_count"):
            if column in row:
                yield f"{at}.{column}", at, {**row, column: str(int(row[column]) + 1)}
        proof = base64.b64decode(row["proof_info"])
        for place in (0, 63, 64, 191, 192, len(proof) - 1):
            changed = bytearray(proof)
            changed[place] ^= 1
            yield f"{at}.proof_info[{place}]", at, {**row, "proof_info": base64.b64encode(changed).decode()}
        for changed in (proof[:-1], proof + b"\0", b""):
            yield f"{at}.proof_info {len(changed)}", at, {**row, "proof_info": base64.b64encode(changed).decode()}


def test_every_column_of_a_table_is_bound():
    one = made("pair")
    for what, at, row in _altered_rows(one):
        altered = copy.copy(one)
        altered.rows = [*one.rows[:at], row, *one.rows[at + 1 :]]
        assert state(judged(altered)) is State.FAILED, what


@pytest.mark.parametrize("name", ["linked", "indexed"])
def test_every_column_of_a_table_with_collateral_is_bound(name):
    one = made(name)
    for what, at, row in _altered_rows(one):
        if "proof_info" in what and what != "0.proof_info[63]":
            continue
        altered = copy.copy(one)
        altered.rows = [*one.rows[:at], row, *one.rows[at + 1 :]]
        # The list names the keys; its commitment takes a second, so it is left out where the keys are not needed.
        listed = what in ("0.proof_info[63]", "0.assets_count")
        if what == "1.assets_count":
            continue
        found = judge(altered.documents(listed=listed, keys=listed), pins=pins_of(one.keys))
        assert state(found) is State.FAILED, what


def test_a_tier_that_names_the_other_key_fails():
    one = fresh("indexed")
    one.rows[0]["assets_count"] = "500"
    assert "proof.groth16" in failed(judged(one))


def test_rows_may_come_in_any_order():
    one = fresh("pair")
    one.rows.reverse()
    assert state(judged(one)) is State.VERIFIED
    one.rows.insert(0, one.rows.pop(1))
    assert state(judged(one)) is State.VERIFIED


@pytest.mark.parametrize("change", ["first gone", "last gone", "middle gone", "twice", "empty", "number 2^40"])
def test_batches_run_from_zero_each_once(change):
    one = fresh("pair")
    if change == "twice":
        one.rows.append(dict(one.rows[1]))
    elif change == "empty":
        one.rows.clear()
    elif change == "number 2^40":
        one.rows[1]["batch_number"] = str(2**40)
    else:
        one.rows.pop({"first gone": 0, "middle gone": 1, "last gone": 2}[change])
    found = judged(one)
    assert state(found) is State.FAILED
    # A table cut off at the end numbers its rows well; it ends in another list and root.
    assert ("proof.rows" in failed(found)) is (change != "last gone")
    if change == "last gone":
        assert {"total.end", "root.user"} <= failed(found)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("batch_number", " 1"),
        ("batch_number", "01"),
        ("batch_number", "-1"),
        ("batch_number", "١"),
        ("proof_info", "AAA"),
        ("proof_info", "A A="),
        ("batch_commitment", base64.b64encode(R.to_bytes(32, "big")).decode()),
        ("batch_commitment", "AA=="),
        ("account_tree_roots", "[]"),
        ("account_tree_roots", "x"),
        ("account_tree_roots", '["AA==","AA=="]'),
        ("account_tree_roots", "[1,2]"),
        ("cex_asset_list_commitments", '{"a":1}'),
        ("cex_asset_list_commitments", "[" * 5000),
    ],
)
def test_a_cell_outside_its_rule_fails_the_rows_with_its_line(column, text):
    one = fresh("pair")
    one.rows[1][column] = text
    found = judged(one)
    assert "proof.rows" in failed(found)
    assert "Line 3" in render(reason(found, "proof.rows"))


def test_a_row_with_a_missing_cell_fails_the_rows():
    one = made("pair")
    lines = one.table().read(10**6).split(b"\n")
    lines[2] = lines[2].rpartition(b",")[0]
    found = judge([*one.documents(table=False), from_bytes("proof.csv", b"\n".join(lines))])
    assert "proof.rows" in failed(found)


@pytest.mark.parametrize("column", ["batch_number", "account_tree_roots", "cex_asset_list_commitments"])
def test_a_table_without_a_column_is_unusable(column):
    one = fresh("pair")
    one.columns.remove(column)
    for row in one.rows:
        del row[column]
    with pytest.raises(ReservesError) as caught:
        judged(one)
    assert caught.value.code is ErrorCode.CSV_HEADER


def test_a_round_that_does_not_start_empty_fails():
    one = fresh("pair")
    one.rows.pop(0)
    for row in one.rows:
        row["batch_number"] = str(int(row["batch_number"]) - 1)
    found = judge(one.documents(listed=False, keys=False, user=None))
    assert "root.start" in failed(found)


def test_an_account_beyond_the_last_batch_is_in_no_proof():
    one = fresh("indexed")
    last = one.rows[-1]
    last["max_account_index"] = "2"
    user = judge(one.documents(3, listed=False, keys=False))
    assert "root.indexes" in failed(user)
    assert "root.indexes" not in failed(judge(one.documents(2, listed=False, keys=False)))


def test_two_roots_in_an_indexed_round_fail():
    one = fresh("indexed")
    one.rows[1]["account_tree_roots"] = [b64(5)]
    assert "root.chain" in failed(judge(one.documents(listed=False, keys=False)))
    one.rows[1]["account_tree_roots"] = one.rows[0]["account_tree_roots"] * 2
    assert "root.chain" in failed(judge(one.documents(listed=False, keys=False)))


def test_the_number_of_accounts_is_said_as_at_most():
    found = judge(made("indexed").documents(listed=False, keys=False))
    assert found.extra["accounts_at_most"] == 4
    assert any("at most 4 accounts" in render(note) for note in found.notes)


# --- proofs ------------------------------------------------------------------------------------------------------------


def test_proofs_of_two_batches_cannot_change_places():
    one = fresh("pair")
    one.rows[0]["proof_info"], one.rows[1]["proof_info"] = one.rows[1]["proof_info"], one.rows[0]["proof_info"]
    found = judged(one)
    assert failed(found) == {"proof.groth16"}
    assert found.extra["batches"] == {"rows": 3, "proven": 1}


def test_a_bad_last_proof_fails():
    one = fresh("pair")
    one.rows[-1]["proof_info"] = one.rows[0]["proof_info"]
    assert "proof.groth16" in failed(judged(one))


def test_links_only_checks_no_proof_and_says_so():
    found = judged(made("pair"), proofs="chain")
    assert outcomes(found)["proof.groth16"] is Outcome.NOT_CHECKED
    assert outcomes(found)["proof.commitment"] is Outcome.PASSED
    assert states(found)["proof"] is states(found)["total"] is State.UNDECIDED


def test_a_sample_says_what_part_it_covered_and_leaves_the_proof_undecided():
    one = pair_round(9, batches=6, per_batch=1)
    found = judged(one, proofs="0")
    assert outcomes(found)["proof.groth16"] is Outcome.PARTIAL
    # The first and the last batch are always among them.
    assert "2 of 6 batch proofs (33.33 %)" in render(reason(found, "proof.groth16"))
    assert states(found)["proof"] is State.UNDECIDED
    # As many as were asked for stand beside them.
    for asked in (1, 2, 3):
        assert judged(one, proofs=str(asked)).extra["batches"] == {"rows": 6, "proven": 2 + asked}
    assert judged(one, proofs="6").extra["batches"] == {"rows": 6, "proven": 6}
    one.rows[-1]["proof_info"] = one.rows[0]["proof_info"]
    assert "proof.groth16" in failed(judged(one, proofs="0"))


@pytest.mark.parametrize("text", ["some", "-1", "1.5", ""])
def test_an_unknown_selection_of_proofs_is_a_wrong_command(text):
    with pytest.raises(ReservesError) as caught:
        judged(made("pair"), proofs=text)
    assert caught.value.code is ErrorCode.USAGE


def test_one_of_two_keys_leaves_the_proofs_partly_checked():
    one = fresh("indexed")
    del one.keys["zkpor500_2.vk"]
    found = judged(one)
    assert outcomes(found)["proof.groth16"] is Outcome.PARTIAL
    assert "1 of 2 batch proofs (50.00 %)" in render(reason(found, "proof.groth16"))


def test_a_key_that_does_not_parse_fails():
    one = fresh("pair")
    one.keys["zkpor2.vk.save"] = one.keys["zkpor2.vk.save"][:-1]
    found = judged(one)
    assert outcomes(found)["proof.key"] is Outcome.FAILED
    assert outcomes(found)["proof.groth16"] is Outcome.NOT_CHECKED


def test_only_the_key_in_use_needs_a_pin_and_every_fingerprint_is_reported():
    one = fresh("pair")
    other = made("fork").keys["zkpor2.vk.save"]
    found = judge([*one.documents(), from_bytes("other.vk", other)], pins=pins_of(one.keys))
    assert states(found)["proof"] is State.VERIFIED
    digests = {hashlib.sha256(data).hexdigest() for data in (*one.keys.values(), other)}
    assert {key["sha256"] for key in found.extra["keys"]} == digests


def test_a_pool_of_workers_gives_the_same_answer():
    one = pair_round(11, batches=5, per_batch=1)
    with ThreadPoolExecutor(2) as pool:
        assert state(judged(one, executor=pool, jobs=2)) is State.VERIFIED
        one.rows[3]["proof_info"] = one.rows[2]["proof_info"]
        found = judged(one, executor=pool, jobs=2)
    assert "1 batch proof does not hold: 3" in render(reason(found, "proof.groth16"))


def test_cancelling_stops_the_run():
    one = made("pair")
    progress = Progress(lambda step: progress.cancel())
    by_role = {"table": (one.table(),)}
    with pytest.raises(Cancelled):
        binance.verify(Evidence(by_role), Given(), progress)


def test_several_users_share_one_judged_round(monkeypatch):
    one = made("pair")
    documents = one.documents(None)
    first = judge([*one.documents(0, listed=False, table=False, keys=False), *documents], pins=pins_of(one.keys))
    monkeypatch.setattr(
        "reserves_gui.publishers.zkmerkle.verifying.check_round", lambda *_: pytest.fail("judged a second time")
    )
    second = judge([*one.documents(1, listed=False, table=False, keys=False), *documents], pins=pins_of(one.keys))
    assert state(first) is state(second) is State.VERIFIED
    assert first.leaves == (0,)
    assert second.leaves == (1,)


# --- what is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pair", "fork", "linked", "indexed"])
def test_the_setup_made_by_the_exchange_alone_is_said_for_every_round(name):
    found = judge(made(name).documents(listed=False, table=False, keys=False), fork=name == "fork")
    assert any(message.key == "zkmerkle.setup_alone" for message in found.warnings)
    assert any(message.key == "zkmerkle.hidden" for message in found.notes)


def test_dated_notes_follow_the_release():
    keys = {message.key for message in judge(made("linked").documents(keys=False, listed=False)).warnings}
    assert {"zkmerkle.note.collateral_flag", "zkmerkle.note.success_line"} <= keys
    assert "zkmerkle.note.account_count" not in keys
    keys = {message.key for message in judge(made("indexed").documents(keys=False, listed=False)).warnings}
    assert "zkmerkle.note.account_count" in keys
    assert "zkmerkle.note.collateral_flag" not in keys
    alone = judge(made("linked").documents(table=False, keys=False, listed=False))
    assert {one["name"] for one in alone.extra["release"]} == {"v1.1", "v1.2.0"}


def test_gross_equity_debt_and_net_stand_beside_one_another():
    one = made("pair")
    found = judged(one)
    btc = one.listed["CexAssetsInfo"][0]
    figures = found.extra["figures"]["BTC"]
    assert figures["equity"].replace(".", "").lstrip("0").rstrip("0") == str(btc["TotalEquity"]).rstrip("0")
    assert set(figures) == {"equity", "debt", "net", "price"}
    assert found.total["BTC"] == figures["net"]


def test_amounts_are_in_coins_with_the_list_and_in_units_without():
    one = made("indexed")
    with_list = judge(one.documents(keys=False, table=False)).balances
    without = judge(one.documents(keys=False, table=False, listed=False)).balances
    first = one.users[0]["Assets"][0]
    assert without[f"#{first['Index']}"] == str(first["Equity"])
    names = {asset["Index"]: asset["Symbol"] for asset in one.listed["CexAssetsInfo"]}
    decimals = 2 if names[first["Index"]] == "SHIB" else 8
    whole, _, rest = with_list[names[first["Index"]]].partition(".")
    assert int(whole + rest.ljust(decimals, "0")) == first["Equity"]


def test_a_balance_the_user_states_is_compared():
    one = made("indexed")
    documents = one.documents(keys=False, table=False)
    held = judge(documents).balances
    asset, amount = next(iter(held.items()))
    assert outcomes(judge(documents, expected=((asset, amount),)))["leaf.expected"] is Outcome.PASSED
    assert "leaf.expected" in failed(judge(documents, expected=((asset, amount + "1"),)))


def test_the_forks_read_the_original_key_names_and_the_original_not_theirs():
    assert gate.recognise(written("user_config.json", made("pair").users[0])).strength == 2
    assert gate.recognise(written("user_config.json", made("linked").users[0])) is None
    assert binance.recognise(written("user_config.json", made("fork").users[0])) is None
    assert binance.recognise(written("config.json", made("fork").listed)) is None


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\x00" * 708, b"a,b\n1,2\n", b'{"Root": 1}', b'"proof_info"', b"{" * 100]
)
def test_foreign_files_are_left_alone(data):
    document = from_bytes("file.bin", data)
    assert binance.recognise(document) is None
    assert gate.recognise(document) is None


def test_the_picture_follows_the_path_on_its_true_sides():
    found = judge(made("pair").documents(3, table=False, keys=False, listed=False))
    assert len(found.picture.nodes) == 57
    assert [node.side.value for node in found.picture.nodes[:4]] == ["right", "left", "right", "left"]
    assert found.picture.nodes[-1].hash == found.root


def test_a_view_names_leaf_place_and_root_for_comparison():
    one = made("pair")
    views = [judge(one.documents(user, table=False, keys=False, listed=False)).view for user in (0, 1)]
    assert views[0].root == views[1].root
    assert views[0].leaf != views[1].leaf
    assert [view.leaf_position for view in views] == ["0", "1"]
    assert json.dumps([view.usable for view in views]) == "[true, true]"
