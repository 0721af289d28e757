"""My balance and Liabilities beyond the verdict: roots, expected balances, forms, guides, shares, pictures, settings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.form import FormDialog
from reserves_gui.gui.dialogs.guides import GuideDialog
from reserves_gui.gui.dialogs.notice import Notice
from reserves_gui.gui.dialogs.settings import SettingsDialog
from reserves_gui.gui.session import Page
from reserves_gui.gui.theme import DARK, LIGHT, ThemeChoice
from reserves_gui.gui.widgets.fields import user_field_name
from reserves_gui.services.examples import example
from reserves_gui.services.formats import formats
from reserves_gui.services.pictures import Look
from reserves_gui.verdict import Outcome, State


def _named(top: QWidget, name: str) -> QWidget:
    return next(one for one in top.findChildren(QWidget) if one.accessibleName() == name)


OpenExample = Callable[[str], None]


def _copy(tmp_path: Path, name: str = "verified") -> Path:
    own = tmp_path / "own" / "proof.json"
    own.parent.mkdir()
    own.write_bytes(Path(example(name).files[0]).read_bytes())
    return own


def _open(program: Program, qtbot: QtBot, path: Path) -> None:
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.window.check((str(path),))


def test_the_published_root_is_found_in_a_saved_page(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(program, qtbot, _copy(tmp_path))
    panel = program.window.balance.result
    assert panel.share.isVisible()
    # Recomputed, and not known to be the published one: no tick at the root.
    assert panel.picture.view.placed.boxes[0].look is Look.UNDECIDED
    assert panel.strip.note.text() == "This file identifies you"
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: (list(example("verified").published), ""))
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        qtbot.mouseClick(panel.root_entry.open, Qt.MouseButton.LeftButton)
    verdict = program.session.results[Page.BALANCE].verdict
    assert verdict.claim("root").state is State.VERIFIED
    assert panel.picture.view.placed.boxes[0].look is Look.OWN
    assert verdict.state is State.VERIFIED


def test_a_root_that_is_another_fails_and_stands_on_top(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    _open(program, qtbot, _copy(tmp_path))
    panel = program.window.balance.result
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        panel.root_entry.given.emit("ab" * 32)
    assert next(line.claim.id for line in panel.claims.lines) == "root"
    assert panel.claims.lines[0].is_open
    assert program.session.results[Page.BALANCE].verdict.state is State.FAILED


@pytest.mark.parametrize(("added", "outcome"), [("", Outcome.PASSED), ("1", Outcome.FAILED)])
def test_expected_balances_are_compared_by_the_engine(
    program: Program, qtbot: QtBot, tmp_path: Path, added: str, outcome: Outcome
) -> None:
    _open(program, qtbot, _copy(tmp_path))
    panel = program.window.balance.result
    balances = program.session.results[Page.BALANCE].verdict.balances
    asset = next(name for name, amount in balances.items() if amount != "0")
    field = next(one for one in panel.expected.findChildren(QWidget) if one.accessibleName() == f"Your {asset}")
    field.setText(added + balances[asset])
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    verdict = program.session.results[Page.BALANCE].verdict
    made = [check for claim in verdict.claims for check in claim.checks if check.id == "leaf.expected"]
    assert [check.outcome for check in made] == [outcome]


def test_sharing_writes_a_copy_that_identifies_nobody(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(program, qtbot, _copy(tmp_path))
    target = tmp_path / "shared.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    qtbot.mouseClick(program.window.balance.result.share, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(Notice)), timeout=30_000)
    text = target.read_text(encoding="utf-8")
    for amount in program.session.results[Page.BALANCE].verdict.balances.values():
        assert amount == "0" or amount not in text
    assert "proof.json" not in text
    for notice in program.window.findChildren(Notice):
        notice.close()


def test_copying_a_cell_gives_the_whole_value(program: Program, open_example: OpenExample, qtbot: QtBot) -> None:
    open_example("verified")
    table = program.window.balance.result.checks
    rows = [row for row in range(table.checks.rowCount()) if table.checks.check(row).expected]
    table.setCurrentIndex(table.checks.index(rows[0], 1))
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == table.checks.check(rows[0]).expected


def test_pictures_are_saved_as_they_stand(
    program: Program, open_example: OpenExample, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_example("verified")
    open_example("whole-tree")
    cards = (program.window.balance.result.picture, program.window.liabilities.result.sizes)
    for at, card in enumerate(cards):
        for suffix in (".png", ".svg"):
            target = tmp_path / f"{at}{suffix}"
            monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, to=target: (str(to), ""))
            card.keep.click()
            assert target.stat().st_size > 1000
    assert not QImage(str(tmp_path / "0.png")).isNull()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "no" / "x.png"), ""))
    cards[0].keep.click()
    assert program.window.findChildren(Notice)
    for notice in program.window.findChildren(Notice):
        notice.close()


def test_the_tree_shows_own_leaves_totals_and_sizes(program: Program, open_example: OpenExample) -> None:
    open_example("whole-tree")
    panel = program.window.liabilities.result
    assert program.window.current_page is Page.LIABILITIES
    assert panel.sizes.view.zeros == ""
    assert panel.leaves.hint.text() == "3 found"
    assert panel.find_own.isVisible()
    said = " ".join(one.accessibleName() for one in panel.totals.findChildren(QWidget))
    (asset, amount) = next(iter(program.session.results[Page.LIABILITIES].verdict.total.items()))
    assert f"{asset}: {amount}" in said


def test_a_pooled_run_shows_each_proof_by_itself(program: Program, open_example: OpenExample) -> None:
    open_example("forged")
    card = program.window.balance.result.proofs
    assert card.isVisible()
    said = [one.accessibleName() for one in card.findChildren(QWidget)]
    assert len([one for one in said if one.startswith("Proof ")]) == 2
    open_example("verified")
    assert not card.isVisible()


@pytest.mark.parametrize("info", [info for info in formats() if info.form], ids=lambda info: info.id)
def test_a_guided_form_shows_the_leaf_text_while_it_is_typed(program: Program, info: object, qtbot: QtBot) -> None:
    dialog = FormDialog(program.window.context, info, program.window)
    qtbot.addWidget(dialog)
    heard: list[dict[str, object]] = []

    def leaf(_format: str, fields: dict[str, object]) -> str | None:
        heard.append(dict(fields))
        return "a|b|1.5" if all(fields.get(field.name) for field in info.form if field.required) else None

    from dataclasses import replace

    program.session.engine = replace(program.session.engine, leaf_text=leaf)
    dialog.show()
    assert not dialog.check.isEnabled()
    assert dialog.leaf_none.isVisible()
    for field in info.form:
        if field.kind == "assets":
            qtbot.keyClicks(_named(dialog, "Asset 1"), "BTC")
            qtbot.keyClicks(_named(dialog, "Amount 1"), "1.5")
        else:
            qtbot.keyClicks(_named(dialog, user_field_name(program.window.context.words, field.name)), "1")
    assert dialog.check.isEnabled()
    assert dialog.leaf.full == "a|b|1.5"
    assert dialog.leaf.isVisible()
    assert heard[-1] == dialog.values()


def test_the_search_opens_a_guide(program: Program, qtbot: QtBot) -> None:
    window = program.window
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = window.top.search
    assert search.hasFocus()
    wanted = program.session.engine.guides("en")[3]
    qtbot.waitUntil(lambda: bool(search.titles), timeout=20_000)
    qtbot.keyClicks(search, wanted.title)
    search.completer().popup().hide()
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.findChildren(GuideDialog)), timeout=20_000)
    (dialog,) = window.findChildren(GuideDialog)
    qtbot.waitUntil(lambda: dialog.list.currentIndex().data() == wanted.title, timeout=20_000)
    dialog.close()


def test_settings_take_effect_at_once_and_are_kept(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    program.window.check((str(_copy(tmp_path)),))
    program.jobs.wait()
    assert program.settings.recent
    program.window.commands.show_settings()
    (dialog,) = program.window.findChildren(SettingsDialog)
    by_name = {one.accessibleName(): one for one in dialog.findChildren(QWidget) if one.accessibleName()}
    by_name["Colours: Dark"].click()
    assert program.theme.tokens is DARK
    by_name["Colours: Light"].click()
    assert program.theme.tokens is LIGHT
    assert program.settings.theme is ThemeChoice.LIGHT
    dialog.recent.click()
    assert program.settings.recent == ()
    dialog.signs.click()
    assert program.settings.signs_reports
    by_name["Language: Deutsch"].click()
    before = program.window
    dialog.accept()
    qtbot.waitUntil(lambda: program.window is not before, timeout=20_000)
    assert program.window.side.navigation.pages.entry(0).name == "Mein Guthaben"


def test_a_change_of_language_keeps_the_result(program: Program, open_example: OpenExample, qtbot: QtBot) -> None:
    open_example("verified")
    program.settings.language = "de"
    program.change_language()
    panel = program.window.balance.result
    qtbot.waitUntil(panel.isVisible)
    assert panel.claims.lines[0].header.accessibleName().startswith("Blatt, bestätigt:")
    assert "Ihre Guthaben" in panel.headline.sentence.plain


def test_closing_a_result_leaves_nothing_of_it(program: Program, open_example: OpenExample, qtbot: QtBot) -> None:
    open_example("tampered")
    assert program.window.side.navigation.pages.entry(0).failed
    qtbot.mouseClick(program.window.balance.result.shut, Qt.MouseButton.LeftButton)
    assert program.session.results == {}
    assert program.window.balance.start.isVisible()
    assert not program.window.side.navigation.pages.entry(0).failed
    assert not program.window.top.save.isEnabled()
