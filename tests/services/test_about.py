"""The parts of the program and their licences, as installed here."""

from reserves_gui import __version__
from reserves_gui.services.about import about, parts
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
