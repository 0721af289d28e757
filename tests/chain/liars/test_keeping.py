"""What is kept from run to run: nothing that may change, nothing that failed, nothing secret."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reserves_gui import limits
from reserves_gui.chain.cache import Cache
from reserves_gui.services.probed import CACHE_FILE, forget_kept
from reserves_gui.verdict import State
from tests.chain.faults import Fault
from tests.chain.honest import HONEST, LOWER, NOW, TOP
from tests.chain.honest.bitcoin import ALICE, bitcoind, small_chain
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.liars.kit import Seen, hosts, look
from tests.chain.liars.lies import one_off
from tests.chain.servers import Town, serving

# Solana's slots have no hashes, so there is nothing a figure could be bound to.
_KEPT = [kind for kind in HONEST if kind != "solana"]


@pytest.fixture(autouse=True)
def _shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chains of these tests are short."""
    monkeypatch.setattr(limits, "DEEP_BLOCK", 3)
    monkeypatch.setattr(limits, "DEEP_TRANSACTION", 2)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache(tmp_path / CACHE_FILE)) as made:
        yield made


def _look(kind: str, found: Town, folder: Path, cache: Cache, *, later: float = 0, **options: Any) -> Seen:
    """A look with the cache, ``later`` seconds after the others."""
    return look(kind, found, folder, today=NOW + 30 + later, cache_folder=folder, door={"cache": cache}, **options)


def _at(kind: str) -> dict[str, int]:
    return {HONEST[kind].chain: LOWER}


@pytest.mark.parametrize("kind", _KEPT)
def test_a_second_run_asks_only_who_the_sources_are(kind: str, tmp_path: Path, cache: Cache) -> None:
    with hosts(kind) as found:
        held = HONEST[kind].held if kind in ("evm", "evm-proof", "tron", "xrp") else {ALICE: "0.000006"}
        first = _look(kind, found, tmp_path, cache, at=_at(kind), held=held)
        assert first.state is State.VERIFIED, first.failures
        second = _look(kind, found, tmp_path, cache, at=_at(kind), held=held, later=20)
    assert second.state is State.VERIFIED
    assert len(second.sent) < len(first.sent)
    asked = b" ".join(one.body + one.target.encode() for one in second.sent)
    for address in held:
        assert address.encode() not in asked
        assert address.lower().removeprefix("0x").encode() not in asked
    before, after = (run.verdict.extra["observations"] for run in (first, second))
    assert [one["kept"] for one in before] == [False] * len(before)  # type: ignore[attr-defined]
    assert [one["kept"] for one in after] == [True] * len(after)  # type: ignore[attr-defined]
    assert [one["asked_at"] for one in after] == [one["asked_at"] for one in before]  # type: ignore[attr-defined]
    assert [note.key for note in second.verdict.notes if note.key == "balances.kept"]
    assert [note.args["count"] for note in second.verdict.notes if note.key == "balances.kept"] == [len(after)]  # type: ignore[arg-type]


_TIPS = {
    "esplora": "blocks/tip/height",
    "electrum": "headers.subscribe",
    "bitcoind": "getbestblockhash",
    "evm": "eth_blockNumber",
    "evm-proof": "eth_blockNumber",
    "tron": "getnowblock",
    "xrp": '"ledger_index":"validated"',
}


@pytest.mark.parametrize("kind", _TIPS)
def test_the_newest_block_is_asked_for_again_after_ten_seconds(kind: str, tmp_path: Path, cache: Cache) -> None:
    def tips(run: Seen) -> int:
        return sum(_TIPS[kind].encode() in one.body + one.target.encode() for one in run.sent)

    with hosts(kind) as found:
        options = {"at": _at(kind), "held": HONEST[kind].held, "names": ("honest",)}
        runs = [_look(kind, found, tmp_path, cache, later=later, **options) for later in (0, 10, 11, 40, 25)]
    # A time before the one it was asked at is none at which it is known.
    assert [tips(run) > 0 for run in runs] == [True, False, True, True, True]


@pytest.mark.parametrize("kind", [*_KEPT, "solana"])
def test_what_failed_is_asked_again(kind: str, tmp_path: Path, cache: Cache) -> None:
    held = dict.fromkeys(HONEST[kind].held, "0")
    with hosts(kind) as found:
        for fault in (Fault(drop=True), Fault(body=b"{]"), Fault(body=b"[]")):
            found["liar"].faults[:] = [fault]
            seen = _look(kind, found, tmp_path, cache, at=_at(kind), held=held, later=20)
            assert seen.source("liar")["problem"]
        assert not [key for key, _ in cache.entries() if "liar" in key]
        found["liar"].faults.clear()
        seen = _look(kind, found, tmp_path, cache, at=_at(kind), held=held, later=40)
    assert seen.source("liar")["problem"] is None
    assert seen.rows == {"agree": len(held)} or seen.rows.get("agree")


