"""Recorded answers of real servers, from the shared vectors: read by the same code that reads live ones."""

import pytest

from reserves_gui.chain import multicall
from reserves_gui.chain.bitcoin_wire import check_in_block, read_header, script_hash
from reserves_gui.chain.electrum_wire import check_under_root
from reserves_gui.chain.evm_proof import check_account, check_block, check_slot
from reserves_gui.chain.trie import keccak256, mapping_slot
from reserves_gui.errors import ReservesError
from tests.chain.material import exchange, expected, load


def _state_root(block: str) -> bytes:
    """Block 0x78 has its header in the recording; the root of 0x67 is the hash of the first account node."""
    if block == "0x78":
        return check_block(exchange("evm_rpc_exchanges.json", 7)[1])
    _, proof = exchange("evm_rpc_exchanges.json", 9)
    return keccak256(proof["accountProof"].entries()[0].data())


def test_the_recorded_balances_are_read_and_an_empty_answer_is_no_contract() -> None:
    read = []
    for index in range(4):
        data = exchange("evm_rpc_exchanges.json", index)[1].data()
        read.append(int.from_bytes(data, "big") if len(data) == 32 else None)
    assert read == expected("evm-rpc")["balances"]


def test_the_recorded_multicall_is_asked_and_answered_byte_for_byte() -> None:
    request, answer = exchange("evm_rpc_exchanges.json", 4)
    sent = request["params"].entries()[0]["data"].data()
    token = bytes.fromhex("e7f1725e7734ce288f8367e1bb143e90bb3f0512")
    own = bytes.fromhex(multicall.ADDRESS[2:])
    owners = [sent[at : at + 20] for at in range(len(sent)) if sent[at - 16 : at] == multicall.BALANCE_OF + bytes(12)]
    eth = sent.index(multicall.GET_ETH_BALANCE) + 16
    calls = [(token, multicall.with_address(multicall.BALANCE_OF, owner)) for owner in owners[:3]]
    calls += [(own, multicall.with_address(multicall.GET_ETH_BALANCE, sent[eth : eth + 20]))]
    calls += [
        (own, multicall.GET_BLOCK_NUMBER),
        (b"\x11" * 20, multicall.with_address(multicall.BALANCE_OF, owners[3])),
    ]
    assert multicall.aggregate3(calls) == sent
    found = multicall.results(answer.data(), 6)
    assert found[5] is None
    assert int.from_bytes(found[4] or b"", "big") == 0x78
    assert int.from_bytes(found[1] or b"", "big") == 12_000_000


def test_the_recorded_account_and_storage_proofs_hold() -> None:
    request, answer = exchange("evm_rpc_exchanges.json", 8)
    account = check_account(answer, _state_root("0x78"), request["params"].entries()[0].data(20))
    assert str(account.balance) == expected("evm-rpc")["account_balance"]
    request, answer = exchange("evm_rpc_exchanges.json", 9)
    contract = check_account(answer, _state_root("0x67"), request["params"].entries()[0].data(20))
    slot = request["params"].entries()[1].entries()[0].data(32)
    assert slot == mapping_slot(bytes.fromhex("70997970c51812dc3a010c7d01b50e0d17dc79c8"), 0)
    assert check_slot(answer, contract, slot) == expected("evm-rpc")["token_storage_value"]


def test_every_false_proof_is_refused() -> None:
    refused = 0
    for entry in load("evm_proof_negatives.json")["exchanges"].entries():
        address, slots, block = entry["request"]["params"].entries()
        answer = entry["response"]["result"]
        with pytest.raises(ReservesError):
            check_slot(
                answer, check_account(answer, _state_root(block.text()), address.data(20)), slots.entries()[0].data(32)
            )
        refused += 1
    assert refused == expected("evm-proof-negatives")["refused"]


def test_the_recorded_electrum_answers_prove_their_transaction_and_their_header() -> None:
    recorded = load("electrum_exchanges.json")
    assert script_hash(recorded["script_pubkey"].hex())[::-1].hex() == recorded["scripthash"].text()
    answers = {
        (entry["request"]["method"].text(), len(entry["request"]["params"].entries())): entry["response"]["result"]
        for entry in recorded["exchanges"].entries()
    }
    confirmed = answers["blockchain.scripthash.get_balance", 1]["confirmed"].integer()
    assert confirmed == expected("electrum")["confirmed"]
    tip = read_header(answers["blockchain.headers.subscribe", 0]["hex"].hex(80))
    proof = answers["blockchain.transaction.get_merkle", 2]
    transaction = answers["blockchain.scripthash.get_history", 1].entries()[0]["tx_hash"].hash()
    branch = [item.hash() for item in proof["merkle"].entries()]
    check_in_block(transaction, branch, proof["pos"].integer(), tip)
    with pytest.raises(ReservesError):
        check_in_block(transaction, branch, proof["pos"].integer() ^ 1, tip)
    with_branch = answers["blockchain.block.header", 2]
    assert check_under_root(with_branch, 50).hash == read_header(answers["blockchain.block.header", 1].hex(80)).hash
    with pytest.raises(ReservesError):
        check_under_root(with_branch, 51)


def test_the_recorded_statistics_give_the_balance() -> None:
    stats = load("esplora_samples.json")["regtest"]["stats"]
    seen = stats["funded_txo_sum"].integer() - stats["spent_txo_sum"].integer()
    assert seen == expected("esplora")["balance_sat"]
