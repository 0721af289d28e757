"""What is kept of files and of a result that is open already, and that both write the same entry of the root log."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.alerts import Rule
from reserves_gui.progress import Progress
from reserves_gui.services import history_add
from reserves_gui.services.history_add import Added, AddRequest, add_to_history
from reserves_gui.services.judging import judge
from reserves_gui.services.keeping import open_store, read_time, readable_store, root_log
from reserves_gui.services.root_logs import verify_and_remember
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.verdict import State
from tests.encoders.keyed_tree import make
from tests.history import year
from tests.services.test_verify import ROOT

TIME = "2026-10-31"
LIST = f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},60000\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "liabilities.csv"
    path.write_bytes(make(3, 40, river=False).text())
    return path


@pytest.fixture
def keep(tree: Path) -> Callable[..., Added]:
    """Keep the tree as `reserves history add` does, or what is said instead."""

    def kept(**changes: object) -> Added:
        plain = AddRequest(files=(str(tree),), exchange="North", time=TIME)
        return add_to_history(replace(plain, **changes), Progress())

    return kept


def _opened(request: VerifyRequest) -> AddRequest:
    """What the window hands over of a result that is open."""
    judged = judge(replace(request, db=readable_store(None)), Progress())
    return AddRequest(exchange="North", time=TIME, files=request.files, verifying=request, judged=judged)


def test_a_root_that_was_seen_before_is_logged_once_however_it_comes(tree: Path, keep: Callable[..., Added]) -> None:
    open_store(None).close()
    verify_and_remember(VerifyRequest(files=(str(tree),)), Progress(), db=None)
    keep(exchange="BitMEX")
    assert len(root_log().entries) == 1
    keep(exchange="North")
    assert [one["exchange"] for one in root_log().entries] == ["BitMEX", "North"]


def test_what_failed_is_kept_and_its_root_is_none_that_was_seen(tree: Path, keep: Callable[..., Added]) -> None:
    tree.write_bytes(tree.read_bytes().replace(b",6171944360041", b",6171944360040", 1))
    assert keep().state is State.FAILED
    assert root_log().entries == ()


def test_another_root_in_the_log_is_said(tree: Path, keep: Callable[..., Added]) -> None:
    keep()
    tree.write_bytes(make(4, 40, river=False).text())
    found = keep(exchange="north")
    assert [one.key for one in found.notes].count("log.other_root") == 1
    assert found.alerts == ()


def test_an_open_result_is_kept_as_its_files_would_be_and_not_verified_again(
    tree: Path, keep: Callable[..., Added], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = _opened(VerifyRequest(files=(str(tree),)))

    def never(*_: object) -> object:
        raise AssertionError("verified again")

    with monkeypatch.context() as patched:
        patched.setattr(history_add, "verify", never)
        first = add_to_history(opened, Progress())
    assert [(one.kind, one.known) for one in first.kept] == [("snapshot", False)]
    assert [(one.id, one.known) for one in keep().kept] == [(first.kept[0].id, True)]


@pytest.mark.usefixtures("northsea")
def test_an_open_result_that_the_store_contradicted_is_judged_without_it_and_raises_the_alert(tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    proof.write_text(json.dumps({"northsea": "leaf", "balance": "1", "root": ROOT}), encoding="utf-8")
    other = replace(year.snapshot(1, "5"), format="northsea-proof", snapshot="s1", time=read_time(TIME), root="ab" * 32)
    with open_store(None) as store:
        store.add_snapshot(other)
    opened = _opened(VerifyRequest(files=(str(proof),)))
    assert opened.judged is not None
    assert opened.judged.state is State.FAILED
    found = add_to_history(replace(opened, exchange=other.exchange), Progress())
    assert found.state is not State.FAILED
    assert [one.rule for one in found.alerts] == [Rule.ROOT_CONFLICT]


@pytest.mark.parametrize("pasted", [False, True])
def test_an_open_wallet_list_is_kept(tmp_path: Path, pasted: bool) -> None:
    path = tmp_path / "wallets.csv"
    path.write_text(LIST, encoding="utf-8")
    request = VerifyRequest(pasted=(LIST,)) if pasted else VerifyRequest(files=(str(path),))
    found = add_to_history(_opened(request), Progress())
    assert [(one.kind, one.entries) for one in found.kept] == [("list", 1)]
    with open_store(None) as store:
        assert [one.address for one in store.lists("North")[0].wallets] == [year.COLD]


def test_nothing_at_hand_is_refused() -> None:
    with pytest.raises(ReservesError) as caught:
        add_to_history(AddRequest(exchange="North", time=TIME), Progress())
    assert caught.value.code is ErrorCode.USAGE
