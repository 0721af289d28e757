"""Servers that misuse the one call for many balances are asked singly, and nothing of theirs is taken on the way."""

import json
from typing import Any

import pytest

from reserves_gui.chain import multicall, reader_code
from reserves_gui.chain.chains import chains
from reserves_gui.chain.evm import Evm
from reserves_gui.chain.port import Account, Asset
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import open_door
from tests.chain.evm_stub import EvmStub, RpcFailure
from tests.chain.servers import serving

_ETH = Asset(name="ETH", decimals=18)
_ACCOUNTS = [Account(f"0x{number:040x}", number.to_bytes(20, "big")) for number in range(1, 11)]
_HEIGHT = 200


def _answer(height: int, amounts: list[int], *, read: int = 1) -> str:
    return (
        "0x"
        + b"".join(
            [height.to_bytes(32, "big"), *(value.to_bytes(32, "big") for one in amounts for value in (read, one))]
        ).hex()
    )


_LIES = {
    "the override is ignored": "0x",
    "the override is refused": RpcFailure(-32602, "too many arguments"),
    "another block": _answer(_HEIGHT - 1, [5] * 10),
    "fewer results": _answer(_HEIGHT, [5] * 9),
    "more results": _answer(_HEIGHT, [5] * 11),
    "a flag that is neither": _answer(_HEIGHT, [5] * 10, read=2),
    "half a word": _answer(_HEIGHT, [5] * 10)[:-2],
    "no hex": "0xzz",
}


@pytest.mark.parametrize("name", _LIES)
def test_a_server_that_cannot_lend_code_is_asked_singly(name: str) -> None:
    lie = _LIES[name]

    def fault(method: str, params: list[Any]) -> Any:
        if method == "eth_getCode":
            return "0x"
        if method == "eth_call" and params[0]["to"] == reader_code.ADDRESS:
            if isinstance(lie, RpcFailure):
                raise lie
            return lie
        return None

    stub = EvmStub({}, tip=_HEIGHT, fault=fault)
    with serving(stub) as server:
        source = Evm(server.url, open_door(server.url).transport)
        source.probe([chains()["ethereum"]], Progress())
        at = source.block(_HEIGHT, Progress())
        for _ in range(2):
            found = list(source.observe(_ETH, _ACCOUNTS, at, Progress()))
            assert [one.amount for one in found] == [10**18] * 10
    assert stub.count("eth_getBalance") == 20
    # What did not work is not tried again at that block.
    assert stub.count("eth_call") == 1
    assert stub.count("eth_getCode") == 1


def test_a_lent_program_is_believed_as_the_server_is() -> None:
    def fault(method: str, params: list[Any]) -> Any:
        if method == "eth_call":
            assert params[2] == {reader_code.ADDRESS: {"code": "0x" + reader_code.CODE.hex()}}
            return _answer(_HEIGHT, list(range(10)))
        return None

    with serving(EvmStub({}, tip=_HEIGHT, fault=fault)) as server:
        source = Evm(server.url, open_door(server.url).transport)
        source.probe([chains()["ethereum"]], Progress())
        found = list(source.observe(_ETH, _ACCOUNTS, source.block(_HEIGHT, Progress()), Progress()))
    assert [one.amount for one in found] == list(range(10))


def test_the_jumps_of_the_program_land_where_they_may() -> None:
    """Every jump goes to a JUMPDEST that is no part of a pushed number."""
    code, at, places, targets, last = reader_code.CODE, 0, set(), [], -1
    while at < len(code):
        opcode = code[at]
        size = opcode - 0x5F if 0x60 <= opcode <= 0x7F else 0
        if opcode == 0x5B:
            places.add(at)
        if opcode in (0x56, 0x57):
            targets.append(last)
        last = int.from_bytes(code[at + 1 : at + 1 + size], "big") if size else -1
        at += 1 + size
    assert len(targets) == 4
    assert set(targets) == places


def test_results_of_other_lengths_are_refused() -> None:
    with pytest.raises(ReservesError):
        reader_code.results(b"", 0, 1)
    assert reader_code.results((1).to_bytes(32, "big"), 0, 1) == []
    assert reader_code.call_data(None, [b"\x01" * 20]) == bytes(44) + b"\x01" * 20
    assert json.dumps(reader_code.override())
    assert reader_code.ADDRESS != multicall.ADDRESS
