"""Another user's receipt against the root that the store has: a critical alert with both roots, kept once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.alerts import Alert, Level, Rule
from reserves_gui.progress import silent
from reserves_gui.services.keeping import has_store, open_store
from reserves_gui.services.receipt_files import write_receipt
from reserves_gui.services.receipts import compare_files, write_evidence
from reserves_gui.services.watch_judging import open_alerts, thresholds_of
from reserves_gui.trust.receipts import Receipt
from reserves_gui.verdict import State
from tests.history import year

KEPT, OTHER = "aa" * 32, "bb" * 32
NOW = 1_800_000_000


@pytest.fixture
def kept() -> None:
    """The store has a root of the snapshot "october", and one that did not verify."""
    with open_store(None) as store:
        known = replace(year.snapshot(1, "5"), format="some-sums", snapshot="october", root=KEPT)
        store.add_snapshot(known)
        store.add_snapshot(replace(known, snapshot="november", verdict=State.FAILED))


def _receipt(folder: Path, root: str, name: str = "friend", **changes: object) -> str:
    header = Receipt(exchange="northsea", format="some-sums", snapshot="october", root=root, nodes={})
    path = folder / f"{name}.json"
    write_receipt(replace(header, leaf=name.encode().hex().ljust(64, "0"), **changes), path)
    return str(path)


def _alerts() -> list[Alert]:
    with open_store(None) as store:
        return [alert for _, alert in store.alerts("Northsea")]


@pytest.mark.usefixtures("kept")
def test_another_root_than_the_kept_one_is_a_conflict_and_a_critical_alert(tmp_path: Path) -> None:
    found = compare_files([_receipt(tmp_path, OTHER)], silent(), clock=lambda: NOW)
    assert found.state is State.FAILED
    assert [(one.kind, one.first, one.second, one.files) for one in found.conflicts] == [
        ("root", KEPT, OTHER, ("", "friend.json"))
    ]
    (alert,) = _alerts()
    assert found.alerts == (alert,)
    assert (alert.rule, alert.level, alert.subject, alert.time) == (Rule.ROOT_CONFLICT, Level.CRITICAL, "october", NOW)
    assert alert.figures == {"kept": KEPT, "kept_source": "--published", "shown": OTHER}
    with open_store(None) as store:
        assert open_alerts(store, "Northsea", thresholds_of({})) == (alert,)
        assert store.integrity() is None


@pytest.mark.usefixtures("kept")
def test_it_is_kept_once_however_often_and_by_however_many_it_is_shown(tmp_path: Path) -> None:
    files = [_receipt(tmp_path, OTHER), _receipt(tmp_path, OTHER, "second")]
    for _ in range(2):
        found = compare_files(files, silent(), clock=lambda: NOW)
        assert len(found.conflicts) == 2
        assert len(found.alerts) == 1
    assert len(_alerts()) == 1
    compare_files([_receipt(tmp_path, "cc" * 32, "third")], silent(), clock=lambda: NOW)
    assert [one.figures["shown"] for one in _alerts()] == [OTHER, "cc" * 32]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "changes",
    [
        {"root": KEPT},
        {"exchange": "Southsea"},
        {"format": "other-sums"},
        {"snapshot": "september"},
        {"snapshot": "november"},
        {"snapshot": None},
    ],
)
def test_what_is_not_another_root_of_a_known_snapshot_raises_nothing(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    found = compare_files([_receipt(tmp_path, **{"root": OTHER, **changes})], silent())  # type: ignore[arg-type]
    assert (found.state, found.alerts, _alerts()) == (State.UNDECIDED, (), [])


def test_without_a_store_none_is_made(tmp_path: Path) -> None:
    assert compare_files([_receipt(tmp_path, OTHER)], silent()).state is State.UNDECIDED
    assert not has_store(None)


@pytest.mark.usefixtures("kept")
def test_nothing_of_the_receipt_but_its_root_is_kept(tmp_path: Path) -> None:
    path = _receipt(tmp_path, OTHER, nodes={"11" * 32: "22" * 32}, file="33" * 32)
    compare_files([path], silent())
    with open_store(None) as store:
        rows = json.dumps([dict(row) for _, row in store.dump()])
    assert OTHER in rows
    for secret in ("11" * 32, "22" * 32, "33" * 32, "friend"):
        assert secret not in rows


@pytest.mark.usefixtures("kept")
def test_the_evidence_holds_both_and_shows_the_conflict_again_to_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = compare_files([_receipt(tmp_path, KEPT, "own"), _receipt(tmp_path, OTHER)], silent())
    write_evidence(found, tmp_path / "evidence.json")
    monkeypatch.setenv("RESERVES_DATA", str(tmp_path / "elsewhere"))
    again = compare_files([str(tmp_path / "evidence.json")], silent())
    assert [(one.kind, one.first, one.second) for one in again.conflicts] == [("root", KEPT, OTHER)]
    assert again.alerts == ()


@pytest.mark.usefixtures("kept")
def test_the_command_line_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _receipt(tmp_path, OTHER)
    assert main(["receipt", "compare", path]) == 1
    shown = capsys.readouterr().out
    assert KEPT in shown
    assert OTHER in shown
    assert "critical alert" in shown
    assert main(["receipt", "compare", path, "--json"]) == 1
    (alert,) = json.loads(capsys.readouterr().out)["alerts"]
    assert (alert["rule"], alert["level"]) == ("root_conflict", "critical")
    assert main(["history", "list", "--json"]) == 0
    (northsea,) = json.loads(capsys.readouterr().out)["exchanges"]
    assert [one["rule"] for one in northsea["alerts"]] == ["root_conflict"]
