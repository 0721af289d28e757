"""The cache itself: its file, its size, what is read back from it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reserves_gui import limits
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.keeping import Kept, hex_bytes, kept_parties, read_deltas, written_deltas
from reserves_gui.chain.port import Block, Delta, Party, Speaker

_PUBLIC = Speaker(name="https://public.example/api", operator="public.example")


def _kept(cache: Cache, now: str = "2026-11-27T12:00:00Z", speaker: Speaker = _PUBLIC) -> Kept:
    made = Kept(cache, speaker, lambda: now)
    made.begin("bitcoin", 1000)
    return made


def test_only_what_is_deep_enough_is_kept() -> None:
    cache = Cache()
    kept = _kept(cache)
    for height in (900, 901):
        kept.put("block", str(height), "x", height=height, deep=limits.DEEP_BLOCK)
    assert (kept.get("block", "900"), kept.get("block", "901")) == ("x", None)


def test_before_a_source_is_known_nothing_is_read_or_kept() -> None:
    cache = Cache()
    _kept(cache).put("block", "1", "x", height=1, deep=1)
    unknown = Kept(cache, _PUBLIC, lambda: "2026-11-27T12:00:00Z")
    unknown.put("block", "2", "x", height=2, deep=1)
    unknown.put_recent("tip", "", "x")
    unknown.forget("block")
    assert unknown.get("block", "1") is None
    assert len(list(cache.entries())) == 1


@pytest.mark.parametrize(("now", "known"), [("12:00:10", True), ("12:00:11", False), ("11:59:59", False)])
def test_the_newest_block_is_known_for_ten_seconds(now: str, known: bool) -> None:
    cache = Cache()
    tip, later = Block(7, "ab" * 32, 5, None), Block(8, "cd" * 32, 6, 4)
    assert _kept(cache).newest("bitcoin", lambda: tip) == tip
    found = _kept(cache, f"2026-11-27T{now}Z").newest("bitcoin", lambda: later)
    assert found == (tip if known else later)
    assert _kept(cache, f"2026-11-27T{now}Z").newest("litecoin", lambda: later) == later


@pytest.mark.parametrize("asked_at", ["", "never", "2026-11-27T12:00:00"])
def test_a_time_that_cannot_be_read_is_none(asked_at: str) -> None:
    cache = Cache()
    cache.put(f"tip\x1f{_PUBLIC.name}\x1fbitcoin\x1f", f"7 {'ab' * 32} 5 None", source="", asked_at=asked_at)
    assert _kept(cache).newest("bitcoin", lambda: Block(8, "cd" * 32)).height == 8


def test_what_was_written_is_read_again() -> None:
    deltas = [Delta("ab" * 32, 5, -7, None), Delta("cd" * 32, 4, 7, 1_700_000_000)]
    assert read_deltas(written_deltas(deltas)) == deltas
    for rubbish in (None, "", "x", f"{'ab' * 32} 5 x None", f"{'ab' * 32} 5 7 soon", f"{'ab' * 32} 5 7"):
        assert read_deltas(rubbish) is None
    assert hex_bytes("00ff") == b"\x00\xff"
    assert hex_bytes("0") is None
    assert hex_bytes(None) is None


def test_who_took_part_in_a_deep_transaction_is_asked_once() -> None:
    cache = Cache()
    parties = [Party("0x11", None, -5), Party("", b"\x51", 5)]
    asked = []

    def ask() -> list[Party]:
        asked.append(1)
        return parties

    for height, times in ((994, 1), (995, 3)):
        for _ in range(2):
            assert list(kept_parties(_kept(cache), f"{height:064x}", "", height, ask)) == parties
        assert len(asked) == times
    key = next(key for key, _ in cache.entries())
    for rubbish in ("x", "1 zz a", "one - a", "1 - a b"):
        cache.put(key, rubbish, source="", asked_at="")
        assert list(kept_parties(_kept(cache), f"{994:064x}", "", 994, ask)) == parties


def test_names_are_let_go_of_by_their_beginning() -> None:
    cache = Cache()
    kept = _kept(cache)
    for name in ("alice/1", "alice/2", "alicia", "bob"):
        kept.put("page", name, "x", height=1, deep=1)
    kept.forget("page", "alice/")
    assert [key.split("\x1f")[-1] for key, _ in cache.entries()] == ["alicia", "bob"]


def test_the_older_half_goes_when_the_file_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "chain.sqlite"
    with closing(Cache(path)) as cache:
        for number in range(400):
            cache.put(f"{number:03d}", "x" * 1000, source="", asked_at="")
    before = path.stat().st_size
    with closing(Cache(path)) as cache:
        assert len(list(cache.entries())) == 400
    monkeypatch.setattr(limits, "CACHE_BYTES", 100_000)
    with closing(Cache(path)) as cache:
        assert [key for key, _ in cache.entries()] == [f"{number:03d}" for number in range(200, 400)]
    assert path.stat().st_size < before * 0.6


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(200)])
def test_a_file_that_is_no_cache_does_no_harm(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "chain.sqlite"
    path.write_bytes(content)
    with closing(Cache(path)) as cache:
        cache.put("a", "b", source="c", asked_at="d")
        assert cache.get("a") == ("b", "c", "d")


def test_a_cache_that_was_closed_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "chain.sqlite"
    with closing(Cache(path)) as cache:
        cache.put("a", "b", source="c", asked_at="d")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == [("a", "b", "c", "d")]
