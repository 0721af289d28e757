"""Balances from Esplora servers, honest and not."""

from collections.abc import Callable
from typing import Any

import pytest

from reserves_gui.chain.esplora import Esplora
from reserves_gui.chain.port import How, Observation, Seen, Standing
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import ALICE, BOB, BTC, CAROL, account, open_door
from tests.chain.ledger import Facade, MemoryLedger, sha256d
from tests.chain.servers import Fault, Server, serving


def _observe(server: Server, height: int, *names: str, allowance: int | None = None) -> list[Observation]:
    door = open_door(server.url)
    source = Esplora(server.url, door.transport, allowance=allowance)
    source.probe([], Progress())
    at = source.block(height, Progress())
    return list(source.observe(BTC, [account(name) for name in names], at, Progress()))


def _probe(server: Server) -> Standing:
    door = open_door(server.url)
    return Esplora(server.url, door.transport).probe([], Progress())


@pytest.mark.parametrize("summary", [True, False], ids=["summary", "pages"])
@pytest.mark.parametrize(
    ("height", "alice", "bob", "carol"),
    [
        (119, 400, 700, 600),
        (91, 400, 700, 600),
        (90, 300, 0, 600),
        (71, 300, 0, 600),
        (70, 500, 0, 600),
        (40, 500, 0, 300),
        (0, 0, 0, 0),
    ],
)
def test_a_past_balance_is_the_present_one_walked_back(
    ledger: MemoryLedger, summary: bool, height: int, alice: int, bob: int, carol: int
) -> None:
    with serving(Facade(ledger, summary=summary)) as server:
        seen = _observe(server, height, ALICE, BOB, CAROL)
    assert [one.amount for one in seen] == [alice, bob, carol]
    assert {(one.height, one.block_hash) for one in seen} == {(height, ledger.hash(height))}
    assert {one.how for one in seen} == {How.POINT if height == 119 else How.WALK}


def test_walking_pages_stops_at_the_height(ledger: MemoryLedger) -> None:
    ledger.mine((CAROL, 1))
    with serving(Facade(ledger, summary=False)) as server:
        assert _observe(server, 119, CAROL)[0].amount == 600
        pages = [one.path for one in server.log if "/txs/chain" in one.path]
    assert len(pages) == 1


def test_an_address_nobody_knows_holds_nothing(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger)) as server:
        seen = _observe(server, 50, "1Nobody")[0]
    assert (seen.outcome, seen.amount) == (Seen.SEEN, 0)


def test_a_height_above_the_tip_is_no_balance(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger)) as server:
        door = open_door(server.url)
        source = Esplora(server.url, door.transport)
        source.probe([], Progress())
        with pytest.raises(ReservesError) as caught:
            source.block(120, Progress())
    assert caught.value.code is ErrorCode.SOURCE_UNUSABLE


def test_an_address_over_its_allowance_is_not_retrieved_and_says_what_it_would_take(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger, summary=False)) as server:
        seen = _observe(server, 5, CAROL, ALICE, allowance=2)
    assert seen[0].outcome is Seen.UNKNOWN
    assert seen[0].reason is not None
    assert (seen[0].reason.key, seen[0].reason.args) == ("chain.budget_address", {"needed": 3})
    assert seen[1].amount == 500


def _stats(change: Callable[[dict[str, Any]], None]) -> Callable[[Any], Any]:
    def changed(answer: Any) -> Any:
        change(answer["chain_stats"])
        return answer

    return changed


