"""The root log as users meet it: filled only where history is kept, handed on, and a fork that is found."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import silent
from reserves_gui.report.model import Disclosure
from reserves_gui.services import root_logs
from reserves_gui.services.keeping import data_folder, open_store, root_log
from reserves_gui.services.log_comparing import Relation, compare_log, import_log
from reserves_gui.services.receipts import compare_files
from reserves_gui.services.report_check import CheckRequest, check_report
from reserves_gui.services.reports import make_report, report_reference, write_report
from reserves_gui.services.root_logs import (
    check_proof,
    export_log,
    head_line,
    prove_entry,
    remembered,
    verify_and_remember,
)
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.trust.root_log import HEAD_NAME, LOG_NAME, LogEntry
from reserves_gui.verdict import State, Verdict
from tests.services.test_verify import ROOT

pytestmark = pytest.mark.usefixtures("northsea")
NOW = 1_795_000_000
DAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NONCE = "5ec12e7-nonce-of-mine"


@pytest.fixture
def kept() -> None:
    open_store(None).close()


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "proof-of-alice.json"
    path.write_text(json.dumps({"northsea": "leaf", "balance": "31337.25", "root": ROOT}), encoding="utf-8")
    return path


def _verified(proof: Path, **more: object) -> tuple[Verdict, VerifyRequest]:
    request = VerifyRequest(files=(str(proof),), **more)  # type: ignore[arg-type]
    return verify(request, silent()), request


def _log(*roots: str, snapshot: str = "s1", exchange: str = "Northsea") -> None:
    log = root_log()
    for number, root in enumerate(roots):
        log.append(
            LogEntry(
                exchange=exchange,
                snapshot=snapshot,
                format="northsea-proof",
                root=root,
                totals={"BTC": "1"},
                source=f"page {number}",
                file_sha256=None,
                seen_at="2026-10-31T00:00:00Z",
            )
        )


def test_nothing_is_remembered_where_no_history_is_kept(proof: Path) -> None:
    verdict = verify_and_remember(VerifyRequest(files=(str(proof),)), silent(), db=None)
    assert verdict.notes == ()
    assert not data_folder().exists()
    assert head_line() is None


@pytest.mark.usefixtures("kept")
def test_every_root_seen_is_kept_once_with_source_and_evidence_and_nothing_private(proof: Path) -> None:
    for more in ({"user": {"nonce": (NONCE,)}}, {"user": {"nonce": (NONCE,)}}, {"roots": (ROOT,)}):
        verify_and_remember(VerifyRequest(files=(str(proof),), **more), silent(), db=None)  # type: ignore[arg-type]
    entries = root_log().entries
    assert [entry["source"] for entry in entries] == ["proof", "--root"]
    assert {entry["root"] for entry in entries} == {ROOT}
    assert len(entries[0]["file_sha256"]) == 64
    text = (data_folder() / "root-log" / LOG_NAME).read_text()
    for private in ("31337", NONCE, "alice", str(proof.parent)):
        assert private not in text
    line = head_line()
    assert line is not None
    assert line.split()[1] == "2"


@pytest.mark.usefixtures("kept")
def test_a_root_that_contradicts_one_seen_before_is_said(proof: Path) -> None:
    _log("ab" * 32)
    verdict = verify_and_remember(VerifyRequest(files=(str(proof),)), silent(), db=None)
    assert [one.key for one in verdict.notes] == ["log.other_root"]
    assert verdict.notes[0].args["root"] == "ab" * 32


@pytest.mark.usefixtures("kept")
def test_a_proof_that_fails_is_no_root_that_was_seen(proof: Path) -> None:
    proof.write_text(json.dumps({"northsea": "other", "balance": "1", "root": ROOT}), encoding="utf-8")
    verdict, request = _verified(proof)
    assert verdict.state is State.FAILED
    remembered(verdict, request, db=None, now=NOW)
    assert root_log().entries == ()
    # One whose path holds under another root than the published one is exactly what the log is for.
    proof.write_text(json.dumps({"northsea": "leaf", "balance": "1", "root": ROOT}), encoding="utf-8")
    verdict, request = _verified(proof, roots=("00" * 32,))
    assert verdict.state is State.FAILED
    remembered(verdict, request, db=None, now=NOW)
    assert [entry["root"] for entry in root_log().entries] == [ROOT]


@pytest.mark.usefixtures("kept")
def test_a_changed_log_costs_no_verdict_and_is_not_overwritten(proof: Path) -> None:
    _log("aa", "bb")
    path = data_folder() / "root-log" / LOG_NAME
    path.write_bytes(path.read_bytes().replace(b'"aa"', b'"99"'))
    before = path.read_bytes()
    verdict = verify_and_remember(VerifyRequest(files=(str(proof),)), silent(), db=None)
    assert verdict.state is State.UNDECIDED
    assert [one.key for one in verdict.notes] == ["log.not_kept"]
    assert path.read_bytes() == before


def _elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on the program of somebody else."""
    monkeypatch.setenv("RESERVES_DATA", str(folder))


