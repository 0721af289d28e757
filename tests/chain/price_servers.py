"""Price servers of this computer: one asked as DefiLlama's is, one as an Esplora server with the mempool extension."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from tests.chain.servers import Reply, json_reply, text

BITCOIN, ETHER = "coingecko:bitcoin", "coingecko:ethereum"


class Llama:
    """Tells the same price of an asset at any time, ``late`` seconds after the one asked for."""

    def __init__(self, prices: Mapping[str, float], *, late: int = 0, confidence: float | None = 0.99) -> None:
        self.prices = dict(prices)
        self.late = late
        self.confidence = confidence

    def __call__(self, _method: str, path: str, _body: bytes) -> Reply:
        parts = urlsplit(path)
        words = parts.path.strip("/").split("/")
        if words[:2] == ["prices", "historical"]:
            names = unquote(words[3]).split(",")
            told = {name: self._told(name, int(words[2])) for name in names if name in self.prices}
            return json_reply({"coins": told})
        if words == ["batchHistorical"]:
            asked = json.loads(parse_qs(parts.query)["coins"][0])
            coins = {
                name: {"symbol": name, "prices": [self._told(name, time) for time in times]}
                for name, times in asked.items()
                if name in self.prices
            }
            return json_reply({"coins": coins})
        return text("not here", 404)

    def _told(self, name: str, time: int) -> dict[str, object]:
        told = {"price": self.prices[name], "symbol": name, "timestamp": time + self.late}
        return told if self.confidence is None else {**told, "confidence": self.confidence}


class Mempool:
    """Keeps one price of bitcoin an hour from ``start`` on."""

    def __init__(self, price: float, start: int, hours: int = 48) -> None:
        self.kept = [{"time": start + 3600 * hour, "USD": price, "EUR": price} for hour in range(hours)]

    def __call__(self, _method: str, path: str, _body: bytes) -> Reply:
        parts = urlsplit(path)
        if not parts.path.endswith("/v1/historical-price"):
            return text("not here", 404)
        times = parse_qs(parts.query).get("timestamp")
        if times is None:
            return json_reply({"prices": self.kept, "exchangeRates": {"USDEUR": 0.9}})
        nearest = min(self.kept, key=lambda one: abs(one["time"] - int(times[0])))
        return json_reply({"prices": [nearest], "exchangeRates": {"USDEUR": 0.9}})


class CoinGecko:
    """Tells a price of each coin at every full hour of the span asked for, to whoever has the key."""

    def __init__(self, prices: Mapping[str, float], *, since: int = 0) -> None:
        self.prices = dict(prices)
        self.since = since

    def __call__(self, _method: str, path: str, _body: bytes) -> Reply:
        parts = urlsplit(path)
        words = parts.path.strip("/").split("/")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if words[-2:] != ["market_chart", "range"] or asked["vs_currency"] != "usd":
            return text("not here", 404)
        if words[-3] not in self.prices:
            return json_reply({"error": "coin not found"}, 404)
        first, last = int(asked["from"]), int(asked["to"])
        if first < self.since:
            return json_reply({"error": {"status": {"error_code": 10012}}}, 401)
        hours = range(-(-first // 3600) * 3600, last + 1, 3600)
        return json_reply({"prices": [[1000 * hour + 7, self.prices[words[-3]]] for hour in hours], "market_caps": []})
