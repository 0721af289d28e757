"""The claim ``root``: the recomputed root against a root that came from somewhere else than the proof.

``--root`` names one; ``--published`` gives whatever was saved from the publisher (a page, an anchor file, a text, or a
folder or archive of such): the root must stand in it as a whole word (contract section 4). Where neither was given, a
root that the store keeps with a source counts; one that it keeps for the same snapshot and that differs fails the claim
in any case.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.kept import Remembered
from reserves_gui.verdict import Check, Claim, Findings, Outcome

_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]+)", re.ASCII)
# The longest hash word looked for, with its prefix and the characters around it.
_OVERLAP = 160


def read_root(text: str) -> str:
    """A root as typed or pasted: hex in either case, ``0x`` allowed. Raises ``usage``."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise ReservesError(ErrorCode.USAGE, say("error.root_grammar"))
    return match[1].lower()


def root_claim(
    findings: Findings,
    *,
    roots: Sequence[str],
    published: Sequence[Document],
    evidence: Sequence[Document],
    progress: Progress,
    kept: Remembered | None = None,
    exchange: str = "",
) -> Claim:
    """The claim ``root`` of one proof: the format's own root checks and the comparison with roots from elsewhere."""
    checks = findings.root_checks
    if not any(check.id == "root.match" for check in checks):
        found = _match(findings, roots=roots, published=published, evidence=evidence, progress=progress)
        checks = (*checks, found if kept is None else _with_kept(found, findings, kept, exchange))
    return Claim("root", checks)


def _with_kept(found: Check, findings: Findings, kept: Remembered, exchange: str) -> Check:
    """What the store adds: a contradiction always counts, an agreement where nothing else was compared."""
    if found.outcome is Outcome.FAILED:
        return found
    other = kept.contradicting(findings, exchange)
    if other is not None:
        reason = say("root.match.kept_differs", source=other.source)
        return Check("root.match", Outcome.FAILED, reason, expected=other.root, seen=findings.root)
    same = kept.equal(findings.root)
    if found.outcome is Outcome.PASSED or same is None:
        return found
    reason = say("root.match.kept", source=same.source, time=same.time or "?")
    return Check("root.match", Outcome.PASSED, reason, expected=same.root, seen=findings.root)


def _match(
    findings: Findings,
    *,
    roots: Sequence[str],
    published: Sequence[Document],
    evidence: Sequence[Document],
    progress: Progress,
) -> Check:
    for root in roots:
        if len(root) != findings.root_digits:
            message = say("error.root_length", digits=findings.root_digits, given=len(root))
            raise ReservesError(ErrorCode.USAGE, message)
    if findings.root is None:
        return Check("root.match", Outcome.NOT_CHECKED, say("root.match.no_root"))
    for root in roots:
        if root != findings.root:
            reason = say("root.match.differs", source="--root")
            return Check("root.match", Outcome.FAILED, reason, expected=root, seen=findings.root)
    own = {document.sha256 for document in evidence} if published else set()
    missing: list[str] = []
    confirmed = [say("root.match.equals_given")] if roots else []
    for group in _by_origin(published):
        searched = [document for document in group if document.sha256 not in own]
        found = [_search(document, findings, progress) for document in searched]
        standing = [one.name for one in found if one.stands]
        others = [one for one in found if one.words]
        if standing:
            confirmed.append(say("root.match.stands_in", source=standing[0]))
        elif others:
            reason = say("root.match.not_in", source=others[0].name, count=others[0].words)
            return Check("root.match", Outcome.FAILED, reason, expected=others[0].first, seen=findings.root)
        else:
            missing += [document.name for document in group]
    if confirmed:
        return Check("root.match", Outcome.PASSED, confirmed[0], expected=findings.root, seen=findings.root)
    if missing:
        return Check("root.match", Outcome.NOT_CHECKED, say("root.match.none_there", source=", ".join(missing)))
    return Check("root.match", Outcome.NOT_CHECKED, say("root.match.not_given"))


def _by_origin(published: Sequence[Document]) -> list[list[Document]]:
    """What was given as one thing together: in a folder, pages with hashes of their own lie beside the root's."""
    groups: dict[str, list[Document]] = {}
    for number, document in enumerate(published):
        groups.setdefault(str(number) if document.origin is None else f"in {document.origin}", []).append(document)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class _Searched:
    """How many hashes of the root's length stand in a document, the first of them, and whether the root is one."""

    name: str
    words: int
    first: str | None
    stands: bool


def _search(document: Document, findings: Findings, progress: Progress) -> _Searched:
    words, first, stands = 0, None, False
    for word in _hex_words(document, findings.root_digits, progress):
        words += 1
        first = first or word
        stands = stands or word == findings.root
    return _Searched(document.name, words, first, stands)


def _hex_words(document: Document, digits: int, progress: Progress) -> Iterator[str]:
    """Whole words of exactly ``digits`` hex digits in the document, lower case, read in blocks."""
    word = re.compile(rb"(?<![0-9A-Za-z])(?:0[xX])?([0-9a-fA-F]{%d})(?![0-9A-Za-z])" % digits)
    with document.open() as stream:
        window = b""
        # The byte before the part still to be searched is kept, so that the tail of a longer word is no word.
        known = 0
        while True:
            block = stream.read(limits.BLOCK_BYTES)
            progress.checkpoint()
            window += block
            # A word at the very end may go on in the next block: it is left for then.
            settled = len(window) if not block else max(known, len(window) - _OVERLAP)
            for match in word.finditer(window):
                if known <= match.start() < settled:
                    yield match[1].decode("ascii").lower()
            if not block:
                return
            kept = max(0, settled - 1)
            window, known = window[kept:], settled - kept
