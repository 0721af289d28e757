"""Tar archives and gzip streams, honest and hostile: members are read as they are, and nothing of one is lost."""

import contextlib
import gzip
import io
import os
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import open_path
from reserves_gui.progress import Cancelled, Progress

MEMBERS = [("round/user_config.json", b'{"Root": "00"}'), ("round/proof.csv", b"proof_info\n" * 3000)]


def _tar(members: list[tuple[str, bytes]], change: Callable[[tarfile.TarInfo], object] = lambda info: info) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        folder = tarfile.TarInfo("round")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            change(info)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def _opened(tmp_path: Path, data: bytes, name: str = "round.tar.gz") -> list[Document]:
    path = tmp_path / name
    path.write_bytes(data)
    return open_path(path)


def _refused(tmp_path: Path, data: bytes, name: str = "round.tar.gz") -> ErrorCode:
    with pytest.raises(ReservesError) as caught:
        _all(tmp_path, data, name)
    return caught.value.code


def _all(tmp_path: Path, data: bytes, name: str) -> None:
    for document in _opened(tmp_path, data, name):
        document.read(limits.JSON_TREE_BYTES)


@pytest.mark.parametrize("packed", [True, False])
def test_a_tar_archive_gives_its_members(packed: bool, tmp_path: Path) -> None:
    data = _tar([("round/._proof.csv", b"of a Mac"), *MEMBERS])
    documents = _opened(tmp_path, gzip.compress(data), "round.TGZ") if packed else _opened(tmp_path, data, "round.tar")
    assert [(one.name, one.size, one.read(limits.MIB)) for one in documents] == [
        (name, len(data), data) for name, data in MEMBERS
    ]
    with documents[1].open() as first, documents[1].open() as second:
        assert first.readline() == b"proof_info\n"
        assert second.read(20) == b"proof_info\nproof_inf"
        assert first.read() == b"proof_info\n" * 2999
        first.seek(-5, io.SEEK_END)
        assert first.read() == b"info\n"


def test_long_names_and_names_of_other_scripts_are_read(tmp_path: Path) -> None:
    names = ["folder/" * 30 + "proof.json", "Bestätigung.json"]
    documents = _opened(tmp_path, gzip.compress(_tar([(name, b"{}") for name in names])))
    assert [one.name for one in documents] == names


def test_a_single_packed_file_is_that_file(tmp_path: Path) -> None:
    (document,) = _opened(tmp_path, gzip.compress(b"a,b\n1,2\n"), "tree.csv.gz")
    assert (document.name, document.size, document.read(99)) == ("tree.csv", 8, b"a,b\n1,2\n")


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/passwd.json", "a\\b.json", "C:evil.json", "round/Proof.csv", "inner.zip"]
)
def test_an_unsafe_member_name_is_refused(name: str, tmp_path: Path) -> None:
    assert _refused(tmp_path, gzip.compress(_tar([*MEMBERS, (name, b"{}")]))) is ErrorCode.ZIP_UNSAFE


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE, b"Z"]
)
def test_links_devices_and_other_kinds_are_refused(kind: bytes, tmp_path: Path) -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname = kind, "/etc/passwd"

    assert _refused(tmp_path, _tar([("round/link", b"")], change)) is ErrorCode.ZIP_UNSAFE


def test_an_archive_within_an_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"{}")
    assert _refused(tmp_path, gzip.compress(_tar([("data.bin", packed)]))) is ErrorCode.ZIP_UNSAFE
    assert _refused(tmp_path, gzip.compress(packed)) is ErrorCode.ZIP_UNSAFE


def test_a_damaged_or_cut_archive_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    plain = _tar(MEMBERS)
    packed = gzip.compress(plain)
    for cut in (3, 12, len(packed) // 2, len(packed) - 9, len(packed) - 1):
        assert _refused(tmp_path, packed[:cut]) is ErrorCode.ZIP_UNSAFE
    broken = bytearray(packed)
    broken[-6] ^= 1
    assert _refused(tmp_path, bytes(broken)) is ErrorCode.ZIP_UNSAFE
    # The second header is not one any more: what stands behind it must not be lost in silence.
    at = plain.index(b"round/proof.csv")
    assert _refused(tmp_path, plain[:at] + b"\x01" + plain[at + 1 :], "round.tar") is ErrorCode.ZIP_UNSAFE
    assert _refused(tmp_path, plain[: at + 600], "round.tar") is ErrorCode.ZIP_UNSAFE


def test_an_archive_without_its_closing_zeros_is_whole(tmp_path: Path) -> None:
    plain = _tar(MEMBERS)
    assert len(_opened(tmp_path, plain.rstrip(b"\0") + bytes(-len(plain.rstrip(b"\0")) % 512), "round.tar")) == 2


def test_empty_archives_are_said_to_be_empty(tmp_path: Path) -> None:
    assert _refused(tmp_path, gzip.compress(_tar([]))) is ErrorCode.INPUT_EMPTY
    assert _refused(tmp_path, gzip.compress(b"")) is ErrorCode.INPUT_EMPTY


def test_a_bomb_too_many_members_and_endless_headers_are_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path, gzip.compress(bytes(64 * limits.MIB))) is ErrorCode.LIMIT_ZIP
    many = _tar([(f"{n}.txt", b"") for n in range(limits.ZIP_MEMBERS + 1)])
    assert _refused(tmp_path, many, "many.tar") is ErrorCode.LIMIT_ZIP
    headers = tarfile.TarInfo("x")
    headers.pax_headers = {"comment": "".join(random.Random(1).choices("abcdefgh", k=limits.TAR_HEADER_BYTES))}
    data = headers.tobuf(tarfile.PAX_FORMAT) + bytes(1024)
    assert _refused(tmp_path, data, "headers.tar") is ErrorCode.LIMIT_ZIP


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_a_negative_size_is_damage(content: bytes, tmp_path: Path) -> None:
    data = bytearray(_tar([("round/a", content)]))
    at = data.index(b"round/a")
    data[at + 124 : at + 136] = b"\xff" * 11 + b"\x00"
    total = sum(data[at : at + 148]) + 8 * 32 + sum(data[at + 156 : at + 512])
    data[at + 148 : at + 156] = b"%06o\0 " % total
    assert _refused(tmp_path, bytes(data), "negative.tar") is ErrorCode.ZIP_UNSAFE


def test_only_our_own_errors_leave_mangled_archives(tmp_path: Path) -> None:
    plain = _tar(MEMBERS)
    draw = random.Random(20)
    for _ in range(400):
        data = bytearray(plain)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(1536)] = draw.randrange(256)
        with contextlib.suppress(ReservesError):
            _all(tmp_path, bytes(data), "x.tar")


def test_unpacking_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "big.csv.gz"
    path.write_bytes(gzip.compress(os.urandom(3 * limits.MIB)))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        open_path(path, progress=progress)
