"""The command line in German: sentences and headings, never what machines read."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from reserves_gui.cli import spoken
from reserves_gui.cli.main import COMMANDS, main
from reserves_gui.cli.spoken import language_from
from reserves_gui.errors import ReservesError
from reserves_gui.messages import LANGUAGES, catalogue
from reserves_gui.services.examples import FIRST, example
from tests.conftest import REPOSITORY

LISTED = str(REPOSITORY / "reserves_gui" / "resources" / "examples" / "wallets" / "exchange-wallets.csv")
Captured = pytest.CaptureFixture[str]


def _said(capsys: Captured, *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "de"),
        ([], {"LANG": "de_AT.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "de", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "fr_FR", "LC_ALL": "", "LC_MESSAGES": "de_CH"}, "de"),
        ([], {"LANG": "fr_FR"}, "en"),
        ([], {"LANG": "de_DE", "RESERVES_LANGUAGE": "en"}, "en"),
        ([], {"RESERVES_LANGUAGE": "DE"}, "de"),
        (["verify", "--language", "de"], {"RESERVES_LANGUAGE": "en"}, "de"),
        (["--language=de", "verify"], {}, "de"),
        (["verify", "--language"], {}, "en"),
        (["verify", "--", "--language", "de"], {}, "en"),
    ],
)
def test_what_is_named_counts_before_the_environment(
    words: list[str], environment: dict[str, str], language: str
) -> None:
    assert language_from(words, environment) == language


@pytest.mark.parametrize(("words", "environment"), [(["--language", "fr"], {}), ([], {"RESERVES_LANGUAGE": "fr"})])
def test_another_language_is_refused(words: list[str], environment: dict[str, str]) -> None:
    with pytest.raises(ReservesError) as caught:
        language_from(words, environment)
    assert caught.value.message.key == "error.language"


def test_a_verdict_is_said_in_german_and_the_next_run_in_english(capsys: Captured) -> None:
    shown = example(FIRST)
    command = ("verify", *shown.files, "--published", *shown.published)
    code, german, _ = _said(capsys, *command, "--language", "de")
    assert code == 0
    for words in ("Bestätigt:", "Stichtag", "Wurzel", "Was dieses Format selbst beweisen kann", "leaf.hash"):
        assert words in german
    _, english, _ = _said(capsys, *command)
    assert english.startswith("Verified:")
    same = {line for line in german.splitlines() if line} & set(english.splitlines())
    assert all(line.startswith("Format ") for line in same)


def test_tables_and_the_reasons_of_rows_are_in_german(capsys: Captured, tmp_path: Path) -> None:
    spoiled = tmp_path / "list.csv"
    text = Path(LISTED).read_text(encoding="utf-8")
    spoiled.write_text(text.replace("I am an OKX address", "I am no OKX address"), encoding="utf-8")
    _, german, _ = _said(capsys, "--language", "de", "wallets", "--jobs", "1", LISTED)
    assert re.search(r"Asset +Aufgeführt +Bestätigt", german)
    told = json.loads(_said(capsys, "--language", "de", "wallets", "--jobs", "1", "--json", str(spoiled))[1])
    _, german, _ = _said(capsys, "--language", "de", "wallets", "--jobs", "1", str(spoiled))
    assert told["failures"]
    for one in told["failures"]:
        assert one["reason"].split(".")[0] not in " ".join(german.split())


@pytest.mark.parametrize(
    "command",
    [
        ("verify", *example("forged").files, "--json"),
        ("wallets", "--jobs", "1", "--json", LISTED),
        ("formats", "--json"),
        ("formats", "--guide", "okx-stark", "--json"),
        ("verify", "nowhere.json", "--json"),
        ("verify", "--nope", "--json"),
        ("history", "show", "--json"),
        ("journal", "list", "--json"),
    ],
    ids=lambda command: " ".join(word for word in command if "/" not in word),
)
def test_what_machines_read_is_the_same_in_every_language(capsys: Captured, command: tuple[str, ...]) -> None:
    made = {language: _said(capsys, "--language", language, *command) for language in LANGUAGES}
    assert made["de"][:2] == made["en"][:2]
    assert json.loads(made["en"][1])


def test_errors_are_said_in_german_before_the_command_line_is_understood(capsys: Captured) -> None:
    code, _, err = _said(capsys, "verify", "--language=de", "--nope")
    assert code == 2
    assert "zeigt, was möglich ist" in err
    code, _, err = _said(capsys, "--language", "de", "verify", "nowhere.json")
    assert code == 2
    assert "lässt sich nicht öffnen" in err
    code, _, err = _said(capsys, "--language", "fr", "verify", "nowhere.json")
    assert code == 2
    assert "“fr” is not one of the languages" in err


def test_the_language_of_the_system_counts(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_LANGUAGE")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert "lässt sich nicht öffnen" in _said(capsys, "verify", "nowhere.json")[2]


def test_a_report_is_written_in_the_language_of_the_run(capsys: Captured, tmp_path: Path) -> None:
    shown, out = example(FIRST), tmp_path / "report.html"
    assert _said(capsys, "report", *shown.files, "--out", str(out), "--language", "de")[0] in {0, 3}
    assert '<html lang="de"' in out.read_text(encoding="utf-8")


def test_a_guide_is_in_german(capsys: Captured) -> None:
    _, german, _ = _said(capsys, "formats", "--guide", "okx-stark", "--language", "de")
    _, english, _ = _said(capsys, "formats", "--guide", "okx-stark")
    assert german != english
    assert "Datei:" in german


def test_the_command_line_holds_no_sentence_of_its_own() -> None:
    """All that is printed comes from the catalogues, which a test holds complete; help texts are English."""
    printing = {"line", "item", "note", "facts", "table", "raw", "write", "getpass"}
    found = []
    for path in sorted((REPOSITORY / "reserves_gui" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in printing:
                texts = [text for text in _texts(node.args) if not text.startswith("bold ")]
                prose = [text for text in texts if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text)]
                found += [(path.name, node.lineno, text) for text in prose]
            english = isinstance(node, ast.ImportFrom) and node.module == "reserves_gui.messages"
            if english and any(one.name == "render" and one.asname is None for one in node.names):
                found.append((path.name, node.lineno, "renders in English"))
    assert found == []
    assert set(catalogue("en")) == set(catalogue("de"))


def _texts(arguments: Iterable[ast.expr]) -> Iterator[str]:
    """The texts that stand in the arguments themselves."""
    for one in arguments:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.JoinedStr):
            yield from _texts(one.values)
        elif isinstance(one, ast.BinOp):
            yield from _texts((one.left, one.right))
        elif isinstance(one, ast.IfExp):
            yield from _texts((one.body, one.orelse))


def test_every_command_takes_the_language(capsys: Captured) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert "--language {en,de}" in capsys.readouterr().out
    assert spoken.spoken() == "en"
