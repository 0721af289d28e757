"""Anvil with Multicall3 and a token at the address of a known one, so that the shipped table is what is used."""

import json
import time
from typing import Any

from Crypto.Hash import keccak

from reserves_gui.chain import multicall
from tests.nodes.starting import nodes

# The shipped table knows this token, and that its balances stand in mapping 0, as in the preset contract.
TOKEN = "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599"

_PRESET = "node_modules/@openzeppelin/contracts/build/contracts/ERC20PresetFixedSupply.json"

_EIGHTEEN, _EIGHT = "60405160128152", "60405160088152"


class EvmChain:
    """One node; two that are fed the same calls have the same blocks."""

    def __init__(self, node: Any) -> None:
        self.port = node.port
        self._moment = nodes.FIRST_TIME
        self._rich = str(self.rpc("eth_accounts")[0])
        code = nodes.MULTICALL.read_text(encoding="ascii").strip()
        assert keccak.new(digest_bits=256, data=bytes.fromhex(code)).hexdigest() == multicall.CODE_HASH
        self.rpc("anvil_setCode", multicall.ADDRESS, "0x" + code)
        self.rpc("anvil_setCode", TOKEN, self._token_code())
        self.hold_tokens(self._rich, 10**30)

    def rpc(self, method: str, *params: object) -> Any:
        return nodes.json_rpc(self.port, method, *params)

    def height(self) -> int:
        return int(self.rpc("eth_blockNumber"), 16)

    def wait_until(self, moment: int) -> None:
        """The next block is of a later time."""
        self._moment = max(self._moment, moment - 12)

    def pay(self, address: str, wei: int) -> None:
        self._send({"to": address, "value": hex(wei)})

    def pay_tokens(self, address: str, units: int) -> None:
        self._send({"to": TOKEN, "data": "0xa9059cbb" + address[2:].rjust(64, "0") + f"{units:064x}"})

    def hold_tokens(self, address: str, units: int) -> None:
        """Write a token balance: the contract was put there without its constructor."""
        slot = keccak.new(digest_bits=256, data=bytes.fromhex(address[2:].rjust(64, "0")) + bytes(32)).hexdigest()
        self.rpc("anvil_setStorageAt", TOKEN, "0x" + slot, f"0x{units:064x}")

    def _send(self, transaction: dict[str, str]) -> None:
        # By the wall clock two nodes would give the same block two times, and so two hashes.
        self._moment += 12
        self.rpc("evm_setNextBlockTimestamp", self._moment)
        told = self.rpc("eth_sendTransaction", {"from": self._rich, "gas": hex(200_000), **transaction})
        end = time.monotonic() + 10
        while (receipt := self.rpc("eth_getTransactionReceipt", told)) is None and time.monotonic() < end:
            time.sleep(0.02)
        assert receipt is not None
        assert receipt["status"] == "0x1"

    def _token_code(self) -> str:
        preset = json.loads((nodes.NPM / _PRESET).read_text(encoding="utf-8"))
        code = str(preset["deployedBytecode"])
        # The preset has 18 decimals; the token it stands for here has 8, and the shipped table says so.
        assert code.count(_EIGHTEEN) == 1
        return code.replace(_EIGHTEEN, _EIGHT)
