"""The append-only root log: RFC 6962 hashing, proofs, and a fork that is found."""

import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.trust import merkle_log
from reserves_gui.trust.root_log import HEAD_NAME, LOG_NAME, LogEntry, RootLog, parse_checkpoint

TWO = "74ef9a5374cd1dbea5b451ac3141d2bb380b46c53ea412cdf139900b4f7e1422"
THREE = "745dce0c223010d103d8a8743d73dd26e3ba012049a53aaaeceeb21c0e90e140"


def _entry(root: str, snapshot: str = "s1", seen_at: str = "2026-10-31T00:00:00Z") -> LogEntry:
    return LogEntry(
        exchange="Northsea", snapshot=snapshot, format="f", root=root, totals={"BTC": "1.5"}, source="paste", file_sha256=None, seen_at=seen_at,
    )  # fmt: skip


def _recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _recursive_root(leaves[:k]) + _recursive_root(leaves[k:])).digest()


def test_known_roots() -> None:
    leaves = [merkle_log.leaf_hash(b'{"n":%d}' % number) for number in (1, 2, 3)]
    assert merkle_log.root_hash(leaves[:2]).hex() == TWO
    assert merkle_log.root_hash(leaves).hex() == THREE


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_follows_the_definition(entries: list[bytes]) -> None:
    leaves = [merkle_log.leaf_hash(entry) for entry in entries]
    assert merkle_log.root_hash(leaves) == _recursive_root(leaves)


def test_every_inclusion_proof_verifies_and_every_other_place_does_not() -> None:
    leaves = [merkle_log.leaf_hash(bytes([number])) for number in range(20)]
    for size in range(1, 21):
        root = merkle_log.root_hash(leaves[:size])
        for index in range(size):
            proof = merkle_log.inclusion_proof(index, leaves[:size])
            for claimed in range(size):
                held = merkle_log.verify_inclusion(index=claimed, size=size, leaf=leaves[index], proof=proof, root=root)
                assert held is (claimed == index)
            assert not merkle_log.verify_inclusion(
                index=index, size=size, leaf=leaves[index], proof=[*proof, root], root=root
            )


def test_every_consistency_proof_verifies_and_a_changed_one_does_not() -> None:
    leaves = [merkle_log.leaf_hash(bytes([number])) for number in range(17)]
    for new in range(1, 18):
        for old in range(1, new + 1):
            proof = merkle_log.consistency_proof(old, leaves[:new])
            facts = {
                "old_size": old,
                "new_size": new,
                "old_root": merkle_log.root_hash(leaves[:old]),
                "new_root": merkle_log.root_hash(leaves[:new]),
            }
            assert merkle_log.verify_consistency(**facts, proof=proof)
            assert not merkle_log.verify_consistency(**{**facts, "old_root": bytes(32)}, proof=proof)
            assert not merkle_log.verify_consistency(**{**facts, "new_root": bytes(32)}, proof=proof)
            if proof:
                assert not merkle_log.verify_consistency(**facts, proof=[bytes(32), *proof[1:]])
                assert not merkle_log.verify_consistency(**facts, proof=proof[:-1])


def test_entries_are_kept_and_an_old_head_is_a_prefix(tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    log.append(_entry("aa"))
    old = log.head()
    log.append(_entry("bb", "s2"))
    again = RootLog(tmp_path)
    assert [entry["root"] for entry in again.entries] == ["aa", "bb"]
    assert again.head() == log.head()
    assert again.extends(old)
    assert parse_checkpoint(again.head().text()) == again.head()


def test_the_same_root_from_the_same_source_is_not_repeated(tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    assert log.append(_entry("aa")) == log.append(_entry("aa", seen_at="2026-11-01T00:00:00Z")) == 0
    assert log.head().size == 1


def test_many_entries_are_added_at_once_as_one_by_one(tmp_path: Path) -> None:
    entries = [_entry(f"{number % 7:02x}", f"s{number % 5}") for number in range(60)]
    one, all_at_once = RootLog(tmp_path / "one"), RootLog(tmp_path / "all")
    for entry in entries:
        one.append(entry)
    assert all_at_once.append_all(entries[:20]) + all_at_once.append_all(entries) == 35
    assert all_at_once.append_all(entries) == 0
    assert one.head().root == all_at_once.head().root == RootLog(tmp_path / "all").head().root


def test_a_log_of_ten_thousand_entries_is_opened_and_added_to_in_little_time(tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    log.append_all([_entry(f"{number:064x}", f"s{number}") for number in range(10_000)])
    began = time.monotonic()
    RootLog(tmp_path).append(_entry("ff" * 32, "s"))
    assert time.monotonic() - began < 5


def test_another_root_of_one_snapshot_is_found(tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    log.append(_entry("aa"))
    assert log.other_roots(exchange="Northsea", snapshot="s1", root="aa") == []
    assert len(log.other_roots(exchange="NORTHSEA", snapshot="s1", root="bb")) == 1
    assert [entry["root"] for entry in log.other_roots(exchange="Northsea", snapshot="s1", root="bb")] == ["aa"]


@pytest.mark.parametrize("change", ["edited", "dropped", "reordered"])
def test_a_changed_log_is_shown_as_forked_and_nothing_is_overwritten(change: str, tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    for number in range(4):
        log.append(_entry(f"{number:02x}", f"s{number}"))
    path = tmp_path / LOG_NAME
    lines = path.read_bytes().splitlines(keepends=True)
    changed = {
        "edited": [lines[0].replace(b'"00"', b'"99"'), *lines[1:]],
        "dropped": lines[:-1],
        "reordered": [lines[1], lines[0], *lines[2:]],
    }[change]
    path.write_bytes(b"".join(changed))
    before = path.read_bytes(), (tmp_path / HEAD_NAME).read_bytes()
    with pytest.raises(ReservesError) as caught:
        RootLog(tmp_path)
    assert caught.value.message.key == "log.forked"
    assert (path.read_bytes(), (tmp_path / HEAD_NAME).read_bytes()) == before


def test_a_write_cut_off_by_a_crash_is_no_entry_and_no_fork(tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    log.append(_entry("aa"))
    with (tmp_path / LOG_NAME).open("ab") as stream:
        stream.write(_entry("bb", "s2").encoded()[:20])
    assert [entry["root"] for entry in RootLog(tmp_path).entries] == ["aa"]
    RootLog(tmp_path).append(_entry("cc", "s3"))
    assert [entry["root"] for entry in RootLog(tmp_path).entries] == ["aa", "cc"]


def test_an_entry_written_before_its_head_counts(tmp_path: Path) -> None:
    log = RootLog(tmp_path)
    log.append(_entry("aa"))
    head = (tmp_path / HEAD_NAME).read_bytes()
    log.append(_entry("bb", "s2"))
    (tmp_path / HEAD_NAME).write_bytes(head)
    assert RootLog(tmp_path).head().size == 2


@pytest.mark.parametrize(
    "text",
    ["", "x\n1\n", "x\n-1\nAAAA\n\n", "x\n01\n" + "A" * 43 + "=\n\n", "\n1\n" + "A" * 43 + "=\n\n", "x\n1\n!!\n\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ReservesError) as caught:
        parse_checkpoint(text)
    assert caught.value.code is ErrorCode.FORMAT_SHAPE
