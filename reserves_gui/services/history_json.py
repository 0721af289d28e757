"""What is kept as JSON objects for the faces: amounts as texts, gaps as gaps."""

from collections.abc import Sequence
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.history.records import StoredList, StoredSnapshot
from reserves_gui.messages import render
from reserves_gui.services.history_add import Added
from reserves_gui.services.history_book import Book, LogHead
from reserves_gui.services.history_fill import Filled
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.probed import SourceReport
from reserves_gui.services.series_json import alert_json, ends
from reserves_gui.services.watch import Round


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
                **ends(one.point.interval),
                "agreed": one.point.decided,
                "net": None if one.net is None else stripped(one.net),
                "sources": list(one.point.sources),
                "heights": dict(one.point.heights),
                "missing_chains": list(one.point.missing),
            }
            for one in found.assets
        },
        "alerts": [alert_json(one) for one in found.alerts],
        "alarms": [render(one) for one in found.alarms],
        "sources": _sources(found.sources),
        "unpriced": [{"source": source, "key": why.key, "text": render(why)} for source, why in found.unpriced],
    }


def filled_json(found: Filled) -> dict[str, Any]:
    """The object that ``history fill --json`` prints."""
    return {
        "schema": "reserves/history-filled/1",
        "exchange": found.exchange,
        "kept": [shown_time(one) for one in found.kept],
        "before": found.before,
        "stopped": None if found.stopped is None else {"key": found.stopped.key, "text": render(found.stopped)},
        "alarms": [render(one) for one in found.alarms],
        "sources": _sources(found.sources),
    }


def _sources(reports: Sequence[SourceReport]) -> list[dict[str, Any]]:
    return [
        {
            "name": report.name,
            "chain": report.chain,
            "problem": None if report.problem is None else render(report.problem),
            "code": None if report.code is None else report.code.value,
        }
        for report in reports
    ]