_REFUSED = {
    "a float": Fault(r"^/address/\w+$", change=_stats(lambda stats: stats.update(funded_txo_sum=500.0))),
    "an exponent": Fault(
        r"^/address/\w+$", body=b'{"chain_stats":{"tx_count":1,"funded_txo_sum":5e2,"spent_txo_sum":0}}'
    ),
    "a negative sum": Fault(r"^/address/\w+$", change=_stats(lambda stats: stats.update(funded_txo_sum=-1))),
    "a text": Fault(r"^/address/\w+$", change=_stats(lambda stats: stats.update(funded_txo_sum="500"))),
    "10^30": Fault(r"^/address/\w+$", change=_stats(lambda stats: stats.update(funded_txo_sum=10**30))),
    "more spent than received": Fault(
        r"^/address/\w+$", change=_stats(lambda stats: stats.update(spent_txo_sum=10**9))
    ),
    "a missing key": Fault(r"^/address/\w+$", change=_stats(lambda stats: stats.pop("spent_txo_sum"))),
    "NaN": Fault(r"^/address/\w+$", body=b'{"chain_stats":{"tx_count":1,"funded_txo_sum":NaN,"spent_txo_sum":0}}'),
    "a doubled key": Fault(
        r"^/address/\w+$",
        body=b'{"chain_stats":{"tx_count":1,"funded_txo_sum":5,"funded_txo_sum":5,"spent_txo_sum":0}}',
    ),
    "brackets without end": Fault(r"^/address/\w+$", body=b"[" * 100_000),
    "rubbish": Fault(r"^/address/\w+$", body=b"\xff\xfe\x00"),
    "two documents": Fault(r"^/address/\w+$", body=b"{}{}"),
    "a web page": Fault(r"^/address/\w+$", body=b"<html></html>", content_type="text/html"),
    "another content type": Fault(r"^/address/\w+$", content_type="image/png"),
    "a redirect to another host": Fault(r"^/address/\w+$", redirect="https://elsewhere.example/"),
    "a redirect to a file": Fault(r"^/address/\w+$", redirect="file:///etc/passwd"),
    "a redirect to itself": Fault(r"^/address/\w+$", redirect="/blocks/tip/height"),
    "too many entries": Fault(r"^/address/\w+$", status=400),
}


@pytest.mark.parametrize("fault", _REFUSED.values(), ids=_REFUSED)
def test_an_answer_out_of_shape_is_unknown_and_never_zero(ledger: MemoryLedger, fault: Fault) -> None:
    with serving(Facade(ledger)) as server:
        server.faults.append(fault)
        seen = _observe(server, 119, ALICE)[0]
    assert (seen.outcome, seen.amount, seen.code) == (Seen.UNKNOWN, None, ErrorCode.SOURCE_UNUSABLE)
    assert seen.reason is not None


def _without_newest(page: list[Any]) -> list[Any]:
    return page[1:]


_HISTORY = {
    "a page repeated for ever": (False, Fault("/txs/chain", change=lambda page: page or page)),
    "a summary value off by one": (True, Fault("/txs/summary", change=lambda page: [{**one, "value": one["value"] + 1} for one in page])),
    "a transaction left out": (True, Fault("/txs/summary", change=_without_newest)),
    "a summary that is a web page": (True, Fault("/txs/summary", body=b"<html>", content_type="text/html")),
    "a summary that is not there": (True, Fault("/txs/summary", status=404)),
    "a summary with texts": (True, Fault("/txs/summary", change=lambda page: [{**one, "value": str(one["value"])} for one in page])),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in _HISTORY if "summary" in name or "left out" in name])
def test_a_summary_that_does_not_add_up_is_dropped_for_the_pages(ledger: MemoryLedger, name: str) -> None:
    _, fault = _HISTORY[name]
    with serving(Facade(ledger)) as server:
        server.faults.append(fault)
        seen = _observe(server, 80, ALICE, BOB)
        pages = [one.path for one in server.log if "/txs/chain" in one.path]
    assert [one.amount for one in seen] == [300, 0]
    assert pages


def test_a_page_that_repeats_itself_ends_the_walk(ledger: MemoryLedger) -> None:
    first: list[Any] = []

    def same(page: list[Any]) -> list[Any]:
        first[:] = first or page
        return first

    with serving(Facade(ledger, summary=False)) as server:
        server.faults.append(Fault("/txs/chain", change=same))
        seen = _observe(server, 5, CAROL)[0]
        pages = [one.path for one in server.log if "/txs/chain" in one.path]
    assert seen.reason is not None
    assert (seen.outcome, seen.reason.key) == (Seen.UNKNOWN, "chain.page_repeated")
    assert len(pages) == 2


