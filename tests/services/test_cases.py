"""Case files: a report with its evidence in one file, in which no byte changes unseen and nothing private hides."""

import hashlib
import io
import json
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_file import SEAL_MARK
from reserves_gui.intake.opening import open_path
from reserves_gui.progress import Progress, silent
from reserves_gui.report.model import Disclosure
from reserves_gui.services.cases import (
    CaseOptions,
    extend_case,
    extension_request,
    open_case_file,
    redact_case,
    write_case,
)
from reserves_gui.services.report_check import CheckRequest, ReportCheck, ReportState, check_report
from reserves_gui.services.report_files import ReportKind
from reserves_gui.services.reports import kind_of, make_report, write_report
from reserves_gui.services.signing import open_signer
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.verdict import ExitCode, Outcome, State
from tests.services.test_verify import ROOT

pytestmark = pytest.mark.usefixtures("northsea")

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
NONCE = "5ec12e7-nonce-of-mine"


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "proof-of-alice.json"
    path.write_text(json.dumps({"northsea": "leaf", "balance": "31337.25", "root": ROOT}), encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(f"<p>Root {ROOT}</p>", encoding="utf-8")
    return path


def _written(
    proof: Path,
    page: Path,
    *,
    name: str = "a.reserves",
    disclosure: Disclosure = Disclosure.FULL,
    options: CaseOptions | None = None,
    **more: object,
) -> Path:
    request = VerifyRequest(files=(str(proof),), published=(str(page),), **more)  # type: ignore[arg-type]
    verdict = verify(request, silent())
    report = make_report(verdict, request, disclosure=disclosure, created=NOW, progress=silent())
    path = proof.parent / name
    write_case(report, request, path, options=options or CaseOptions(), progress=silent())
    return path


def _check(path: Path, *evidence: Path, **more: object) -> ReportCheck:
    request = CheckRequest(report=str(path), evidence=tuple(str(one) for one in evidence), **more)  # type: ignore[arg-type]
    return check_report(request, silent())


def test_a_case_is_checked_again_from_itself_alone(proof: Path, page: Path) -> None:
    path = _written(proof, page)
    proof.unlink()
    page.unlink()
    checked = _check(path)
    assert checked.state is ReportState.UNCHANGED, checked.findings
    assert checked.checks_run == 4
    assert all(row.present for row in checked.evidence)
    assert checked.file.report is not None
    assert checked.file.report.verdict.state is State.VERIFIED
    # Whoever gets the case did not see the page anywhere else.
    assert "case.published_inside" in {one.reason.key for one in checked.findings}


def test_a_case_is_taken_wherever_a_file_is(proof: Path, page: Path) -> None:
    path = str(_written(proof, page))
    alone = verify(VerifyRequest(files=(path,)), silent())
    # What lies beside the proof is not "from elsewhere", in whatever wrapping.
    assert alone.state is State.UNDECIDED
    assert [one.name for one in alone.inputs] == ["proof-of-alice.json"]
    trusted = verify(VerifyRequest(files=(path,), published=(path,)), silent())
    assert trusted.state is State.VERIFIED


def test_the_same_run_makes_the_same_bytes(proof: Path, page: Path) -> None:
    first, second = _written(proof, page), _written(proof, page, name="b.reserves")
    assert first.read_bytes() == second.read_bytes()


def test_every_flipped_byte_is_found_one_by_one(proof: Path, page: Path) -> None:
    path = _written(proof, page, options=CaseOptions(signer=open_signer()))
    data = path.read_bytes()
    assert len(data) < 20_000
    assert open_case_file(path, silent()).changes == ()
    unseen = []
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        try:
            found = bool(open_case_file(path, silent()).changes)
        except ReservesError:
            found = True
        if not found:
            unseen.append(at)
    assert unseen == []
    path.write_bytes(data)
    assert _check(path).exit_code is ExitCode.VERIFIED


def test_a_flipped_bit_in_any_structure_fails_the_check_and_is_no_evidence(proof: Path, page: Path) -> None:
    path = _written(proof, page, options=CaseOptions(signer=open_signer()))
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        heads = [info.header_offset for info in archive.infolist()]
        directory = archive.start_dir
    # Every byte of every structure of the archive, and a sample of the contents.
    places = {at for head in heads for at in range(head, head + 64)}
    places |= set(range(directory, len(data))) | set(range(0, len(data), 97))
    for at in sorted(place for place in places if place < len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        checked = _check(path)
        assert checked.exit_code is ExitCode.FAILED, at
        with pytest.raises(ReservesError):
            open_path(path)


@pytest.mark.parametrize("cut", [1, 64, 200, 5000])
def test_a_cut_or_lengthened_case_is_found(cut: int, proof: Path, page: Path) -> None:
    path = _written(proof, page)
    data = path.read_bytes()
    for changed in (data[:-cut], data + b"\0" * cut, b"\0" * cut + data):
        path.write_bytes(changed)
        assert _check(path).exit_code is ExitCode.FAILED


def _resealed(path: Path, change: dict[str, bytes | None]) -> None:
    """The case with members replaced, dropped or added, and sealed again as its writer would."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()} | change
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
        archive.comment = SEAL_MARK + b"0" * 64
    data = buffer.getvalue()[:-64]
    path.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"evidence/1": b"{}"}, "case.changed.member"),
        ({"evidence/1": None}, "case.changed.missing"),
        ({"evidence/9": b"more"}, "case.changed.extra"),
        ({"reports/1.json": b"{}"}, "case.changed.member"),
    ],
)
def test_a_case_sealed_again_after_a_change_is_found(
    change: dict[str, bytes | None], key: str, proof: Path, page: Path
) -> None:
    path = _written(proof, page)
    _resealed(path, change)
    checked = _check(path)
    assert checked.exit_code is ExitCode.FAILED
    assert key in {one.reason.key for one in checked.findings}
    assert open_case_file(path, silent()).changes
    with pytest.raises(ReservesError) as caught:
        verify(VerifyRequest(files=(str(path),)), silent())
    assert caught.value.code is ErrorCode.ZIP_UNSAFE


def test_a_list_of_contents_written_again_breaks_the_signature(proof: Path, page: Path) -> None:
    path = _written(proof, page, options=CaseOptions(signer=open_signer()))
    assert _check(path).signature.outcome is Outcome.PASSED
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["entries"][0]["name"] = "proof-of-bob.json"
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    _resealed(path, {"manifest.json": text})
    checked = _check(path)
    assert checked.signature.outcome is Outcome.FAILED
    assert checked.exit_code is ExitCode.FAILED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"manifest.json": b"{"}, ErrorCode.JSON_SYNTAX),
        ({"manifest.json": b'{"schema":"reserves/case/2"}'}, ErrorCode.FORMAT_NEWER),
        ({"manifest.json": b'{"schema":"other"}'}, ErrorCode.FORMAT_SHAPE),
        ({"manifest.json": b'{"schema":"reserves/case/1"}'}, ErrorCode.FORMAT_SHAPE),
        ({"manifest.json": None}, ErrorCode.FORMAT_SHAPE),
        ({"../outside": b"x"}, ErrorCode.ZIP_UNSAFE),
        ({"/etc/passwd": b"x"}, ErrorCode.ZIP_UNSAFE),
        ({"inner.zip": b"PK\x03\x04"}, ErrorCode.ZIP_UNSAFE),
        ({"EVIDENCE/1": b"x"}, ErrorCode.ZIP_UNSAFE),
    ],
)
def test_hostile_cases_are_refused(change: dict[str, bytes | None], code: ErrorCode, proof: Path, page: Path) -> None:
    path = _written(proof, page)
    _resealed(path, change)
    for action in (lambda: _check(path), lambda: open_case_file(path, silent()), lambda: open_path(path)):
        with pytest.raises(ReservesError) as caught:
            action()
        assert caught.value.code is code


def test_entries_that_name_one_member_twice_or_none_are_refused(proof: Path, page: Path) -> None:
    path = _written(proof, page)
    with zipfile.ZipFile(path) as archive:
        whole = json.loads(archive.read("manifest.json"))
    for spoil in (
        lambda m: m["entries"].append(m["entries"][0]),
        lambda m: m["entries"][0].update(path=None),
        lambda m: m["entries"][0].update(left_out="size"),
        lambda m: m["entries"][0].update(use="other"),
        lambda m: m["entries"][0].update(bytes=-1),
        lambda m: m.update(reports=[]),
    ):
        manifest = json.loads(json.dumps(whole))
        spoil(manifest)
        _resealed(path, {"manifest.json": json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()})
        with pytest.raises(ReservesError):
            open_case_file(path, silent())


def test_random_damage_ends_cleanly(proof: Path, page: Path) -> None:
    path = _written(proof, page)
    data = path.read_bytes()
    chance = random.Random(7)
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        if chance.random() < 0.5:
            changed[-64:] = hashlib.sha256(changed[:-64]).hexdigest().encode()
        path.write_bytes(changed)
        try:
            assert _check(path).exit_code is not ExitCode.VERIFIED
        except ReservesError:
            continue


def test_large_evidence_is_kept_as_a_hash_and_can_be_given_again(proof: Path, page: Path) -> None:
    path = _written(proof, page, options=CaseOptions(largest=60))
    case = open_case_file(path, silent())
    assert [one.left_out and one.left_out.value for one in case.entries] == ["size", "size"]
    path = _written(proof, page, options=CaseOptions(largest=85))
    case = open_case_file(path, silent())
    assert [one.left_out and one.left_out.value for one in case.entries] == ["size", None]
    assert case.left_out == proof.stat().st_size
    assert _check(path).exit_code is ExitCode.UNDECIDED
    assert _check(path, proof).exit_code is ExitCode.VERIFIED


def test_a_redacted_copy_holds_nothing_of_the_user(proof: Path, page: Path) -> None:
    full = _written(proof, page, user={"nonce": (NONCE,)}, expected=(("BTC", "31337.25"),))
    path = proof.parent / "r.reserves"
    redact_case(full, path, signer=None, progress=silent())
    data = path.read_bytes()
    for secret in (b"alice", b"31337.25", NONCE.encode(), b"page.html", b'"leaf"}'):
        assert secret not in data
    assert {one.left_out.value for one in open_case_file(path, silent()).entries} == {"redacted"}
    assert _check(path).exit_code is ExitCode.VERIFIED
    again = _check(path, proof, page, user={"nonce": (NONCE,)}, expected=(("BTC", "31337.25"),))
    assert again.exit_code is ExitCode.VERIFIED, again.findings
    # Extending it never brings a full report back in.
    with pytest.raises(ReservesError) as caught:
        verify(VerifyRequest(files=(str(path),)), silent())
    assert caught.value.message.key == "case.nothing_kept"


def test_what_was_typed_is_never_kept(proof: Path, page: Path) -> None:
    fields = {"northsea": ("leaf",), "balance": ("31337.25",), "root": (ROOT,), "nonce": (NONCE,)}
    verdict = verify(VerifyRequest(files=(str(proof),), published=(str(page),)), silent())
    path = proof.parent / "typed.reserves"
    for request in (
        VerifyRequest(published=(str(page),), user=fields, format="northsea-proof"),
        VerifyRequest(published=(str(page),), form={"northsea": "leaf", "nonce": NONCE}, format="northsea-proof"),
    ):
        report = make_report(verdict, request, disclosure=Disclosure.FULL, created=NOW, progress=silent())
        write_case(report, request, path, options=CaseOptions(), progress=silent())
        assert NONCE.encode() not in path.read_bytes()
        case = open_case_file(path, silent())
        assert [one.left_out and one.left_out.value for one in case.entries] == ["typed", None]


def test_pasted_text_is_evidence(page: Path, proof: Path) -> None:
    request = VerifyRequest(pasted=(proof.read_text(),), published=(str(page),))
    verdict = verify(request, silent())
    report = make_report(verdict, request, disclosure=Disclosure.FULL, created=NOW, progress=silent())
    path = proof.parent / "pasted.reserves"
    write_case(report, request, path, options=CaseOptions(), progress=silent())
    assert _check(path).checks_run == 4


def test_a_case_grows_and_keeps_what_it_was(proof: Path, page: Path) -> None:
    path = _written(proof, page)
    first = open_case_file(path, silent())
    second = proof.parent / "second.json"
    second.write_text(json.dumps({"northsea": "leaf", "balance": "31337.250", "root": ROOT}), encoding="utf-8")
    mail = proof.parent / "mail.txt"
    mail.write_text("Dear customer", encoding="utf-8")
    verdict, reference = extend_case(
        path,
        path,
        files=(str(second),),
        options=CaseOptions(attached=(str(mail),)),
        created=LATER,
        progress=silent(),
    )
    assert len(verdict.proofs) == 2
    grown = open_case_file(path, silent())
    assert grown.reference == reference
    assert [one.reference for one in grown.reports] == [first.reference, reference]
    assert sorted(one.use.value for one in grown.entries) == ["attached", "input", "input", "published"]
    assert _check(path).exit_code is ExitCode.VERIFIED
    # Once more, with nothing new: the attachment and both reports come along.
    extend_case(path, path, options=CaseOptions(), created=LATER, progress=silent())
    assert len(open_case_file(path, silent()).entries) == 4
    assert len(open_case_file(path, silent()).reports) == 2


def test_a_redacted_report_over_a_full_case_leaves_the_full_reports_out(proof: Path, page: Path) -> None:
    path = _written(proof, page)
    request = VerifyRequest(files=(str(path),), published=(str(path),))
    report = make_report(
        verify(request, silent()), request, disclosure=Disclosure.REDACTED, created=LATER, progress=silent()
    )
    out = proof.parent / "r.reserves"
    write_case(report, request, out, options=CaseOptions(), progress=silent())
    assert b"31337.25" not in out.read_bytes()
    assert len(open_case_file(out, silent()).reports) == 1


def test_the_question_of_a_case_can_be_asked_again(proof: Path, page: Path) -> None:
    path = _written(proof, page, roots=(ROOT,))
    request = extension_request(path, silent())
    assert request.roots == (ROOT,)
    assert verify(request, silent()).state is State.VERIFIED
    with pytest.raises(ReservesError) as caught:
        extension_request(proof, silent())
    assert caught.value.code is ErrorCode.FORMAT_UNRECOGNISED


def test_a_file_that_changed_after_it_was_verified_is_not_passed_off_as_evidence(proof: Path, page: Path) -> None:
    request = VerifyRequest(files=(str(proof),), published=(str(page),))
    report = make_report(verify(request, silent()), request, disclosure=Disclosure.FULL, created=NOW, progress=silent())
    proof.write_text(proof.read_text() + " ", encoding="utf-8")
    path = proof.parent / "a.reserves"
    write_case(report, request, path, options=CaseOptions(), progress=silent())
    assert [one.left_out and one.left_out.value for one in open_case_file(path, silent()).entries] == ["gone", None]


class _Stopping(Progress):
    """Cancelled at its third look."""

    looks = 0

    def checkpoint(self) -> None:
        self.looks += 1
        if self.looks > 3:
            self.cancel()
        super().checkpoint()


def test_cancelling_leaves_the_old_case_whole(proof: Path, page: Path, tmp_path: Path) -> None:
    path = _written(proof, page)
    before, names = path.read_bytes(), sorted(one.name for one in tmp_path.iterdir())
    with pytest.raises(ReservesError) as caught:
        extend_case(path, path, options=CaseOptions(), created=LATER, progress=_Stopping())
    assert caught.value.code is ErrorCode.CANCELLED
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == names


def test_a_case_needs_its_evidence(proof: Path, page: Path) -> None:
    assert kind_of(Path("x.reserves")) is ReportKind.CASE
    report = open_case_file(_written(proof, page), silent()).report
    assert report is not None
    with pytest.raises(ReservesError) as caught:
        write_report(report, proof.parent / "x.reserves")
    assert caught.value.message.key == "case.needs_evidence"


@pytest.fixture
def example() -> tuple[str, str]:
    from reserves_gui.services.examples import examples

    first = next(one for one in examples() if one.expect is State.VERIFIED)
    return first.files[0], first.published[0]


def test_the_command_line_writes_checks_extends_and_redacts(
    example: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof, page = example
    case, grown, bare = (str(tmp_path / f"{name}.reserves") for name in ("case", "grown", "bare"))
    assert main(["report", proof, "--published", page, "--sign", "--out", case]) == 0
    assert main(["check-report", case]) == 0
    assert main(["verify", case]) == 3
    assert main(["verify", case, "--published", case]) == 0
    assert main(["report", case, "--published", case, "--attach", page, "--keep", "all", "--out", grown]) == 0
    assert main(["report", case, "--published", case, "--redacted", "--out", bare]) == 0
    assert main(["check-report", bare]) == 0
    assert main(["check-report", bare, proof, page]) == 0
    assert main(["verify", bare]) == 2
    assert main(["report", case, "--redacted", "--attach", page, "--out", bare]) == 2
    assert main(["check-report", bare]) == 0
    assert main(["report", case, "--keep", "-1", "--out", grown]) == 2
    capsys.readouterr()
    assert main(["check-report", case, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["signature"]["outcome"] == "passed"
    data = Path(case).read_bytes()
    Path(case).write_bytes(data[:500] + bytes([data[500] ^ 4]) + data[501:])
    assert main(["check-report", case]) == 1
    assert main(["verify", case, "--json"]) == 2
