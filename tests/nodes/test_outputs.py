"""Single outputs of proofs of funds over real nodes: unspent, spent, spent in no block yet, never there."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.chain.bitcoind import Bitcoind
from reserves_gui.chain.chains import chains
from reserves_gui.chain.electrum import Electrum
from reserves_gui.chain.port import Fate, Outpoint, OutputFound
from reserves_gui.cli.main import main
from reserves_gui.progress import Progress
from tests.chain.conftest import open_door
from tests.chain.ledger import Facade
from tests.chain.proofs import proofs_file, psbt_file
from tests.chain.servers import serving
from tests.nodes import owner
from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.litecoin import Litecoin
from tests.nodes.starting import nodes

pytestmark = pytest.mark.nodes
# Nobody else in these tests pays here.
ADDRESS = "1HLoD9E4SDFFPDiYfNYnkBLQ85Y51J3Zb1"


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")


def _balances(
    bitcoin: BitcoinChain, path: str, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """Exit code, the check of the outputs, and the whole answer, by two servers with the interface of Esplora."""
    with serving(Facade(bitcoin)) as one, serving(Facade(bitcoin, summary=False)) as other:
        sources = ["--source", f"esplora+{one.url}", "--source", f"esplora+{other.url}"]
        code = main(["balances", path, *sources, *words, "--json"])
    answer = dict(json.loads(capsys.readouterr().out.strip().splitlines()[-1]))
    (claim,) = [one for one in answer["claims"] if one["id"] == "balances"]
    return code, next(one for one in claim["checks"] if one["id"] == "balances.unspent"), answer


def _paid(bitcoin: BitcoinChain, satoshi: int) -> dict[str, Any]:
    bitcoin.pay(ADDRESS, satoshi)
    return next(one for one in bitcoin.history(ADDRESS) for out in one["vout"] if out["value"] == satoshi)


def test_a_proof_of_funds_is_held_against_a_real_chain(
    bitcoin: BitcoinChain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = _paid(bitcoin, 71_001)
    height = payment["status"]["block_height"]
    place = [one["scriptpubkey_address"] for one in payment["vout"]].index(ADDRESS)
    named = (payment["txid"], place, 71_001, height)
    stamp = (height, str(bitcoin.hash(height)))
    path = proofs_file(tmp_path / "proofs.json", {ADDRESS: [named]}, stamp=stamp)
    code, check, answer = _balances(bitcoin, path, capsys)
    assert (code, check["outcome"]) == (0, "passed"), answer
    assert answer["outputs"]["unspent"] == 1

    # What that payment spent was there one block before, and is gone with it.
    (spent,) = payment["vin"]
    previous = spent["prevout"]
    gone = (spent["txid"], spent["vout"], previous["value"], None)
    path = proofs_file(tmp_path / "gone.json", {previous["scriptpubkey_address"]: [gone]})
    code, check, answer = _balances(bitcoin, path, capsys, "--at", f"bitcoin={height}")
    assert (code, check["outcome"]) == (1, "failed"), answer
    assert f"was spent in block {height}" in check["reason"]
    code, check, answer = _balances(bitcoin, path, capsys, "--at", f"bitcoin={height - 1}")
    assert check["outcome"] == "passed", answer


def test_a_transaction_that_shows_its_outputs_is_looked_up_by_them(
    bitcoin: BitcoinChain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    payment = _paid(bitcoin, 72_002)
    place = [one["scriptpubkey_address"] for one in payment["vout"]].index(ADDRESS)
    script = bytes.fromhex(payment["vout"][place]["scriptpubkey"])
    true = psbt_file(tmp_path / "true.psbt", [(payment["txid"], place, 72_002, script)])
    code, check, answer = _balances(bitcoin, true, capsys)
    assert (code, check["outcome"]) == (0, "passed"), answer
    assert answer["rows"]["agree"] == 1
    false = psbt_file(tmp_path / "false.psbt", [(payment["txid"], place, 72_003, script)])
    code, check, answer = _balances(bitcoin, false, capsys)
    assert (code, check["outcome"]) == (1, "failed"), answer
    assert "0.00072002" in check["reason"]


def _both(litecoin: Litecoin, outpoints: list[Outpoint], height: int) -> list[list[OutputFound | None]]:
    """What the node and an Electrum server on it say of the outputs after the block at ``height``."""
    chain = chains()["litecoin"]
    node_url, server_url = f"http://127.0.0.1:{litecoin.port}", litecoin.electrum_sources[0].partition("=")[2]
    found = []
    opened = open_door(node_url, server_url).transport
    with opened as door, closing(opened.cache):
        for source in (
            Bitcoind(node_url, door, user=nodes.USER, password=nodes.PASSWORD, fixed=chain),
            Electrum(server_url, door, fixed=chain),
        ):
            source.probe([chain], Progress())
            block = source.block(height, Progress())
            found.append([one.found for one in source.outputs(outpoints, block, Progress())])
    return found


def _transaction(litecoin: Litecoin, identifier: str) -> dict[str, Any]:
    return dict(nodes.bitcoin_rpc(litecoin.port, "getrawtransaction", identifier, True))


def test_a_node_and_an_electrum_server_say_the_same_of_outputs(litecoin: Litecoin) -> None:
    identifier = str(nodes.bitcoin_rpc(litecoin.port, "sendtoaddress", owner.OTHER_LITECOIN_TEST, "0.375"))
    litecoin.mine()
    before, height = litecoin.height() - 1, litecoin.height()
    payment = _transaction(litecoin, identifier)
    place = next(one["n"] for one in payment["vout"] if round(one["value"] * 10**8) == 37_500_000)
    script = bytes.fromhex(payment["vout"][place]["scriptPubKey"]["hex"])
    spent = Outpoint(payment["vin"][0]["txid"], payment["vin"][0]["vout"])
    outpoints = [
        Outpoint(identifier, place, script),
        Outpoint(identifier, place, b"\x51"),
        spent,
        Outpoint("ab" * 32, 0, script),
    ]
    litecoin.wait_for_servers()
    for found in _both(litecoin, outpoints, height):
        assert [one.fate for one in found if one is not None] == [Fate.UNSPENT, Fate.OTHER, Fate.GONE, Fate.GONE]
        assert found[0] == OutputFound(Fate.UNSPENT, 37_500_000, height)
    node, server = _both(litecoin, outpoints, before)
    for found in (node, server):
        assert [one.fate for one in found if one is not None] == [Fate.GONE, Fate.GONE, Fate.UNSPENT, Fate.GONE]
    assert node[2] is not None
    assert server[2] is not None
    assert (node[2].amount, node[2].spent) == (server[2].amount, server[2].spent)
    assert node[2].spent == height


def test_what_is_spent_in_no_block_yet_is_unspent(litecoin: Litecoin) -> None:
    litecoin.wait_for_servers()
    height = litecoin.height()
    waiting = str(nodes.bitcoin_rpc(litecoin.port, "sendtoaddress", owner.OTHER_LITECOIN_TEST, "0.0625"))
    try:
        spent = _transaction(litecoin, waiting)["vin"][0]
        for found in _both(litecoin, [Outpoint(spent["txid"], spent["vout"])], height):
            assert found[0] is not None
            assert found[0].fate is Fate.UNSPENT
    finally:
        litecoin.mine()
