"""Reports as files: written whole, read back, every change seen, every result run again."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import silent
from reserves_gui.report import canonical
from reserves_gui.report.model import Disclosure, Report
from reserves_gui.services import pdf_process
from reserves_gui.services.report_check import CheckRequest, ReportCheck, ReportState, check_report
from reserves_gui.services.report_files import ReportKind, read_report_file
from reserves_gui.services.reports import (
    kind_of,
    load_report,
    make_report,
    report_name,
    report_reference,
    save_report,
    saved_reports,
    write_report,
)
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.verdict import ExitCode, Outcome
from tests.report import samples
from tests.services.test_verify import ROOT

pytestmark = pytest.mark.usefixtures("northsea")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NONCE = "5ec12e7-nonce-of-mine"
KINDS = ("json", "html", "txt")


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "proof.json"
    path.write_text(json.dumps({"northsea": "leaf", "balance": "1.5", "root": ROOT}), encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(f"<p>Root {ROOT}</p>", encoding="utf-8")
    return path


def _request(proof: Path, page: Path, **more: object) -> VerifyRequest:
    values: dict[str, object] = {
        "files": (str(proof),),
        "published": (str(page),),
        "expected": (("BTC", "1.5"),),
        **more,
    }
    return VerifyRequest(**values)  # type: ignore[arg-type]


def _report(request: VerifyRequest, disclosure: Disclosure = Disclosure.FULL) -> Report:
    verdict = verify(request, silent())
    return make_report(verdict, request, disclosure=disclosure, created=NOW, progress=silent())


def _check(report: Path, *evidence: Path, **more: object) -> ReportCheck:
    return check_report(
        CheckRequest(report=str(report), evidence=tuple(str(one) for one in evidence), **more),  # type: ignore[arg-type]
        silent(),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_report_is_unchanged_and_gives_the_same_result(kind: str, language: str, proof: Path, page: Path) -> None:
    path = proof.parent / f"report.{kind}"
    reference = write_report(_report(_request(proof, page)), path, language=language)
    checked = _check(path, proof, page)
    assert checked.state is ReportState.UNCHANGED, checked.findings
    assert checked.exit_code is ExitCode.VERIFIED
    assert checked.file.reference == reference
    assert checked.checks_run == 5
    assert all(row.present for row in checked.evidence)


def test_the_reference_is_the_same_in_every_kind_and_language(proof: Path, page: Path) -> None:
    report = _report(_request(proof, page))
    found = {
        write_report(report, proof.parent / f"r-{language}.{kind}", language=language)
        for kind in KINDS
        for language in ("en", "de")
    }
    assert found == {report_reference(report)}


def test_evidence_may_come_in_an_archive_with_other_files(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page)), path)
    folder = proof.parent / "kept"
    folder.mkdir()
    shutil.copy(proof, folder / "renamed.json")
    (folder / "other.txt").write_text("nothing", encoding="utf-8")
    archive = shutil.make_archive(str(proof.parent / "kept-evidence"), "zip", folder)
    assert _check(path, Path(archive), page).state is ReportState.UNCHANGED


def test_without_evidence_only_the_file_is_judged(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page)), path)
    checked = _check(path)
    assert checked.exit_code is ExitCode.VERIFIED
    assert checked.checks_run == 0
    assert any(one.reason.key == "report.again.no_evidence" for one in checked.findings)


def test_missing_or_changed_evidence_is_named(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page)), path)
    assert _check(path, proof).exit_code is ExitCode.UNDECIDED
    proof.write_bytes(proof.read_bytes() + b" ")
    checked = _check(path, proof, page)
    assert checked.exit_code is ExitCode.UNDECIDED
    assert [(row.record.name, row.present) for row in checked.evidence] == [("proof.json", False), ("page.html", True)]


def test_reordered_keys_are_no_change(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page)), path)
    document = json.loads(path.read_text(encoding="utf-8"))

    def reordered(value: object) -> object:
        if isinstance(value, dict):
            return {key: reordered(value[key]) for key in sorted(value, reverse=True)}
        return [reordered(item) for item in value] if isinstance(value, list) else value

    path.write_text(json.dumps(reordered(document), indent=7), encoding="utf-8")
    assert _check(path, proof, page).state is ReportState.UNCHANGED


def _every_kind_of_change(data: bytes) -> list[bytes]:
    step = max(len(data) // 120, 1)
    return [data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :] for at in range(0, len(data), step)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_anywhere_is_a_change(kind: str, proof: Path, page: Path) -> None:
    path = proof.parent / f"report.{kind}"
    write_report(_report(_request(proof, page)), path)
    for changed in _every_kind_of_change(path.read_bytes()):
        path.write_bytes(changed)
        checked = _check(path, proof, page)
        assert checked.exit_code is ExitCode.FAILED, changed
        assert checked.checks_run == 0


def _rewritten(path: Path, change: Callable[[dict[str, object]], None]) -> None:
    """What a forger who knows the hashes does: change the content and put the hashes right."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["content"])
    document["reference"] = canonical.reference(document["content"])
    del document["envelope"]
    whole = {key: item for key, item in document.items() if key != "content"}
    document["envelope"] = canonical.reference(whole)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_a_state_its_checks_do_not_give_is_a_change_even_with_right_hashes(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    proof.write_text(json.dumps({"northsea": "leaf", "balance": "1.5", "root": "00" * 32}), encoding="utf-8")
    write_report(_report(_request(proof, page)), path)
    _rewritten(path, lambda content: content["verdict"].update(verdict="verified"))  # type: ignore[attr-defined]
    assert _check(path).exit_code is ExitCode.FAILED


def test_another_result_than_the_evidence_gives_is_a_change(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page)), path)
    _rewritten(path, lambda content: content["verdict"]["balances"].update(BTC="15"))  # type: ignore[index]
    checked = _check(path, proof, page)
    assert checked.exit_code is ExitCode.FAILED
    assert [one.reason.key for one in checked.findings if one.outcome is Outcome.FAILED] == ["report.again.different"]


