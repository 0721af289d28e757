"""Signatures in the minisign format, held against the stock tool where it is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reserves_gui.errors import ReservesError
from reserves_gui.trust.minisign import PublicKey, SecretKey, parse_public_key, verify_signature

KEY = SecretKey(bytes(range(8)), bytes(range(32)))
DATA = b'{"schema":"reserves/report/1"}'


def test_a_signature_verifies_and_carries_its_comment() -> None:
    text = KEY.sign(DATA, trusted_comment="2026-10-31 reference abc")
    signed = verify_signature(DATA, text, KEY.public)
    assert signed is not None
    assert signed.trusted_comment == "2026-10-31 reference abc"


def test_any_change_is_noticed() -> None:
    text = KEY.sign(DATA, trusted_comment="comment")
    assert verify_signature(DATA + b" ", text, KEY.public) is None
    assert (
        verify_signature(DATA, text.replace("trusted comment: comment", "trusted comment: other"), KEY.public) is None
    )
    assert verify_signature(DATA, text, SecretKey(bytes(8), bytes(32)).public) is None
    assert verify_signature(DATA, text, PublicKey(bytes(8), KEY.public.key)) is None


@pytest.mark.parametrize("text", ["", "a\nb\nc\nd\n", "untrusted comment: x\n!!\ntrusted comment: y\nAAAA\n"])
def test_what_is_no_signature_file_is_refused(text: str) -> None:
    with pytest.raises(ReservesError):
        verify_signature(DATA, text, KEY.public)


def test_a_public_key_round_trips() -> None:
    assert parse_public_key(KEY.public.text()) == KEY.public
    assert parse_public_key(KEY.public.encoded()) == KEY.public
    for bad in ("", "AAAA", KEY.public.encoded()[:-4]):
        with pytest.raises(ReservesError):
            parse_public_key(bad)


def test_the_seed_never_shows() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY) == "SecretKey(…)"


def test_the_stock_tool_accepts_what_is_signed_here(tmp_path: Path) -> None:
    tool = shutil.which("minisign")
    if tool is None:
        assert os.environ.get("CI") != "true", "minisign must be installed in CI"
        pytest.skip("minisign is not installed")
    (tmp_path / "report.json").write_bytes(DATA)
    (tmp_path / "report.json.minisig").write_text(KEY.sign(DATA, trusted_comment="tested"))
    command = [tool, "-Vm", str(tmp_path / "report.json"), "-P", KEY.public.encoded()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "report.json").write_bytes(DATA + b"x")
    assert subprocess.run(command, capture_output=True, timeout=20, check=False).returncode != 0
