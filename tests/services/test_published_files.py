"""A root from elsewhere in the publisher's own files, which may lie beside the proof, in a folder or in an archive."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from reserves_gui.cli.main import main
from reserves_gui.progress import silent
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.verdict import State, Verdict
from tests.encoders import level_tree, olalonde, piped_tree, plain_trees, sum_trees, swissborg

_Made = tuple[bytes, tuple[str, bytes], dict[str, tuple[str, ...]]]


def _swissborg() -> _Made:
    audit = swissborg.make(3, 5)
    stated = ("audit.json", json.dumps(audit.roots).encode())
    return json.dumps(audit.users[1]).encode(), stated, {"credential": (audit.credentials[1],)}


def _olalonde() -> _Made:
    tree = olalonde.make(4, 6)
    return json.dumps(tree.partial(tree.users[2])).encode(), ("root.json", json.dumps(tree.root).encode()), {}


def _lemon() -> _Made:
    tree = piped_tree.make(5, 6)
    return tree.user_file(next(iter(tree.places))), ("root.json", tree.root_file()), {}


def _hotcoin() -> _Made:
    made = sum_trees.hotcoin(Random(6), 5)
    return made.bytes_of(2), ("anchor.json", json.dumps(made.anchor).encode()), {}


def _okx() -> _Made:
    tree = level_tree.make(7, 6)
    return level_tree.user_file(tree.users[2]), ("full-liabilities-merkle-tree.txt", tree.text()), {}


@pytest.mark.parametrize("make", [_swissborg, _olalonde, _lemon, _hotcoin, _okx])
def test_the_publishers_file_counts_once_it_is_given_as_published(make: Callable[[], _Made], tmp_path: Path) -> None:
    proof, (name, stated), user = make()
    own, beside = tmp_path / "proof", tmp_path / name
    own.write_bytes(proof)
    beside.write_bytes(stated)

    def judged(files: tuple[Path, ...], published: tuple[Path, ...]) -> State:
        request = VerifyRequest(files=tuple(map(str, files)), published=tuple(map(str, published)), user=user)
        return verify(request, silent()).state

    assert judged((own, beside), ()) is State.UNDECIDED
    assert judged((own,), (beside,)) is State.VERIFIED
    assert judged((own, beside), (beside,)) is State.VERIFIED


@pytest.fixture
def proof(tmp_path: Path) -> str:
    path = tmp_path / "proof.json"
    path.write_bytes(_TREE.bytes_of(3))
    return str(path)


_TREE = plain_trees.mazars(Random(8), 9)
_PAGES = {"page/index.html": f"<b>{_TREE.root}</b>", "page/script.js": f"integrity = '{'5e' * 32}'"}


def _folder(place: Path, pages: dict[str, str]) -> Path:
    for name, text in pages.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def _zip(place: Path, pages: dict[str, str]) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for name, text in pages.items():
            archive.writestr(name, text)
    return place


def _tar(place: Path, pages: dict[str, str]) -> Path:
    with tarfile.open(place, "w:gz") as archive:
        for name, text in pages.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return place


def _judged(proof: str, *published: Path) -> Verdict:
    return verify(VerifyRequest(files=(proof,), published=tuple(map(str, published))), silent())


@pytest.mark.parametrize("pack", [_folder, _zip, _tar])
def test_a_folder_or_archive_is_one_thing_the_root_must_stand_in(
    pack: Callable[[Path, dict[str, str]], Path], proof: str, tmp_path: Path
) -> None:
    whole = pack(tmp_path / "saved", _PAGES)
    assert _judged(proof, whole).state is State.VERIFIED
    other = pack(tmp_path / "other", {name: text for name, text in _PAGES.items() if "script" in name})
    assert _judged(proof, other).state is State.FAILED
    # Two things given are two: the one that names another root is not made up for by the one that names this root.
    assert _judged(proof, whole, other).state is State.FAILED


def test_single_pages_that_name_other_roots_each_fail(proof: str, tmp_path: Path) -> None:
    place = _folder(tmp_path / "saved", _PAGES)
    assert _judged(proof, place / "page/index.html", place / "page/script.js").state is State.FAILED


def test_a_case_file_keeps_which_pages_were_one_thing(proof: str, tmp_path: Path) -> None:
    whole = _folder(tmp_path / "saved", _PAGES)
    page, script = (str(whole / name) for name in _PAGES)
    case, parts = str(tmp_path / "a.reserves"), str(tmp_path / "b.reserves")
    assert main(["report", proof, "--published", str(whole), "--out", case]) == 0
    assert main(["verify", case, "--published", case]) == 0
    assert main(["check-report", case]) == 0
    assert main(["report", proof, "--published", page, "--published", script, "--out", parts]) == 1
    assert main(["verify", parts, "--published", parts]) == 1
    assert main(["check-report", parts]) == 0
