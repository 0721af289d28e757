"""Which file is which: sorts the documents of a run by format and role."""

import codecs
from collections.abc import Iterable, Mapping, Sequence

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Evidence, Format
from reserves_gui.publishers.registry import Recognised


def sort_documents(
    documents: Sequence[Document], *, format_id: str | None = None
) -> tuple[Format, Evidence, tuple[Document, ...]]:
    """The format of a run, its files by role, and the documents nobody recognised.

    A file that fits no format raises what is wrong with it (``json.*``, ``input.encoding`` ...) or
    ``format.unrecognised`` unless another file of the run is recognised. Files of several formats, or a file that two
    formats read equally well, raise ``format.ambiguous``.
    """
    among = None if format_id is None else [registry.by_id(format_id)]
    found = {id(document): registry.candidates(document, among) for document in documents}
    strangers = tuple(document for document in documents if not found[id(document)])
    known = [document for document in documents if found[id(document)]]
    if not known:
        raise explain_unrecognised(documents[0])
    chosen = _one_format(known, found)
    by_role: dict[str, tuple[Document, ...]] = {}
    for document in known:
        match = next(one.match for one in found[id(document)] if one.format is chosen)
        by_role[match.role] = (*by_role.get(match.role, ()), document)
    return chosen, Evidence(by_role), strangers


def _one_format(known: Sequence[Document], found: Mapping[int, list[Recognised]]) -> Format:
    shared = [
        one.format
        for one in found[id(known[0])]
        if all(any(other.format is one.format for other in found[id(document)]) for document in known)
    ]
    if not shared:
        names = sorted({found[id(document)][0].format.id for document in known})
        raise ReservesError(ErrorCode.FORMAT_AMBIGUOUS, say("error.several_formats", names=", ".join(names)))
    strength = {declared.id: _fit(declared, known, found) for declared in shared}
    best = [declared for declared in shared if strength[declared.id] == max(strength.values())]
    if len(best) > 1:
        names = sorted(declared.id for declared in best)
        message = say("error.equal_formats", names=", ".join(names))
        raise ReservesError(ErrorCode.FORMAT_AMBIGUOUS, message, known[0].name)
    return best[0]


def _fit(declared: Format, known: Iterable[Document], found: Mapping[int, list[Recognised]]) -> int:
    return sum(one.match.strength for document in known for one in found[id(document)] if one.format is declared)


def explain_unrecognised(document: Document) -> ReservesError:
    """Why nothing could be made of ``document``: what is wrong with it, or ``format.unrecognised``."""
    if not document.head.strip():
        return ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), document.name)
    if document.looks_like_json:
        try:
            document.json(limits.JSON_USER_BYTES)
        except ReservesError as error:
            return error
    elif document.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in document.head:
        return ReservesError(ErrorCode.INPUT_ENCODING, say("error.encoding", offset=0), document.name)
    return ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("error.unrecognised"), document.name)
