"""The look-up of the Wallets page over real servers: every host is told as it is asked, and offline asks none."""

from pathlib import Path

import pytest

from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest
from reserves_gui.services.probed import named_sources
from reserves_gui.services.two_looks import look_twice, without_password
from reserves_gui.verdict import State
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import serving

ALICE = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"


@pytest.fixture
def ledger() -> MemoryLedger:
    """Alice has 4.00000000 from block 91 on, of 119."""
    made = MemoryLedger()
    made.mine((ALICE, 400_000_000), count=1)
    made.mine(count=118)
    return made


@pytest.fixture
def listed(tmp_path: Path) -> str:
    """One address of 4 BTC, without a height."""
    path = tmp_path / "wallets.csv"
    path.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{ALICE},4\n", encoding="utf-8")
    return str(path)


def test_every_host_is_told_as_it_is_asked(ledger: MemoryLedger, listed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    told: list[str] = []
    with serving(Facade(ledger)) as one, serving(Facade(ledger)) as other:
        sources = (f"esplora+{one.url}", f"esplora+{other.url}")
        looks = look_twice(
            BalancesRequest(files=(listed,), sources=sources, at={"bitcoin": 110}, told=told.append), Progress()
        )
    assert looks.verdict.state is State.VERIFIED
    (asset,) = looks.assets
    assert asset.at_snapshot is not None
    assert set(asset.at_snapshot.by_source.values()) == {"4"}
    assert asset.at_snapshot.heights == {"bitcoin": 110}
    assert set(asset.now.by_source.values()) == {"4"}
    assert asset.now.heights == {"bitcoin": ledger.tip()}
    assert not asset.now.differ
    assert len(set(told)) >= 1
    assert all("127.0.0.1" in host or "localhost" in host for host in told)


@pytest.mark.parametrize("by", ["request", "environment"])
def test_offline_asks_nobody_and_leaves_every_row_open(
    by: str, ledger: MemoryLedger, listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "request":
        monkeypatch.delenv("RESERVES_OFFLINE")
    told: list[str] = []
    with serving(Facade(ledger)) as one:
        request = BalancesRequest(
            files=(listed,), sources=(f"esplora+{one.url}",), offline=by == "request", told=told.append
        )
        looks = look_twice(request, Progress())
    assert told == []
    assert looks.verdict.state is State.UNDECIDED
    (asset,) = looks.assets
    assert asset.at_snapshot is None
    assert asset.now.by_source == {}


def test_hosts_are_named_before_anything_is_asked() -> None:
    found = named_sources(("https://blocks.example/api", "file:seen.csv", "bitcoin=ssl://node.example:50002"))
    assert [one.host for one in found] == ["blocks.example:443", None, "node.example:50002"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bitcoind+http://user:pa:s@s@127.0.0.1:8332", "bitcoind+http://user@127.0.0.1:8332"),
        ("bitcoind+http://:secret@127.0.0.1:8332/wallet", "bitcoind+http://127.0.0.1:8332/wallet"),
        ("https://blocks.example/api", "https://blocks.example/api"),
        ("file:/home/user/a@b:c.csv", "file:/home/user/a@b:c.csv"),
    ],
)
def test_a_password_is_never_what_is_kept(typed: str, kept: str) -> None:
    assert without_password(typed) == kept
