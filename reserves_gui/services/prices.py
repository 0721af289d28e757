"""Prices for sums over several assets: asked for with consent, kept with source and time, chosen near a moment.

What one asset amounts to never needs a price, and no verdict rests on one.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from reserves_gui import limits
from reserves_gui.amounts import stripped
from reserves_gui.chain.policy import host_of
from reserves_gui.chain.price_sources import PriceSource, Refused, Wanted, ask_prices, parse_price_source
from reserves_gui.chain.prices import Price, far_apart, timely
from reserves_gui.chain.transport import Budget, Transport
from reserves_gui.errors import ReservesError
from reserves_gui.history.records import StoredPrice
from reserves_gui.messages import Message, message_data, say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import existing_store, open_store, shown_time
from reserves_gui.services.probed import NamedSource, OpenDoor, policy_for
from reserves_gui.services.ways import split_password
from reserves_gui.trust.passwords import keep_password, kept_password

__all__ = [
    "NOWHERE",
    "AssetPrice",
    "ChosenPrices",
    "GotPrices",
    "Price",
    "PriceSource",
    "Pricing",
    "Refused",
    "chosen",
    "get_prices",
]

CURRENCY = "USD"
KEY_VARIABLE = "RESERVES_COINGECKO_KEY"
"""The variable of the environment that may hold the key of CoinGecko's service."""
_SERVICE = "https://api.coingecko.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """Where prices are asked. Naming a source is the consent to contact it in this run, and nothing else.

    ``sources``: ``[llama+]https://…``, ``mempool+https://…/api``, ``coingecko+https://…``, ``file:PATH``; the first one
    counts where several tell. ``told`` hears the host of every request as it leaves. ``offline``: only files are read.
    """

    sources: tuple[str, ...] = ()
    offline: bool = False
    proxy: str | None = None
    requests_per_run: int = limits.REQUESTS_PER_RUN
    told: Callable[[str], None] | None = None


NOWHERE = Pricing()
"""Nobody is asked: kept prices and those of the files only."""


@dataclass(frozen=True, slots=True)
class GotPrices:
    """What came of asking: prices in the order of the sources, and every refusal with its reason.

    ``in_vain``: sources were named, and none of them gave a usable price.
    """

    prices: tuple[Price, ...] = ()
    refused: tuple[Refused, ...] = ()
    in_vain: bool = False

    @property
    def reasons(self) -> tuple[tuple[str, Message], ...]:
        """(source, why) of all refusals, each once."""
        return tuple(dict.fromkeys((one.source, one.error.message) for one in self.refused))


def get_prices(
    pricing: Pricing, wanted: Wanted, progress: Progress, *, db: str | None, door: OpenDoor | None = None
) -> GotPrices:
    """Ask every source for the wanted assets and times, and keep in the store what is usable.

    Raises ``source.unusable`` for texts and files that can never be used, ``store.*``, and ``Cancelled``.
    """
    sources = [with_key(text) for text in pricing.sources]
    asked = {asset: tuple(sorted(set(times))) for asset, times in wanted.items() if times}
    if not sources or not asked:
        return GotPrices(in_vain=bool(sources))
    policy = policy_for((one.authority for one in sources), offline=pricing.offline, proxy=pricing.proxy)
    prices: list[Price] = []
    refused: list[Refused] = []
    progress.stage(say("progress.prices"), len(sources))
    with (door or _door(pricing))(policy) as transport:
        for number, source in enumerate(sources, 1):
            found, missing = ask_prices(source, asked, transport, progress)
            prices += found
            refused += missing
            progress.advance(number)
        transport.cache.close()
    keep_prices(prices, db)
    return GotPrices(tuple(prices), tuple(refused), in_vain=not prices)


def with_key(text: str, environment: Mapping[str, str] = os.environ) -> PriceSource:
    """The source, with the key that the keyring keeps for it, or else the one of the environment.

    The one of the environment is for the service itself: no other host is given it, but one of this computer.
    """
    source = parse_price_source(text)
    if source.kind != "coingecko" or source.key:
        return source
    kept = kept_password(text.strip())
    if kept is None and (source.url.startswith(_SERVICE) or host_of(source.url).own):
        kept = environment.get(KEY_VARIABLE)
    return replace(source, key=kept or "")


def _door(pricing: Pricing) -> OpenDoor:
    told = pricing.told
    record = None if told is None else lambda sent: told(sent.host)
    return lambda policy: Transport(policy, budget=Budget(pricing.requests_per_run), record=record)


def kept_price_source(text: str) -> str:
    """A price source as it may be remembered; a key in it goes into the keyring. Raises ``source.unusable``."""
    if not parse_price_source(text).key:
        return text.strip()
    place, key = split_password(text)
    keep_password(place, key)
    return place


def named_price_sources(texts: Sequence[str]) -> tuple[NamedSource, ...]:
    """The price sources with their hosts. Raises ``source.unusable`` for a text that can never be used."""
    return tuple(NamedSource(text, parse_price_source(text).authority) for text in texts)


def keep_prices(prices: Sequence[Price], db: str | None) -> int:
    """Keep prices in the store; how many were new."""
    rows = dict.fromkeys(
        StoredPrice(asset=one.asset, currency=CURRENCY, time=one.time, value=f"{one.usd:f}", source=one.source)
        for one in prices
    )
    if not rows:
        return 0
    with open_store(db) as store:
        known = {row for asset in {one.asset for one in rows} for row in store.prices(asset)}
        fresh = [one for one in rows if one not in known]
        store.add_prices(fresh)
    return len(fresh)


def stored_prices(rows: Iterable[StoredPrice]) -> list[Price]:
    """What the store kept in US dollars."""
    return [Price(one.asset, one.time, Decimal(one.value), one.source) for one in rows if one.currency == CURRENCY]


def known_prices(db: str | None, assets: Iterable[str]) -> list[Price]:
    """What the store kept of ``assets`` in US dollars; nothing where there is no store. Raises ``store.*``."""
    store = existing_store(db)
    if store is None:
        return []
    with store:
        return stored_prices(row for asset in assets for row in store.prices(asset))


@dataclass(frozen=True, slots=True)
class AssetPrice:
    """The price used for one asset, and what other sources say near the same moment."""

    used: Price
    others: tuple[Price, ...] = ()

    @property
    def apart(self) -> tuple[Price, ...]:
        """Other sources' prices that lie more than 2 % from the one used: both are shown, nothing is averaged."""
        return tuple(one for one in self.others if far_apart(self.used, one))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPrices:
    """Prices near ``moment`` (seconds UTC, None: not known) by asset, and what was refused, (source, why) by asset.

    An asset can stand in both: one source had no usable price of it, another one had.
    """

    moment: int | None
    found: Mapping[str, AssetPrice]
    refused: Mapping[str, tuple[tuple[str, Message], ...]]

    @property
    def values(self) -> dict[str, Decimal]:
        """US dollars a coin, by asset."""
        return {asset: one.used.usd for asset, one in self.found.items()}

    @property
    def reasons(self) -> tuple[tuple[str, Message], ...]:
        """(source, why) of all that was refused, each once."""
        return tuple(dict.fromkeys(one for reasons in self.refused.values() for one in reasons))


