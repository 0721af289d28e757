"""Whether signed texts say when they were signed, and by whom.

A signature over a constant text can be as old as the key and can be lent to anybody.
"""

import re
from dataclasses import dataclass, field

from reserves_gui.messages import Message, say
from reserves_gui.verdict import Check, Outcome

CHECK = "ownership.dated"
_ISO = re.compile(r"(?<![0-9])20[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?(?![0-9])", re.ASCII)
_COMPACT = re.compile(r"(?<![0-9])20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?(?![0-9])", re.ASCII)
_BLOCK_HASH = re.compile(r"(?<![0-9a-fA-F])(?:0[xX])?[0-9a-fA-F]{64}(?![0-9a-fA-F])", re.ASCII)
STAMP = re.compile(
    r"block: (0|[1-9][0-9]{0,9}) ([0-9a-f]{64}) ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)", re.ASCII
)
# Distinct texts remembered; a list that signs another text in every row repeats none of them.
_REMEMBERED = 1000
_SHOWN = 80


def is_dated(text: str) -> bool:
    """Whether a signed text holds a date (ISO or YYYYMM[DD]), a block hash, or a ``block:`` stamp."""
    return any(pattern.search(text) for pattern in (_ISO, _COMPACT, _BLOCK_HASH, STAMP))


@dataclass(slots=True)
class Texts:
    """The signed texts of a list as they go by. ``names``: words of which one should stand in each."""

    names: tuple[str, ...] = ()
    signed: int = 0
    undated: int = 0
    unnamed: int = 0
    example: str = ""
    _known: dict[str, tuple[bool, bool]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Count one signed row."""
        self.signed += 1
        known = self._known.get(text)
        if known is None:
            folded = text.casefold()
            named = not self.names or any(name.casefold() in folded for name in self.names)
            known = (is_dated(text), named)
            if len(self._known) < _REMEMBERED:
                self._known[text] = known
        if not known[0]:
            self.undated += 1
            self.example = self.example or text[:_SHOWN]
        if not known[1]:
            self.unnamed += 1

    def check(self) -> Check:
        """Never a failure and never required: it says what the signatures are worth."""
        if not self.signed:
            return Check(CHECK, Outcome.NOT_CHECKED, say("wallets.dated.unsigned"), required=False)
        if self.undated:
            reason = say("wallets.dated.undated", count=self.undated, text=self.example)
            return Check(CHECK, Outcome.NOT_CHECKED, reason, required=False)
        return Check(CHECK, Outcome.PASSED, say("wallets.dated.passed", count=self.signed), required=False)

    def warnings(self) -> tuple[Message, ...]:
        """What stands on top of a result."""
        found = []
        if self.undated:
            found.append(say("wallets.dated.undated", count=self.undated, text=self.example))
        if self.unnamed:
            found.append(say("wallets.dated.unnamed", count=self.unnamed, name=self.names[0]))
        return tuple(found)