@pytest.mark.parametrize("kind", _KEPT)
def test_what_is_not_deep_is_not_kept(kind: str, tmp_path: Path, cache: Cache) -> None:
    held = dict.fromkeys(HONEST[kind].held, "0")
    with hosts(kind) as found:
        _look(kind, found, tmp_path, cache, at={HONEST[kind].chain: TOP - 1}, held=held)
    kinds = {key.split("\x1f")[0] for key, _ in cache.entries()}
    assert not kinds & {"balance", "block"}


def test_rubbish_in_the_cache_is_asked_for_again(tmp_path: Path, cache: Cache) -> None:
    for kind in ("electrum", "esplora-pages", "evm"):
        options = {"at": _at(kind), "held": dict.fromkeys(HONEST[kind].held, "0")}
        with hosts(kind) as found:
            first = _look(kind, found, tmp_path, cache, **options)
            kept = list(cache.entries())
            assert kept
            for key, _ in kept:
                cache.put(key, "rub\nbish 1 2", source="", asked_at="never")
            second = _look(kind, found, tmp_path, cache, later=20, **options)
        assert second.rows == first.rows
        assert second.state is first.state


def test_of_an_own_node_nothing_is_kept(tmp_path: Path, cache: Cache) -> None:
    from reserves_gui.progress import Progress
    from reserves_gui.services.balances import BalancesRequest, observe_balances

    path = tmp_path / "wallets.csv"
    path.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{ALICE},0.000006\n", encoding="utf-8")
    with serving(Facade(small_chain(tip_time=NOW))) as server:
        source = f"esplora+{server.url}"
        request = BalancesRequest(files=(str(path),), sources=(source,), at={"bitcoin": LOWER}, cache_folder=tmp_path)
        verdict = observe_balances(request, Progress())
    assert verdict.state is State.VERIFIED
    assert list(cache.entries()) == []


def test_no_password_and_no_key_of_a_source_enters_the_cache(tmp_path: Path, cache: Cache) -> None:
    """User and password of a node, and keys in the path and the query of a provider's address."""
    import sqlite3

    from reserves_gui.progress import Progress
    from reserves_gui.services.balances import BalancesRequest, observe_balances
    from tests.chain.liars.kit import Skipping

    secrets = ("hunter2secret", "v3-0123456789abcdef", "k3yINqu3ry")
    clock = Skipping(NOW + 30)
    for kind, source in (
        ("bitcoind", "bitcoind+http://somebody:hunter2secret@honest.onion"),
        ("evm", "evm+http://honest.onion/v3-0123456789abcdef?key=k3yINqu3ry"),
        ("evm-proof", "evm-proof+http://honest.onion/v3-0123456789abcdef"),
    ):
        honest = HONEST[kind]
        path = tmp_path / "wallets.csv"
        rows = "".join(f"{honest.chain},{honest.coin},{address},0\n" for address in honest.held)
        path.write_text(f"chain,asset,address,amount\n{rows}", encoding="utf-8")
        with hosts(kind) as found:
            from reserves_gui.chain.transport import Transport

            request = BalancesRequest(
                files=(str(path),), sources=(source,), at=_at(kind), cache_folder=tmp_path, proxy=found.proxy
            )
            observe_balances(
                request, Progress(), door=lambda policy: Transport(policy, clock=clock.clock(), cache=cache)
            )
    with closing(sqlite3.connect(tmp_path / CACHE_FILE)) as connection:
        stored = "\n".join(str(row) for row in connection.execute("SELECT * FROM kept"))
    assert "balance" in stored
    assert not [secret for secret in secrets if secret in stored]
    raw = b"".join(path.read_bytes() for path in tmp_path.glob(f"{CACHE_FILE}*"))
    assert not [secret for secret in secrets if secret.encode() in raw]


def _payments() -> MemoryLedger:
    """Sixty payments of 10 to Alice, one a block; the newest block is as old as those of the others."""
    made = MemoryLedger(start=NOW - 600 * 65)
    made.mine(count=2)
    for _ in range(60):
        made.mine((ALICE, 10))
    made.mine(count=3)
    return made


