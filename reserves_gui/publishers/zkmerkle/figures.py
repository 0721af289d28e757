"""What a round's list says in coins: gross equity, debt and net per asset, and what in it asks for a second look."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import scaled, stripped
from reserves_gui.messages import Message, say
from reserves_gui.publishers.zkmerkle.list_file import ListFile
from reserves_gui.publishers.zkmerkle.releases import VALUE_DECIMALS, Release, Unit, unit_of
from reserves_gui.zk.solvency.account import Holding

# Where the debt of one of these is more than half of what users hold of it, invented users may be behind it.
_MAJOR = frozenset(("BTC", "ETH", "USDT", "USDC", "BNB", "SOL", "XRP"))
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Labels:
    """How slots are named and in which unit they count."""

    names: Mapping[int, str]
    units: Mapping[int, Unit]

    def name(self, slot: int) -> str:
        """The symbol, ``SYMBOL#slot`` where a symbol stands twice, ``#slot`` where the list does not have it."""
        return self.names.get(slot, f"#{slot}")

    def amount(self, slot: int, units: int) -> Decimal:
        """Coins; whole units where nothing is known of the asset."""
        unit = self.units.get(slot)
        return scaled(units, 0) if unit is None else unit.amount(units)


def label(listed: ListFile | None, made_by: Sequence[Release]) -> Labels:
    """Names and units of all slots of a list (none without a list)."""
    assets = {} if listed is None else listed.assets
    counted = Counter(asset.symbol.upper() for asset in assets.values())
    names = {
        slot: asset.symbol.upper() if counted[asset.symbol.upper()] == 1 else f"{asset.symbol.upper()}#{slot}"
        for slot, asset in assets.items()
    }
    return Labels(names, {slot: unit_of(asset.symbol, made_by) for slot, asset in assets.items()})


def balances(holdings: Sequence[Holding], labels: Labels) -> dict[str, Decimal]:
    """What the account holds (equity) per asset."""
    return {labels.name(one.index): labels.amount(one.index, one.equity) for one in holdings}


def asset_figures(listed: ListFile, labels: Labels) -> dict[str, dict[str, str]]:
    """Gross equity, debt, net and price of every asset that anybody holds or owes."""
    return {
        labels.name(slot): {
            "equity": stripped(labels.amount(slot, asset.equity)),
            "debt": stripped(labels.amount(slot, asset.debt)),
            "net": stripped(labels.amount(slot, asset.equity - asset.debt)),
            "price": stripped(labels.units[slot].price(asset.price)),
        }
        for slot, asset in listed.assets.items()
        if asset.equity or asset.debt
    }


def net_total(listed: ListFile, labels: Labels) -> dict[str, str]:
    """Stated net liabilities per asset."""
    return {name: figures["net"] for name, figures in asset_figures(listed, labels).items()}


def values(listed: ListFile) -> dict[str, str]:
    """The same over all assets, in the quote currency at the exchange's own prices."""
    equity = sum(asset.equity * asset.price for asset in listed.assets.values())
    debt = sum(asset.debt * asset.price for asset in listed.assets.values())
    worth = {"equity": equity, "debt": debt, "net": equity - debt}
    return {name: stripped(scaled(value, VALUE_DECIMALS)) for name, value in worth.items()}


def parts_notes(listed: ListFile, labels: Labels) -> tuple[Message, ...]:
    """Gross and net in words: over all assets, and for the major ones. Nothing here depends on what the user holds."""
    return (
        say("zkmerkle.parts_all", **values(listed)),
        *(
            say("zkmerkle.parts_asset", symbol=name, **figures)
            for name, figures in asset_figures(listed, labels).items()
            if name in _MAJOR
        ),
    )


def suspicions(listed: ListFile) -> tuple[Message, ...]:
    """Sentences on figures that are allowed and still worth a look."""
    found = []
    heavy = [
        asset.symbol.upper()
        for asset in listed.assets.values()
        if asset.symbol.upper() in _MAJOR and asset.equity and 2 * asset.debt > asset.equity
    ]
    if heavy:
        found.append(say("zkmerkle.warn_debt_share", symbols=", ".join(sorted(heavy))))
    worthless = [asset.symbol.upper() for asset in listed.assets.values() if asset.equity and not asset.price]
    if worthless:
        found.append(say("zkmerkle.warn_no_price", symbols=_some(sorted(set(worthless))), count=len(worthless)))
    generous = sorted(
        {
            asset.symbol.upper()
            for asset in listed.assets.values()
            for tiers in asset.ratios
            for t in tiers
            if t.ratio > 100
        }
    )
    if generous:
        found.append(say("zkmerkle.warn_ratio", symbols=_some(generous)))
    return tuple(found)


def unit_notes(slots: Sequence[int], listed: ListFile | None, labels: Labels) -> tuple[Message, ...]:
    """What must be said about the units of the user's own assets, and about assets that the list leaves out."""
    if not slots:
        return ()
    if listed is None:
        return (say("zkmerkle.units_raw"),)
    notes = []
    unsure = [labels.name(slot) for slot in slots if slot in labels.units and not labels.units[slot].certain]
    if unsure:
        notes.append(say("zkmerkle.own_unit_unconfirmed", symbols=_some(unsure)))
    absent = [labels.name(slot) for slot in slots if slot not in labels.names]
    if absent:
        notes.append(say("zkmerkle.own_not_listed", symbols=_some(absent)))
    return tuple(notes)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown
