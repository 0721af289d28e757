"""The prices in a report: what sums over several assets were made with, each with its source and time.

Set from the figures as the report carries them (``usd`` of the verdict's additions); figures of an unknown shape are
left out.
"""

from collections.abc import Iterator, Mapping, Sequence

from reserves_gui.messages import Message, render, say
from reserves_gui.report.headline import shown_time
from reserves_gui.report.stored import stored_message


def price_facts(extra: Mapping[str, object], language: str) -> tuple[tuple[str, str], ...]:
    """(asset, its price with time and source, and those of other sources that lie apart)."""
    prices = _usd(extra).get("prices")
    found = []
    for asset, price in prices.items() if isinstance(prices, Mapping) else ():
        texts = [_price(price)] if isinstance(price, Mapping) else []
        if texts and price.get("differ") is True:
            others = [_price(other) for other in _entries(price.get("others"))]
            texts += [say("report.prices.beside", other=other) for other in others]
        if texts:
            found.append((str(asset), " · ".join(render(one, language) for one in texts)))
    return tuple(found)


def price_sentences(extra: Mapping[str, object], language: str) -> tuple[str, ...]:
    """The sums with the assets they count, and why a price was not used. Empty where no price was looked for."""
    return tuple(render(one, language) for one in _sentences(_usd(extra)))


def _sentences(usd: Mapping[str, object]) -> Iterator[Message]:
    reserves, liabilities = usd.get("reserves"), usd.get("liabilities")
    if isinstance(reserves, str) and isinstance(liabilities, str):
        counted = ", ".join(str(one) for one in _texts(usd.get("assets")))
        yield say("report.prices.sums", reserves=reserves, liabilities=liabilities, assets=counted)
        missing = ", ".join(str(one) for one in _texts(usd.get("missing")))
        if missing:
            yield say("report.prices.missing", assets=missing)
    if not usd.get("prices"):
        return
    yield say("report.prices.rule")
    for one in _entries(usd.get("refused")):
        source = one.get("source")
        if isinstance(source, str) and source:
            yield say("report.prices.refused", asset=str(one.get("asset")), source=source, why=stored_message(one))


def _price(price: Mapping[str, object]) -> Message:
    time = price.get("time")
    return say(
        "report.prices.price",
        usd=str(price.get("usd", "?")),
        time=shown_time(time) if isinstance(time, str) else "?",
        source=str(price.get("source", "?")),
    )


def _usd(extra: Mapping[str, object]) -> Mapping[str, object]:
    found = extra.get("usd")
    return found if isinstance(found, Mapping) else {}


def _entries(value: object) -> list[Mapping[str, object]]:
    return [one for one in _sequence(value) if isinstance(one, Mapping)]


def _texts(value: object) -> list[str]:
    return [one for one in _sequence(value) if isinstance(one, str)]


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()
