"""A wallet list of ours over real nodes: who controls it, and what it held at a past height, from two sources each."""

import json
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from tests.chain.ledger import Facade
from tests.chain.servers import Fault, serving
from tests.nodes import owner
from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.evm_chain import EvmChain
from tests.nodes.litecoin import Litecoin
from tests.nodes.snapshot import AMOUNTS, TOKENS, Snapshot, off_by_one, written

pytestmark = pytest.mark.nodes


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")


def _list(folder: Path, *rows: tuple[str, ...]) -> str:
    header = ("chain", "asset", "address", "amount", "message", "signature")
    return str(written(folder / "wallets.csv", header, *rows))


def _answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out.strip().splitlines()[-1]))


def _rows(answer: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in answer["rows"].items() if count}


def test_a_list_over_three_chains_is_verified_end_to_end(
    snapshot: Snapshot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot.ready()
    path = str(snapshot.plain_list(tmp_path))

    assert main(["wallets", path, "--json"]) == 0
    assert _rows(_answer(capsys)) == {"verified": 4}

    at = [word for name, height in snapshot.heights.items() for word in ("--at", f"{name}={height}")]
    words = [word for source in snapshot.sources for word in ("--source", source)]
    code = main(["balances", path, *words, *at, "--json"])
    answer = _answer(capsys)
    assert code == 0, answer
    for asset, amount in {**AMOUNTS, "WBTC": TOKENS}.items():
        figures = answer["assets"][asset]
        assert figures["listed"] == amount
        assert set(figures["seen"].values()) == {amount}
        assert figures["agree"] is True
        assert len(figures["seen"]) == 2


def test_an_electrum_server_and_its_node_agree_at_the_tip(
    litecoin: Litecoin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"
    path = _list(
        tmp_path, ("litecoin", "LTC", address, "0", "", ""), ("litecoin", "LTC", owner.OTHER_LITECOIN, "0.125", "", "")
    )
    litecoin.pay(owner.OTHER_LITECOIN_TEST, "0.125")
    litecoin.wait_for_servers()
    code = main(["balances", path, "--source", litecoin.electrum_sources[0], "--source", litecoin.rpc_source, "--json"])
    answer = _answer(capsys)
    assert answer["rows"]["agree"] == 2, answer
    assert len(answer["assets"]["LTC"]["seen"]) == 2
    assert len(set(answer["assets"]["LTC"]["seen"].values())) == 1
    assert code == 0


def test_many_accounts_of_a_token_are_asked_through_one_contract(
    evm: tuple[EvmChain, EvmChain], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [f"0x{number:040x}" for number in range(0x51000, 0x51014)]
    for chain in evm:
        for number, address in enumerate(addresses):
            chain.pay_tokens(address, number * 10**5)
    rows = [("ethereum", "WBTC", address, f"0.{number:03d}", "", "") for number, address in enumerate(addresses)]
    words = [word for chain in evm for word in ("--source", f"evm+http://127.0.0.1:{chain.port}")]
    code = main(["balances", _list(tmp_path, *rows), *words, "--json"])
    answer = _answer(capsys)
    assert code == 0, answer
    assert _rows(answer) == {"agree": len(addresses)}


def test_a_server_that_is_off_by_one_satoshi_is_not_averaged(
    bitcoin: BitcoinChain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
    bitcoin.pay(address, 4_000)
    path = _list(tmp_path, ("bitcoin", "BTC", address, "0.00004", "", ""))
    with serving(Facade(bitcoin)) as one, serving(off_by_one(bitcoin)) as other:
        words = ["--source", f"esplora+{one.url}", "--source", f"esplora+{other.url}"]
        code = main(["balances", path, *words, "--json"])
    answer = _answer(capsys)
    assert code == 3, answer
    assert _rows(answer) == {"differ": 1}
    assert set(answer["assets"]["BTC"]["seen"].values()) == {"0.00004", "0.00004001"}


def test_a_chain_that_is_cut_off_leaves_the_row_to_the_other_source(
    bitcoin: BitcoinChain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
    bitcoin.pay(address, 8_000)
    path = _list(tmp_path, ("bitcoin", "BTC", address, "0.00008", "", ""))
    with serving(Facade(bitcoin)) as one, serving(Facade(bitcoin)) as other:
        other.faults.append(Fault(path="/address.*", drop=True))
        words = ["--source", f"esplora+{one.url}", "--source", f"esplora+{other.url}"]
        main(["balances", path, *words, "--json"])
    answer = _answer(capsys)
    assert _rows(answer) == {"single_source": 1}
    assert list(answer["assets"]["BTC"]["seen"].values()) == ["0.00008"]
