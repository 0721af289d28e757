"""The README is true: its table, its output, its examples and its commands are what the program does now."""

import json
import runpy
import tomllib
from importlib.metadata import EntryPoint

import pytest

from reserves_gui.cli.main import main
from reserves_gui.publishers.registry import ENTRY_POINT_GROUP
from tests.guide.make_lists import ADDRESS_LIST, EXCHANGE_LIST, files
from tests.guide.pages import README, ROOT, blocks


def _output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    return code, "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())


def test_the_formats_table_is_what_the_registry_and_the_command_line_say(capsys: pytest.CaptureFixture[str]) -> None:
    table = runpy.run_path(str(ROOT / "packaging" / "format_table.py"))
    text = README.read_text(encoding="utf-8")
    assert table["written"](text) == text
    code, listed = _output(capsys, "formats", "--json")
    assert code == 0
    shown = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `") and line.count("|") == 9}
    for one in json.loads(listed)["formats"]:
        row = [cell.strip() for cell in shown[one["id"]].split("|")[1:-1]]
        assert row[1] == ", ".join(one["exchanges"])
        if one["guarantees"] is not None:
            assert row[2:6] == [
                one["guarantees"]["sum_binding"],
                one["guarantees"]["negative_balances"],
                one["guarantees"]["leaf_identity"],
                str(one["guarantees"]["hash_bits"]),
            ]


def test_the_lists_are_the_generated_ones() -> None:
    assert {path: path.read_text(encoding="utf-8") for path in (EXCHANGE_LIST, ADDRESS_LIST)} == files()


def test_the_shown_result_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = _output(capsys, "wallets", str(EXCHANGE_LIST))
    assert code == 0
    assert [printed] == [block.rstrip("\n") for block in blocks(README, "text")]


def test_the_shown_address_list_ends_as_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert blocks(README, "csv") == [files()[ADDRESS_LIST]]
    code, printed = _output(capsys, "wallets", "--json", str(ADDRESS_LIST))
    assert code == 3
    assert json.loads(printed)["rows"] == {
        "verified": 3,
        "signature_only": 0,
        "owner_unlinked": 0,
        "unsupported": 1,
        "failed": 0,
    }


def test_the_worked_example_is_the_publisher_that_the_tests_hold() -> None:
    assert blocks(README, "python") == [(ROOT / "tests" / "publishers" / "northsea.py").read_text(encoding="utf-8")]


def test_the_shown_entry_point_loads_the_worked_example(monkeypatch: pytest.MonkeyPatch) -> None:
    [block] = blocks(README, "toml")
    points = tomllib.loads(block)["project"]["entry-points"]
    assert points == {ENTRY_POINT_GROUP: {"northsea": "northsea:FORMATS"}}
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "publishers"))
    loaded = EntryPoint("northsea", points[ENTRY_POINT_GROUP]["northsea"], ENTRY_POINT_GROUP).load()
    assert [one.id for one in loaded] == ["northsea-merkle"]


def test_every_dependency_has_its_reason_and_no_other_is_named() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(table["dependencies"])
    for extra, names in table["optional-dependencies"].items():
        if extra != "dev":
            wanted += names
    section = README.read_text(encoding="utf-8").partition("## What it stands on")[2].partition("\n## ")[0]
    for requirement in wanted:
        name = requirement.split(">")[0].split("=")[0].split("[")[0].split("<")[0]
        assert name.lower() in section.lower(), name
