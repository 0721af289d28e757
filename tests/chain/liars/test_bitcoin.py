"""What only servers of Bitcoin-like chains can lie about: histories, headers, Merkle branches, scans."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.errors import Cancelled
from reserves_gui.progress import Progress
from reserves_gui.verdict import State
from tests.chain.faults import Answering, Fault
from tests.chain.honest import LOWER, NOW, TOP
from tests.chain.honest.bitcoin import ALICE, bitcoind, electrum, small_chain
from tests.chain.honest.payments import SPACING, Paid, Payments
from tests.chain.ledger import BITS, Facade, script_of, sha256d
from tests.chain.liars.conftest import change_bitcoin
from tests.chain.liars.kit import error, hosts, key_of, look, no_answers, put, result

_SERVED: dict[str, Callable[[Payments], Answering]] = {"esplora": Facade, "electrum": electrum, "bitcoind": bitcoind}


_SCRIPT = script_of(ALICE).hex()


def _growing(*path: str | int, after: int = 0) -> Callable[[Any], Any]:
    """The value under ``path`` is another at every look, but for the first ``after``."""
    looks: list[int] = []

    def grown(value: int) -> int:
        looks.append(value)
        return value + max(0, len(looks) - after)

    return put(*path, by=grown)


def _foreign(page: list[Any]) -> list[Any]:
    """Transactions of somebody else."""
    other = {"scriptpubkey": "6a", "scriptpubkey_address": "somebody", "value": 1}
    return [{**one, "vin": [], "vout": [other]} for one in page]


# Kind, what is wrong, the height asked for, why there is no answer. Alice's only change above LOWER is at 18.
_HISTORY = {
    "stats change at every look": ("esplora", Fault(r"^/address/\w+$", change=_growing("chain_stats", "funded_txo_sum")), LOWER, "chain.moving"),
    "a page again and again": ("esplora-pages", Fault("/txs/chain", change=lambda page: [*page, *page]), 1, "chain.page_repeated"),
    "foreign transactions on a page": ("esplora-pages", Fault("/txs/chain", change=_foreign), 1, "chain.history_sum"),
    "pages oldest first": ("esplora-pages", Fault("/txs/chain", change=lambda page: page[::-1]), 1, "chain.page_order"),
    "more transactions than counted": ("esplora-pages", Fault(r"^/address/\w+$", change=put("chain_stats", "tx_count", value=1)), 1, "chain.page_beyond_count"),
    "fewer transactions than counted": ("esplora-pages", Fault(r"^/address/\w+$", change=put("chain_stats", "tx_count", value=9)), 1, "chain.history_sum"),
    "too many entries": ("esplora-pages", Fault("/txs/chain", body=b"Too many history entries", status=400), LOWER, "chain.history_too_large"),
    "more transactions than it lists": ("electrum", Fault("get_history", change=error(1, "history too large")), LOWER, "chain.history_too_large"),
    "a tip that moves at every look": ("electrum", Fault("headers.subscribe", change=result(_growing("height", after=1))), LOWER, "chain.moving"),
    "a balance that moves at every look": ("electrum", Fault("get_balance", change=result(_growing("confirmed"))), LOWER, "chain.moving"),
    "a branch of another block": ("electrum", Fault("get_merkle", change=result(put("merkle", 0, value="ab" * 32))), LOWER, "chain.merkle_branch"),
    "a branch at another place": ("electrum", Fault("get_merkle", change=result(put("pos", value=0))), LOWER, "chain.merkle_branch"),
    "a place beyond the branch": ("electrum", Fault("get_merkle", change=result(put("pos", value=3))), LOWER, "chain.merkle_branch"),
    "a transaction in another block": ("electrum", Fault("get_history", change=result(lambda page: [{**one, "height": 19} for one in page])), LOWER, "chain.merkle_branch"),
    "another transaction": ("electrum", Fault("transaction.get$", change=result(lambda raw: raw[:-8] + "01000000")), LOWER, "chain.transaction"),
    "half a transaction": ("electrum", Fault("transaction.get$", change=result(lambda raw: raw[: len(raw) // 4 * 2])), LOWER, "chain.transaction"),
    "a transaction twice": ("electrum", Fault("get_history", change=result(lambda page: [*page, *page])), LOWER, "chain.page_repeated"),
    "a history without one payment": ("electrum", Fault("get_history", change=result(lambda page: page[::2])), 1, "chain.history_sum"),
    "a history of floats": ("electrum", Fault("get_history", change=result(put(0, "height", value=18.0))), LOWER, "chain.answer_shape"),
    "a scan without success": ("bitcoind", Fault("scantxoutset", change=result(put("success", value=False))), TOP, "chain.scan_failed"),
    "a scan of a block that is not at its height": ("bitcoind", Fault("scantxoutset", change=result(put("bestblock", value="ab" * 32))), TOP, "chain.moving"),
    "a scan at another height than its block": ("bitcoind", Fault("scantxoutset", change=result(put("height", value=TOP - 1))), LOWER, "chain.moving"),
    "a scan below the height asked for": ("bitcoind", Fault("scantxoutset", change=result(put("height", value=3))), LOWER, "chain.above_tip"),
    "a scan that does not add up": ("bitcoind", Fault("scantxoutset", change=result(put("total_amount", value=1))), TOP, "chain.scan_total"),
    "an output twice": ("bitcoind", Fault("scantxoutset", change=result(put("unspents", by=lambda found: [*found, found[0]]))), TOP, "chain.answer_shape"),
    "an output of somebody else": ("bitcoind", Fault("scantxoutset", change=result(put("unspents", 0, "scriptPubKey", value="51"))), TOP, "chain.answer_shape"),
    "a bad address": ("bitcoind", Fault("scantxoutset", change=error(-5, "Invalid address")), TOP, "chain.rpc_error"),
    "another block in between": ("bitcoind", Fault("getblock$", change=result(put("height", value=7))), LOWER, "chain.answer_shape"),
    "more spent than there was": ("bitcoind", Fault("getblock$", change=result(put("tx", 0, "vout", value=[{"value": 9, "scriptPubKey": {"hex": _SCRIPT}}]))), LOWER, "chain.walk_negative"),
}  # fmt: skip


_GROUPS = sorted({(kind, height) for kind, _, height, _ in _HISTORY.values()})


@pytest.mark.parametrize(("kind", "height"), _GROUPS)
def test_a_history_that_does_not_hold_is_no_answer(kind: str, height: int, tmp_path: Path) -> None:
    """All cases of one question at once."""
    cases = {name: case for name, case in _HISTORY.items() if (case[0], case[2]) == (kind, height)}
    seen = no_answers(
        kind,
        {name: case[1] for name, case in cases.items()},
        tmp_path,
        {name: case[3] for name, case in cases.items()},
        at={"bitcoin": height},
        held={ALICE: "0.000004"},
    )
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"single_source": 1})


def _with_a_long_history() -> Payments:
    chain = small_chain(tip_time=NOW - 60 * SPACING)
    for _ in range(60):
        chain.mine(Paid(((ALICE, 1),)))
    return chain


def _first_page() -> Callable[[Any], Any]:
    first: list[Any] = []

    def same(page: list[Any]) -> list[Any]:
        first[:] = first or page
        return first

    return same


def _second_page() -> Callable[[Any], Any]:
    """The second page again and again: the last id never changes."""
    pages: list[list[Any]] = []

    def looped(page: list[Any]) -> list[Any]:
        pages.append(page)
        return pages[min(len(pages), 2) - 1]

    return looped


@pytest.mark.parametrize(("loop", "asked"), [(_first_page, 2), (_second_page, 3)], ids=["first page", "last id"])
def test_a_loop_of_pages_is_left_at_its_first_repetition(loop: Callable[[], Any], asked: int, tmp_path: Path) -> None:
    def make() -> Answering:
        return Facade(_with_a_long_history(), summary=False)

    with hosts("esplora-pages", Fault("/txs/chain", change=loop()), honest=make) as found:
        seen = look("esplora-pages", found, tmp_path, at={"bitcoin": 1}, held={ALICE: "0.000004"})
        pages = [one for one in found["liar"].log if "/txs/chain" in one.path]
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"single_source": 1})
    assert seen.why("liar") == {"chain.page_repeated"}
    assert len(pages) == asked


def _foreign_summary(page: list[Any]) -> list[Any]:
    return [{**one, "value": one["value"] + 1} for one in page]


_SUMMARY = {
    "values off by one": Fault("/txs/summary", change=_foreign_summary),
    "one left out": Fault("/txs/summary", change=lambda page: page[1:]),
    "texts": Fault("/txs/summary", change=lambda page: [{**one, "value": str(one["value"])} for one in page]),
    "404": Fault("/txs/summary", status=404),
    "a web page": Fault("/txs/summary", body=b"<html>", content_type="text/html"),
    "a web page that says it is data": Fault("/txs/summary", body=b"<html>"),
}


@pytest.mark.parametrize("name", _SUMMARY)
def test_a_summary_that_does_not_hold_is_dropped_for_the_pages(name: str, tmp_path: Path) -> None:
    with hosts("esplora", _SUMMARY[name]) as found:
        seen = look("esplora", found, tmp_path, at={"bitcoin": LOWER}, held={ALICE: "0.000006"})
        pages = [one.path for one in found["liar"].log if "/txs/chain" in one.path]
    assert pages
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 1})


_OTHER = {
    "a page without the newest": ("esplora-pages", Fault("/txs/chain", change=lambda page: page[1:])),
    "a page of somebody else": ("esplora-pages", Fault("/txs/chain", change=_foreign)),
    "a history without the newest": ("electrum", Fault("get_history", change=result(lambda page: page[:-1]))),
    "blocks without transactions": ("bitcoind", Fault("getblock$", change=result(put("tx", value=[])))),
}


@pytest.mark.parametrize("name", _OTHER)
def test_a_walk_that_leaves_something_out_ends_at_another_figure(name: str, tmp_path: Path) -> None:
    """Who stops early cannot notice what is left out below; the other source shows it."""
    kind, fault = _OTHER[name]
    with hosts(kind, fault) as found:
        seen = look(kind, found, tmp_path, at={"bitcoin": LOWER}, held={ALICE: "0.000004"})
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"differ": 1})


# Headers -----------------------------------------------------------------------------------------------------------


def _without_work(chain: Payments) -> None:
    header, nonce = chain.headers[-1], 0
    while int.from_bytes(sha256d(header), "little") < 1 << 255:
        header, nonce = header[:76] + nonce.to_bytes(4, "little"), nonce + 1
    chain.headers[-1], chain.hashes[-1] = header, sha256d(header)[::-1].hex()


def _too_easy(chain: Payments) -> None:
    header = chain.headers[-1][:72] + (0x2100FFFF).to_bytes(4, "little") + chain.headers[-1][76:]
    chain.headers[-1], chain.hashes[-1] = header, sha256d(header)[::-1].hex()


def _other_hash(chain: Payments) -> None:
    chain.hashes[-1] = "ab" * 32


_HEADERS = {"without work": _without_work, "under another hash": _other_hash, "too easy": _too_easy}


# Electrum names no hashes: a header is what it hashes to.
_MADE_UP = [(kind, how) for kind in _SERVED for how in _HEADERS if (kind, how) != ("electrum", "under another hash")]


@pytest.mark.parametrize(("kind", "how"), _MADE_UP)
def test_a_tip_ahead_with_made_up_headers_is_refused(
    kind: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = small_chain(tip_time=NOW)
    chain.mine(count=2)
    _HEADERS[how](chain)
    if how == "too easy":
        change_bitcoin(monkeypatch, easiest_bits=BITS)
    with hosts(kind, liar=lambda: _SERVED[kind](chain)) as found:
        seen = look(kind, found, tmp_path)
    expected = "chain.header_hash" if how == "under another hash" else "chain.header_work"
    assert key_of(seen.source("liar")["problem"]) == expected
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"single_source": 2})


# Manners of single kinds ---------------------------------------------------------------------------------------------

_NOTIFICATION = b'{"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[{"height":99,"hex":""}]}\n'


def test_notifications_in_between_are_left_out(tmp_path: Path) -> None:
    with hosts("electrum", Fault(before=3 * _NOTIFICATION)) as found:
        seen = look("electrum", found, tmp_path)
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 2})


def test_notifications_do_not_lengthen_the_time_for_an_answer(tmp_path: Path) -> None:
    with hosts("electrum", Fault("get_balance", before=40 * _NOTIFICATION, bytes_per_second=2000)) as found:
        seen = look("electrum", found, tmp_path, names=("liar",), door={"answer_seconds": 0.3})
    assert seen.why("liar") == {"chain.too_slow"}


def test_a_scan_is_aborted_when_the_user_cancels(tmp_path: Path) -> None:
    progress = Progress()
    with hosts("bitcoind", Fault("scantxoutset", delay=30, times=1)) as found:

        def cancel() -> None:
            while not any("scantxoutset" in one.label for one in found["liar"].log):
                time.sleep(0.005)
            progress.cancel()

        threading.Thread(target=cancel, daemon=True).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            look("bitcoind", found, tmp_path, names=("liar",), progress=progress)
        assert time.monotonic() - started < 3
        scans = [json.loads(one.body)["params"][0] for one in found["liar"].log if "scantxoutset" in one.label]
    assert scans == ["start", "abort"]
