"""What is kept as JSON objects and CSV for the faces: amounts as texts, gaps as gaps."""

import csv
import io
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.history.alerts import Alert
from reserves_gui.history.daily import DressingTest
from reserves_gui.history.figures import Interval, percent
from reserves_gui.history.records import StoredList, StoredSnapshot
from reserves_gui.messages import render
from reserves_gui.services.coverage_json import asset_figures
from reserves_gui.services.history_add import Added
from reserves_gui.services.history_book import Book, LogHead
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.over_time import OverTime
from reserves_gui.services.watch import Round

_SERIES = ("time", "figure", "low", "high", "agreed", "sources")


def added_json(added: Added) -> dict[str, Any]:
    """The object that ``history add --json`` prints."""
    return {
        "schema": "reserves/history-added/1",
        "exchange": added.exchange,
        "time": shown_time(added.time),
        "verdict": added.state.value,
        "kept": [
            {
                "kind": one.kind,
                "id": one.id,
                "known": one.known,
                "format": one.format,
                "verdict": one.state.value,
                "root": one.root,
                "entries": one.entries,
            }
            for one in added.kept
        ],
        "alerts": [alert_json(one) for one in added.alerts],
        "notes": [render(one) for one in added.notes],
    }


def book_json(found: Book) -> dict[str, Any]:
    """The object that ``history list --json`` and ``show --json`` print."""
    return {
        "schema": "reserves/history/1",
        "store": found.url,
        "head": found.head,
        "intact": found.broken is None,
        "broken": None if found.broken is None else {"entry": found.broken[0], "what": found.broken[1]},
        "exchanges": [
            {
                "exchange": one.exchange,
                "assets": list(one.assets),
                "snapshots": [_snapshot(snapshot) for snapshot in one.snapshots],
                "lists": [_list(wallets) for wallets in one.lists],
                "rounds": dict(one.points),
                "alerts": [alert_json(alert) for alert in one.alerts],
            }
            for one in found.exchanges
        ],
    }


def log_json(head: LogHead) -> dict[str, Any]:
    """The object that ``history show --log --json`` prints."""
    return {
        "schema": "reserves/root-log/1",
        "checkpoint": head.checkpoint,
        "key": head.key,
        "size": head.size,
        "extends": head.extends,
        "proof": list(head.proof),
        "entries": list(head.entries),
    }


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
        "reserves": [
            {
                "time": shown_time(one.time),
                **_ends(one.interval),
                "agreed": one.decided,
                "sources": list(one.sources),
                "heights": dict(one.heights),
            }
            for one in found.points
        ],
        "liabilities": [
            {
                "time": shown_time(one.time),
                "snapshot": one.snapshot,
                "stated": one.amount,
                **_ends(one.interval),
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
        "list_changes": [
            {
                "time": shown_time(one.time),
                "source": one.source,
                "added": one.added,
                "removed": one.removed,
                "addresses": one.addresses,
            }
            for one in found.changes
        ],
        "dressing": [_dressing(one) for one in found.dressing],
        "prices_usd": [
            {"time": shown_time(one.time), "price": one.value, "source": one.source} for one in found.prices
        ],
        "alerts": [alert_json(one) for one in found.alerts],
    }


def series_csv(found: OverTime) -> str:
    """Known points as CSV, oldest first within each figure; nothing between two points is made up."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_SERIES)
    for point in found.points:
        ends = _ends(point.interval)
        agreed = "yes" if point.decided else "no"
        sources = " ".join(point.sources)
        figure = "reserves" if point.interval is not None else "reserves_not_retrieved"
        writer.writerow((shown_time(point.time), figure, ends["low"] or "", ends["high"] or "", agreed, sources))
    for owed in found.owed:
        ends = _ends(owed.interval)
        proven = "yes" if owed.total_verified else "no"
        source = f"{owed.format} {owed.root_source}"
        writer.writerow((shown_time(owed.time), "liabilities", ends["low"] or "", ends["high"] or "", proven, source))
    for day in found.flows:
        if day.net is not None:
            net = stripped(day.net)
            writer.writerow((shown_time(day.day), "net_flow_of_day", net, net, "", ""))
    return text.getvalue()


def _snapshot(one: StoredSnapshot) -> dict[str, Any]:
    return {
        "id": one.id,
        "snapshot": one.snapshot,
        "time": None if one.time is None else shown_time(one.time),
        "height": one.height,
        "format": one.format,
        "root": one.root,
        "root_source": one.root_source,
        "file_sha256": one.file_sha256,
        "sum_binding": one.binding.value,
        "verdict": one.verdict.value,
        "totals": [
            {
                "asset": figure.asset,
                "part": figure.part,
                "amount": figure.amount,
                "recomputed": figure.recomputed,
                "proven": figure.total_verified,
            }
            for figure in one.totals
        ],
    }


def _list(one: StoredList) -> dict[str, Any]:
    attributions: dict[str, int] = {}
    for wallet in one.wallets:
        attributions[wallet.attribution] = attributions.get(wallet.attribution, 0) + 1
    return {
        "id": one.id,
        "time": shown_time(one.time),
        "source": one.source,
        "file_sha256": one.file_sha256,
        "addresses": len(one.wallets),
        "attribution": attributions,
    }


def _dressing(test: DressingTest) -> dict[str, Any]:
    result = test.result
    if result is None:
        return {"snapshot": shown_time(test.snapshot), "tested": False}
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
            }
            for one in figures.windows
        ],
        "outflow_z": None if figures.z is None else percent(-figures.z / 100),
        "drawdown_percent": None if figures.drawdown is None else percent(figures.drawdown),
        "concentration_percent": {str(count): percent(share) for count, share in figures.concentration},
        "liquidity": {
            chain: {
                "hot": stripped(one.hot),
                "cold": stripped(one.cold),
                "rate_per_hour": None if one.rate is None else stripped(one.rate),
                "busy_rate_per_hour": None if one.busy_rate is None else stripped(one.busy_rate),
                "hours_covered": None if one.hours_covered is None else percent(one.hours_covered / 100, 1),
                "seconds_since_last": one.since_last,
                "usual_gap_seconds": one.usual_gap,
                "may_be_paused": one.may_be_paused,
            }
            for chain, one in figures.liquidity.items()
        },
    }


def _ends(interval: Interval | None) -> dict[str, str | None]:
    if interval is None:
        return {"low": None, "high": None}
    ends = {"low": interval.low, "high": interval.high}
    return {name: None if value is None else stripped(value) for name, value in ends.items()}


def round_json(found: Round) -> dict[str, Any]:
    """The object that ``watch --json`` prints for every round."""
    return {
        "schema": "reserves/watch/1",
        "exchange": found.exchange,
        "time": shown_time(found.time),
        "new_block": found.fresh,
        "addresses": found.addresses,
        "assets": {
            one.asset: {
                **_ends(one.point.interval),
                "agreed": one.point.decided,
                "net": None if one.net is None else stripped(one.net),
                "sources": list(one.point.sources),
                "heights": dict(one.point.heights),
            }
            for one in found.assets
        },
        "alerts": [alert_json(one) for one in found.alerts],
        "alarms": [render(one) for one in found.alarms],
        "sources": [
            {
                "name": report.name,
                "chain": report.chain,
                "problem": None if report.problem is None else render(report.problem),
                "code": None if report.code is None else report.code.value,
            }
            for report in found.sources
        ],
        "unpriced": [{"source": source, "key": why.key, "text": render(why)} for source, why in found.unpriced],
    }
