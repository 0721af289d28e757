"""The hash of the sources: the same for the same files, another for any change, and what `sha256sum` would give."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reserves_gui
from reserves_gui import __version__
from reserves_gui.services import build
from reserves_gui.services.build import build_info, source_sha256


def _package(folder: Path) -> Path:
    package = folder / "reserves_gui"
    (package / "inner").mkdir(parents=True)
    (package / "a.py").write_text("one", encoding="utf-8")
    (package / "inner" / "b.toml").write_text("two", encoding="utf-8")
    return package


def test_it_is_the_hash_of_a_checksum_list(tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here to compare with")
    package = _package(tmp_path)
    listed = subprocess.run(
        ["sha256sum", "a.py", "inner/b.toml"], cwd=package, capture_output=True, check=True, timeout=20
    )
    assert source_sha256(package) == hashlib.sha256(listed.stdout).hexdigest()


def test_any_change_shows_and_compiled_files_do_not(tmp_path: Path) -> None:
    package = _package(tmp_path)
    first = source_sha256(package)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    assert source_sha256(package) == first
    (package / "a.py").write_text("One", encoding="utf-8")
    second = source_sha256(package)
    (package / "a.py").rename(package / "c.py")
    assert len({first, second, source_sha256(package)}) == 3


def test_a_clone_hashes_itself_and_a_frozen_program_reads_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = build_info()
    assert (told.version, told.frozen) == (__version__, False)
    assert told.source == source_sha256(Path(reserves_gui.__file__).parent)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / build.RECORDED).write_text(json.dumps({"source": "ab" * 32}), encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(build.resources, "files", lambda _package: tmp_path)
    assert build_info().source == "ab" * 32
    assert build_info().frozen
