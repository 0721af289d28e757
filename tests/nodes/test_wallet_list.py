"""A wallet list of ours over real nodes: who controls it, and what it held at a past height, from two sources each."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from tests.chain.ledger import Facade
from tests.chain.servers import Fault, Reply, json_reply, serving
from tests.nodes import owner
from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.conftest import Litecoin
from tests.nodes.evm_chain import EvmChain

pytestmark = pytest.mark.nodes
_HEADER = ("chain", "asset", "address", "amount", "message", "signature")


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")


def _list(folder: Path, *rows: tuple[str, ...]) -> str:
    path = folder / "wallets.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows((_HEADER, *rows))
    return str(path)


def _answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return dict(json.loads(capsys.readouterr().out.strip().splitlines()[-1]))


def _rows(answer: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in answer["rows"].items() if count}


def test_a_list_over_three_chains_is_verified_end_to_end(
    bitcoin: BitcoinChain,
    litecoin: Litecoin,
    evm: tuple[EvmChain, EvmChain],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bitcoin.pay(owner.BITCOIN, 150_000_000)
    litecoin.pay(owner.LITECOIN_TEST, "2.5")
    for chain in evm:
        chain.pay(owner.ETHEREUM, 3 * 10**18)
        chain.pay_tokens(owner.ETHEREUM, 7 * 10**8)
    heights = {"bitcoin": bitcoin.tip(), "litecoin": litecoin.height(), "ethereum": evm[0].height()}
    # What comes after the snapshot must not be counted.
    bitcoin.pay(owner.BITCOIN, 9_900)
    litecoin.pay(owner.LITECOIN_TEST, "1")
    for chain in evm:
        chain.pay(owner.ETHEREUM, 5)
        chain.pay_tokens(owner.ETHEREUM, 5)
    litecoin.wait_for_servers()
    path = _list(
        tmp_path,
        ("bitcoin", "BTC", owner.BITCOIN, "1.5", owner.MESSAGE, owner.bitcoin_signature("Bitcoin")),
        ("litecoin", "LTC", owner.LITECOIN, "2.5", owner.MESSAGE, owner.bitcoin_signature("Litecoin")),
        ("ethereum", "ETH", owner.ETHEREUM, "3", owner.MESSAGE, owner.ethereum_signature()),
        ("ethereum", "WBTC", owner.ETHEREUM, "7", owner.MESSAGE, owner.ethereum_signature()),
    )

    assert main(["wallets", path, "--json"]) == 0
    assert _rows(_answer(capsys)) == {"verified": 4}

    at = [word for name, height in heights.items() for word in ("--at", f"{name}={height}")]
    with serving(Facade(bitcoin)) as one, serving(Facade(bitcoin, summary=False)) as other:
        sources = [
            f"bitcoin=esplora+{one.url}",
            f"bitcoin=esplora+{other.url}",
            *litecoin.electrum_sources,
            f"evm+http://127.0.0.1:{evm[0].port}",
            f"evm-proof+http://127.0.0.1:{evm[1].port}",
        ]
        words = [word for source in sources for word in ("--source", source)]
        code = main(["balances", path, *words, *at, "--json"])
    answer = _answer(capsys)
    assert code == 0, answer
    for asset, amount in {"BTC": "1.5", "LTC": "2.5", "ETH": "3", "WBTC": "7"}.items():
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
    honest = Facade(bitcoin)

    def lying(method: str, path: str, body: bytes) -> Reply:
        reply = honest(method, path, body)
        if re.fullmatch(r"/addresses/txs/summary|/address/\w+/txs/summary", path.partition("?")[0]):
            return json_reply([{**one, "value": one["value"] + 1} for one in json.loads(reply.body)])
        if re.fullmatch(r"/address/\w+", path):
            told = json.loads(reply.body)
            told["chain_stats"]["funded_txo_sum"] += told["chain_stats"]["funded_txo_count"]
            return json_reply(told)
        return reply

    path = _list(tmp_path, ("bitcoin", "BTC", address, "0.00004", "", ""))
    with serving(honest) as one, serving(lying) as other:
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
