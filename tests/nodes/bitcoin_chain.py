"""The regression test chain of bcoin, mined and paid from here, in the shape that the Esplora facade asks for."""

from collections.abc import Callable
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
        self._told: dict[str, Any] = {}

    def rpc(self, method: str, *params: object) -> Any:
        body = {"method": method, "params": list(params)}
        answer = nodes.post_json(self._node.port, "/", body, user=f"x:{nodes.PASSWORD}")
        assert answer["error"] is None, answer
        return answer["result"]

    def mine(self, count: int = 1) -> None:
        for _ in range(count):
            self.mine_at(self._moment + _BLOCK_SECONDS, self._own)

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

    def send(self, raw: str) -> str:
        """Into the next block; its id."""
        self._told.clear()
        return str(self.rpc("sendrawtransaction", raw))

    def mine_at(self, moment: int, address: str) -> str:
        """One block of that time with all that was sent, its reward to ``address``; its hash."""
        self._moment = moment
        self._told.clear()
        self.rpc("setmocktime", moment)
        return str(self.rpc("generatetoaddress", 1, address)[0])

    # What the facade asks: until the next block the same answer

    def tip(self) -> int:
        return int(self._once("tip", lambda: self.rpc("getblockcount")))

    def hash(self, height: int) -> str | None:
        found = self._once(f"hash {height}", lambda: self.rpc("getblockhash", height) if height <= self.tip() else "")
        return str(found) or None

    def header(self, block_hash: str) -> str | None:
        return str(self._once(f"header {block_hash}", lambda: self.rpc("getblockheader", block_hash, False)))

    def block(self, block_hash: str) -> dict[str, Any] | None:
        found = self._once(f"block {block_hash}", lambda: self.rpc("getblockheader", block_hash, True))
        return {
            "id": found["hash"],
            "height": found["height"],
            "timestamp": found["time"],
            "mediantime": found["mediantime"],
            "previousblockhash": found.get("previousblockhash"),
        }

    def history(self, address: str) -> list[dict[str, Any]]:
        def ask() -> list[dict[str, Any]]:
            found: Any = nodes.get_json(self._node.port, f"/tx/address/{address}")
            return [_transaction(one) for one in found if one["height"] >= 0]

        return list(self._once(f"history {address}", ask))

    def found(self, identifier: str) -> dict[str, Any] | None:
        found: Any = nodes.get_json(self._node.port, f"/tx/{identifier}")
        return _transaction(found) if found["height"] >= 0 else None

    def spends(self, identifier: str) -> list[tuple[str, int] | None]:
        """For each output the transaction that spends it, by the history of the address it pays."""
        found: dict[int, tuple[str, int]] = {}
        outputs = (self.found(identifier) or {"vout": []})["vout"]
        for address in {one["scriptpubkey_address"] for one in outputs if one["scriptpubkey_address"]}:
            for entry in self.history(address):
                for spent in entry["vin"]:
                    if spent["txid"] == identifier:
                        found[spent["vout"]] = (entry["txid"], entry["status"]["block_height"])
        return [found.get(index) for index in range(len(outputs))]

    def _once(self, name: str, ask: Callable[[], Any]) -> Any:
        if name not in self._told:
            self._told[name] = ask()
        return self._told[name]


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
