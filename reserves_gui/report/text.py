"""A report as plain text, for mail and terminals, with the document itself packed at its end.

The last line but the packed data's end is the hash of everything above it, so that a changed byte anywhere is seen.
"""

import base64
import hashlib
import textwrap
import zlib
from collections.abc import Iterator
from typing import Any

from reserves_gui.report import canonical
from reserves_gui.report.sheet import ClaimCard, Fact, Sheet

_WIDTH = 96
_BEGIN = "-----BEGIN RESERVES REPORT-----"
_END = "-----END RESERVES REPORT-----"
_SEAL = b"SHA-256 of the lines above: "
_MARKS = {"passed": "[ok]", "failed": "[FAILED]", "partial": "[partial]", "not_checked": "[-]"}


def text_report(sheet: Sheet, document: dict[str, Any]) -> bytes:
    """The file: what people read, then ``document`` (compressed, base64), then the hash of all of it."""
    packed = base64.b64encode(zlib.compress(canonical.canonical_bytes(document), 9)).decode("ascii")
    lines = [*_lines(sheet), "", sheet.labels.data, _BEGIN, *textwrap.wrap(packed, 76), _END, ""]
    body = "\n".join(lines).encode("utf-8")
    return body + _SEAL + hashlib.sha256(body).hexdigest().encode("ascii") + b"\n"


def text_seal_holds(data: bytes) -> bool:
    """Whether the last line is the hash of the lines above it. Line ends changed by a mail program are put right."""
    unix = data.replace(b"\r\n", b"\n")
    body, mark, seal = unix.rpartition(_SEAL)
    return bool(mark) and hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" == seal


def text_data(data: bytes, largest: int) -> bytes | None:
    """The document packed in the file, at most ``largest`` bytes of it; None if it is not there or not whole."""
    _, begin, rest = data.partition(_BEGIN.encode())
    packed, end, _ = rest.partition(_END.encode())
    if not begin or not end:
        return None
    try:
        compressed = base64.b64decode(b"".join(packed.split()), validate=True)
        unpacking = zlib.decompressobj()
        found = unpacking.decompress(compressed, largest)
    except (ValueError, zlib.error):
        return None
    return found if unpacking.eof else None


def _lines(sheet: Sheet) -> Iterator[str]:
    yield sheet.title
    yield sheet.kind
    yield f"{sheet.reference_label}: {sheet.reference}"
    yield ""
    yield from _wrapped(sheet.headline)
    yield ""
    yield from _facts(sheet.facts)
    yield ""
    yield sheet.not_shown_title
    for sentence in sheet.not_shown:
        yield from _wrapped(sentence, "- ")
    for part in sheet.parts:
        if part.title:
            yield from ("", part.title)
        if part.balances:
            yield from _titled(sheet.labels.balances)
            yield from _facts(part.balances)
        yield from _titled(sheet.labels.claims)
        for card in part.claims:
            yield from _claim(card, sheet)
    yield from _titled(sheet.files_title)
    for one in sheet.files:
        yield f"{one.name} ({one.use}, {one.size})"
        yield f"  SHA-256 {one.sha256}"
    for listing in sheet.listings:
        yield from _titled(listing.title)
        for sentence in listing.sentences:
            yield from _wrapped(sentence, "- ")
        yield from _facts(listing.facts)
    yield from _titled(sheet.reference_label)
    yield sheet.reference
    yield from _wrapped(sheet.reference_note)
    yield sheet.made


def _claim(card: ClaimCard, sheet: Sheet) -> Iterator[str]:
    yield f"{card.name}: {card.word} ({card.count})"
    yield from _wrapped(card.question, "  ")
    for row in card.checks:
        yield from _wrapped(f"{_MARKS[row.outcome]} {row.id}: {row.reason}", "  ", "      ")
        for label, value in ((sheet.labels.expected, row.expected), (sheet.labels.seen, row.seen)):
            if value is not None:
                yield f"      {label}: {value}"
    yield ""


def _facts(facts: tuple[Fact, ...]) -> Iterator[str]:
    widest = max((len(one.label) for one in facts), default=0)
    for one in facts:
        yield f"{one.label.ljust(widest)}  {one.value}"


def _titled(title: str) -> tuple[str, str, str]:
    return ("", title, "-" * len(title))


def _wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    indent = " " * len(first) if rest is None else rest
    found = textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return found or [first]
