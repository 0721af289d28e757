"""What the README and the guide name exists: commands and their options, files, check ids."""

import tomllib
from pathlib import Path

import pytest

from reserves_gui.cli.main import whole_parser
from tests.guide.pages import ROOT, commands, links, named_checks, pages

_PROGRAMS = {"reserves", "reserves-gui", "python3", "pip"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_shown_command_parses(page: Path) -> None:
    parser, _ = whole_parser()
    for words in commands(page):
        assert words[0] in _PROGRAMS, words
        if words[0] == "reserves":
            parser.parse_args(words[1:])


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_linked_file_exists(page: Path) -> None:
    for target in links(page):
        assert target.is_file(), target
        assert target.is_relative_to(ROOT)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_named_check_exists(page: Path) -> None:
    file = ROOT / "reserves_gui" / "resources" / "messages" / "en" / "window_checks.toml"
    known = {key.removeprefix("window.check.") for key in tomllib.loads(file.read_text(encoding="utf-8"))}
    assert named_checks(page) - known == set()