def chosen(
    assets: Sequence[str],
    moment: int | None,
    *,
    named: Sequence[Price],
    kept: Sequence[Price] = (),
    refused: Sequence[Refused] = (),
) -> ChosenPrices:
    """For each asset the price nearest to ``moment`` by the first of the named sources that has one, else a kept one.

    Nothing older or younger than six hours is used; ``refused`` says what was asked for in vain.
    """
    found: dict[str, AssetPrice] = {}
    why: dict[str, tuple[tuple[str, Message], ...]] = {}
    for asset in assets:
        usable: list[Price] = []
        vain = {(one.source, one.error.message): None for one in refused if one.asset == asset}
        stale: dict[tuple[str, Message], None] = {}
        for price in () if moment is None else _by_source(asset, moment, named, kept):
            try:
                usable.append(timely(price, moment or 0))
            except ReservesError as error:
                stale[price.source, error.message] = None
        if usable:
            found[asset] = AssetPrice(usable[0], tuple(usable[1:]))
        else:
            unknown = say("prices.no_moment") if moment is None else say("chain.price_unknown", asset=asset)
            vain |= stale or ({} if vain else {("", unknown): None})
        if vain:
            why[asset] = tuple(vain)
    return ChosenPrices(moment=moment, found=found, refused=why)


def _by_source(asset: str, moment: int, named: Sequence[Price], kept: Sequence[Price]) -> list[Price]:
    """Each source's price nearest to ``moment``: in the order they were named, then kept ones, the nearest first."""
    first, second = ([one for one in group if one.asset == asset] for group in (named, kept))
    second.sort(key=lambda one: abs(one.time - moment))
    found: dict[str, Price] = {}
    for price in (*first, *second):
        known = found.setdefault(price.source, price)
        if abs(price.time - moment) < abs(known.time - moment):
            found[price.source] = price
    return list(found.values())


def prices_json(prices: ChosenPrices) -> dict[str, Any]:
    """Every price that was used with source and time, those that differ beside it, and what was refused and why."""
    return {
        "time": None if prices.moment is None else shown_time(prices.moment),
        "prices": {
            asset: {**_price(one.used), "others": [_price(other) for other in one.others], "differ": bool(one.apart)}
            for asset, one in prices.found.items()
        },
        "refused": [
            {"asset": asset, "source": source, **message_data(why)}
            for asset, reasons in prices.refused.items()
            for source, why in reasons
        ],
    }


def _price(price: Price) -> dict[str, str]:
    return {"usd": stripped(price.usd), "time": shown_time(price.time), "source": price.source}
