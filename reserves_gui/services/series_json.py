"""One asset of one exchange over time as a JSON object and as CSV: amounts as texts, gaps as gaps."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.history.alerts import Alert
from reserves_gui.history.figures import Interval, percent
from reserves_gui.messages import render
from reserves_gui.services.coverage_json import asset_figures
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.over_time import LabelledParty, OverTime, SnapshotTest

_SERIES = ("time", "figure", "low", "high", "agreed", "sources")


def alert_json(alert: Alert) -> dict[str, Any]:
    """One alert with its figures."""
    return {
        "rule": alert.rule.value,
        "subject": alert.subject,
        "level": alert.level.value,
        "time": shown_time(alert.time),
        "value": alert.value,
        "threshold": alert.threshold,
        "text": render(alert.message),
        "figures": dict(alert.figures),
    }


def series_json(found: OverTime) -> dict[str, Any]:
    """The object that ``history series --json`` prints; a gap stands as a point without figures."""
    return {
        "schema": "reserves/series/1",
        "exchange": found.exchange,
        "asset": found.asset,
        "addresses": found.addresses,
        "last_seen": None if found.last_seen is None else shown_time(found.last_seen.time),
        "age_seconds": found.age,
        "reserves": [
            {
                "time": shown_time(one.time),
                **ends(one.interval),
                "agreed": one.decided,
                "sources": list(one.sources),
                "heights": dict(one.heights),
                "missing_chains": list(one.missing),
            }
            for one in found.points
        ],
        "liabilities": [
            {
                "time": shown_time(one.time),
                "snapshot": one.snapshot,
                "stated": one.amount,
                **ends(one.interval),
                "gross": one.gross,
                "debt": one.debt,
                "proven": one.total_verified,
                "verdict": one.verdict.value,
                "format": one.format,
                "root": one.root,
                "root_source": one.root_source,
            }
            for one in found.owed
        ],
        "coverage": [asset_figures(one) for one in found.coverage],
        "net_flow_per_day": [
            {
                "day": shown_time(one.day)[:10],
                "net": None if one.net is None else stripped(one.net),
                "list_changed": None
                if one.change is None
                else {
                    "common": stripped(one.change.common),
                    "added": stripped(one.change.added),
                    "removed": stripped(one.change.removed),
                    "still_holding": list(one.change.still_holding),
                },
            }
            for one in found.flows
        ],
        "derived": _derived(found),
        "shares_percent": _shares(found),
        "list_changes": [
            {
                "time": shown_time(one.time),
                "source": one.source,
                "added": one.added,
                "removed": one.removed,
                "addresses": one.addresses,
                "removed_still_holding": [
                    {
                        "chain": left.chain,
                        "address": left.address,
                        "amount": stripped(left.amount),
                        "time": shown_time(left.time),
                    }
                    for left in one.holding
                ],
                "added_funded_by_listed": [
                    {
                        "chain": paid.chain,
                        "address": paid.address,
                        "by": paid.by,
                        "amount": stripped(paid.amount),
                        "time": shown_time(paid.time),
                        "transaction": paid.transaction,
                    }
                    for paid in one.funded
                ],
            }
            for one in found.changes
        ],
        "dressing": [_dressing(one) for one in found.dressing],
        "prices_usd": [
            {"time": shown_time(one.time), "price": one.value, "source": one.source} for one in found.prices
        ],
        "alerts": [{**alert_json(one), "open": one in found.open_alerts} for one in found.alerts],
    }


def series_csv(found: OverTime) -> str:
    """Known points as CSV, oldest first within each figure; nothing between two points is made up."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_SERIES)
    for point in found.points:
        low, high = ends(point.interval).values()
        agreed = "yes" if point.decided else "no"
        sources = " ".join(point.sources)
        figure = "reserves" if point.interval is not None else "reserves_not_retrieved"
        writer.writerow((shown_time(point.time), figure, low or "", high or "", agreed, sources))
    for owed in found.owed:
        low, high = ends(owed.interval).values()
        proven = "yes" if owed.total_verified else "no"
        source = f"{owed.format} {owed.root_source}"
        writer.writerow((shown_time(owed.time), "liabilities", low or "", high or "", proven, source))
    for day in found.flows:
        if day.net is not None:
            net = stripped(day.net)
            writer.writerow((shown_time(day.day), "net_flow_of_day", net, net, "", ""))
    for price in found.prices:
        writer.writerow((shown_time(price.time), "price_usd", price.value, price.value, "", price.source))
    return text.getvalue()


