"""One call judges files: which is which, roots from elsewhere, pooling, and what is refused."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.progress import Progress, silent
from reserves_gui.services.formats import format_info, formats
from reserves_gui.services.siblings import find_siblings
from reserves_gui.services.verify import VerifyRequest, verify, verify_each
from reserves_gui.verdict import Outcome, State, Verdict

ROOT = hashlib.sha256(b"leaf").hexdigest()
pytestmark = pytest.mark.usefixtures("northsea")


def _proof(folder: Path, name: str = "proof.json", **changes: str) -> str:
    document = {"northsea": "leaf", "balance": "1.5", "root": ROOT, **changes}
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return str(folder / name)


def _root_check(verdict: Verdict) -> tuple[Outcome, str]:
    claim = verdict.claim("root")
    assert claim is not None
    check = claim.checks[-1]
    return check.outcome, check.reason.key


def _error(**request: object) -> ReservesError:
    with pytest.raises(ReservesError) as caught:
        verify(VerifyRequest(**request), silent())
    return caught.value


def test_a_third_partys_format_is_found_through_its_entry_point() -> None:
    assert "northsea-proof" in {one.id for one in formats()}
    assert format_info("northsea-proof").exchange == "Northsea"


def test_a_proof_alone_is_undecided_and_says_why(tmp_path: Path) -> None:
    verdict = verify(VerifyRequest(files=(_proof(tmp_path),)), silent())
    assert verdict.state is State.UNDECIDED
    assert [claim.state for claim in verdict.claims] == [
        State.VERIFIED,
        State.VERIFIED,
        State.UNDECIDED,
        State.UNDECIDED,
    ]
    assert _root_check(verdict) == (Outcome.NOT_CHECKED, "root.match.not_given")
    assert verdict.inputs[0].sha256 == hashlib.sha256((tmp_path / "proof.json").read_bytes()).hexdigest()


@pytest.mark.parametrize("given", [ROOT, ROOT.upper(), "0x" + ROOT, f" {ROOT}\n"])
def test_an_equal_root_from_elsewhere_verifies(given: str, tmp_path: Path) -> None:
    verdict = verify(VerifyRequest(files=(_proof(tmp_path),), roots=(given,)), silent())
    assert verdict.state is State.VERIFIED


def test_another_root_fails(tmp_path: Path) -> None:
    verdict = verify(VerifyRequest(files=(_proof(tmp_path),), roots=("0" * 64,)), silent())
    assert verdict.state is State.FAILED
    assert _root_check(verdict) == (Outcome.FAILED, "root.match.differs")


@pytest.mark.parametrize("root", ["", "xyz", "0x", "12 34", ROOT[:-1], ROOT + "0"])
def test_what_is_no_root_of_this_format_is_a_usage_error(root: str, tmp_path: Path) -> None:
    assert _error(files=(_proof(tmp_path),), roots=(root,)).code is ErrorCode.USAGE


PUBLISHED = {
    "a page with the root": (f"<p>root: {ROOT}.</p>", Outcome.PASSED),
    "upper case with prefix": (f"0X{ROOT.upper()}", Outcome.PASSED),
    "the root and others": ("f" * 64 + f"\n{ROOT}", Outcome.PASSED),
    "other hashes only": ("e" * 64, Outcome.FAILED),
    "no hash at all": ("nothing here", Outcome.NOT_CHECKED),
    "part of a longer hash": (f"a{ROOT}", Outcome.NOT_CHECKED),
    "a shorter hash": (ROOT[:40], Outcome.NOT_CHECKED),
    "far behind in a large page": ("x " * 1_200_000 + ROOT, Outcome.PASSED),
    "across a block border": ("y" * (1024 * 1024 - 30) + " " + ROOT + " tail", Outcome.PASSED),
    "a longer hash across a block border": ("y" * (1024 * 1024 - 200) + " " + "b" * 170 + ROOT, Outcome.NOT_CHECKED),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_page_is_searched_for_the_root_as_a_whole_word(name: str, tmp_path: Path) -> None:
    text, outcome = PUBLISHED[name]
    page = tmp_path / "page.html"
    page.write_text(text, encoding="utf-8")
    verdict = verify(VerifyRequest(files=(_proof(tmp_path),), published=(str(page),)), silent())
    assert _root_check(verdict)[0] is outcome


def test_the_proof_itself_is_not_from_elsewhere(tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    verdict = verify(VerifyRequest(files=(_proof(tmp_path),), published=(_proof(copy),)), silent())
    assert _root_check(verdict)[0] is Outcome.NOT_CHECKED


def test_several_proofs_are_pooled_and_a_conflict_fails_the_total(tmp_path: Path) -> None:
    files = (_proof(tmp_path, "a.json"), _proof(tmp_path, "b.json", balance="2"))
    verdict = verify(VerifyRequest(files=files, roots=(ROOT,)), silent())
    total = verdict.claim("total")
    assert total is not None
    assert total.state is State.FAILED
    assert len(verdict.proofs) == 2
    assert verdict.root == ROOT


def test_each_takes_files_one_by_one_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    files = (_proof(tmp_path, "a.json"), str(tmp_path / "bad.json"), _proof(tmp_path, "b.json"))
    outcomes = dict(verify_each(VerifyRequest(files=files), silent()))
    assert isinstance(outcomes["bad.json"], ReservesError)
    assert isinstance(outcomes["b.json"], Verdict)


def test_a_folder_and_an_archive_may_hold_other_files_a_named_file_may_not(tmp_path: Path) -> None:
    folder = tmp_path / "download"
    folder.mkdir()
    proof = _proof(folder)
    (folder / "README.txt").write_text("hello", encoding="utf-8")
    verdict = verify(VerifyRequest(files=(str(folder),)), silent())
    assert [note.key for note in verdict.notes] == ["verify.ignored"]
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(proof, "proof.json")
        archive.writestr("README.txt", "hello")
    assert verify(VerifyRequest(files=(str(tmp_path / "x.zip"),)), silent()).root == ROOT
    assert _error(files=(proof, str(folder / "README.txt"))).code is ErrorCode.FORMAT_UNRECOGNISED


def test_pasted_text_and_a_form_are_judged_like_files(tmp_path: Path) -> None:
    text = Path(_proof(tmp_path)).read_text(encoding="utf-8")
    assert verify(VerifyRequest(pasted=(text,)), silent()).root == ROOT
    assert _error(pasted=("hello",)).code is ErrorCode.FORMAT_UNRECOGNISED
    assert _error(pasted=("\ud800",)).code in {ErrorCode.FORMAT_UNRECOGNISED, ErrorCode.INPUT_ENCODING}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({}, ErrorCode.USAGE),
        ({"format": "no-such-format"}, ErrorCode.USAGE),
        ({"user": {"shoe_size": ("43",)}}, ErrorCode.USAGE),
        ({"expected": (("BTC", "1"), ("BTC", "2"))}, ErrorCode.USAGE),
        ({"expected": (("BTC", "1e5"),)}, ErrorCode.NUMBER_GRAMMAR),
    ],
)
def test_a_wrong_request_is_refused(request_: dict[str, object], code: ErrorCode, tmp_path: Path) -> None:
    files = () if not request_ else (_proof(tmp_path),)
    assert _error(**{"files": files, **request_}).code is code


def test_a_secret_never_reaches_the_verdict_or_its_repr(tmp_path: Path) -> None:
    request = VerifyRequest(files=(_proof(tmp_path),), user={"nonce": ("s3cret-nonce",)})
    assert "s3cret" not in repr(request)
    assert "s3cret" not in repr(verify(request, silent()))


def test_a_cancelled_run_claims_nothing(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        verify(VerifyRequest(files=(_proof(tmp_path),)), progress)


def test_siblings_complete_a_set_but_never_bring_another_users_proof(tmp_path: Path) -> None:
    proof = _proof(tmp_path, "mine.json")
    _proof(tmp_path, "yours.json")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert find_siblings([proof]) == ()
    anchor = tmp_path / "anchor.json"
    anchor.write_text('{"northsea_anchor": 1}', encoding="utf-8")
    assert find_siblings([proof]) == (str(anchor.resolve()),)
    (tmp_path / "anchor2.json").write_text('{"northsea_anchor": 2}', encoding="utf-8")
    assert find_siblings([proof]) == ()
