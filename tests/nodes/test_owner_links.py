"""Owner accounts that sign for a contract, and the contract itself on a real node."""

import json
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from tests.chain.contracts import ACCEPTED, IS_VALID_SIGNATURE, OWNER, POD_OWNER, answering, safe, word
from tests.nodes.evm_chain import EvmChain
from tests.wallets.owner_rows import ANN, BEN, CID, DIGEST, Owner, owner_list, plain, row

pytestmark = pytest.mark.nodes
_AT = "0x" + "5afe" * 10


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")


def _look(path: str, capsys: pytest.CaptureFixture[str], *sources: str) -> tuple[int, dict[str, Any]]:
    words = [word for source in sources for word in ("--source", source)]
    code = main(["wallets", path, *words, "--json"])
    return code, dict(json.loads(capsys.readouterr().out))


def _remarks(answer: dict[str, Any]) -> list[str]:
    return [one["text"] for one in answer["notes"] if "contract at the address" in one["text"]]


def _set(chain: EvmChain, code: bytes, address: str = _AT) -> None:
    chain.rpc("anvil_setCode", address, "0x" + code.hex())


def _source(chain: EvmChain) -> str:
    return f"evm+http://127.0.0.1:{chain.port}"


def _check(answer: dict[str, Any]) -> dict[str, Any]:
    checks = [check for claim in answer["claims"] for check in claim["checks"]]
    return next(check for check in checks if check["id"] == "ownership.owner_link")


_CODES = {
    "a safe of both, two needed": (safe([CID.address, ANN.address, BEN.address], 2), (ANN, BEN), True),
    "a safe of both, one needed": (safe([ANN.address, BEN.address], 1), (ANN, BEN), True),
    "a safe of one": (safe([ANN.address], 1), (ANN,), True),
    "a safe that needs three": (safe([ANN.address, BEN.address, CID.address], 3), (ANN, BEN), False),
    "a safe that needs two of one": (safe([ANN.address, BEN.address], 2), (ANN,), False),
    "a safe of others": (safe([CID.address], 1), (ANN,), False),
    "a safe of one of them only": (safe([ANN.address, CID.address], 1), (ANN, BEN), False),
    "a safe without threshold": (safe([ANN.address], 0), (ANN,), False),
    "a safe with an owner twice": (safe([ANN.address, ANN.address], 1), (ANN,), False),
    "one owner": (answering({OWNER: word(ANN.address)}), (ANN,), True),
    "one owner among the signers": (answering({OWNER: word(BEN.address)}), (ANN, BEN), True),
    "another owner": (answering({OWNER: word(CID.address)}), (ANN,), False),
    "no owner": (answering({OWNER: word(0)}), (ANN,), False),
    "a judge of signatures": (
        answering({IS_VALID_SIGNATURE: ACCEPTED}, only_for={IS_VALID_SIGNATURE: DIGEST}), (ANN,), True,
    ),
    "a judge that accepts all": (answering({IS_VALID_SIGNATURE: ACCEPTED}), (ANN,), False),
    "a pod, but not of a validator": (answering({POD_OWNER: word(ANN.address)}), (ANN,), False),
    "a contract that knows nothing": (answering({}), (ANN,), False),
    "a contract that stops without a word": (b"\x00", (ANN,), False),
    "broken code": (b"\xfe", (ANN,), False),
    "an account that borrows code": (bytes.fromhex("ef0100") + bytes(20), (ANN,), False),
    "no contract": (b"", (ANN,), False),
}  # fmt: skip


@pytest.mark.parametrize("name", _CODES)
def test_owners_control_what_the_contract_says(
    name: str, evm: tuple[EvmChain, EvmChain], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, owners, good = _CODES[name]
    chain = evm[0]
    _set(chain, code)
    exit_code, answer = _look(owner_list(tmp_path, [row(_AT, *owners)]), capsys, _source(chain))
    rows = {state: count for state, count in answer["rows"].items() if count}
    assert rows == ({"verified": 1} if good else {"owner_unlinked": 1})
    assert exit_code == (0 if good else 3)
    assert _check(answer)["outcome"] == ("passed" if good else "not_checked")
    if good:
        assert str(chain.height()) in _reason_of_the_row(tmp_path, chain)
    else:
        assert answer["unlinked"][0]["key"].startswith("wallets.owner.")


def _reason_of_the_row(tmp_path: Path, chain: EvmChain) -> str:
    """The reason of the row names the block."""
    from reserves_gui.messages import render
    from reserves_gui.progress import Progress
    from reserves_gui.services.lookup import Looking
    from reserves_gui.services.wallets import ListedRow, WalletsRequest, check_wallets

    told: list[ListedRow] = []
    looking = Looking(sources=(_source(chain),))
    check_wallets(
        WalletsRequest(files=(str(tmp_path / "owners.csv"),), row_sink=told.append, looking=looking), Progress()
    )
    return render(told[0].reason)


def test_the_block_of_the_list_is_looked_at_and_not_the_newest(
    evm: tuple[EvmChain, EvmChain], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = evm[0]
    _set(chain, safe([CID.address], 1))
    chain.pay(CID.address, 1)
    before = chain.height()
    # The state of the newest block is still open to what a test sets.
    chain.pay(CID.address, 1)
    _set(chain, safe([ANN.address], 1))
    chain.pay(CID.address, 1)
    rows = [row(_AT, ANN, height=str(before)), row(_AT, ANN, coin="USDC", height=str(chain.height()))]
    _, answer = _look(owner_list(tmp_path, rows), capsys, _source(chain))
    assert (answer["rows"]["owner_unlinked"], answer["rows"]["verified"]) == (1, 1), answer["unlinked"]
    assert answer["unlinked"][0]["key"] == "wallets.owner.safe_other"
    assert _check(answer)["outcome"] == "partial"


def test_two_sources_that_contradict_each_other_decide_nothing(
    evm: tuple[EvmChain, EvmChain], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lower, higher = sorted(evm, key=EvmChain.height)
    while lower.height() < higher.height():
        lower.pay(CID.address, 1)
    _set(evm[0], safe([ANN.address], 1))
    _set(evm[1], safe([CID.address], 1))
    exit_code, answer = _look(owner_list(tmp_path, [row(_AT, ANN)]), capsys, *map(_source, evm))
    assert exit_code == 3
    assert answer["unlinked"][0]["key"] == "wallets.owner.differ"
    assert any("contradict" in one["text"] for one in answer["warnings"])
    _set(evm[1], safe([ANN.address], 1))
    assert _look(owner_list(tmp_path, [row(_AT, ANN)]), capsys, *map(_source, evm))[0] == 0


def test_an_account_that_is_a_contract_is_remarked_on(
    evm: tuple[EvmChain, EvmChain], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer = Owner("deployer, made up")
    path = owner_list(tmp_path, [plain(deployer), plain(ANN)])
    _set(evm[0], b"\x00", deployer.address)
    exit_code, answer = _look(path, capsys, _source(evm[0]))
    assert exit_code == 0
    assert [text[:2] for text in _remarks(answer)] == ["1 "]
    _set(evm[0], bytes.fromhex("ef0100") + bytes(20), deployer.address)
    assert not _remarks(_look(path, capsys, _source(evm[0]))[1])
