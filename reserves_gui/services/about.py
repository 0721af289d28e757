"""What this program is made of: its version, a hash over its own code, and the licences of every part."""

import hashlib
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from reserves_gui import __version__
from reserves_gui.progress import Progress

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_LICENCE_CLASSIFIER = "License :: "
_LONGEST = 60
_DEVELOPMENT = re.compile(r"extra\s*==\s*[\"']dev[\"']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One package that is installed here, with the licence it states; empty where it states none."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """``build`` is the SHA-256 over the paths and bytes of all files of the package, in the order of their paths."""

    version: str
    build: str
    python: str
    system: str
    parts: tuple[Part, ...]


def about(progress: Progress) -> About:
    """Read the package and the records of what is installed."""
    return About(
        version=__version__,
        build=build_hash(progress),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        parts=parts(),
    )


def build_hash(progress: Progress) -> str:
    """The same for the same code on every machine: two people can see that they run the same."""
    state = hashlib.sha256()
    for name, file in sorted(_files(resources.files("reserves_gui"), "")):
        progress.checkpoint()
        content = file.read_bytes()
        state.update(f"{name}\0{len(content)}\0".encode())
        state.update(content)
    return state.hexdigest()


def _files(folder: Traversable, place: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, f"{place}{entry.name}/")
        elif not entry.name.endswith((".pyc", ".pyo")):
            yield f"{place}{entry.name}", entry


def parts() -> tuple[Part, ...]:
    """Every installed package that this one needs, directly or through another, by name."""
    found: dict[str, Part] = {}
    waiting = ["reserves"]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            record = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[key] = Part(name=record.name, version=record.version, licence=_licence(record.metadata))
        for text in record.requires or ():
            match = _NAME.match(text)
            # Of our own extras all but the tools of development count; other packages' extras are not asked for.
            wanted = "extra ==" not in text or (key == "reserves" and not _DEVELOPMENT.search(text))
            if match is not None and wanted:
                waiting.append(match[0])
    found.pop("reserves", None)
    return tuple(sorted(found.values(), key=lambda part: part.name.casefold()))


def _licence(stated: metadata.PackageMetadata) -> str:
    expressions = stated.get_all("License-Expression") or ()
    if expressions:
        return str(expressions[0])
    named = [
        text.removeprefix(_LICENCE_CLASSIFIER).removeprefix("OSI Approved :: ")
        for text in stated.get_all("Classifier") or ()
        if text.startswith(_LICENCE_CLASSIFIER) and text != "License :: OSI Approved"
    ]
    if named:
        return ", ".join(named)
    texts = stated.get_all("License") or ()
    lines = str(texts[0]).strip().splitlines() if texts else []
    return lines[0][:_LONGEST] if lines else ""
