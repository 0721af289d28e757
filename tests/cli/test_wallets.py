"""`reserves wallets`, as a user types it: exit codes, filters, the message beside a file, worker processes."""

import json
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main

HEADER = "chain,asset,address,amount\n"
BITCOIN = "bitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,1.5\n"
ETHER = "ethereum,ETH,0x52908400098527886e0f7030069857d2e4169ee7,2\n"
WRONG = "bitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3,2\n"


def _list(folder: Path, text: str, name: str = "wallets.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def _json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


def test_an_unsigned_list_is_undecided_and_a_wrong_address_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wallets", _list(tmp_path, HEADER + BITCOIN + ETHER), "--json"]) == 3
    assert _json(capsys)["rows"]["unsupported"] == 2
    assert main(["wallets", _list(tmp_path, HEADER + BITCOIN + WRONG), "--json"]) == 1
    answer = _json(capsys)
    assert answer["failures"] == [
        {
            "line": 3,
            "coin": "BTC",
            "address": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3",
            "reason": "This cannot be an address of its chain: its checksum, length or prefix is wrong.",
            "key": "wallets.undecodable",
            "args": {},
        }
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "input.empty"),
        ("<html><body>not found</body></html>", "format.unrecognised"),
        ("chain,asset,amount\nbitcoin,BTC,1\n", "format.unrecognised"),
        ('{"data": 3}', "format.unrecognised"),
        ("\x00\x01\x02", "input.encoding"),
    ],
)
def test_what_is_no_wallet_list_is_exit_2(
    content: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wallets", _list(tmp_path, content), "--json"]) == 2
    assert _json(capsys)["error"]["code"] == code


def test_a_missing_file_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wallets", str(tmp_path / "none.csv"), "--json"]) == 2
    assert _json(capsys)["error"]["code"] == "input.not_found"


@pytest.mark.parametrize("words", [["wallets"], ["wallets", "x", "--jobs", "0"], ["wallets", "x", "--jobs", "two"]])
def test_a_wrong_command_line_is_exit_2(words: list[str]) -> None:
    assert main(words) == 2


def test_only_the_chains_asked_for_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _list(tmp_path, HEADER + BITCOIN + WRONG + ETHER)
    for name in ("ethereum", "Ethereum", "ETH"):
        assert main(["wallets", path, "--chain", name, "--json"]) == 3
        assert sum(_json(capsys)["rows"].values()) == 1
    assert main(["wallets", path, "--chain", "ethereum", "--chain", "bitcoin", "--json"]) == 1
    assert sum(_json(capsys)["rows"].values()) == 3


def test_worker_processes_find_what_one_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"ethereum,ETH,0x{number:040x},1\n" for number in range(1, 1800))
    path = _list(tmp_path, HEADER + rows + BITCOIN + WRONG + BITCOIN)
    answers = []
    for jobs in ("1", "2"):
        assert main(["wallets", path, "--jobs", jobs, "--json"]) == 1
        answers.append(_json(capsys))
    assert answers[0] == answers[1]
    assert [one["line"] for one in answers[0]["failures"]] == [1802]
    assert answers[0]["rows"]["unsupported"] == 1801
    # The one that stands twice is counted once, and that is said.
    (duplicates,) = [one for one in answers[0]["claims"][0]["checks"] if one["id"] == "ownership.duplicates"]
    assert "1803" in duplicates["reason"]


def test_one_address_in_two_lists_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = _list(tmp_path, HEADER + BITCOIN, "first.csv")
    second = _list(tmp_path, HEADER + BITCOIN + ETHER, "second.csv")
    assert main(["wallets", first, second, "--json"]) == 3
    answer = _json(capsys)
    assert [len(one["inputs"]) for one in answer["proofs"]] == [1, 1]
    assert any(one["key"] == "wallets.warn.elsewhere" for one in answer["warnings"])


@pytest.mark.parametrize("quote", ["", '"'])
def test_an_audit_list_may_be_quoted_from_its_header_on(
    quote: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "digitalAsset,network,address,signedMessage,signedMessage2,message,publicKey,owner1,owner2"
    row = "USDT,ETH,0x6a32bea6b4050763a6673202efde42ad87bec0b5,0x00,null,OKC_DTT_AUP2025,,,"
    text = "\r\n".join(",".join(f"{quote}{cell}{quote}" for cell in line.split(",")) for line in (header, row))
    assert main(["wallets", _list(tmp_path, text + "\r\n"), "--json"]) == 1
    answer = _json(capsys)
    assert answer["format"] == "okx-wallets"
    assert [one["line"] for one in answer["failures"]] == [2]


_OKX_ROWS = "coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/ public key\n"
_OKX_TEXT = "I am an OKX address"
_OKX_SIGNATURE = (
    "0x07f19879aa28d51c97cddfdfecffe7ed96525545d041aee4f4386b0bf4c1a269"
    "24b637fb02ccbb97305c13daa51a0f50b8896fb25ecbaf60020cde920d227a221b"
)


@pytest.mark.parametrize(
    "cells",
    [(_OKX_TEXT, "", "", ""), ("", _OKX_SIGNATURE, "", ""), (_OKX_TEXT,), (_OKX_TEXT, _OKX_SIGNATURE, "", "", "more")],
    ids=["no_signature", "no_message", "short", "long"],
)
def test_a_row_that_cannot_hold_still_makes_the_next_of_its_address_a_duplicate(
    cells: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "0cdcdb19a857c2ac24818ca4fdfe38cce071483e"
    spoilt = ",".join(("ETH", "ETH", "1", "0x" + address.upper(), "1", *cells))
    good = f"ETH,ETH,1,0x{address},1,{_OKX_TEXT},{_OKX_SIGNATURE},,"
    assert main(["wallets", _list(tmp_path, f"{_OKX_ROWS}{good}\n"), "--json"]) == 0
    capsys.readouterr()
    assert main(["wallets", _list(tmp_path, f"{_OKX_ROWS}{spoilt}\n{good}\n"), "--json"]) == 1
    answer = _json(capsys)
    assert [one["line"] for one in answer["failures"]] == [2, 3]
    checks = {check["id"]: check["outcome"] for check in answer["claims"][0]["checks"]}
    assert checks["ownership.duplicates"] == "failed"


def test_an_address_of_another_exchange_is_named_in_capitals_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "bc1q4w3drxrdhcsxlrhrqpl7kecesn53pf455muj30"
    for spelling in (address, address.upper()):
        assert main(["wallets", _list(tmp_path, f"{HEADER}bitcoin,BTC,{spelling},1\n"), "--json"]) == 3
        (warning,) = _json(capsys)["warnings"]
        assert warning["key"] == "wallets.warn.shared"
        assert "coin8, coinstore" in warning["text"]