def test_html_that_shows_something_else_than_its_data_is_a_change(proof: Path, page: Path) -> None:
    import hashlib

    path = proof.parent / "report.html"
    write_report(_report(_request(proof, page)), path)
    data = path.read_bytes().replace(b">undecided<", b">verified<")
    at = data.index(b'name="reserves-file" content="') + len(b'name="reserves-file" content="')
    zeroed = data[:at] + b"0" * 64 + data[at + 64 :]
    path.write_bytes(data[:at] + hashlib.sha256(zeroed).hexdigest().encode() + data[at + 64 :])
    checked = _check(path, proof, page)
    assert [one.reason.key for one in checked.findings] == ["report.again.changed.shown"]


def test_no_value_only_the_user_knows_is_in_any_report(proof: Path, page: Path) -> None:
    document = json.loads(proof.read_text(encoding="utf-8"))
    proof.write_text(json.dumps({**document, "northsea": "leaf"}), encoding="utf-8")
    request = _request(proof, page, user={"nonce": (NONCE,)})
    for disclosure in Disclosure:
        report = _report(request, disclosure)
        assert report.settings.user == ("nonce",)
        for kind in KINDS:
            path = proof.parent / f"report.{kind}"
            write_report(report, path)
            assert NONCE.encode() not in path.read_bytes()
        assert NONCE not in repr(report)


def test_a_run_without_the_users_value_compares_what_it_can(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page, user={"nonce": (NONCE,)})), path)
    assert _check(path, proof, page).state is ReportState.UNCHANGED, "this format did not need it"
    _rewritten(path, lambda content: content["verdict"]["balances"].update(BTC="15"))  # type: ignore[index]
    checked = _check(path, proof, page)
    assert checked.exit_code is ExitCode.UNDECIDED
    keys = [one.reason.key for one in checked.findings]
    assert "report.again.not_compared" in keys
    assert "report.again.needs" in keys
    assert _check(path, proof, page, user={"nonce": (NONCE,)}).exit_code is ExitCode.FAILED


def test_a_redacted_report_is_run_again_with_the_amounts_given_again(proof: Path, page: Path) -> None:
    path = proof.parent / "report.json"
    write_report(_report(_request(proof, page), Disclosure.REDACTED), path)
    text = path.read_text(encoding="utf-8")
    assert "1.5" not in text.replace(ROOT, "")
    assert "proof.json" not in text
    assert _check(path, proof, page).exit_code is ExitCode.UNDECIDED
    assert _check(path, proof, page, expected=(("BTC", "1.5"),)).state is ReportState.UNCHANGED


def test_saved_reports_are_listed_newest_first_and_changed_ones_left_out(proof: Path, page: Path) -> None:
    assert saved_reports() == ()
    first = _report(_request(proof, page))
    later = replace(_report(_request(proof, page, published=())), created="2026-12-01T00:00:00Z")
    paths = [save_report(one) for one in (first, later)]
    assert save_report(first) == paths[0]
    listed = saved_reports()
    assert [one.path for one in listed] == [paths[1], paths[0]]
    assert listed[1].states == {"leaf": "verified", "path": "verified", "root": "verified", "total": "undecided"}
    assert (listed[1].exchange, listed[1].verdict, listed[1].snapshot) == ("Northsea", "verified", "s1")
    assert load_report(listed[0].path).report == later
    paths[0].write_bytes(paths[0].read_bytes().replace(b'"1.5"', b'"9.5"'))
    assert [one.path for one in saved_reports()] == [paths[1]]


