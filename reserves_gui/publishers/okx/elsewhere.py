"""The check ``root.match`` where global files were given as the published ones, or a pinned proof binds the root.

The root of such a file is no word in a text, so the comparison is made here; other published documents of the same run
(a saved page, a text) are searched as well, so that none of them is passed over.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.intake.document import Document
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Outcome

_WORD = re.compile(rb"(?<![0-9A-Za-z])(?:0[xX])?([0-9a-fA-F]{64})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class PublishedRoot:
    """The root that a published global file holds."""

    source: str
    root: str


def match_root(
    root: str | None,
    *,
    asked: Sequence[str],
    published: Sequence[PublishedRoot],
    texts: Sequence[Document],
    bound: Message | None,
    progress: Progress,
) -> Check | None:
    """``root.match``, or None where nothing here says more than the roots and texts that the caller compares itself.

    ``asked`` are roots named by the user, ``texts`` published documents that are no global files, ``bound`` says which
    pinned proof binds the root.
    """
    if root is None or (not published and bound is None):
        return None
    for other in asked:
        if other != root:
            return _differs(root, other, "--root")
    for one in published:
        if one.root != root:
            return _differs(root, one.root, one.source)
    for text in texts:
        words = {match[1].decode("ascii").lower() for match in _WORD.finditer(text.read(limits.PUBLISHED_TEXT_BYTES))}
        progress.checkpoint()
        if words and root not in words:
            return _differs(root, min(words), text.name)
    if published:
        reason = say("okx_stark.match.published", source=published[0].source)
    elif bound is not None:
        reason = bound
    return Check("root.match", Outcome.PASSED, reason, expected=root, seen=root)


def _differs(root: str, other: str, source: str) -> Check:
    reason = say("okx_stark.match.differs", source=source)
    return Check("root.match", Outcome.FAILED, reason, expected=other, seen=root)
