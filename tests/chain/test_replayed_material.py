"""Recorded answers of real servers, replayed: asked for by the sources themselves, as they were when recorded."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from reserves_gui.chain import multicall
from reserves_gui.chain.chains import Kind, chains
from reserves_gui.chain.esplora import Esplora
from reserves_gui.chain.evm import Evm
from reserves_gui.chain.port import Account, Asset, Speaker
from reserves_gui.chain.price_sources import ask_prices, parse_price_source
from reserves_gui.chain.standing import identify
from reserves_gui.chain.trie import keccak256
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress
from reserves_gui.wallets import bitcoin_address
from tests.chain.conftest import open_door
from tests.chain.faults import Answering, Reply, json_reply
from tests.chain.honest.evm import block
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.lines import rpc
from tests.chain.material import CHAIN, exchange, expected, load
from tests.chain.servers import serving

_TOKEN = Asset(name="RECORDED", decimals=None, contract="0xe7f1725e7734ce288f8367e1bb143e90bb3f0512", mapping=0)
_OWNER = Account(
    "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", bytes.fromhex("70997970c51812dc3a010c7d01b50e0d17dc79c8")
)


def _replayed() -> Answering:
    """The recorded exchanges, and beside them only what every run asks: chain, newest block, other headers, decimals."""
    recorded = json.loads((CHAIN / "evm_rpc_exchanges.json").read_text("utf-8"))["exchanges"]

    def answer(method: str, params: Any) -> object:
        for one in recorded:
            if one["request"]["method"] == method and one["request"]["params"] == params:
                return one["response"]["result"]
        if method == "eth_call" and params[0]["data"] == "0x" + multicall.DECIMALS.hex():
            return "0x" if params[1] == "0x1" else "0x" + (6).to_bytes(32, "big").hex()
        if method == "eth_getLogs" and len(params[0]["topics"]) == 2:
            return []
        return {
            "eth_chainId": lambda: hex(31337),
            "eth_blockNumber": lambda: "0x78",
            "eth_getBlockByNumber": lambda: block(int(params[0], 16), 1, state_root=bytes(32)),
        }[method]()

    return rpc(answer)


@pytest.mark.parametrize(("height", "amount"), [(0x66, 0), (0x67, 5_000_000), (1, None)])
def test_the_recorded_token_is_asked_for_as_it_was_recorded(height: int, amount: int | None) -> None:
    with serving(_replayed()) as server:
        source = Evm(server.url, open_door(server.url).transport)
        source.probe([chains()["ethereum"]], Progress())
        (seen,) = source.observe(_TOKEN, [_OWNER], source.block(height, Progress()), Progress())
    assert seen.amount == amount
    assert amount is not None or (seen.reason is not None and seen.reason.key == "chain.no_contract")


def test_the_recorded_transfers_are_asked_for_and_add_up_to_the_balance() -> None:
    with serving(_replayed()) as server:
        source = Evm(server.url, open_door(server.url).transport)
        source.probe([chains()["ethereum"]], Progress())
        moved = list(source.token_deltas(_TOKEN, [_OWNER], 0x65, Progress()))
    assert [(one.height, one.amount) for one in moved] == [(0x78, 7_000_000), (0x67, 5_000_000)]
    assert sum(one.amount for one in moved) == expected("evm-rpc")["balances"][2]


def test_the_recorded_state_override_lends_the_genuine_contract() -> None:
    request, answer = exchange("evm_rpc_exchanges.json", 5)
    call, _, lent = request["params"].entries()
    (override,) = [value for _, value in lent.items()]
    assert keccak256(override["code"].data()).hex() == multicall.CODE_HASH
    sent = call["data"].data()
    token = bytes.fromhex((_TOKEN.contract or "")[2:])
    owners = [sent[at : at + 20] for at in range(len(sent)) if sent[at - 16 : at] == multicall.BALANCE_OF + bytes(12)]
    assert multicall.aggregate3([(token, multicall.with_address(multicall.BALANCE_OF, one)) for one in owners]) == sent
    found = multicall.results(answer.data(), len(owners))
    assert int.from_bytes(found[owners.index(_OWNER.key or b"")] or b"", "big") == 5_000_000


def test_the_recorded_electrum_server_is_a_test_chain_of_its_own_user() -> None:
    answers = {
        one["request"]["method"].text(): one["response"]["result"]
        for one in load("electrum_exchanges.json")["exchanges"].entries()
    }
    genesis = answers["server.features"]["genesis_hash"].hash()
    own, public = (Speaker(name="x", operator="x", own=own) for own in (True, False))
    litecoin = chains()["litecoin"]
    found = identify(Kind.BITCOIN, genesis, speaker=own, wanted=[litecoin], fixed=None)
    assert (found.chain, found.test) == (litecoin, True)
    with pytest.raises(ReservesError):
        identify(Kind.BITCOIN, genesis, speaker=public, wanted=[litecoin], fixed=None)
    assert answers["server.version"].entries()[1].text() in ("1.4", "1.4.2")
    unspent = [entry["value"].integer() for entry in answers["blockchain.scripthash.listunspent"].entries()]
    assert sum(unspent) == expected("electrum")["confirmed"]


def _sampled(address: str, stats: Any, page: list[Any]) -> Answering:
    """One address of an Esplora server without the extension, on a chain of 300 blocks."""
    ledger = MemoryLedger()
    ledger.mine(count=300)

    def answering(method: str, path: str, body: bytes) -> Reply:
        if path == f"/address/{address}":
            return json_reply(stats)
        if path.startswith(f"/address/{address}/txs/chain"):
            return json_reply(page)
        return Facade(ledger, summary=False)(method, path, body)

    return answering


def _esplora_balance(answering: Answering, account: Account, height: int) -> int | None:
    with serving(answering) as server:
        source = Esplora(server.url, open_door(server.url).transport)
        source.probe([chains()["bitcoin"]], Progress())
        (seen,) = source.observe(Asset(name="BTC", decimals=8), [account], source.block(height, Progress()), Progress())
    return seen.amount


@pytest.mark.parametrize(("height", "amount"), [(300, 100_000_040), (248, 100_000_040), (247, 0)])
def test_the_recorded_transaction_of_a_page_is_taken_back(height: int, amount: int) -> None:
    samples = json.loads((CHAIN / "esplora_samples.json").read_text("utf-8"))
    address, entry = samples["address"], samples["regtest"]["page1_first"]
    nothing = {"funded_txo_count": 0, "funded_txo_sum": 0, "spent_txo_count": 0, "spent_txo_sum": 0, "tx_count": 0}
    stats = {"chain_stats": {**nothing, "tx_count": 1, "funded_txo_sum": 100_000_040}, "mempool_stats": nothing}
    account = Account(address, bytes.fromhex(entry["vout"][0]["scriptpubkey"]))
    assert _esplora_balance(_sampled(address, stats, [entry]), account, height) == amount


def test_the_samples_of_the_explorer_are_read() -> None:
    samples = json.loads((CHAIN / "esplora_samples.json").read_text("utf-8"))["mempool_space"]
    (path,) = [one for one in samples if re.fullmatch(r"GET /api/address/\w+", one)]
    address = path.rpartition("/")[2]
    program = bitcoin_address.decode(address, "btc")
    assert program is not None
    assert _esplora_balance(_sampled(address, samples[path], []), Account(address, program.script), 300) == 0
    # A price more than six hours away from the time asked for is not used, one at its own time is.
    (prices,) = [value for one, value in samples.items() if "historical-price" in one]
    (day,) = prices["prices"]
    for time, usable in ((day["time"], True), (1_500_000_000, False)):
        with serving(lambda *_: json_reply(prices)) as server:
            door = open_door(server.url).transport
            source = parse_price_source(f"mempool+{server.url}")
            found, refused = ask_prices(source, {"BTC": [time]}, door, Progress())
        assert [price.usd for price in found] == ([Decimal("2254.9")] if usable else [])
        assert [one.error.message.key for one in refused] == ([] if usable else ["chain.price_old"])


def test_nothing_in_the_material_is_left_out() -> None:
    """What is recorded anew must be used here, too: every exchange and sample is named by a test above."""
    asked = {
        name: [entry["request"]["method"].text().rpartition(".")[2] for entry in load(name)["exchanges"].entries()]
        for name in ("evm_rpc_exchanges.json", "evm_proof_negatives.json", "electrum_exchanges.json")
    }
    assert asked == {
        "evm_rpc_exchanges.json": [*["eth_call"] * 6, "eth_getLogs", "eth_getBlockByNumber", *["eth_getProof"] * 2],
        "evm_proof_negatives.json": ["eth_getProof"] * 4,
        "electrum_exchanges.json": [
            "version", "get_balance", "get_history", "listunspent", "header", "subscribe", "features", "get_merkle", "header",
        ],
    }  # fmt: skip
    samples = json.loads((CHAIN / "esplora_samples.json").read_text("utf-8"))
    assert set(samples["regtest"]) == {"stats", "page1_first"}
    # /utxo and the block of a time are samples of requests that are never made: totals above 500 outputs are refused,
    # and a height is searched for in the headers themselves.
    assert [one.partition("?")[0].rpartition("/")[2] for one in samples["mempool_space"]] == [
        "1wiz18xYmhRX6xStj2b9t1rwWX4GKUgpv", "utxo", "1672531200", "historical-price",
    ]  # fmt: skip
    assert {path.name for path in CHAIN.glob("*.json")} == {
        *asked, "esplora_samples.json", "manifest.json", "tron_xrp_message_signatures.json",
    }  # fmt: skip
