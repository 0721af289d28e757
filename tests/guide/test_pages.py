"""What the README and the guide name exists: commands and their options, files, check ids."""

import re
import tomllib
from pathlib import Path

import pytest

from reserves_gui.cli.main import whole_parser
from reserves_gui.services.explained import PAGES, USING, explained
from tests.guide.pages import EXPLAINED, ROOT, commands, links, named_checks, pages

_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_PROGRAMS = {"reserves", "reserves-gui", "python3", "pip"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_every_shown_command_parses(page: Path) -> None:
    parser, _ = whole_parser()
    for words in commands(page):
        assert words[0] in _PROGRAMS, words
        if words[0] == "reserves":
            parser.parse_args(words[1:])


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_every_linked_file_exists(page: Path) -> None:
    for target in links(page):
        assert target.is_file(), target
        assert target.is_relative_to(ROOT)


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_every_named_check_exists(page: Path) -> None:
    file = ROOT / "reserves_gui" / "resources" / "messages" / "en" / "window_checks.toml"
    known = {key.removeprefix("window.check.") for key in tomllib.loads(file.read_text(encoding="utf-8"))}
    assert named_checks(page) - known == set()


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_is_there_in_every_language_and_names_the_same_checks(language: str) -> None:
    assert {path.stem for path in (EXPLAINED / language).glob("*.md")} == set(PAGES)
    assert [page.id for page in explained(language)] == list(PAGES)
    assert all(page.title and page.text.startswith(f"# {page.title}\n") for page in explained(language))
    for name in PAGES:
        english, other = EXPLAINED / "en" / f"{name}.md", EXPLAINED / language / f"{name}.md"
        assert named_checks(english) == named_checks(other)
        assert list(commands(english)) == list(commands(other))
        assert list(links(english)) == [path.parents[1] / "en" / path.name for path in links(other)]


def test_every_check_id_is_explained() -> None:
    """A check that a verdict can show stands on the page of its claim."""
    file = ROOT / "reserves_gui" / "resources" / "messages" / "en" / "window_checks.toml"
    known = {key.removeprefix("window.check.") for key in tomllib.loads(file.read_text(encoding="utf-8"))}
    shown = {name for name in PAGES for name in named_checks(EXPLAINED / "en" / f"{name}.md")}
    assert {name for name in known if name.partition(".")[0] in PAGES and name.count(".") == 1} - shown == set()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_help_calls_everything_what_the_window_calls_it(language: str) -> None:
    folder = ROOT / "reserves_gui" / "resources" / "messages" / language
    labels = {
        text
        for file in folder.glob("*.toml")
        for key, text in tomllib.loads(file.read_text(encoding="utf-8")).items()
        if key.startswith("window.")
    }
    named = set(_BOLD.findall((EXPLAINED / language / f"{USING}.md").read_text(encoding="utf-8")))
    assert len(named) > 20
    assert named - labels == set()
