"""What the store remembers: a root kept from elsewhere counts, one kept from a proof does not, and keys of other rounds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredKey, StoredSnapshot
from reserves_gui.messages import say
from reserves_gui.progress import silent
from reserves_gui.publishers.port import KeptKey
from reserves_gui.services.examples import FIRST, example
from reserves_gui.services.history_add import snapshot_of
from reserves_gui.services.keeping import open_store
from reserves_gui.services.kept import remembered
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.verdict import Check, Claim, Outcome, State, SumBinding


def _answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return dict(json.loads(capsys.readouterr().out.strip().splitlines()[-1]))


@pytest.fixture
def db(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "store.sqlite")


def _add(db: str, *more: str) -> None:
    files = example(FIRST).files
    words = ["history", "add", *files, "--exchange", "Northsea", "--time", "2026-10-31", "--db", db, "--json", *more]
    assert main(words) in (0, 3)


def _root_match(answer: dict[str, object]) -> dict[str, str]:
    claims = answer["claims"]
    assert isinstance(claims, list)
    (check,) = [one for claim in claims for one in claim["checks"] if one["id"] == "root.match"]
    return dict(check)


def test_a_root_kept_from_elsewhere_is_a_published_root(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = example(FIRST)
    _add(db, *(word for path in shown.published for word in ("--published", path)))
    capsys.readouterr()
    assert main(["verify", *shown.files, "--db", db, "--json"]) == 0
    match = _root_match(_answer(capsys))
    assert match["outcome"] == "passed"
    assert "--published" in match["reason"]


def test_a_root_kept_from_the_proof_itself_proves_nothing(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    _add(db)
    capsys.readouterr()
    assert main(["verify", *example(FIRST).files, "--db", db, "--json"]) == 3
    assert _root_match(_answer(capsys))["outcome"] == "not_checked"


def test_a_key_that_only_lay_beside_the_proofs_is_not_remembered() -> None:
    held = Check("proof.groth16", Outcome.PASSED, say("zkmerkle.proof_ok", count=1))
    named = [{"name": "a.vk", "sha256": "aa", "used": True}, {"name": "b.vk", "sha256": "bb", "used": False}]
    seen = verify(VerifyRequest(files=example(FIRST).files), silent())
    judged = replace(seen, claims=(Claim("proof", (held,)),), extra={"keys": named})
    assert snapshot_of(judged, "Northsea", 0, "proof").keys == (StoredKey(name="a.vk", sha256="aa"),)


def test_another_root_kept_for_the_same_snapshot_fails(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = example(FIRST)
    seen = verify(VerifyRequest(files=shown.files), silent())
    with open_store(db) as store:
        store.add_snapshot(
            StoredSnapshot(
                exchange=seen.exchange,
                snapshot=seen.snapshot.id,
                time=None,
                height=None,
                format=seen.format,
                root="ab" * 32,
                root_source="https://northsea.example/reserves",
                file_sha256=None,
                binding=SumBinding.SUM_ONLY,
                verdict=State.VERIFIED,
                keys=(StoredKey(name="a.vk", sha256="cd" * 32),),
            )
        )
        assert store.snapshots()[0].keys == (StoredKey(name="a.vk", sha256="cd" * 32),)
        assert store.integrity() is None
    published = [word for path in shown.published for word in ("--published", path)]
    assert main(["verify", *shown.files, *published, "--db", db, "--json"]) == 1
    match = _root_match(_answer(capsys))
    assert (match["outcome"], match["expected"], match["seen"]) == ("failed", "ab" * 32, seen.root)
    assert remembered(seen.format, db).keys == (KeptKey("a.vk", "cd" * 32, "ab" * 32),)
