"""The parts of the program and their licences, as installed here."""

import json
import sys
from pathlib import Path

import pytest

from reserves_gui import __version__
from reserves_gui.services import about as about_room
from reserves_gui.services.about import COMPONENTS, about, parts
from reserves_gui.services.build import build_info


def test_every_part_is_named_once_with_its_version_and_licence() -> None:
    found = {part.name.casefold().replace("_", "-"): part for part in parts()}
    assert len(found) == len(parts())
    for name in ("pyside6-essentials", "bitcoinlib", "sqlalchemy", "requests", "coincurve"):
        assert found[name].version
        assert found[name].licence
    # Tools of development are no part of what is given away.
    assert not {"pytest", "ruff", "mypy", "hypothesis"} & found.keys()
    assert "reserves" not in found


def test_the_build_is_the_hash_over_the_sources() -> None:
    said = about()
    assert said.version == __version__
    assert said.build == build_info().source
    assert len(said.build) == 64


def test_a_frozen_program_reads_the_list_that_came_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app").mkdir()
    components = [
        {"name": "zulu", "version": "2", "licenses": [{"expression": "MIT OR Apache-2.0"}]},
        {"name": "Alpha", "version": "1", "licenses": [{"license": {"id": "MIT"}}]},
        {"name": "mike", "version": "3", "licenses": [{"license": {"name": "own words"}}]},
        {"name": "none", "version": "4"},
    ]
    (tmp_path / "app" / COMPONENTS).write_text(json.dumps({"components": components}), encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(about_room.resources, "files", lambda _package: tmp_path)
    assert [(part.name, part.licence) for part in parts()] == [
        ("Alpha", "MIT"),
        ("mike", "own words"),
        ("none", ""),
        ("zulu", "MIT OR Apache-2.0"),
    ]
