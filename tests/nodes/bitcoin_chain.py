"""The regression test chain of bcoin, mined and paid from here, in the shape that the Esplora facade asks for."""

from typing import Any

from tests.nodes.starting import nodes

_BLOCK_SECONDS = 600


class BitcoinChain:
    """A chain with main-network addresses. The wallet that mines holds what it can pay."""

    def __init__(self, node: Any) -> None:
        self._node = node
        account = nodes.get_json(node.other_port, "/wallet/primary/account/default")
        self._own = str(account["receiveAddress"])
        self._moment = nodes.FIRST_TIME
        self.mine(101)

    def rpc(self, method: str, *params: object) -> Any:
        body = {"method": method, "params": list(params)}
        answer = nodes.post_json(self._node.port, "/", body, user=f"x:{nodes.PASSWORD}")
        assert answer["error"] is None, answer
        return answer["result"]

    def mine(self, count: int = 1) -> None:
        for _ in range(count):
            self._moment += _BLOCK_SECONDS
            self.rpc("setmocktime", self._moment)
            self.rpc("generatetoaddress", 1, self._own)

    def pay(self, address: str, satoshi: int) -> None:
        """Pay and mine."""
        outputs = [{"address": address, "value": satoshi}]
        nodes.post_json(
            self._node.other_port,
            "/wallet/primary/send",
            {"outputs": outputs, "rate": 20_000},
            user=f"x:{nodes.PASSWORD}",
        )
        self.mine()

    # What the facade asks

    def tip(self) -> int:
        return int(self.rpc("getblockcount"))

    def hash(self, height: int) -> str | None:
        return str(self.rpc("getblockhash", height)) if 0 <= height <= self.tip() else None

    def header(self, block_hash: str) -> str | None:
        return str(self.rpc("getblockheader", block_hash, False))

    def block(self, block_hash: str) -> dict[str, Any] | None:
        found = self.rpc("getblockheader", block_hash, True)
        return {
            "id": found["hash"],
            "height": found["height"],
            "timestamp": found["time"],
            "mediantime": found["mediantime"],
            "previousblockhash": found.get("previousblockhash"),
        }

    def history(self, address: str) -> list[dict[str, Any]]:
        found: Any = nodes.get_json(self._node.port, f"/tx/address/{address}")
        return [_transaction(one) for one in found if one["height"] >= 0]

    def found(self, identifier: str) -> dict[str, Any] | None:
        found: Any = nodes.get_json(self._node.port, f"/tx/{identifier}")
        return _transaction(found) if found["height"] >= 0 else None


def _transaction(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "txid": one["hash"],
        "vin": [_input(source) for source in one["inputs"]],
        "vout": [_output(out) for out in one["outputs"]],
        "status": {
            "confirmed": True,
            "block_height": one["height"],
            "block_hash": one["block"],
            "block_time": one["time"],
        },
    }


def _input(source: dict[str, Any]) -> dict[str, Any]:
    coin = source.get("coin")
    return {
        "txid": source["prevout"]["hash"],
        "vout": source["prevout"]["index"],
        "is_coinbase": coin is None,
        "prevout": None if coin is None else _output(coin),
    }


def _output(out: dict[str, Any]) -> dict[str, Any]:
    return {"scriptpubkey": out["script"], "scriptpubkey_address": out["address"], "value": out["value"]}
