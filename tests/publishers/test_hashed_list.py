"""Generic lists and the template language."""

import hashlib
import hmac
import json
import random
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.publishers.leaf_presets import presets
from reserves_gui.publishers.leaf_template import render
from reserves_gui.publishers.registry import by_id
from tests.publishers.judging import failed, judge, outcome, states

_ID = "hashed-list"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows(users: int) -> list[tuple[str, str, str]]:
    draw = random.Random(users)
    return [
        (sha(f"user{at}"), asset, f"{draw.randrange(10**9)}.{draw.randrange(10):d}")
        for at in range(users)
        for asset in ("BTC", "ETH")
    ]


def written(kind: str, listed: list[tuple[str, str, str]]) -> bytes:
    if kind == "json":
        return json.dumps([{"id": one, "asset": asset, "amount": amount} for one, asset, amount in listed]).encode()
    mark = "," if kind != "tsv" else "\t"
    head = [] if kind == "bare" else [mark.join(("Client_ID", "Coin", "Balance"))]
    return "\n".join([*head, *(mark.join(row) for row in listed)]).encode() + b"\n"


@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "bare"])
@pytest.mark.parametrize("users", [1, 2, 40, 200])
def test_every_user_of_an_honest_list_is_found_by_id(kind: str, users: int) -> None:
    listed = rows(users)
    content = written(kind, listed)
    for at in range(0, users, 1 + users // 5):
        findings = judge(_ID, content, user={"uid": (listed[2 * at][0],)})
        assert states(findings) == {"leaf": "verified", "tree": "verified", "total": "verified"}
        assert findings.root == hashlib.sha256(content).hexdigest()
        assert set(findings.balances) == {"BTC", "ETH"}


def test_a_template_finds_and_never_verifies() -> None:
    content = written("csv", rows(3))
    for template, there in (("sha256hex({uid})", True), ("sha1hex({uid})", False)):
        findings = judge(_ID, content, user={"uid": ("user1",), "template": (template,)})
        assert states(findings)["leaf"] == "undecided"
        assert not failed(findings)
        assert outcome(findings, "leaf.found") == ("passed" if there else "not_checked")
        assert findings.extra["template"] == "unconfirmed"


def test_presets_are_unconfirmed_and_may_allow_pieces() -> None:
    assert {"deribit", "phemex", "kraken"} <= set(presets())
    content = b"id,asset,amount\nabcd,BTC,1\nabcd,BTC,2\n"
    assert failed(judge(_ID, content)) == {"tree.unique"}
    findings = judge(_ID, content, user={"preset": ("deribit",), "uid": ("abcd",)})
    assert not failed(findings)
    assert findings.balances == {"BTC": "3"}
    assert states(findings)["leaf"] == "undecided"
    assert findings.exchange == "Deribit"
    with pytest.raises(ReservesError):
        judge(_ID, content, user={"preset": ("nobody",)})


@pytest.mark.parametrize(
    ("row", "check"),
    [
        ("abcd,BTC,-1", "tree.negative"),
        ("abcd,BTC,1e5", "tree.grammar"),
        ("abcd,BTC,NaN", "tree.grammar"),
        ("abcd,BTC, 1", "tree.grammar"),
        ("abcd,BTC,\u0661", "tree.grammar"),
        ("abcd,BTC", "tree.grammar"),
        ("abcd,BTC,1,2", "tree.grammar"),
        (",BTC,1", "tree.grammar"),
        ("first,BTC,1", "tree.unique"),
    ],
)
def test_each_defect_fails_its_own_check(row: str, check: str) -> None:
    assert failed(judge(_ID, f"id,asset,amount\nfirst,BTC,1\n{row}\n".encode())) == {check}


def test_columns_can_be_mapped_by_name_or_number() -> None:
    content = b"id,kind,amount,held\nabcd,x,junk,5\n"
    for columns in ("id,,held", "1,,4"):
        user = {"columns": (columns,), "uid": ("abcd",), "asset": ("BTC",)}
        assert judge(_ID, content, user=user).balances == {"BTC": "5"}
    for columns in ("id,held", "id,,nothing", "1,1,4", "1,,9"):
        with pytest.raises(ReservesError) as caught:
            judge(_ID, content, user={"columns": (columns,)})
        assert caught.value.code is ErrorCode.USAGE


def test_an_empty_list_and_an_absent_id_fail() -> None:
    assert failed(judge(_ID, b"id,amount\n")) == {"tree.complete"}
    assert failed(judge(_ID, b"id,amount\nabcd,1\n", user={"uid": ("nobody",)})) == {"leaf.found"}


FIELDS = {"uid": "u", "key": "k", "balances": "BTC:1"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{uid}", "u"),
        ("a,{uid},b", "a,u,b"),
        ("sha256hex({uid},{balances})", sha("u,BTC:1")),
        ("cut(16, sha256hex({uid}))", sha("u")[:16]),
        ("sha1hex(x{uid})", hashlib.sha1(b"xu").hexdigest()),
        ("hmac_sha256hex({key}, {uid},{uid})", hmac.new(b"k", b"u,u", "sha256").hexdigest()),
        ("sha256hex(sha256hex({uid})sha256hex({key}))", sha(sha("u") + sha("k"))),
        ("{salt}", None),
    ],
)
def test_a_template_is_text_fields_and_four_functions(template: str, text: str | None) -> None:
    assert render(template, FIELDS) == text


@pytest.mark.parametrize(
    "template",
    [
        "sha256hex({uid}",
        "cut({uid})",
        "cut(0, {uid})",
        "cut(x, {uid})",
        "{uid.__class__}",
        "{other}",
        "eval(1)",
        ")",
        "x" * 501,
        "sha256hex(" * 60,
        "sha256hex(" * 20 + ")" * 20,
        "{uid}" + "y" * 300,
    ],
)
def test_anything_else_in_a_template_is_refused(template: str) -> None:
    with pytest.raises(ReservesError) as caught:
        render(template, FIELDS)
    assert caught.value.code is ErrorCode.USAGE


def test_a_form_shows_the_id_live() -> None:
    declared = by_id(_ID)
    assert declared.leaf_text is not None
    fields: dict[str, Any] = {"uid": "u", "template": "sha256hex({uid})"}
    assert declared.leaf_text(fields) == sha("u")
    assert declared.leaf_text({"template": "sha256hex({uid})"}) is None
