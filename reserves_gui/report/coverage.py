"""The coverage part of a report: a line an asset with its figures, then definitions, sources, times and limits.

Everything is set from the figures as the report carries them (``coverage``, ``clean`` and ``figures_from`` of the
verdict's additions), so that a report read back shows what was written. Figures of an unknown shape are left out.
"""

from collections.abc import Iterator, Mapping

from reserves_gui.messages import Message, render, say
from reserves_gui.report.headline import shown_time

_UNKNOWN = "?"


def coverage_facts(extra: Mapping[str, object], language: str) -> tuple[tuple[str, str], ...]:
    """(asset, one line of figures) for every asset."""
    assets = _table(extra, "coverage")
    return tuple(
        (asset, " · ".join(render(one, language) for one in _line(figures)))
        for asset, figures in assets.items()
        if isinstance(figures, Mapping)
    )


def coverage_sentences(extra: Mapping[str, object], language: str) -> tuple[str, ...]:
    """Definitions, the ratio without own tokens, where the figures come from, and what they cannot show."""
    sources, clean = _table(extra, "figures_from"), _table(extra, "clean")
    found = [
        say("report.coverage.ratio"),
        say("report.coverage.figures"),
        say(
            "report.coverage.sources",
            liabilities=_text(sources, "liabilities"),
            reserves=_text(sources, "reserves"),
        ),
    ]
    if _text(clean, "ratio_percent") != _UNKNOWN:
        found.append(say("report.coverage.clean", ratio=_text(clean, "ratio_percent")))
    else:
        found.append(say("report.coverage.clean_unknown"))
    found.append(say("report.coverage.limits"))
    return tuple(render(one, language) for one in found)


def _line(figures: Mapping[str, object]) -> Iterator[Message]:
    ratio, owed, held = (_table(figures, name) for name in ("ratio", "liabilities", "reserves"))
    state = figures.get("state")
    if state in ("verified", "undecided", "failed"):
        yield Message(f"report.state.{state}")
    low, high = _text(ratio, "low_percent"), _text(ratio, "high_percent")
    yield say("report.coverage.line.ratio", low=low, high=high)
    yield say("report.coverage.line.owed", amount=_text(owed, "stated"), time=shown_time(_text(owed, "time")))
    if owed.get("gross") is not None or owed.get("debt") is not None:
        yield say("report.coverage.line.parts", gross=_text(owed, "gross"), debt=_text(owed, "debt"))
    yield say("report.coverage.line.listed", amount=_text(held, "listed"))
    seen, proven = _table(held, "seen"), _table(held, "proven")
    if seen:
        key = "report.coverage.line.agreed" if held.get("agreed") is True else "report.coverage.line.seen"
        time = shown_time(_text(held, "time"))
        yield Message(key, {"low": _text(seen, "low"), "high": _text(seen, "high"), "time": time})
    if proven:
        yield say("report.coverage.line.proven", amount=_text(proven, "low"))
    lag = figures.get("lag_seconds")
    if isinstance(lag, int) and not isinstance(lag, bool):
        # Tenths of an hour in whole numbers: no rounding of the clock's own.
        tenths = (abs(lag) * 10 + 1800) // 3600
        yield say("report.coverage.line.lag", hours=f"{tenths // 10}.{tenths % 10}")


def _table(values: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(values: Mapping[str, object], name: str) -> str:
    found = values.get(name)
    return found if isinstance(found, str) and found else _UNKNOWN
