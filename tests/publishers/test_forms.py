"""Forms: values given beside them count like values in them, blanks are nothing, and ids keep their borders."""

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import silent
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.verdict import State, Verdict
from tests.encoders import plain_trees
from tests.encoders.writing import dumps
from tests.publishers.judging import failed, judge, states

_MADE = {
    "bingx-merkle": plain_trees.bingx,
    "pionex-merkle": plain_trees.pionex,
    "topone-merkle": plain_trees.topone,
}


def _fields(format_id: str, seed: int = 1) -> tuple[str, dict[str, Any]]:
    made = _MADE[format_id](Random(seed), 6)
    fields: dict[str, Any] = json.loads(dumps(made.proofs[2]))["fields"]
    return made.root, fields


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else ",".join(f"{coin}:{amount}" for coin, amount in value)


def _verdict(place: Path, format_id: str, fields: dict[str, Any], published: str, **user: str) -> Verdict:
    path = place / "form.json"
    path.write_text(json.dumps(plain_trees.form(format_id, **fields)), encoding="utf-8")
    given = {name: (value,) for name, value in user.items()}
    return verify(VerifyRequest(files=(str(path),), roots=(published,), user=given), silent())


@pytest.mark.parametrize("format_id", _MADE)
def test_any_field_may_be_given_beside_the_form(format_id: str, tmp_path: Path) -> None:
    root, fields = _fields(format_id)
    for name, value in fields.items():
        less = {key: each for key, each in fields.items() if key != name}
        assert _verdict(tmp_path, format_id, less, root, **{name: _typed(value)}).state is State.VERIFIED, name
        assert _verdict(tmp_path, format_id, fields, root, **{name: _typed(value)}).state is State.VERIFIED, name


@pytest.mark.parametrize("name", ["assets", "total", "path", "root"])
def test_a_field_given_twice_and_differently_is_refused(name: str, tmp_path: Path) -> None:
    root, fields = _fields("bingx-merkle")
    other = _typed(_fields("bingx-merkle", 2)[1][name])
    with pytest.raises(ReservesError) as caught:
        _verdict(tmp_path, "bingx-merkle", fields, root, **{name: other})
    assert caught.value.code is ErrorCode.USAGE


def test_the_parts_of_a_mazars_record_may_be_given_beside_a_form_with_its_leaf(tmp_path: Path) -> None:
    parts = {"client_id": "5" * 64, "salt": "0a1b2c3d", "audit_id": "PR31DEC22", "balances": "BTC:1.5000,ETH:0.0000"}
    leaf = plain_trees.sha("5" * 64 + "0a1b2c3dPR31DEC22BTC=1.5000|ETH=0.0000")
    root = plain_trees.raw(leaf, "7" * 64)
    fields = {"leaf": leaf, "path": [{"right": "7" * 64}], "root": root}
    assert _verdict(tmp_path, "mazars-merkle", fields, root).claim("leaf").state is State.UNDECIDED
    found = _verdict(tmp_path, "mazars-merkle", fields, root, **parts)
    assert found.state is State.VERIFIED
    assert found.balances == {"BTC": "1.5000", "ETH": "0.0000"}
    wrong = _verdict(tmp_path, "mazars-merkle", fields, root, **{**parts, "balances": "BTC:1.5001,ETH:0.0000"})
    assert wrong.state is State.FAILED


def test_a_blank_optional_field_is_none(tmp_path: Path) -> None:
    root, fields = _fields("bingx-merkle")
    blank = {**fields, "leaf": "", "hashed_uid": ""}
    assert _verdict(tmp_path, "bingx-merkle", blank, root).state is State.VERIFIED
    with pytest.raises(ReservesError):
        _verdict(tmp_path, "bingx-merkle", {**fields, "uid": ""}, root)


@pytest.mark.parametrize(("format_id", "name"), [("bingx-merkle", "uid"), ("pionex-merkle", "user_id")])
def test_an_id_that_could_be_split_elsewhere_fails_its_shape(format_id: str, name: str) -> None:
    _, fields = _fields(format_id)
    findings = judge(format_id, json.dumps(plain_trees.form(format_id, **{**fields, name: "1,2"})).encode())
    assert "leaf.id_shape" in failed(findings)


def test_a_record_id_is_a_hash() -> None:
    _, fields = _fields("pionex-merkle")
    document = plain_trees.form("pionex-merkle", **{**fields, "record_id": "abc,BTC:5"})
    with pytest.raises(ReservesError) as caught:
        judge("pionex-merkle", json.dumps(document).encode())
    assert caught.value.code is ErrorCode.FORMAT_SHAPE


def test_only_the_root_of_a_bifinance_path_need_not_name_a_parent() -> None:
    whole = json.loads(plain_trees.bifinance(Random(3), 5).bytes_of(1))
    at = {entry["level"]: number for number, entry in enumerate(whole["path"])}
    rootless, gap = copy.deepcopy(whole), copy.deepcopy(whole)
    del rootless["path"][at[0]]["parentMerkelLeaf"]
    del gap["path"][at[1]]["parentMerkelLeaf"]
    assert states(judge("bifinance-merkle", json.dumps(rootless).encode()))["path"] == "verified"
    with pytest.raises(ReservesError):
        judge("bifinance-merkle", json.dumps(gap).encode())
