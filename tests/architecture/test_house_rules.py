"""The house keeps its rules: messages exist, light start, no floats for amounts, no exchange outside its room."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "reserves_gui"
MESSAGES = PACKAGE / "resources" / "messages"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py"))
_FIELD = re.compile(r"\{(\w+)(?:\||:amount|\})")
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")


@cache
def _catalogue(language: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for path in sorted((MESSAGES / language).glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        assert not merged.keys() & table.keys(), f"{path} repeats keys"
        merged |= table
    return merged


def _said_keys() -> Counter[str]:
    """Every literal key handed to ``say`` or ``Message`` in the package."""
    said: Counter[str] = Counter()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in {"say", "Message"} and isinstance(first, ast.Constant) and isinstance(first.value, str):
                said[first.value] += 1
    return said


def test_every_message_that_is_said_has_a_sentence() -> None:
    missing = sorted(key for key in _said_keys() if key not in _catalogue("en"))
    assert missing == []


def test_german_says_everything_that_english_says_with_the_same_arguments() -> None:
    english, german = _catalogue("en"), _catalogue("de")
    assert sorted(english) == sorted(german)
    differing = [key for key in english if set(_FIELD.findall(english[key])) != set(_FIELD.findall(german[key]))]
    assert differing == []


def test_no_sentence_is_left_over() -> None:
    """A key is used if it stands in the code whole, or if its beginning is built there (`f"show.claim.{…}"`)."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    whole = set(re.findall(r"[\"']([a-z][\w.]*\.[\w.]+)[\"']", text))
    begun = tuple(
        set(re.findall(r"f[\"']([a-z][\w.]*\.)\{", text)) | set(re.findall(r"[\"']([a-z][\w.]*\.)[\"'] \+", text))
    )
    data = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (PACKAGE / "resources").rglob("*.toml")
        if "messages" not in path.parts
    )
    unused = [
        key
        for key in _catalogue("en")
        if key not in whole and not (begun and key.startswith(begun)) and key not in data
    ]
    assert unused == []


@pytest.mark.parametrize("arguments", [["--version"], ["formats", "--json"]])
def test_the_command_line_never_loads_qt_or_an_accelerator(arguments: list[str]) -> None:
    code = (
        "import sys; from reserves_gui.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = {'PySide6', 'polars', 'numpy', 'bitcoinlib', 'py_ecc', 'mclbn256', 'sqlalchemy', 'requests', 'distributed'}\n"
        "sys.stderr.write('loaded:' + ','.join(sorted(heavy & {name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr.endswith("loaded:"), done.stderr


def test_an_exchange_is_named_only_by_publishers_and_resources() -> None:
    names = re.compile(
        r"\b(okx|bybit|bitget|binance|bitmex|mexc|coinex|kraken|gateio|hotcoin|pionex|bingx|bitso)\b", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in SOURCES
        if path.relative_to(PACKAGE).parts[0] not in {"publishers", "resources"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if names.search(line)
    ]
    assert found == []


def test_amounts_are_never_floats() -> None:
    """`float` appears only where a duration, a screen position or an estimate is meant: never in the engine rooms."""
    rooms = {"amounts.py", "intake", "merkle", "zk", "wallets", "publishers", "verdict.py"}
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in SOURCES
        if path.relative_to(PACKAGE).parts[0] in rooms
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and type(node.value) is float)
    ]
    assert found == []


def test_json_is_read_only_where_its_nesting_was_looked_at() -> None:
    readers = {"loads", "load", "JSONDecoder"}
    found = {
        str(path.relative_to(PACKAGE))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in readers
        and isinstance(node.value, ast.Name)
        and node.value.id == "json"
    }
    # Each of these bounds the depth first, or reads one string only.
    assert found == {"plain_json.py", "intake/json_gate.py", "intake/deep_json.py", "chain/answers.py"}
