"""Everything the window says, in one language: sentences from the catalogue, amounts, counts, times and hashes."""

import re
from dataclasses import replace
from html import escape

from reserves_gui.messages import Argument, Message, catalogue, render, say, visible
from reserves_gui.services.pictures import cut_decimals
from reserves_gui.verdict import Check, Claim, Outcome, State

LANGUAGES = {"en": "English", "de": "Deutsch"}

_MAIN = {
    "leaf": ("leaf.hash", "leaf.found"),
    "path": ("path.hash", "path.link"),
    "tree": ("tree.hash", "tree.sum"),
    "root": ("root.match",),
    "total": ("total.bound",),
    "proof": ("proof.groth16", "proof.fri"),
    "ownership": ("ownership.signatures",),
}
"""The check whose reason stands for a claim that holds."""

_LONG_HEX = re.compile(r"\b[0-9A-Fa-f]{24,}\b")
_LINE_PART = 28
_PLAIN = re.compile(r"([-+]?)([0-9]+)(\.[0-9]+)?", re.ASCII)
_LINE = re.compile(r"(.*): line ([0-9]+)", re.ASCII | re.DOTALL)
_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|\+00:00)?)?", re.ASCII)


class Words:
    """Renders keys of the catalogue; call it with a key and its arguments."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"

    def __call__(self, key: str, /, **args: Argument) -> str:
        """The sentence of ``key``."""
        return render(say(key, **args), self.language, self.amount, self.short_time)

    def render(self, message: Message) -> str:
        """The sentence of an engine's message, with long hashes shortened: the values beside it have them in full."""
        text = render(message, self.language, self.amount, self.short_time)
        return _LONG_HEX.sub(lambda found: shorten(found[0]), text)

    def amount(self, text: str) -> str:
        """An amount with the thousands sign and decimal mark of the language; other texts come back unchanged."""
        match = _PLAIN.fullmatch(text)
        if match is None:
            return visible(text)
        sign, whole, fraction = match[1], match[2], match[3] or ""
        group, mark = self._signs
        return f"{sign}{_grouped(whole, group)}{fraction.replace('.', mark)}"

    @property
    def _signs(self) -> tuple[str, str]:
        """The thousands sign and the decimal mark."""
        return (".", ",") if self.language == "de" else (",", ".")

    def short_amount(self, text: str, most: int) -> str:
        """An amount in at most ``most`` characters: last decimals give way to “…”."""
        return cut_decimals(self.amount(text), most, self._signs[1])

    def count(self, number: int) -> str:
        """A whole number with the thousands sign of the language."""
        return self.amount(str(number))

    def time(self, text: str | None) -> str:
        """An ISO 8601 UTC time as people write it: ``31 October 2026, 00:00 UTC``; unknown shapes unchanged."""
        match = _TIME.fullmatch(text or "")
        if match is None:
            return visible(text or "")
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return visible(text or "")
        name = self(f"window.month.{month}")
        date = self("window.date", day=day, month=name, year=year)
        if match[4] is None:
            return date
        return self("window.date_time", date=date, hour=match[4], minute=match[5])

    def short_time(self, text: str | None) -> str:
        """The day of an ISO 8601 UTC time, for tables: ``31 Oct 2026``; unknown shapes unchanged."""
        match = _TIME.fullmatch(text or "")
        if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
            return visible(text or "")
        month = self(f"window.month.{int(match[2])}")[:3]
        return self("window.date_short", day=int(match[3]), month=month, year=int(match[1]))

    def row_time(self, text: str) -> str:
        """An ISO 8601 UTC time for tables: ``31 Oct 2026, 00:00 UTC``; unknown shapes unchanged."""
        match = _TIME.fullmatch(text)
        day = self.short_time(text)
        if match is None or match[4] is None or day == visible(text):
            return day
        return self("window.date_time", date=day, hour=match[4], minute=match[5])

    def state(self, state: State) -> str:
        """The word of a state."""
        return self(f"window.state.{state.value}")

    def outcome(self, outcome: Outcome) -> str:
        """The word of an outcome."""
        return self(f"window.outcome.{outcome.value}")

    def claim(self, claim_id: str) -> str:
        """The name of a claim."""
        return self(f"window.claim.{claim_id}")

    def check(self, check: Check) -> str:
        """The name of a check; an id without a name is shown as it is."""
        return self.known(f"window.check.{check.id}", check.id)

    def known(self, key: str, code: str) -> str:
        """The words for a code of the engine, such as the name of a figure; a code without words as it is."""
        return self(key) if key in catalogue("en") else visible(code)

    def place(self, where: str) -> str:
        """Where an error was found, the number of the line in words of the language."""
        match = _LINE.fullmatch(where)
        return visible(where) if match is None else self("window.place.line", file=match[1], line=match[2])

    def brief(self, message: Message) -> str:
        """The sentence of an engine's message, without what a link beside it or the line's own checks say."""
        key = f"window.brief.{message.key}"
        return self.render(replace(message, key=key) if key in catalogue("en") else message)

    def in_row(self, message: Message) -> str:
        """The reason of a row as a table has room for it; the tooltip has the whole sentence."""
        key = f"window.row.{message.key}"
        return self.render(replace(message, key=key) if key in catalogue("en") else message)

    def claim_sentence(self, claim: Claim) -> str:
        """One sentence for a claim: what failed, what is missing, or what was seen."""
        failed = [check for check in claim.checks if check.outcome is Outcome.FAILED]
        open_ones = [check for check in claim.checks if check.outcome is not Outcome.PASSED and check.required]
        optional = [check for check in claim.checks if check.outcome is not Outcome.PASSED]
        if failed:
            return self.render(failed[0].reason)
        if claim.state is State.UNDECIDED and (open_ones or optional):
            return self.brief((open_ones or optional)[0].reason)
        if claim.state is State.UNDECIDED and claim.id == "total":
            return self("window.claim_line.total_ceiling")
        if not claim.checks:
            return self("window.claim_line.no_wallets" if claim.id == "coverage" else "window.claim_line.nothing")
        passed = [check for check in claim.checks if check.outcome is Outcome.PASSED]
        main = _MAIN.get(claim.id, ())
        passed.sort(key=lambda check: main.index(check.id) if check.id in main else len(main))
        return self.brief(passed[0].reason) if passed else self("window.claim_line.nothing")


def shorten(text: str, head: int = 6, tail: int = 4) -> str:
    """A hash shortened in the middle, 6…4; short texts unchanged."""
    return text if len(text) <= head + tail + 1 else f"{text[:head]}…{text[-tail:]}"


def paragraph(text: str, line: int = 20) -> str:
    """Plain ``text`` as rich text with a line height in pixels; nothing in it is read as markup."""
    return f'<p style="line-height:{line}px; margin:0">{breakable(text)}</p>'


def breakable(text: str) -> str:
    """``text`` escaped, with places to break inside words that would not fit a line."""
    return " ".join("&#8203;".join(escape(part) for part in _parts(word)) for word in text.split(" "))


def _parts(word: str) -> list[str]:
    return [word[at : at + _LINE_PART] for at in range(0, len(word), _LINE_PART)] or [""]


def _grouped(whole: str, sign: str) -> str:
    head = len(whole) % 3
    parts = ([whole[:head]] if head else []) + [whole[at : at + 3] for at in range(head, len(whole), 3)]
    return sign.join(parts)
