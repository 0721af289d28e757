"""All formats this program reads: the built-in publishers and those that third parties add through entry points."""

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import reserves_gui.publishers as room
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.publishers.port import Format, Match

ENTRY_POINT_GROUP = "reserves_gui.publishers"
_NOT_PUBLISHERS = {"port", "registry"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A document, the format that reads it, and its role there."""

    document: Document
    format: Format
    match: Match


@cache
def formats() -> Mapping[str, Format]:
    """Every format by id, newest first. Raises ``ValueError`` if two declare one id: that is a packaging defect."""
    found: dict[str, Format] = {}
    for declared in (*_built_in(), *_third_party()):
        if declared.id in found:
            raise ValueError(f"format id declared twice: {declared.id}")
        found[declared.id] = declared
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: (item[1].since, item[0]), reverse=True)))


def by_id(format_id: str) -> Format:
    """The format of that id. Raises ``usage``."""
    try:
        return formats()[format_id]
    except KeyError:
        raise ReservesError(ErrorCode.USAGE, say("error.unknown_format", id=format_id[:80])) from None


def candidates(document: Document, among: Iterable[Format] | None = None) -> list[Recognised]:
    """The formats that could read ``document``, best match first and, among equals, newest first."""
    pool = formats().values() if among is None else among
    found = [
        Recognised(document, declared, match)
        for declared in pool
        if (match := declared.recognise(document)) is not None
    ]
    return sorted(found, key=lambda one: one.match.strength, reverse=True)


def _built_in() -> Iterator[Format]:
    for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
        if module.name.rpartition(".")[2] in _NOT_PUBLISHERS:
            continue
        found = importlib.import_module(module.name)
        # A package names the modules that declare its formats; what judges them is loaded when a file asks for it.
        for part in getattr(found, "DECLARED_IN", ()):
            yield from importlib.import_module(f"{module.name}.{part}").FORMATS
        yield from getattr(found, "FORMATS", ())


def _third_party() -> Iterator[Format]:
    if not any(_may_add(Path(place)) for place in sys.path):
        return
    from importlib.metadata import entry_points

    for entry in entry_points(group=ENTRY_POINT_GROUP):
        yield from entry.load()


def _may_add(place: Path) -> bool:
    """Whether a package installed at ``place`` may name our group; an archive always may.

    Looked up by hand first: few installations have such a package, and the library takes longer to load than most
    files take to be judged.
    """
    if place.is_file():
        return True
    group = f"[{ENTRY_POINT_GROUP}]".encode()
    return any(group in found.read_bytes() for found in place.glob("*.*-info/entry_points.txt"))
