"""Signed reports: a key that is kept privately, signatures that anybody can check, and what they do not say."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import silent
from reserves_gui.services import signing
from reserves_gui.services.keeping import data_folder
from reserves_gui.services.report_check import CheckRequest, ReportState, check_report
from reserves_gui.services.reports import write_report
from reserves_gui.services.signing import (
    change_passphrase,
    check_signature,
    make_report_key,
    open_signer,
    read_public_key,
    replace_report_key,
    report_key,
    sign_file,
)
from reserves_gui.trust.key_store import SECRET_NAME, KeyPlace
from reserves_gui.trust.minisign import SecretKey
from reserves_gui.trust.secret_key_file import read_secret_key, secret_key_text
from reserves_gui.verdict import ExitCode, Outcome
from tests.keyrings import Ring
from tests.report import samples

SIGNED = "2026-11-22T12:00:00Z"
DATA = b"a report"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    write_report(samples.report(), path)
    return path


def _signed(path: Path) -> Path:
    return sign_file(path, open_signer(), reference=json.loads(path.read_text())["reference"], signed=SIGNED)


def _check(path: Path, **more: object) -> object:
    return check_report(CheckRequest(report=str(path), **more), silent())  # type: ignore[arg-type]


def test_a_signed_report_says_that_it_is_unchanged_and_nothing_more(report: Path) -> None:
    _signed(report)
    checked = _check(report)
    assert checked.state is ReportState.UNCHANGED
    assert checked.signature.outcome is Outcome.PASSED
    assert checked.signature.own
    assert checked.signature.signed == SIGNED
    assert checked.signature.reference == checked.file.reference
    assert checked.signature.reason.key == "signature.by_own"


def test_somebody_elses_signature_is_checked_by_the_key_in_it_or_by_the_one_given(
    report: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _signed(report)
    key = report_key()
    assert key is not None
    monkeypatch.setattr(signing, "data_folder", lambda: tmp_path / "elsewhere")
    assert _check(report).signature.reason.key == "signature.by_stated"
    assert _check(report, key=key.public).signature.reason.key == "signature.by_given"
    other = SecretKey(bytes(8), bytes(32)).public.encoded()
    checked = _check(report, key=other)
    assert checked.exit_code is ExitCode.FAILED
    assert checked.signature.reason.key == "signature.other_key"


def test_every_changed_byte_of_report_or_signature_is_noticed(report: Path) -> None:
    placed = _signed(report)
    data, signature = report.read_bytes(), placed.read_text()
    assert check_signature(data, signature, key=None).outcome is Outcome.PASSED
    for at in range(0, len(data), max(1, len(data) // 50)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert check_signature(changed, signature, key=None).outcome is Outcome.FAILED
    whole = signature.encode()
    # The untrusted comment says of itself that nobody signed it.
    for at in range(whole.index(b"\n") + 1, len(whole) - 1):
        try:
            changed = (whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]).decode()
            assert check_signature(data, changed, key=report_key().public).outcome is Outcome.FAILED
        except (ReservesError, UnicodeDecodeError):
            continue


def test_a_signature_moved_to_another_report_fails(report: Path, tmp_path: Path) -> None:
    placed = _signed(report)
    other = tmp_path / "other.json"
    write_report(samples.report(failing=3), other)
    shutil.copy(placed, tmp_path / "other.json.minisig")
    assert _check(other).exit_code is ExitCode.FAILED
    sign_file(other, open_signer(), reference="00" * 32, signed=SIGNED)
    checked = _check(other)
    assert checked.exit_code is ExitCode.FAILED
    assert checked.findings[-2].id == "signature.reference"


def test_a_key_that_was_asked_for_and_did_not_sign_is_not_passed_over(report: Path) -> None:
    make_report_key()
    assert _check(report, key=report_key().public).exit_code is ExitCode.UNDECIDED
    assert _check(report).exit_code is ExitCode.VERIFIED


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_without_a_keyring_the_key_lies_in_a_file_for_its_owner_alone() -> None:
    assert report_key() is None
    key = make_report_key()
    path = data_folder() / SECRET_NAME
    assert key.place is KeyPlace.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(ReservesError) as caught:
        open_signer()
    assert caught.value.code is ErrorCode.STORE_UNUSABLE


def test_with_a_keyring_no_file_holds_the_secret(ring: Ring) -> None:
    key = make_report_key()
    assert key.place is KeyPlace.KEYRING
    assert len(ring.kept) == 1
    assert not (data_folder() / SECRET_NAME).exists()
    assert open_signer().key_id == key.id


def test_a_locked_keyring_makes_no_second_key(ring: Ring) -> None:
    make_report_key()
    ring.locked = True
    for action in (open_signer, make_report_key, report_key):
        with pytest.raises(ReservesError) as caught:
            action()
        assert caught.value.message.key == "key.unreachable"


def test_a_lost_key_is_replaced_only_on_request_and_the_old_public_half_stays(ring: Ring, report: Path) -> None:
    with pytest.raises(ReservesError) as caught:
        replace_report_key()
    assert caught.value.message.key == "key.none"
    old = make_report_key()
    _signed(report)
    ring.kept.clear()
    with pytest.raises(ReservesError):
        open_signer()
    new = replace_report_key()
    assert new.id != old.id
    assert open_signer().key_id == new.id
    assert read_public_key(str(data_folder() / f"report-key-{old.id}.pub")) == old.public
    # What the old key signed is still what that key signed, and no longer this machine's own.
    assert _check(report).signature.reason.key == "signature.by_stated"
    assert main(["key", "replace"]) == 0


def test_a_keyring_that_keeps_nothing_is_not_trusted(ring: Ring) -> None:
    ring.forgets = True
    assert make_report_key().place is KeyPlace.FILE
    assert open_signer().key_id == report_key().id


def test_there_is_only_one_key() -> None:
    make_report_key()
    with pytest.raises(ReservesError) as caught:
        make_report_key()
    assert caught.value.message.key == "key.exists"


def test_a_passphrase_locks_the_key_and_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    key = make_report_key("first of all")
    assert report_key().locked
    with pytest.raises(ReservesError) as caught:
        open_signer()
    assert caught.value.message.key == "key.needs_passphrase"
    with pytest.raises(ReservesError) as caught:
        open_signer("another")
    assert caught.value.message.key == "key.wrong_passphrase"
    assert "another" not in str(caught.value)
    change_passphrase("first of all", "second")
    monkeypatch.setenv(signing.PASSPHRASE_VARIABLE, "second")
    assert open_signer().key_id == key.id
    assert not change_passphrase("second", None).locked


@pytest.mark.parametrize("passphrase", [None, "a passphrase"])
def test_a_damaged_secret_is_refused(passphrase: str | None) -> None:
    key = SecretKey(bytes(range(8)), bytes(range(32)))
    text = secret_key_text(key, passphrase)
    assert read_secret_key(text, passphrase) == key
    line = text.splitlines()[1]
    # The stretching limits lie in the head; a damaged one must not make the program stretch for hours.
    for at in (0, 4, 8, 70, 80, 120, len(line) - 8):
        changed = line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1 :]
        if changed == line:
            continue
        # Without a passphrase the salt and the limits mean nothing.
        if passphrase is None and 8 <= at <= 70:
            assert read_secret_key(changed, None) == key
            continue
        with pytest.raises(ReservesError) as caught:
            read_secret_key(changed, passphrase)
        assert caught.value.code in (ErrorCode.FORMAT_SHAPE, ErrorCode.USAGE), at
    for bad in ("", "AAAA", line[:-4], "!" * len(line)):
        with pytest.raises(ReservesError):
            read_secret_key(bad, passphrase)


def test_nothing_secret_shows(ring: Ring) -> None:
    make_report_key()
    text = next(iter(ring.kept.values()))
    shown = repr(open_signer()) + repr(report_key()) + json.dumps(str(report_key()))
    assert text.splitlines()[1] not in shown
    assert read_secret_key(text, None).seed.hex() not in shown


def test_a_public_key_is_given_as_a_line_or_a_file(tmp_path: Path) -> None:
    make_report_key()
    line = report_key().public
    path = tmp_path / "k.pub"
    path.write_text(f"untrusted comment: x\n{line}\n")
    assert read_public_key(line) == read_public_key(str(path)) == line
    path.write_text("no key")
    for bad in (str(path), str(tmp_path / "missing"), ""):
        with pytest.raises(ReservesError) as caught:
            read_public_key(bad)
        assert caught.value.code is ErrorCode.FORMAT_SHAPE


def test_the_stock_tool_verifies_and_signs_with_the_same_key(report: Path, tmp_path: Path) -> None:
    tool = shutil.which("minisign")
    if tool is None:
        assert os.environ.get("CI") != "true", "minisign must be installed in CI"
        pytest.skip("minisign is not installed")
    _signed(report)
    public = report_key().public
    verify = [tool, "-Vm", str(report), "-P", public]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    assert "reference=" in done.stdout
    document = tmp_path / "other.txt"
    document.write_bytes(DATA)
    sign = [tool, "-Sm", str(document), "-s", str(data_folder() / SECRET_NAME), "-W"]
    done = subprocess.run(sign, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    signature = (tmp_path / "other.txt.minisig").read_text()
    # A foreign comment names no key: this machine's own is tried.
    assert check_signature(DATA, signature, key=None).outcome is Outcome.PASSED


def test_the_stock_tool_opens_a_locked_key(tmp_path: Path) -> None:
    tool = shutil.which("minisign")
    if tool is None:
        assert os.environ.get("CI") != "true", "minisign must be installed in CI"
        pytest.skip("minisign is not installed")
    key = SecretKey(bytes(range(8)), bytes(range(32)))
    (tmp_path / "k").write_text(secret_key_text(key, "secret"))
    (tmp_path / "d").write_bytes(DATA)
    sign = [tool, "-Sm", str(tmp_path / "d"), "-s", str(tmp_path / "k")]
    done = subprocess.run(sign, capture_output=True, text=True, timeout=30, check=False, input="secret\n")
    assert done.returncode == 0, done.stderr
    signature = (tmp_path / "d.minisig").read_text()
    assert check_signature(DATA, signature, key=key.public.encoded()).outcome is Outcome.PASSED


def test_the_command_line_signs_shows_exports_and_checks(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["key", "show"]) == 2
    assert main(["key", "export", "--out", str(tmp_path / "k.pub")]) == 2
    _signed(report)
    capsys.readouterr()
    assert main(["key", "show", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["public"] == report_key().public
    assert main(["key", "export", "--out", str(tmp_path / "k.pub")]) == 0
    capsys.readouterr()
    assert main(["check-report", str(report), "--key", str(tmp_path / "k.pub"), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert checked["signature"]["outcome"] == "passed"
    assert checked["signature"]["own"] is True
    assert main(["check-report", str(report), "--key", "no key"]) == 2
    assert main(["check-report", str(report), "--signature", str(tmp_path / "none")]) == 2
    report.write_bytes(report.read_bytes() + b" ")
    assert main(["check-report", str(report)]) == 1