def _pages(run: Seen) -> list[str]:
    return [one.target.rpartition("/txs/chain")[2] for one in run.sent if "/txs/chain" in one.target]


def test_pages_of_old_transactions_are_asked_for_once(tmp_path: Path, cache: Cache) -> None:
    ledger = _payments()
    with hosts("esplora", liar=lambda: Facade(ledger, summary=False)) as found:
        first, second = (
            _look("esplora", found, tmp_path, cache, held={ALICE: "0"}, names=("liar",), at={"bitcoin": height})
            for height in (5, 4)
        )
    assert [page != "" for page in _pages(first)] == [False, True, True]
    assert _pages(second) == [""]
    amounts = [run.told("liar", ALICE)["amount"] for run in (first, second)]
    assert amounts == ["0.0000003", "0.0000002"]


def test_pages_that_no_longer_fit_are_forgotten(tmp_path: Path, cache: Cache) -> None:
    """Whoever once left a transaction out is not held to it for ever."""
    ledger = _payments()
    with hosts("esplora", liar=lambda: Facade(ledger, summary=False)) as found:
        options: dict[str, Any] = {"held": {ALICE: "0"}, "names": ("liar",)}
        found["liar"].faults.append(Fault("/txs/chain/", change=lambda page: page[1:]))
        _look("esplora", found, tmp_path, cache, at={"bitcoin": 30}, **options)
        assert [key for key, _ in cache.entries() if key.startswith("page")]
        found["liar"].faults.clear()
        # The whole walk shows that something is missing; what was kept goes, and the next run asks for it.
        wrong = _look("esplora", found, tmp_path, cache, at={"bitcoin": 1}, **options)
        assert wrong.why("liar") == {"chain.history_sum"}
        right = _look("esplora", found, tmp_path, cache, at={"bitcoin": 1}, **options)
    assert right.told("liar", ALICE)["amount"] == "0"


def test_transactions_and_headers_of_electrum_are_asked_for_once(tmp_path: Path, cache: Cache) -> None:
    with hosts("electrum") as found:
        options: dict[str, Any] = {"held": {ALICE: "0"}, "names": ("honest",)}
        first = _look("electrum", found, tmp_path, cache, at={"bitcoin": 9}, **options)
        second = _look("electrum", found, tmp_path, cache, at={"bitcoin": 8}, later=20, **options)

    def counted(run: Seen, method: bytes) -> int:
        return sum(method in one.body for one in run.sent)

    for method in (b"transaction.get", b"get_merkle"):
        assert counted(first, method) > 0
        assert counted(second, method) == 0
    # The newest three and one that was not needed before.
    assert counted(second, b"block.header") < counted(first, b"block.header")
    assert second.told("honest", ALICE)["amount"] == "0.000005"


def test_a_summary_that_was_offered_is_not_tried_again_for_a_day(tmp_path: Path, cache: Cache) -> None:
    def tried(run: Seen) -> int:
        return sum("max_txs=1" in one.target for one in run.sent)

    with hosts("esplora") as found:
        options: dict[str, Any] = {"held": {ALICE: "0"}, "names": ("honest",)}
        runs = [
            _look("esplora", found, tmp_path, cache, at={"bitcoin": height}, later=later, **options)
            for height, later in ((9, 0), (8, 23 * 3600), (7, 25 * 3600))
        ]
    assert [tried(run) for run in runs] == [1, 0, 1]


def test_the_block_of_a_time_is_searched_for_once(tmp_path: Path, cache: Cache) -> None:
    moment = NOW - 600 * 12 + 5
    with hosts("esplora") as found:
        options: dict[str, Any] = {"held": {ALICE: "0"}, "moment": moment, "names": ("honest",)}
        first = _look("esplora", found, tmp_path, cache, **options)
        second = _look("esplora", found, tmp_path, cache, later=20, **options)
    assert first.verdict.snapshot.height == second.verdict.snapshot.height
    assert [key for key, _ in cache.entries() if key.startswith("height")]
    assert sum("block" in one.target for one in second.sent) < sum("block" in one.target for one in first.sent) / 2


_BALANCE_PLACES = {kind: one_off(kind, 1) for kind in ("esplora", "electrum", "bitcoind", "evm", "tron", "xrp")}


