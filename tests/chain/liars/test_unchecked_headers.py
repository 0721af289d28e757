"""Chains whose headers cannot be checked here, or not by their work: neither called checked nor refused as false."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.chain.chains import Work, chains
from reserves_gui.verdict import State
from tests.chain.faults import Answering, Fault
from tests.chain.honest import LOWER, NOW, TOP
from tests.chain.honest.bitcoin import bitcoind, electrum, small_chain
from tests.chain.honest.payments import Payments
from tests.chain.ledger import Facade
from tests.chain.liars.conftest import change_bitcoin
from tests.chain.liars.kit import Seen, hosts, look, put, result

_SERVED: dict[str, Callable[[Payments], Answering]] = {"esplora": Facade, "electrum": electrum, "bitcoind": bitcoind}


class _Renamed(Payments):
    """Blocks named by a hash that is not computed here."""

    def name(self, header: bytes) -> str:
        return hashlib.blake2b(header, digest_size=32).hexdigest()


class _WithoutWork(Payments):
    """Blocks whose work lies elsewhere: their own headers demand more than they have."""

    def _one(self, payments: object) -> list:  # type: ignore[override]
        made = super()._one(payments)  # type: ignore[arg-type]
        raw = self.headers[-1][:72] + (0x1900FFFF).to_bytes(4, "little") + self.headers[-1][76:]
        self.headers[-1], self.hashes[-1] = raw, self.name(raw)
        return made


def _look(
    kind: str, chain: Payments, folder: Path, *faults: Fault, other: str | None = None, height: int = LOWER
) -> Seen:
    with hosts(kind, *faults, honest=lambda: _SERVED[other or kind](chain), liar=lambda: _SERVED[kind](chain)) as found:
        return look(kind, found, folder, kinds={"honest": other or kind}, at={"bitcoin": height})


def _notes(seen: Seen) -> list[str]:
    return [note.key for note in seen.verdict.notes]


def test_each_chain_says_what_its_headers_show() -> None:
    table = {name: one.work for name, one in chains().items() if one.kind.value == "bitcoin"}
    assert table == {
        "bitcoin": Work.SHA256D,
        "bitcoin-cash": Work.SHA256D,
        "litecoin": Work.SCRYPT,
        "dogecoin": Work.MERGED,
        "dash": Work.X11,
    }
    assert [name for name in table if not chains()[name].names_headers] == ["dash"]


@pytest.mark.parametrize("height", [LOWER, TOP])
@pytest.mark.parametrize("kind", _SERVED)
def test_headers_under_an_unknown_hash_are_said_not_to_be_checked(
    kind: str, height: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_bitcoin(monkeypatch, work=Work.X11)
    chain = small_chain(tip_time=NOW, make=_Renamed)
    seen = _look(kind, chain, tmp_path, height=height)
    assert seen.rows == {"agree": 2}
    assert _notes(seen) == ["chain.headers_unchecked"] * 2
    # What names the newest block is only told by the one after it.
    hashes = {one["block_hash"] for one in seen.verdict.extra["observations"]}  # type: ignore[attr-defined]
    assert hashes == {None if (kind, height) == ("electrum", TOP) else chain.hashes[height]}


def test_two_kinds_of_servers_name_the_same_block_under_an_unknown_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_bitcoin(monkeypatch, work=Work.X11)
    chain = small_chain(tip_time=NOW, make=_Renamed)
    assert _look("electrum", chain, tmp_path, other="esplora").rows == {"agree": 2}
    assert _look("electrum", chain, tmp_path, other="bitcoind").rows == {"agree": 2}
    other = small_chain(tip_time=NOW, fork=b"other", make=_Renamed)
    with hosts("electrum", honest=lambda: Facade(other), liar=lambda: electrum(chain)) as found:
        seen = look("electrum", found, tmp_path, kinds={"honest": "esplora"}, at={"bitcoin": LOWER})
    assert seen.state is State.UNDECIDED
    assert seen.alarms == ["balances.alarm_chains"]


@pytest.mark.parametrize("kind", _SERVED)
def test_headers_without_work_of_their_own_are_checked_by_hash_and_link(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_bitcoin(monkeypatch, work=Work.MERGED)
    chain = small_chain(tip_time=NOW, make=_WithoutWork)
    seen = _look(kind, chain, tmp_path)
    assert seen.rows == {"agree": 2}
    assert _notes(seen) == ["chain.work_unchecked"] * 2
    # With such headers on a chain that counts its own work, nobody is believed.
    change_bitcoin(monkeypatch, work=Work.SHA256D)
    assert _look(kind, chain, tmp_path).rows == {"unknown": 2}


@pytest.mark.parametrize("label", ["block.header$", "headers.subscribe"])
def test_what_stands_behind_a_merge_mined_header_is_passed_over(
    label: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_bitcoin(monkeypatch, work=Work.MERGED)
    chain = small_chain(tip_time=NOW, make=_WithoutWork)
    longer = result(
        lambda told: told + "00" * 200 if isinstance(told, str) else {**told, "hex": told["hex"] + "00" * 200}
    )
    assert _look("electrum", chain, tmp_path, Fault(label, change=longer)).rows == {"agree": 2}


def test_a_broken_link_between_merge_mined_headers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change_bitcoin(monkeypatch, work=Work.MERGED)
    chain = small_chain(tip_time=NOW, make=_WithoutWork)
    broken = Fault("headers.subscribe", change=result(put("hex", by=lambda raw: raw[:8] + "ab" * 32 + raw[72:])))
    seen = _look("electrum", chain, tmp_path, broken)
    assert seen.rows == {"single_source": 2}
    assert seen.source("liar")["problem"] == "Two block headers do not follow each other."
