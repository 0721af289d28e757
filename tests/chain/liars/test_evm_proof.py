"""False proofs: the source is lying, and all it said in the run is dropped, the true part too."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.chain.chains import Token, tokens
from reserves_gui.chain.trie import keccak256
from reserves_gui.verdict import State
from tests.chain.faults import Answering, Fault
from tests.chain.honest import NOW, evm
from tests.chain.honest.evm import OTHER, OWNER, TOKEN, block
from tests.chain.liars.kit import Seen, crowd, error, hosts, key_of, look, no_answers, put, result
from tests.chain.lines import rpc
from tests.conftest import shared_vectors

KIND = "evm-proof"


def _lying(seen: Any, addresses: Any = (OWNER,)) -> None:
    assert key_of(seen.source("liar")["problem"]) == "chain.lying"
    assert seen.source("liar")["code"] == "source.unusable"
    assert "chain.lying" in seen.alarms
    for address in addresses:
        told = seen.told("liar", address)
        assert (told["outcome"], told["amount"], key_of(told["reason"])) == ("unknown", None, "chain.lying")


# Recorded ----------------------------------------------------------------------------------------------------------

_FOLDER = shared_vectors()
_RECORDED = "evm_rpc_exchanges.json"


def _exchanges(name: str) -> list[dict[str, Any]]:
    assert _FOLDER is not None
    found: list[dict[str, Any]] = json.loads((_FOLDER / "chain" / name).read_text("utf-8"))["exchanges"]
    return found


def _recorded_node(wanted: dict[str, Any], told: dict[str, Any]) -> Callable[[], Answering]:
    """A node of the recorded block that answers ``told`` where the recording was asked ``wanted``.

    Of block 0x67 only its state root is known, from the first account node; a header is made for it.
    """
    address, slots, height = wanted["params"]
    header = _exchanges(_RECORDED)[7]["response"]["result"]
    if height != "0x78":
        node = bytes.fromhex(_exchanges(_RECORDED)[9]["response"]["result"]["accountProof"][0][2:])
        header = block(int(height, 16), NOW, state_root=keccak256(node))

    def proven(asked: list[Any]) -> Any:
        assert asked[0] == address
        assert asked[1] in (slots, [])
        return told

    def answer(method: str, params: Any) -> object:
        return {
            "eth_chainId": lambda: "0x1",
            "eth_blockNumber": lambda: header["number"],
            "eth_getBlockByNumber": lambda: header,
            "eth_call": lambda: "0x" + (6).to_bytes(32, "big").hex(),
            "eth_getProof": lambda: proven(params),
        }[method]()

    return lambda: rpc(answer)


@pytest.mark.skipif(_FOLDER is None, reason="no shared vectors beside the repository; set RESERVES_VECTORS")
@pytest.mark.parametrize("number", range(4))
def test_every_recorded_false_proof_is_a_lie(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    negatives = _exchanges("evm_proof_negatives.json")
    assert len(negatives) == 4
    false = negatives[number]
    request = false["request"]
    true = next(one for one in _exchanges(_RECORDED) if one["request"] == request)["response"]["result"]
    owner, token = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
    # The token that was recorded, as if it were shipped: its balances stand at position 0.
    shipped = Token(chain="ethereum", asset="RECORDED", contract=token, mapping=0, vyper=False, decimals=6)
    monkeypatch.setitem(tokens(), ("ethereum", "RECORDED"), shipped)  # type: ignore[arg-type]
    of_token = request["params"][0] == token
    with hosts(
        KIND, honest=_recorded_node(request, true), liar=_recorded_node(request, false["response"]["result"])
    ) as found:
        asset, amount = ("RECORDED", "5") if of_token else ("ETH", "10000")
        today = NOW if of_token else int(_exchanges(_RECORDED)[7]["response"]["result"]["timestamp"], 16)
        seen = look(KIND, found, tmp_path, asset=asset, held={owner: amount}, today=today)
    _lying(seen, (owner,))
    assert seen.told("honest", owner)["amount"] == amount
    assert (seen.state, seen.rows) == (State.VERIFIED, {"single_source": 1})


# Made up -----------------------------------------------------------------------------------------------------------


def _proof(*path: str | int, value: Any = None, by: Callable[[Any], Any] | None = None) -> Fault:
    """A change of every proof that is told."""
    return Fault("eth_getProof", change=result(put(*path, value=value, by=by)))


def _first_byte(node: str) -> str:
    return f"0x{int(node[2:4], 16) ^ 1:02x}{node[4:]}"


_FALSE = {
    "a balance of one more": _proof("balance", by=lambda told: hex(int(told, 16) + 1)),
    "a balance without proof": _proof("accountProof", value=[]),
    "half a proof": _proof("accountProof", by=lambda nodes: nodes[:1]),
    "a node too many": _proof("accountProof", by=lambda nodes: [*nodes, nodes[-1]]),
    "nodes the other way round": _proof("accountProof", by=lambda nodes: nodes[::-1]),
    "another root node": _proof("accountProof", 0, by=_first_byte),
    "another leaf": _proof("accountProof", 1, by=_first_byte),
    "the account of somebody else": Fault("eth_getProof", change=result(lambda _told: evm.proof(OTHER, []))),
    "somebody else's proof under the name": _proof("accountProof", value=evm.proof(TOKEN, [])["accountProof"]),
    "an empty trie": _proof("accountProof", value=["0x80"]),
    "another nonce": _proof("nonce", value="0x7"),
    "another code": _proof("codeHash", value="0x" + "ab" * 32),
    "another storage": _proof("storageHash", value="0x" + "ab" * 32),
    "a proof of numbers": _proof("accountProof", 0, value=5),
    "nodes of 5000 bytes": _proof("accountProof", 0, value="0x" + "ab" * 5000),
    "100 nodes": _proof("accountProof", by=lambda nodes: nodes * 50),
    "nothing": _proof(value={}),
    "null": _proof(),
}


def _all_lying(seen: Seen, count: int) -> None:
    for number in range(count):
        assert key_of(seen.source(f"liar{number}")["problem"]) == "chain.lying"
    assert seen.alarms == ["chain.lying"] * count
    assert seen.state is State.VERIFIED


def test_a_false_proof_is_a_lie(tmp_path: Path) -> None:
    seen = no_answers(KIND, _FALSE, tmp_path, {"chain.lying"})
    _all_lying(seen, len(_FALSE))
    assert seen.rows == {"single_source": 2}


_FALSE_TOKEN = {
    "a value of one more": _proof("storageProof", 0, "value", value=hex(7_001)),
    "a value without proof": _proof("storageProof", 0, "proof", value=[]),
    "another slot": _proof("storageProof", 0, "key", value="0x" + "00" * 32),
    "no slot": _proof("storageProof", value=[]),
    "two slots": _proof("storageProof", by=lambda told: told * 2),
    "the storage of another contract": _proof("storageHash", value="0x" + "ab" * 32),
    "other decimals": Fault("eth_call", change=result(lambda _told: "0x" + f"{7:064x}")),
}


def test_a_false_proof_of_a_token_is_a_lie(tmp_path: Path) -> None:
    seen = no_answers(KIND, _FALSE_TOKEN, tmp_path, {"chain.lying"}, asset="WBTC", held={OWNER: "0.00007"})
    _all_lying(seen, len(_FALSE_TOKEN))
    assert seen.rows == {"single_source": 1}


def _header(**changes: str) -> Fault:
    return Fault("getBlockByNumber", change=result(lambda told: {**told, **changes}))


_HEADERS = {
    "another state": _header(stateRoot="0x" + "ab" * 32),
    "another time": _header(timestamp=hex(NOW + 1)),
    "another hash": _header(hash="0x" + "ab" * 32),
    "a later field that was not there": _header(baseFeePerGas="0x1"),
}


def test_a_header_that_is_not_its_hash_is_a_lie(tmp_path: Path) -> None:
    with crowd(KIND, list(_HEADERS.values())) as found:
        seen = look(KIND, found, tmp_path)
    for number in range(len(_HEADERS)):
        assert key_of(seen.source(f"liar{number}")["problem"]) == "chain.lying"
    assert (seen.state, seen.rows) == (State.VERIFIED, {"single_source": 2})


def test_what_was_proven_before_the_lie_is_dropped_too(tmp_path: Path) -> None:
    """The coin is proven and the token is not: no figure of that source stands in the end."""
    false = Fault("eth_getProof", change=_only_of_token)
    path = tmp_path / "both.csv"
    path.write_text(f"chain,asset,address,amount\nethereum,ETH,{OWNER},1\nethereum,WBTC,{OWNER},0.00007\n", "utf-8")
    with hosts(KIND, false) as found:
        seen = look(KIND, found, tmp_path, files=(str(path),))
    told = [one for one in seen.verdict.extra["observations"] if "liar.onion" in one["source"]]  # type: ignore[attr-defined]
    assert [(one["asset"], one["outcome"]) for one in told] == [("ETH", "unknown"), ("WBTC", "unknown")]
    _lying(seen)
    assert (seen.state, seen.rows) == (State.VERIFIED, {"single_source": 2})


def _only_of_token(answer: Any) -> Any:
    """Batches hold one question here: a single answer comes back."""
    told = answer["result"]
    return put("result", "storageProof", 0, "value", value="0x1")(answer) if told["storageProof"] else answer


def test_an_endpoint_without_proofs_is_no_liar(tmp_path: Path) -> None:
    def refused(told: Any) -> Any:
        return [error(-32601, "method not found")(one) for one in told]

    with hosts(KIND, Fault("eth_getProof", change=refused)) as found:
        seen = look(KIND, found, tmp_path)
    assert seen.why("liar") == {"chain.rpc_error"}
    assert seen.source("liar")["problem"] is None
    assert seen.alarms == []


def test_tokens_whose_place_is_shipped_have_their_decimals_shipped() -> None:
    for (chain, asset), token in tokens().items():
        assert (token.mapping is None) == (token.decimals is None), f"{chain} {asset}"
