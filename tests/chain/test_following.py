"""Headers followed from a known block: what is kept, what is asked again, and what is left out and said."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from reserves_gui import limits
from reserves_gui.chain import checkpoints as known_blocks
from reserves_gui.chain.bitcoin_wire import read_header
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.chains import Work, chains
from reserves_gui.chain.checkpoints import Checkpoint, hold_to_checkpoint
from reserves_gui.chain.following import Follower
from reserves_gui.chain.port import Speaker
from reserves_gui.chain.standing import Identified
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from tests.chain.ledger import GENESIS, MemoryLedger

_CHAIN = replace(chains()["bitcoin"], identity=GENESIS, easiest_bits=0)
_PUBLIC = Speaker(name="tcp://public.example:50001", operator="public.example")


@dataclass
class _Server:
    ledger: MemoryLedger
    asked: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, start: int, count: int) -> Sequence[bytes]:
        self.asked.append((start, count))
        return self.ledger.headers[start : start + count]


@pytest.fixture
def server() -> _Server:
    made = MemoryLedger()
    made.mine(count=300)
    return _Server(made)


@pytest.fixture
def cache() -> Cache:
    return Cache()


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch, server: _Server) -> None:
    _know(monkeypatch, 20, server.ledger.hashes[20])


def _know(monkeypatch: pytest.MonkeyPatch, height: int, block_hash: str) -> None:
    row = Checkpoint(chain="bitcoin", genesis=GENESIS, height=height, hash=block_hash)
    monkeypatch.setattr(known_blocks, "checkpoints", lambda: (row,))


def _follow(
    server: _Server, cache: Cache, *, speaker: Speaker = _PUBLIC, found: Identified | None = None
) -> str | None:
    follower = Follower(found or Identified(_CHAIN), speaker, server, cache, lambda: "2026-11-27T00:00:00Z")
    tip = server.ledger.tip()
    note = follower.follow(tip, read_header(server.ledger.headers[tip]), Progress())
    return None if note is None else note.key


def test_the_next_run_goes_on_a_hundred_blocks_below_the_newest(server: _Server, cache: Cache) -> None:
    assert _follow(server, cache) is None
    assert server.asked == [(20, 281)]
    ((key, value),) = cache.entries()
    assert value == f"200 {server.ledger.hashes[200]}"
    assert "headers" in key
    server.asked.clear()
    server.ledger.mine(count=5)
    assert _follow(server, cache) is None
    assert server.asked == [(200, 1), (200, 106)]


def test_a_kept_block_that_is_gone_means_from_the_known_one_again(server: _Server, cache: Cache) -> None:
    _follow(server, cache)
    server.ledger = MemoryLedger(salt="other")
    server.ledger.mine(count=300)
    with pytest.raises(ReservesError) as caught:
        _follow(server, cache)
    assert caught.value.message.key == "chain.header_hash"
    assert server.asked[-1] == (20, 281)


@pytest.mark.parametrize("kept", ["", "x y", "200", "-3 ab", f"19 {'ab' * 32}", f"5000 {'ab' * 32}"])
def test_rubbish_that_was_kept_is_no_start(kept: str, server: _Server, cache: Cache) -> None:
    key = f"headers\x1f{_PUBLIC.name}\x1fbitcoin"
    cache.put(key, kept, source=_PUBLIC.name, asked_at="")
    assert _follow(server, cache) is None
    assert server.asked == [(20, 281)]


def test_what_is_too_far_back_is_left_out_and_said(
    server: _Server, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HEADERS_FOLLOWED", 200)
    assert _follow(server, cache) == "chain.headers_gap"
    assert server.asked == [(300 - limits.HEADERS_UNLINKED, limits.HEADERS_UNLINKED + 1)]
    assert list(cache.entries()) == []


def test_own_nodes_test_chains_and_unknown_chains_are_not_followed(server: _Server, cache: Cache) -> None:
    for speaker, found in (
        (replace(_PUBLIC, own=True), Identified(_CHAIN)),
        (_PUBLIC, Identified(_CHAIN, test=True)),
        (_PUBLIC, Identified(replace(_CHAIN, identity="ab" * 32))),
        (_PUBLIC, Identified(chains()["dash"])),
        (_PUBLIC, Identified(replace(_CHAIN, work=Work.NONE))),
    ):
        assert _follow(server, cache, speaker=speaker, found=found) is None
    assert server.asked == []


def test_a_chain_that_ends_below_the_known_block_is_left_to_its_age(
    server: _Server, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    _know(monkeypatch, 301, "ab" * 32)
    assert _follow(server, cache) is None
    assert server.asked == []


def test_the_code_of_a_refused_chain_is_the_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    _know(monkeypatch, 20, "ab" * 32)
    with pytest.raises(ReservesError) as caught:
        hold_to_checkpoint(Identified(_CHAIN), 300, lambda height: "cd" * 32, _PUBLIC)
    assert caught.value.code is ErrorCode.SOURCE_WRONG_CHAIN
    hold_to_checkpoint(Identified(_CHAIN), 300, lambda height: "ab" * 32, _PUBLIC)
    hold_to_checkpoint(Identified(_CHAIN), 19, lambda height: "cd" * 32, _PUBLIC)
    hold_to_checkpoint(Identified(_CHAIN), 300, lambda height: "cd" * 32, replace(_PUBLIC, own=True))