def _observed(seen: Seen, name: str) -> list[tuple[str, bool]]:
    """What a host said of each address, and whether it had said so in an earlier run."""
    told = seen.verdict.extra["observations"]
    return [(one["amount"], one["kept"]) for one in told if f"//{name}.onion" in one["source"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", _BALANCE_PLACES)
def test_an_old_answer_that_others_contradict_is_asked_for_again(kind: str, tmp_path: Path, cache: Cache) -> None:
    options = {"at": _at(kind), "held": dict.fromkeys(HONEST[kind].held, "0")}
    with hosts(kind) as found:
        found["liar"].faults[:] = [_BALANCE_PLACES[kind]]
        wrong = _look(kind, found, tmp_path, cache, names=("liar",), **options)
        found["liar"].faults.clear()
        right = _look(kind, found, tmp_path, cache, later=20, **options)
        assert set(right.rows) == {"agree"}
        before, after = _observed(wrong, "liar"), _observed(right, "liar")
        # Only what was wrong was asked for again.
        assert [kept for _, kept in after] == [
            amount == old for (amount, _), (old, _) in zip(after, before, strict=True)
        ]
        assert not all(kept for _, kept in after)
        third = _look(kind, found, tmp_path, cache, later=40, **options)
    assert set(third.rows) == {"agree"}
    assert all(kept for _, kept in _observed(third, "liar"))


def test_an_old_name_of_a_block_that_others_contradict_is_asked_for_again(tmp_path: Path, cache: Cache) -> None:
    chain = small_chain(tip_time=NOW)
    other = small_chain(tip_time=NOW, fork=b"other")
    with hosts("bitcoind", liar=lambda: bitcoind(other)) as found:
        first = _look("bitcoind", found, tmp_path, cache, names=("liar",), at=_at("bitcoind"))
    assert first.rows == {"single_source": 2}
    with hosts("bitcoind", liar=lambda: bitcoind(chain), honest=lambda: bitcoind(chain)) as found:
        second = _look("bitcoind", found, tmp_path, cache, later=20, at=_at("bitcoind"))
    assert set(second.rows) == {"agree"}
    assert second.alarms == []


def test_a_source_that_stays_with_what_it_said_is_shown_to_differ(tmp_path: Path, cache: Cache) -> None:
    options = {"at": _at("evm"), "held": dict.fromkeys(HONEST["evm"].held, "0")}
    with hosts("evm", one_off("evm", 1)) as found:
        _look("evm", found, tmp_path, cache, names=("liar",), **options)
        seen = _look("evm", found, tmp_path, cache, later=20, **options)
    assert "differ" in seen.rows
    assert not any(kept for _, kept in _observed(seen, "liar"))


def test_fresh_answers_are_asked_for_and_take_the_place_of_old_ones(tmp_path: Path, cache: Cache) -> None:
    options = {"at": _at("evm"), "held": dict.fromkeys(HONEST["evm"].held, "0"), "names": ("liar",)}
    with hosts("evm") as found:
        found["liar"].faults[:] = [one_off("evm", 1)]
        wrong = _look("evm", found, tmp_path, cache, **options)
        found["liar"].faults.clear()
        right = _look("evm", found, tmp_path, cache, later=20, fresh=True, **options)
        third = _look("evm", found, tmp_path, cache, later=40, **options)
    assert not any(kept for _, kept in _observed(right, "liar"))
    amounts = [[amount for amount, _ in _observed(one, "liar")] for one in (wrong, right, third)]
    assert amounts[0] != amounts[1] == amounts[2]
    assert all(kept for _, kept in _observed(third, "liar"))


def test_a_fresh_cache_gives_out_only_what_was_kept_since(tmp_path: Path, cache: Cache) -> None:
    for key in ("one", "other"):
        cache.put(key, "old", source="", asked_at="")
    with closing(Cache(tmp_path / CACHE_FILE, fresh=True)) as fresh:
        assert fresh.get("one") is None
        fresh.put("one", "new", source="", asked_at="")
        assert (fresh.get("one"), fresh.get("other")) == (("new", "", ""), None)
    assert dict(cache.entries()) == {"one": "new", "other": "old"}


def test_all_that_is_kept_can_be_forgotten(tmp_path: Path, cache: Cache) -> None:
    assert forget_kept(tmp_path / "nowhere") == 0
    assert not (tmp_path / "nowhere").exists()
    with hosts("evm") as found:
        _look("evm", found, tmp_path, cache, at=_at("evm"), held=dict.fromkeys(HONEST["evm"].held, "0"))
    count = len(list(cache.entries()))
    assert forget_kept(tmp_path) == count > 0
    assert list(cache.entries()) == []
