"""One report: a verdict, what it was made from, and what it cannot show. Every rendering is made from this."""

from dataclasses import dataclass
from enum import StrEnum

from reserves_gui.messages import Message
from reserves_gui.verdict import InputRecord, Verdict

REPORT_SCHEMA = "reserves/report/1"


class Disclosure(StrEnum):
    """Whether a report holds everything that was seen, or leaves out what identifies the user and her neighbours."""

    FULL = "full"
    REDACTED = "redacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a second run needs beside the files. ``user`` holds the *names* of values only the user knows, never values.

    ``roots``: lower-case hex as given; ``expected``: (asset, amount text); ``published``: the files a root was looked
    for in; ``format`` None: recognised; ``proofs``: "all", "chain" or a number. Of wallet lists ``chains`` (none: all)
    and the ``message`` given beside the list.
    """

    format: str | None = None
    roots: tuple[str, ...] = ()
    expected: tuple[tuple[str, str], ...] = ()
    published: tuple[InputRecord, ...] = ()
    user: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    proofs: str = "all"
    chains: tuple[str, ...] = ()
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A verdict to be kept.

    ``program`` is the version that made it. ``created`` is the wall clock (ISO 8601, UTC, seconds): it is no part of
    the content that the reference stands for. ``removed`` says what a redacted report left out. ``log_head`` is the
    head of the maker's root log on one line, so that a copy of it lies outside; a redacted report has none, because it
    would tie reports of one maker together.
    """

    verdict: Verdict
    settings: Settings
    program: str
    created: str
    disclosure: Disclosure = Disclosure.FULL
    removed: tuple[Message, ...] = ()
    log_head: str | None = None
