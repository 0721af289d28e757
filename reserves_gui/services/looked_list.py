"""A wallet list together with what was seen of it on chain: one verdict, and the figures a report keeps of the look."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reserves_gui.amounts import stripped
from reserves_gui.chain.port import Seen
from reserves_gui.services.balance_report import extra_of
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.lookup import LookUp
from reserves_gui.verdict import Claim, Verdict

if TYPE_CHECKING:
    from reserves_gui.services.list_coverage import ListCoverage
    from reserves_gui.services.two_looks import TwoLooks

LOOKED = "looked"
"""The key of these figures among the additions of a verdict."""


def with_looks(ownership: Verdict, looks: "TwoLooks | None", cover: "ListCoverage | None") -> Verdict:
    """The verdict over a list with the claims ``balances`` and ``coverage`` that a look-up and liabilities add to it.

    What is seen at a list's own heights is judged; what is seen now stands beside it.
    """
    added: list[Claim] = []
    extra: dict[str, object] = {}
    warnings, notes = ownership.warnings, ownership.notes
    if looks is not None:
        balances = looks.verdict.claim("balances")
        added += [] if balances is None else [balances]
        judged = "now" if looks.snapshot is None or not looks.dated else "snapshot"
        extra[LOOKED] = looked_figures(judged, snapshot=looks.snapshot, now=looks.now)
        warnings, notes = (*warnings, *looks.verdict.warnings), (*notes, *looks.verdict.notes)
    if cover is not None:
        added.append(cover.claim)
        extra |= cover.figures
    names = {claim.id for claim in added}
    kept = tuple(claim for claim in ownership.claims if claim.id not in names)
    return replace(
        ownership,
        claims=(*kept, *added),
        warnings=tuple(dict.fromkeys(warnings)),
        notes=tuple(dict.fromkeys(notes)),
        extra={**ownership.extra, **extra},
    )


def looked_figures(judged: str, *, snapshot: LookUp | None, now: LookUp | None) -> dict[str, Any]:
    """Both looks as JSON: ``judged`` names the one that was held against the list, a look that was not made is None."""
    return {
        "judged": judged,
        "snapshot": None if snapshot is None else _figures(snapshot),
        "now": None if now is None else _figures(now),
    }


def _figures(found: LookUp) -> dict[str, Any]:
    """Row counts, failures, sums per asset, the sources as they were found, and every amount that was seen.

    ``seen``: amounts by address, in coin units, grouped by who said them of which asset at which block; with the time
    of the block where a source dated it, and when it was asked.
    """
    figures = extra_of(found.compared, found.reports, requests=found.requests, budget=found.requests)
    return {name: figures[name] for name in ("rows", "failures", "assets", "sources")} | {"seen": _seen(found)}


def _seen(found: LookUp) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found.compared:
        for one in row.observations:
            if one.outcome is not Seen.SEEN or one.coins is None or one.height is None:
                continue
            key = (one.speaker.name, one.chain, one.asset, one.height, one.block_hash)
            time = found.times.get((one.chain, one.height))
            group = groups.setdefault(
                key,
                {
                    "source": one.speaker.name,
                    "chain": one.chain,
                    "asset": one.asset,
                    "height": one.height,
                    "block_hash": one.block_hash,
                    "time": None if time is None else shown_time(time),
                    "asked_from": one.asked_at,
                    "asked_to": one.asked_at,
                    "amounts": {},
                },
            )
            group["asked_from"] = min(group["asked_from"], one.asked_at)
            group["asked_to"] = max(group["asked_to"], one.asked_at)
            group["amounts"][one.address] = stripped(one.coins)
    return list(groups.values())


def looks_of(verdict: Verdict) -> Mapping[str, Mapping[str, Any]]:
    """The looks a verdict carries, by name (``snapshot``, ``now``); empty for one without, or of another shape."""
    looked = verdict.extra.get(LOOKED)
    if not isinstance(looked, Mapping):
        return {}
    return {name: one for name in ("snapshot", "now") if isinstance(one := looked.get(name), Mapping)}