def test_a_files_name_is_made_of_plain_characters(proof: Path, page: Path) -> None:
    report = _report(_request(proof, page))
    hostile = replace(
        report.verdict, snapshot=replace(report.verdict.snapshot, id="../../etc/\u202epasswd <x>" + "y" * 500)
    )
    name = report_name(replace(report, verdict=hostile))
    assert name.startswith("reserves-report-etc-passwd-x-yyyy")
    assert len(name) < 100
    assert "/" not in name
    assert ".." not in name


@pytest.mark.parametrize(
    ("name", "key"),
    [("r.docx", "report.error.kind"), ("r", "report.error.kind")],
)
def test_other_kinds_are_a_usage_error(name: str, key: str) -> None:
    with pytest.raises(ReservesError) as caught:
        kind_of(Path(name))
    assert (caught.value.code, caught.value.message.key) == (ErrorCode.USAGE, key)


def test_a_place_that_cannot_be_written_is_said_and_nothing_half_written_stays(tmp_path: Path) -> None:
    with pytest.raises(ReservesError) as caught:
        write_report(samples.report(), tmp_path / "missing" / "r.json")
    assert caught.value.message.key == "report.error.write"
    folder = tmp_path / "r.json"
    folder.mkdir()
    with pytest.raises(ReservesError):
        write_report(samples.report(), folder)
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


@pytest.mark.parametrize(
    "content",
    [b"{}", b"[1]", b"no report", b"%PDF-1.4 x", b"<html></html>", b'{"schema":"reserves/verdict/1"}', b"\x00\xff"],
)
@pytest.mark.parametrize("name", ["x.json", "x.html", "x.pdf", "x.txt", "x"])
def test_a_file_that_is_no_report_is_said_to_be_none(content: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReservesError) as caught:
        read_report_file(tmp_path / name)
    assert caught.value.code is ErrorCode.FORMAT_UNRECOGNISED


@pytest.mark.parametrize("kind", ReportKind)
def test_hostile_files_that_look_like_reports_end_cleanly(kind: ReportKind, tmp_path: Path) -> None:
    path = tmp_path / f"x.{kind.value}"
    deep = b'{"schema":"reserves/report/1","content":' + b"[" * 100_000
    bomb = b"reserves/report/1 /EF <</F 1 0 R\n1 0 obj /FlateDecode stream\n\x78\x9c\xff\xffendstream"
    packed = b"-----BEGIN RESERVES REPORT-----\n!!!!\n-----END RESERVES REPORT-----"
    for data in (
        deep,
        bomb,
        packed,
        b'{"schema":"reserves/report/1","schema":1}',
        b'<pre id="report-data" hidden>\xff</pre>',
    ):
        path.write_bytes(data)
        read = read_report_file(path)
        assert read.report is None
        assert read.changes


# PDF: drawn by a child process.


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_report(samples.report(failing=11), path)
    return path


def test_a_pdf_carries_its_data_its_title_and_its_reference(pdf: Path) -> None:
    read = read_report_file(pdf)
    assert read.changes == ()
    assert read.report == samples.report(failing=11)
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_a_flipped_byte_anywhere_in_a_pdf_is_a_change(pdf: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.pdf"
    for changed in _every_kind_of_change(pdf.read_bytes()):
        path.write_bytes(changed)
        assert _check(path).exit_code is ExitCode.FAILED


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_every_page_shows_the_reference_and_its_number(pdf: Path) -> None:
    reference = report_reference(samples.report(failing=11))
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert reference in page.replace(" ", "")
        assert f"Page {number} of 3" in page
    for check in ("total.negative", "leaf.hash", "path.hash", "root.match"):
        assert check in text


def test_a_drawing_library_that_does_not_start_costs_only_the_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_process, "_program", lambda: [sys.executable, "-c", "import sys; sys.exit(1)"])
    with pytest.raises(ReservesError) as caught:
        write_report(samples.report(), tmp_path / "r.pdf")
    assert caught.value.code is ErrorCode.REPORT_NO_PDF
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(pdf_process, "_program", lambda: [str(tmp_path / "no-such-program")])
    with pytest.raises(ReservesError) as caught:
        write_report(samples.report(), tmp_path / "r.pdf")
    assert caught.value.code is ErrorCode.REPORT_NO_PDF