def test_a_friends_log_shows_the_root_that_was_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _log("aa", snapshot="s1")
    _log("bb", snapshot="s2")
    mine = tmp_path / "mine.json"
    assert export_log(mine) == 2
    _elsewhere(monkeypatch, tmp_path / "friend")
    _log("aa", snapshot="s1", exchange="NORTHSEA")
    same = compare_log(mine)
    assert (same.relation, same.shared, same.state) == (Relation.INDEPENDENT, 1, State.VERIFIED)
    _log("cc", snapshot="s2")
    compared, added = import_log(mine, now=NOW)
    assert compared.state is State.FAILED
    assert [(one.ours, one.theirs, one.snapshot) for one in compared.conflicts] == [("cc", "bb", "s2")]
    assert added == 2
    assert import_log(mine, now=NOW)[1] == 0
    assert root_log().entries[-1]["source"].startswith("reserves.local/")
    theirs = tmp_path / "theirs.json"
    export_log(theirs)
    # The same as receipts: who has only the two files can compare them.
    assert {one.kind for one in compare_files([str(mine), str(theirs)], silent()).conflicts} == {"root"}


def test_nothing_in_common_is_undecided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _log("aa", snapshot="s1")
    mine = tmp_path / "mine.json"
    export_log(mine)
    _elsewhere(monkeypatch, tmp_path / "friend")
    assert compare_log(mine).state is State.UNDECIDED


def test_an_older_copy_of_the_own_log_is_its_prefix(tmp_path: Path) -> None:
    _log("aa")
    older = tmp_path / "older.json"
    export_log(older)
    assert compare_log(older).relation is Relation.SAME
    _log("bb", snapshot="s2")
    assert compare_log(older).relation is Relation.OURS_EXTENDS
    assert import_log(older, now=NOW)[1] == 0


def test_a_forked_log_is_found_from_any_copy_outside(tmp_path: Path) -> None:
    _log("aa", "bb")
    outside = tmp_path / "outside.json"
    export_log(outside)
    folder = data_folder() / "root-log"
    # Somebody rewrites the past and the head with it: the log itself looks whole.
    text = (folder / LOG_NAME).read_bytes().replace(b'"aa"', b'"99"')
    origin = (folder / HEAD_NAME).read_text().split("\n")[0]
    (folder / LOG_NAME).write_bytes(text)
    (folder / HEAD_NAME).write_text(f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")
    _log("cc", snapshot="s3")
    compared = compare_log(outside)
    assert compared.relation is Relation.FORKED
    assert compared.state is State.FAILED
    assert import_log(outside, now=NOW)[1] == 0
    # A log that lost its newest entries is no fork: the copy is ahead of it.
    (folder / LOG_NAME).unlink()
    (folder / HEAD_NAME).write_text(f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")
    assert compare_log(outside).relation is Relation.THEIRS_EXTENDS


def test_an_entry_is_proven_to_others_who_have_the_head(tmp_path: Path) -> None:
    _log(*(f"{number:02x}" for number in range(9)))
    head = root_log().head().text()
    path = tmp_path / "proof.json"
    for index in range(9):
        prove_entry(index, path)
        proven = check_proof(path, head).proven
        assert proven is not None
        assert proven.entry["root"] == f"{index:02x}"
    whole = json.loads(path.read_text())
    for change in (
        {"index": 3},
        {"entry": whole["entry"] | {"root": "ff"}},
        {"proof": whole["proof"][:-1]},
        {"proof": ["00" * 32, *whole["proof"][1:]]},
    ):
        path.write_text(json.dumps(whole | change))
        assert check_proof(path, None).state is State.FAILED
    path.write_text(json.dumps(whole))
    _log("ff", snapshot="s9")
    assert check_proof(path, root_log().head().text()).state is State.FAILED
    with pytest.raises(ReservesError) as caught:
        prove_entry(99, path)
    assert caught.value.code is ErrorCode.USAGE


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schema": "reserves/log/2"}, ErrorCode.FORMAT_NEWER),
        ({"schema": "other"}, ErrorCode.FORMAT_SHAPE),
        ({"checkpoint": "x"}, ErrorCode.FORMAT_SHAPE),
        ({"entries": []}, ErrorCode.FORMAT_SHAPE),
        ({"entries": [{"root": "aa"}]}, ErrorCode.FORMAT_SHAPE),
        ({"entries": [7]}, ErrorCode.FORMAT_SHAPE),
    ],
)
def test_what_is_no_log_is_refused(change: dict[str, object], code: ErrorCode, tmp_path: Path) -> None:
    _log("aa")
    path = tmp_path / "log.json"
    export_log(path)
    whole = json.loads(path.read_text())
    for entry_change in ({"snapshot": 5}, {"root": None}, {"totals": {"BTC": 1}}, {"extra": "x"}, {"root": "bb"}):
        path.write_text(json.dumps(whole | {"entries": [whole["entries"][0] | entry_change]}))
        with pytest.raises(ReservesError) as caught:
            compare_log(path)
        assert caught.value.code is ErrorCode.FORMAT_SHAPE
    path.write_text(json.dumps(whole | change))
    for action in (lambda: compare_log(path), lambda: import_log(path, now=NOW)):
        with pytest.raises(ReservesError) as caught:
            action()
        assert caught.value.code is code


