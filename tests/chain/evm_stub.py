"""An EVM endpoint that knows a few contracts by their answers, and may misbehave in one named way."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.chain.servers import Reply, json_reply

Fault = Callable[[str, list[Any]], Any]


class RpcFailure(Exception):  # noqa: N818 - an answer, not an error of the stub
    """An error object instead of a result."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class EvmStub:
    """``contracts``: address -> selector -> answer. ``oldest``: the first block whose state is still kept."""

    contracts: Mapping[str, Mapping[str, bytes]]
    tip: int = 200
    oldest: int = 0
    chain_id: int = 31337
    fault: Fault | None = None
    asked: list[tuple[str, list[Any]]] = field(default_factory=list)

    def __call__(self, _method: str, _path: str, body: bytes) -> Reply:
        request = json.loads(body)
        if isinstance(request, list):
            return json_reply([self._one(one) for one in request])
        return json_reply(self._one(request))

    def count(self, method: str) -> int:
        return sum(name == method for name, _ in self.asked)

    def _one(self, request: dict[str, Any]) -> dict[str, Any]:
        method, params = request["method"], request["params"]
        self.asked.append((method, params))
        try:
            told = None if self.fault is None else self.fault(method, params)
            result = self._result(method, params) if told is None else told
        except RpcFailure as failure:
            error = {"code": failure.code, "message": str(failure)}
            return {"jsonrpc": "2.0", "id": request["id"], "error": error}
        return {"jsonrpc": "2.0", "id": request["id"], "result": result}

    def _result(self, method: str, params: list[Any]) -> Any:
        match method:
            case "eth_chainId":
                return hex(self.chain_id)
            case "eth_blockNumber":
                return hex(self.tip)
            case "eth_getBlockByNumber":
                height = int(params[0], 16)
                if height > self.tip:
                    return None
                return {"number": hex(height), "hash": block_hash(height), "timestamp": hex(1_700_000_000 + height)}
            case "eth_getBalance":
                self._kept(params[1])
                return hex(10**18)
            case "eth_getCode":
                self._kept(params[1])
                return "0x60" if params[0] in self.contracts else "0x"
            case "eth_call":
                self._kept(params[1])
                known = self.contracts.get(params[0]["to"], {})
                answer = known.get(params[0]["data"][2:10])
                if answer is None:
                    raise RpcFailure(3, "execution reverted")
                return "0x" + answer.hex()
        raise RpcFailure(-32601, "method not found")

    def _kept(self, height: str) -> None:
        if int(height, 16) < self.oldest:
            raise RpcFailure(-32000, "missing trie node 00 (path ) state 0x00 is not available")


def block_hash(height: int) -> str:
    return "0x" + hashlib.sha256(f"block {height}".encode()).hexdigest()