def ends(interval: Interval | None) -> dict[str, str | None]:
    """Both ends of a figure as texts; None where an end, or the figure, is not known."""
    if interval is None:
        return {"low": None, "high": None}
    found = {"low": interval.low, "high": interval.high}
    return {name: None if value is None else stripped(value) for name, value in found.items()}


def _dressing(test: SnapshotTest) -> dict[str, Any]:
    sides = {"counterparties_before": _parties(test.before), "counterparties_after": _parties(test.after)}
    result = test.result
    if result is None:
        return {"snapshot": shown_time(test.snapshot), "tested": False, **sides}
    p = result.corrected
    return {
        "snapshot": shown_time(test.snapshot),
        "tested": p is not None,
        "bump_percent": percent(result.bump),
        "placebos": result.placebos,
        "tests": result.tests,
        "p": None if result.p is None else f"{result.p.numerator}/{result.p.denominator}",
        "p_corrected": None if p is None else f"{p.numerator}/{p.denominator}",
        "excess": None if result.excess is None else stripped(result.excess),
        "unusual": result.unusual,
        **sides,
    }


def _parties(parties: Sequence[LabelledParty] | None) -> list[dict[str, Any]] | None:
    """None: no transaction of these hours was kept."""
    if parties is None:
        return None
    return [
        {
            "chain": one.chain,
            "address": one.address,
            "amount": stripped(one.amount),
            "transactions": one.transactions,
            "labels": list(one.labels),
            "listed_by": list(one.listed_by),
        }
        for one in parties
    ]


def _shares(found: OverTime) -> dict[str, Any] | None:
    money = found.shares
    if money is None:
        return None
    return {
        "time": shown_time(money.time),
        "own_tokens": None if money.own is None else percent(money.own),
        "stablecoins": None if money.stable is None else percent(money.stable),
        "missing": list(money.missing),
    }


def _derived(found: OverTime) -> dict[str, Any]:
    figures = found.derived
    return {
        "windows": [
            {
                "name": one.name,
                "from": shown_time(one.start),
                "to": shown_time(one.end),
                "net": stripped(one.net),
                "share_percent": None if one.share is None else percent(one.share),
                "gross_in": None if one.gross is None else stripped(one.gross.inward),
                "gross_out": None if one.gross is None else stripped(one.gross.outward),
                "gross_complete": one.whole,
                "net_by_chain": {chain: stripped(net) for chain, net in one.chains.items()},
            }
            for one in figures.windows
        ],
        "outflow_z": None if figures.z is None else percent(-figures.z / 100),
        "flow_percentile": None if figures.percentile is None else percent(figures.percentile),
        "drawdown_percent": None if figures.drawdown is None else percent(figures.drawdown),
        "concentration_percent": {str(count): percent(share) for count, share in figures.concentration},
        "liquidity": {
            chain: {
                "hot_wallets": one.wallets,
                "hot_recognised_by": one.recognised.value,
                "hot": stripped(one.hot),
                "cold": stripped(one.cold),
                "outflow_measured_by": one.measured.value,
                "rate_per_hour": None if one.rate is None else stripped(one.rate),
                "busy_rate_per_hour": None if one.busy_rate is None else stripped(one.busy_rate),
                "hours_covered": None if one.hours_covered is None else percent(one.hours_covered / 100, 1),
                "seconds_since_last": one.since_last,
                "usual_gap_seconds": one.usual_gap,
                "payouts_in_the_last_hour": one.last_hour,
                "may_be_paused": one.may_be_paused,
            }
            for chain, one in figures.liquidity.items()
        },
    }
