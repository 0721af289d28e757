"""How the window is used, and pages that explain claims in plain words: Markdown, shown in the window and linked from
the README.

They are resources, so that an installed program has them; ``tests/guide`` holds that every check and command they name
exists, in every language.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.messages import DEFAULT_LANGUAGE

USING = "using-reserves"
MEANING = "what-a-proof-shows"
PAGES = (
    USING,
    MEANING,
    "leaf",
    "path",
    "tree",
    "root",
    "total",
    "proof",
    "ownership",
    "balances",
    "coverage",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``text``: Markdown whose first line is the title as a heading; links name other pages as ``ID.md``."""

    id: str
    title: str
    text: str


@cache
def explained(language: str = DEFAULT_LANGUAGE) -> tuple[Page, ...]:
    """All pages in one language, in reading order; English where there is no such language."""
    folder = resources.files("reserves_gui.resources") / "explained"
    chosen = folder / language
    if not chosen.is_dir():
        chosen = folder / DEFAULT_LANGUAGE
    return tuple(_page(name, (chosen / f"{name}.md").read_text(encoding="utf-8")) for name in PAGES)


def _page(name: str, text: str) -> Page:
    return Page(id=name, title=text.partition("\n")[0].removeprefix("# "), text=text)
