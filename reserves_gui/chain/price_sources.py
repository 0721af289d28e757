"""Where prices are asked: DefiLlama's price service, mempool.space's, CoinGecko's with a key, a CSV file.

A request carries names of assets and times, nothing else.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from reserves_gui.amounts import parse_exponent
from reserves_gui.chain.answers import Answer, Number, is_unusable
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import unusable
from reserves_gui.chain.prices import OLDEST, Price, price_file, price_names, timely
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

Wanted = Mapping[str, Sequence[int]]
"""Assets and the times (seconds UTC) their prices are wanted at."""

_CONFIDENCE = Decimal("0.9")
# Pairs of asset and time in one request: the URL stays below two kilobytes.
_PAIRS = 80
# From this many times on the whole history, one answer of a few megabytes, is asked for once instead.
_SINGLE = 8
_LATEST = 2**34
_KEYED = "coingecko"
_BY_COINGECKO = "coingecko:"
# Ninety days less what is asked for on either side of the times.
_HOURLY = 89 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSource:
    """A price source taken apart. ``authority`` is what consent is asked for, None for a file; ``name`` is shown.

    ``key``: what the service knows the user by; it goes into a header of requests to that host and nowhere else.
    """

    kind: str
    url: str
    authority: str | None
    name: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """No usable price of ``asset`` at ``time`` by ``source``, and why."""

    asset: str
    time: int
    source: str
    error: ReservesError


def parse_price_source(text: str) -> PriceSource:
    """Take a price source apart: ``[llama+]https://…``, ``mempool+https://…/api``, ``coingecko+https://…`` or
    ``file:PATH``. CoinGecko's may carry its key as a password: ``coingecko+https://demo:KEY@HOST/api/v3``.

    Raises ``source.unusable`` for a text that can never be used.
    """
    text = text.strip()
    if text.startswith("file:"):
        path = text.removeprefix("file:")
        if not path:
            raise unusable("chain.price_url")
        return PriceSource(kind="file", url=path, authority=None, name=f"file:{Path(path).name}")
    scheme, colon, rest = text.partition("://")
    kind, plus, web = scheme.rpartition("+")
    if not colon or web not in ("http", "https") or (kind not in _ASK if plus else kind):
        raise unusable("chain.price_url")
    url, key = f"{web}://{rest}".rstrip("/"), ""
    if kind == _KEYED:
        host_of(url)
        parts = urlsplit(url)
        key = unquote(parts.password or "")
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        if not key.isascii() or not key.isprintable():
            raise unusable("chain.price_key")
    return PriceSource(kind=kind or "llama", url=url, authority=host_of(url).authority, name=shown_url(url), key=key)


def ask_prices(
    source: PriceSource, wanted: Wanted, transport: Transport, progress: Progress
) -> tuple[list[Price], list[Refused]]:
    """The prices nearest to the wanted times, each once, and what is refused with the reason.

    Raises ``source.unusable`` for a file that cannot be read, and ``Cancelled``; a server that does not answer, or is
    not to be contacted, makes everything refused.
    """
    if source.kind == "file":
        return _sorted_out(source, wanted, price_file(Path(source.url)))
    try:
        return _ASK[source.kind](source, wanted, transport, progress)
    except ReservesError as error:
        if not is_unusable(error):
            raise
        return [], [Refused(asset, time, source.name, error) for asset, times in wanted.items() for time in times]


def _llama(
    source: PriceSource, wanted: Wanted, transport: Transport, progress: Progress
) -> tuple[list[Price], list[Refused]]:
    names = price_names()
    known = {asset: times for asset, times in wanted.items() if asset in names}
    moments = {time for times in known.values() for time in times}
    told: list[Price] = []
    doubtful: list[Refused] = []
    if len(moments) == 1:
        (moment,) = moments
        url = f"{source.url}/prices/historical/{moment}/{','.join(names[asset] for asset in known)}"
        coins = _answer(url, source, transport, progress)["coins"]
        answers = {asset: [coins.get(names[asset])] for asset in known}
        _read_llama(answers, known, source, told, doubtful)
    else:
        for part in _parts(known):
            asked = json.dumps({names[asset]: times for asset, times in part.items()}, separators=(",", ":"))
            url = f"{source.url}/batchHistorical?coins={quote(asked, safe='')}&searchWidth=6h"
            coins = _answer(url, source, transport, progress)["coins"]
            found = {asset: coins.get(names[asset]) for asset in part}
            answers = {
                asset: [] if one is None else list(one["prices"].entries(2 * len(part[asset]) + 2))
                for asset, one in found.items()
            }
            _read_llama(answers, part, source, told, doubtful)
    return _sorted_out(source, wanted, told, doubtful)


def _read_llama(
    answers: Mapping[str, Sequence[Answer | None]],
    wanted: Wanted,
    source: PriceSource,
    told: list[Price],
    doubtful: list[Refused],
) -> None:
    """Read what was told; an entry of another shape, or one the service is not sure of, refuses its asset only."""
    for asset, entries in answers.items():
        for entry in entries:
            if entry is None:
                continue
            try:
                confidence = entry.get("confidence")
                price = Price(asset, entry["timestamp"].integer(high=_LATEST), _decimal(entry["price"]), source.name)
                if confidence is not None and _decimal(confidence) < _CONFIDENCE:
                    raise unusable("chain.price_confidence", asset=asset)
            except ReservesError as error:
                doubtful += [Refused(asset, time, source.name, error) for time in wanted[asset]]
            else:
                told.append(price)


def _parts(wanted: Wanted) -> Iterator[dict[str, list[int]]]:
    part: dict[str, list[int]] = {}
    count = 0
    for asset, times in wanted.items():
        for time in times:
            part.setdefault(asset, []).append(time)
            count += 1
            if count == _PAIRS:
                yield part
                part, count = {}, 0
    if part:
        yield part


def _mempool(
    source: PriceSource, wanted: Wanted, transport: Transport, progress: Progress
) -> tuple[list[Price], list[Refused]]:
    """Bitcoin only: the nearest kept price for each of a few times, the whole history for many."""
    times = wanted.get("BTC", ())
    queries = [f"&timestamp={time}" for time in times] if len(times) <= _SINGLE else [""]
    told = []
    for query in queries:
        url = f"{source.url}/v1/historical-price?currency=USD{query}"
        told += [
            Price("BTC", entry["time"].integer(high=_LATEST), _decimal(entry["USD"]), source.name)
            for entry in _answer(url, source, transport, progress)["prices"].entries()
        ]
    return _sorted_out(source, wanted, told)


def _coingecko(
    source: PriceSource, wanted: Wanted, transport: Transport, progress: Progress
) -> tuple[list[Price], list[Refused]]:
    """/coins/{id}/market_chart/range: one point an hour over up to ninety days. A coin it does not know is refused."""
    names = {asset: name.removeprefix(_BY_COINGECKO) for asset, name in price_names().items()}
    headers = {"x-cg-demo-api-key": source.key} if source.key else {}
    told: list[Price] = []
    refused: list[Refused] = []
    for asset, times in wanted.items():
        if not price_names().get(asset, "").startswith(_BY_COINGECKO):
            continue
        for part in _near(times):
            span = f"from={part[0] - OLDEST}&to={part[-1] + OLDEST}"
            url = f"{source.url}/coins/{quote(names[asset], safe='')}/market_chart/range?vs_currency=usd&{span}"
            try:
                told += [
                    Price(asset, pair[0].integer(high=1000 * _LATEST) // 1000, _decimal(pair[1]), source.name)
                    for pair in (
                        entry.entries(2)
                        for entry in _answer(url, source, transport, progress, headers)["prices"].entries()
                    )
                    if len(pair) == 2
                ]
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                refused += [Refused(asset, time, source.name, error) for time in part]
    return _sorted_out(source, wanted, told, refused)


def _near(times: Sequence[int]) -> Iterator[list[int]]:
    """Times that lie within ninety days of the first of them, together: that far points stand an hour apart."""
    part: list[int] = []
    for time in sorted(times):
        if part and time - part[0] > _HOURLY:
            yield part
            part = []
        part.append(time)
    if part:
        yield part


_Ask = Callable[[PriceSource, Wanted, Transport, Progress], tuple[list[Price], list[Refused]]]
_ASK: Mapping[str, _Ask] = {"llama": _llama, "mempool": _mempool, _KEYED: _coingecko}


def _answer(
    url: str,
    source: PriceSource,
    transport: Transport,
    progress: Progress,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    reply = transport.fetch(url, progress, headers=headers)
    if reply.status != 200:
        raise unusable("chain.status", source=source.name, status=reply.status)
    return reply.answer()


def _sorted_out(
    source: PriceSource, wanted: Wanted, told: Sequence[Price], doubtful: Sequence[Refused] = ()
) -> tuple[list[Price], list[Refused]]:
    """Of each asset the price nearest to each wanted time, once; where none is usable, why."""
    by_asset: dict[str, list[Price]] = {}
    for price in sorted(told, key=lambda one: one.time):
        by_asset.setdefault(price.asset, []).append(price)
    why = {(one.asset, one.time): one for one in doubtful}
    found: dict[Price, None] = {}
    refused = []
    for asset, times in wanted.items():
        for time in times:
            near = by_asset.get(asset)
            if near is None:
                unknown = Refused(asset, time, source.name, unusable("chain.price_unknown", asset=asset))
                refused.append(why.get((asset, time), unknown))
                continue
            try:
                found[timely(_nearest(near, time), time)] = None
            except ReservesError as error:
                refused.append(Refused(asset, time, source.name, error))
    return list(found), refused


def _nearest(prices: Sequence[Price], time: int) -> Price:
    """Of prices sorted by time the one nearest to ``time``; the earlier one of two."""
    at = bisect_left(prices, time, key=lambda one: one.time)
    return min(prices[max(0, at - 1) : at + 1], key=lambda one: abs(one.time - time))


def _decimal(entry: Answer) -> Decimal:
    """A price as the server wrote it: small ones have an exponent."""
    if not isinstance(entry.value, Number):
        entry.refuse()
    try:
        return parse_exponent(entry.value)
    except ReservesError:
        entry.refuse()