def test_the_command_line_exports_compares_imports_proves_and_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _log("aa", "ab")
    mine, proof, head = (str(tmp_path / name) for name in ("mine.json", "proof.json", "head.txt"))
    assert main(["history", "log", "export", "--out", mine]) == 0
    assert main(["history", "log", "prove", "1", "--out", proof, "--json"]) == 0
    Path(head).write_text(root_log().head().text())
    capsys.readouterr()
    assert main(["history", "log", "check", proof, "--head", head, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entry"]["root"] == "ab"
    assert main(["history", "log", "check", proof]) == 3
    assert main(["history", "log", "compare", mine]) == 0
    _elsewhere(monkeypatch, tmp_path / "friend")
    _log("cc")
    capsys.readouterr()
    assert main(["history", "log", "compare", mine, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["relation"] == "independent"
    assert len(answer["conflicts"]) == 2
    assert main(["history", "log", "import", mine]) == 1
    assert "Entries taken over: 2" in capsys.readouterr().out
    for words in (["log"], ["log", "compare"], ["log", "prove", "-1", "--out", proof], ["log", "compare", head]):
        assert main(["history", *words]) == 2


@pytest.mark.usefixtures("kept")
def test_verify_on_the_command_line_remembers(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(proof), "--json"]) == 3
    assert main(["verify", str(proof), "--each", "--json"]) == 3
    assert len(root_log().entries) == 1
    assert "log.other_root" not in capsys.readouterr().out
    assert root_logs.head_line()


@pytest.mark.usefixtures("kept")
def test_a_report_remembers_too_and_its_content_knows_no_log(
    proof: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, noted = tmp_path / "plain.json", tmp_path / "noted.json"
    assert main(["report", str(proof), "--out", str(plain)]) == 3
    assert len(root_log().entries) == 1
    _log("ab" * 32)
    capsys.readouterr()
    assert main(["report", str(proof), "--out", str(noted)]) == 3
    assert "another root" in capsys.readouterr().out
    first, second = (json.loads(path.read_text()) for path in (plain, noted))
    assert first["reference"] == second["reference"]
    assert second["log_head"] != first.get("log_head")


@pytest.mark.usefixtures("kept")
def test_a_full_report_prints_the_head_and_a_redacted_one_does_not(proof: Path) -> None:
    verdict = verify_and_remember(VerifyRequest(files=(str(proof),)), silent(), db=None)
    line = head_line()
    assert line is not None
    references = set()
    for disclosure in Disclosure:
        request = VerifyRequest(files=(str(proof),))
        report = make_report(verdict, request, disclosure=disclosure, created=DAY, progress=silent())
        for kind in ("json", "html", "txt"):
            path = proof.parent / f"{disclosure}.{kind}"
            references.add((disclosure, write_report(report, path)))
            assert (line in path.read_text(encoding="utf-8")) is (disclosure is Disclosure.FULL)
            assert check_report(CheckRequest(report=str(path), evidence=(str(proof),)), silent()).exit_code == 0
    changed = proof.parent / "full.json"
    changed.write_text(changed.read_text().replace(line.split()[2], "A" * 43 + "="))
    assert check_report(CheckRequest(report=str(changed)), silent()).exit_code == 1
    # The head is no part of what the reference stands for: the same findings keep their reference.
    (data_folder() / "root-log" / LOG_NAME).write_text("damage\n")
    request = VerifyRequest(files=(str(proof),))
    report = make_report(verdict, request, disclosure=Disclosure.FULL, created=DAY, progress=silent())
    assert report.log_head is None
    references.add((Disclosure.FULL, report_reference(report)))
    assert len(references) == 2