def test_foreign_transactions_on_a_page_change_nothing_but_the_reconciliation(ledger: MemoryLedger) -> None:
    def foreign(page: list[Any]) -> list[Any]:
        for entry in page:
            for output in entry["vout"]:
                output["scriptpubkey"] = "6a"
        return page

    with serving(Facade(ledger, summary=False)) as server:
        server.faults.append(Fault("/txs/chain", change=foreign))
        seen = _observe(server, 0, BOB)[0]
    assert (seen.outcome, seen.reason and seen.reason.key) == (Seen.UNKNOWN, "chain.history_sum")


def test_statistics_that_change_between_two_reads_are_read_again_and_then_given_up(ledger: MemoryLedger) -> None:
    count = 0

    def moving(answer: Any) -> Any:
        nonlocal count
        count += 1
        answer["chain_stats"]["funded_txo_sum"] += count
        return answer

    with serving(Facade(ledger)) as server:
        server.faults.append(Fault(r"^/address/\w+$", change=moving))
        seen = _observe(server, 118, ALICE)[0]
    assert (seen.outcome, seen.reason and seen.reason.key) == (Seen.UNKNOWN, "chain.moving")
    assert count == 6


def test_one_change_between_two_reads_is_read_again(ledger: MemoryLedger) -> None:
    def moved(answer: Any) -> Any:
        answer["chain_stats"]["funded_txo_sum"] += 7
        return answer

    with serving(Facade(ledger)) as server:
        server.faults.append(Fault(r"^/address/\w+$", times=1, change=moved))
        seen = _observe(server, 118, ALICE)[0]
    assert seen.amount == 400


def test_a_reorganised_block_is_noticed(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger)) as server:
        door = open_door(server.url)
        source = Esplora(server.url, door.transport)
        source.probe([], Progress())
        at = source.block(100, Progress())
        ledger.hashes[100] = "ab" * 32
        seen = next(iter(source.observe(BTC, [account(ALICE)], at, Progress())))
    assert (seen.outcome, seen.reason and seen.reason.key) == (Seen.UNKNOWN, "chain.reorganised")


def test_another_genesis_is_another_chain(ledger: MemoryLedger) -> None:
    ledger.hashes[0] = "ee" * 32
    with serving(Facade(ledger)) as server, pytest.raises(ReservesError) as caught:
        _probe(server)
    assert caught.value.code is ErrorCode.SOURCE_WRONG_CHAIN


def test_an_own_server_on_a_test_chain_says_so(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger)) as server:
        standing = _probe(server)
    assert standing.chain.name == "bitcoin"
    assert [note.key for note in standing.notes][:1] == ["chain.test_chain"]
    assert standing.problem is None


def test_an_own_server_that_names_no_genesis_is_used_with_a_note(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger)) as server:
        server.faults.append(Fault("^/block-height/0$", status=404))
        standing = _probe(server)
    assert "chain.not_identified" in [note.key for note in standing.notes]


def test_headers_without_work_are_refused(ledger: MemoryLedger) -> None:
    tip = ledger.headers[-1]
    for nonce in range(1000):
        made_up = tip[:76] + nonce.to_bytes(4, "little")
        if int.from_bytes(sha256d(made_up), "little") >= 1 << 255:
            break
    ledger.headers[-1] = made_up
    ledger.hashes[-1] = sha256d(made_up)[::-1].hex()
    with serving(Facade(ledger)) as server, pytest.raises(ReservesError) as caught:
        _probe(server)
    assert caught.value.message.key == "chain.header_work"


def test_a_header_of_another_hash_is_refused(ledger: MemoryLedger) -> None:
    ledger.hashes[-1] = "cd" * 32
    with serving(Facade(ledger)) as server, pytest.raises(ReservesError) as caught:
        _probe(server)
    assert caught.value.message.key == "chain.header_hash"


def test_a_group_is_summed_inside_each_transaction(ledger: MemoryLedger) -> None:
    with serving(Facade(ledger)) as server:
        door = open_door(server.url)
        source = Esplora(server.url, door.transport)
        source.probe([], Progress())
        deltas = list(source.deltas([account(ALICE), account(BOB)], 10, Progress()))
    assert sum(one.amount for one in deltas) == 100 + 700 - 200
    assert [one.height for one in deltas] == sorted((one.height for one in deltas), reverse=True)
