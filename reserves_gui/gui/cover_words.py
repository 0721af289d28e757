"""Coverage in words: the interval, one sentence on it, and how far apart both sides were counted."""

import re
from typing import TYPE_CHECKING

from reserves_gui.gui.words import Words
from reserves_gui.verdict import Outcome

if TYPE_CHECKING:
    from reserves_gui.services.list_coverage import AssetCoverage

_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def interval_in_words(answer: "AssetCoverage", words: Words) -> str:
    """``102.30 – 102.38 %`` as the language writes it, ``?`` for an unknown end, a dash where nothing was seen."""
    if answer.low is None and answer.high is None:
        return "—"
    return _FIGURE.sub(lambda found: words.amount(found[0]), answer.shown())


def coverage_sentence(answer: "AssetCoverage", words: Words) -> str:
    """What failed or is missing; where nothing is, at which block and how long after the liabilities it was seen."""
    for outcome in (Outcome.FAILED, Outcome.NOT_CHECKED, Outcome.PARTIAL):
        for check in answer.checks:
            if check.outcome is outcome:
                return words.render(check.reason)
    if answer.lag is None or answer.reserve.height is None:
        return " ".join(words.render(check.reason) for check in answer.checks)
    height, apart = words.count(answer.reserve.height), apart_in_words(answer.lag, words)
    return words("window.wallets.cover.seen", height=height, apart=apart)


def apart_in_words(lag: int, words: Words) -> str:
    """How much later (or earlier) than the liabilities the reserves were seen; ``lag`` in seconds."""
    size = abs(lag)
    if size < _MINUTE:
        return words("window.wallets.apart.none")
    side = "later" if lag > 0 else "earlier"
    if size < 2 * _HOUR:
        return words(f"window.wallets.apart.{side}.minutes", count=round(size / _MINUTE))
    if size < 2 * _DAY:
        return words(f"window.wallets.apart.{side}.hours", count=round(size / _HOUR))
    return words(f"window.wallets.apart.{side}.days", count=round(size / _DAY))
