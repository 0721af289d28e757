"""Reads the README and the guide the way a reader does: blocks of code, commands, links and check ids."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "assets" / "guide"
EXPLAINED = ROOT / "reserves_gui" / "resources" / "explained"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_PICTURE = re.compile(r'(?:src|srcset)="([^"]+)"')
_NAMED = re.compile(r"`((?:leaf|path|tree|root|total|proof|ownership|balances|coverage)\.[a-z_0-9]+)`")


def pages() -> list[Path]:
    """README first, then the pages for analysts and exchanges, then those that the window shows, in every language."""
    return [README, *sorted(GUIDE.glob("**/*.md")), *sorted(EXPLAINED.glob("*/*.md"))]


def blocks(page: Path, language: str = "") -> list[str]:
    """The code blocks of one language; commands stand in blocks without one."""
    return [body for kind, body in _BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


def commands(page: Path) -> Iterator[list[str]]:
    """Every shown command as its words, comments and line continuations taken out."""
    for block in blocks(page):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield words


def links(page: Path) -> Iterator[Path]:
    """The files and pictures a page links to."""
    text = page.read_text(encoding="utf-8")
    for target in (*_LINK.findall(text), *_PICTURE.findall(text)):
        if "://" not in target:
            yield (page.parent / target).resolve()


def named_checks(page: Path) -> set[str]:
    """What is written like a check id."""
    return set(_NAMED.findall(page.read_text(encoding="utf-8")))
