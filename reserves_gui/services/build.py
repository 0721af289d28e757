"""Which program this is: its version, and one hash over everything it consists of.

The hash lets anybody compare an installed program with a clone: it is the same for the same sources, whether they run
from a clone, were installed, or were frozen. Decided 2026-11-26: over the bytes of the package, not over a commit, so
that it can be made without the history and says what is there, not what was meant to be.
"""

import hashlib
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import reserves_gui
from reserves_gui import __version__
from reserves_gui.plain_json import load_plain

RECORDED = "build.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildInfo:
    """``source``: SHA-256 in hex of the sources. ``frozen``: runs without an installed Python."""

    version: str
    source: str
    frozen: bool


def build_info() -> BuildInfo:
    """What is running. A frozen program has no sources to hash: it carries the hash of those it was made from."""
    if getattr(sys, "frozen", False):
        kept = load_plain((resources.files("reserves_gui.resources") / "app" / RECORDED).read_text(encoding="utf-8"))
        return BuildInfo(version=__version__, source=str(kept["source"]), frozen=True)
    return BuildInfo(version=__version__, source=source_sha256(Path(reserves_gui.__file__).parent), frozen=False)


def source_sha256(package: Path) -> str:
    r"""H( for each file, by path: hex H(content) ‖ two blanks ‖ path ‖ "\n" ), as `sha256sum` would list them.

    Paths start below the package and are written with ``/``; compiled files are left out.
    """
    listed = hashlib.sha256()
    files = {
        path.relative_to(package).as_posix(): path
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    for name in sorted(files):
        listed.update(f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n".encode())
    return listed.hexdigest()
