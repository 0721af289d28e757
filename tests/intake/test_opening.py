"""Files, folders, archives and streams, honest and hostile (attacks.md section 5.2)."""

import io
import os
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.opening import open_all, open_path, spooled


def _archive(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def _refused(path: Path) -> ErrorCode:
    with pytest.raises(ReservesError) as caught:
        _read_all(path)
    return caught.value.code


def _read_all(path: Path) -> None:
    for document in open_path(path):
        document.read(limits.JSON_TREE_BYTES)


def test_a_file_is_opened_once_and_read_by_several_cursors(tmp_path: Path) -> None:
    path = tmp_path / "tree.csv"
    path.write_bytes(b"first\nsecond\nthird\n")
    (document,) = open_path(path)
    one, two = document.open(), document.open()
    assert one.readline() == b"first\n"
    path.unlink()
    path.write_bytes(b"swapped\n")
    assert two.readline() == b"first\n"
    assert one.readline() == b"second\n"
    assert document.read(100) == b"first\nsecond\nthird\n"
    assert document.sha256 == __import__("hashlib").sha256(b"first\nsecond\nthird\n").hexdigest()


def test_a_missing_file_an_empty_file_and_a_device(tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()
    assert _refused(tmp_path / "no.json") is ErrorCode.INPUT_NOT_FOUND
    assert _refused(tmp_path / "empty.json") is ErrorCode.INPUT_EMPTY
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        assert _refused(tmp_path / "pipe") is ErrorCode.INPUT_SPECIAL_FILE
        assert _refused(Path(os.devnull)) is ErrorCode.INPUT_SPECIAL_FILE
        assert _refused(Path("bad\x00name")) is ErrorCode.INPUT_NOT_FOUND


def test_a_folder_gives_its_files_in_order_without_litter(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.json", "a.json", "sub/c.json", ".DS_Store"):
        (tmp_path / name).write_bytes(b"{}")
    names = [document.name for document in open_path(tmp_path)]
    assert names == ["a.json", "b.json", str(Path("sub") / "c.json")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(b"{}")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.json").symlink_to(outside)
    assert _refused(folder) is ErrorCode.INPUT_SPECIAL_FILE


def test_an_archive_gives_its_members(tmp_path: Path) -> None:
    path = _archive(tmp_path / "proof.zip", [("a/proof.json", b"{}"), ("__MACOSX/._a", b"x"), ("a/", b"")])
    (document,) = open_path(path)
    assert document.name == "a/proof.json"
    assert document.read(10) == b"{}"
    assert document.open().read() == b"{}"


UNSAFE = {
    "parent folder": ["../evil.json"],
    "absolute": ["/etc/passwd.json"],
    "drive": ["C:evil.json"],
    "backslash": ["a\\..\\b.json"],
    "same name twice after folding": ["Proof.json", "proof.JSON"],
    "nested by name": ["inner.zip"],
}


@pytest.mark.parametrize("name", UNSAFE)
def test_an_unsafe_member_name_is_refused(name: str, tmp_path: Path) -> None:
    path = _archive(tmp_path / "x.zip", [(member, b"{}") for member in UNSAFE[name]])
    assert _refused(path) is ErrorCode.ZIP_UNSAFE


def test_a_nul_in_a_member_name_is_refused(tmp_path: Path) -> None:
    path = _archive(tmp_path / "x.zip", [("a#b.json", b"{}")])
    path.write_bytes(path.read_bytes().replace(b"a#b.json", b"a\x00b.json"))
    assert _refused(path) is ErrorCode.ZIP_UNSAFE


def test_a_link_an_encrypted_and_a_nested_member_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    assert _refused(_archive(tmp_path / "link.zip", [(link, b"target")])) is ErrorCode.ZIP_UNSAFE
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", b"y")
    assert _refused(_archive(tmp_path / "nested.zip", [("data.bin", inner.getvalue())])) is ErrorCode.ZIP_UNSAFE
    plain = _archive(tmp_path / "encrypted.zip", [("a.json", b"{}")])
    data = bytearray(plain.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    plain.write_bytes(data)
    assert _refused(plain) is ErrorCode.ZIP_UNSAFE


def test_a_bomb_is_refused_by_what_comes_out_and_not_by_what_it_claims(tmp_path: Path) -> None:
    path = _archive(tmp_path / "bomb.zip", [("zeros", bytes(64 * limits.MIB))])
    assert path.stat().st_size < limits.MIB
    assert _refused(path) is ErrorCode.LIMIT_ZIP
    data = bytearray(path.read_bytes())
    # The directory now claims 100 bytes; the stream behind it still holds 64 MiB.
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 100)
    struct.pack_into("<I", data, data.index(b"PK\x03\x04") + 22, 100)
    path.write_bytes(data)
    assert _refused(path) in {ErrorCode.LIMIT_ZIP, ErrorCode.ZIP_UNSAFE}


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = _archive(tmp_path / "many.zip", [(f"{n}.txt", b"x") for n in range(limits.ZIP_MEMBERS + 1)], compression=0)
    assert _refused(path) is ErrorCode.LIMIT_ZIP


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = _archive(tmp_path / "x.zip", [("a.json", b"{}" * 5000)])
    whole = path.read_bytes()
    for cut in (5, 40, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:cut])
        assert _refused(path) is ErrorCode.ZIP_UNSAFE
    broken = bytearray(whole)
    broken[45] ^= 0xFF
    path.write_bytes(broken)
    assert _refused(path) is ErrorCode.ZIP_UNSAFE


def test_standard_input_is_spooled_and_never_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (document,) = open_all(["-"], io.BytesIO(b"x" * (limits.SPOOL_MEMORY_BYTES + 5)))
    assert document.size == limits.SPOOL_MEMORY_BYTES + 5
    assert document.open().read(3) == b"xxx"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ReservesError) as caught:
        spooled("pasted text", io.BytesIO(b""))
    assert caught.value.code is ErrorCode.INPUT_EMPTY
    with pytest.raises(ReservesError) as caught:
        open_all(["-"], None)
    assert caught.value.code is ErrorCode.USAGE
