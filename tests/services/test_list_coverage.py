"""Coverage of an opened list: liabilities beside it or in the store, what was seen, and nothing where nobody owes."""

from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.history.database import sqlite_url
from reserves_gui.history.store import Store
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest
from reserves_gui.services.judging import judge
from reserves_gui.services.list_coverage import ListQuestion, list_coverage, listed_sums, may_belong
from reserves_gui.services.two_looks import TwoLooks, look_twice
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.wallet_table import WalletTable
from reserves_gui.verdict import State, Verdict
from tests.encoders.keyed_tree import make
from tests.history import year

NOON = 1_793_404_800  # 2026-10-31
OWED = "61719.44360041"


@pytest.fixture
def liabilities(tmp_path: Path) -> Verdict:
    """A whole tree of 61,719.44360041 BTC, counted at noon."""
    path = tmp_path / "liabilities.csv"
    path.write_bytes(make(3, 40, river=False).text())
    verdict = verify(VerifyRequest(files=(str(path),)), Progress())
    return replace(verdict, snapshot=replace(verdict.snapshot, time="2026-10-31T00:00:00Z"))


@pytest.fixture
def listed(tmp_path: Path) -> str:
    """62,000 BTC on two addresses, and ether that nothing is owed of."""
    path = tmp_path / "wallets.csv"
    path.write_text(
        f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},60000\nbitcoin,BTC,{year.WARM},2000\n"
        "ethereum,ETH,0x52908400098527886e0f7030069857d2e4169ee7,5\n",
        encoding="utf-8",
    )
    return str(path)


def _source(folder: Path, name: str, cold: str = "60000", *, time: int = NOON - 240) -> str:
    path = folder / f"{name}.csv"
    path.write_text(
        "chain,address,height,asset,amount,time\n"
        + "".join(
            f"bitcoin,{address},{height},BTC,{amount},{when}\n"
            for height, when in ((700_000, time), (710_000, time + 864_000))
            for address, amount in ((year.COLD, cold), (year.WARM, "2000"))
        ),
        encoding="utf-8",
    )
    return f"file:{path}"


def _look(listed: str, *sources: str, moment: int | None = NOON) -> TwoLooks:
    return look_twice(BalancesRequest(files=(listed,), sources=sources, moment=moment), Progress())


def test_a_list_without_heights_is_looked_at_when_the_liabilities_were_counted(
    tmp_path: Path, listed: str, liabilities: Verdict
) -> None:
    looks = _look(listed, _source(tmp_path, "one"), _source(tmp_path, "two"))
    assert looks.snapshot is not None
    assert not looks.dated
    found = list_coverage(ListQuestion(exchange="Generic", liabilities=liabilities, found=looks.snapshot))
    assert found is not None
    (line,) = found.lines
    assert (line.asset, line.answer.state, line.answer.lag) == ("BTC", State.VERIFIED, -240)
    assert line.answer.shown() == "100.45 %"
    assert found.claim.state is State.VERIFIED
    assert found.moment == NOON
    # What is seen now stands beside it and is not what the coverage is about.
    (bitcoin, _ether) = looks.assets
    assert bitcoin.at_snapshot is not None
    assert (bitcoin.at_snapshot.heights, bitcoin.now.heights) == ({"bitcoin": 700_000}, {"bitcoin": 710_000})
    assert bitcoin.at_snapshot.times == {"bitcoin": NOON - 240}


def test_sources_that_differ_give_an_interval_and_less_than_owed_fails(
    tmp_path: Path, listed: str, liabilities: Verdict
) -> None:
    one = _source(tmp_path, "one", "58000")
    looks = _look(listed, one, _source(tmp_path, "two", "61000"))
    found = list_coverage(ListQuestion(exchange="Generic", liabilities=liabilities, found=looks.snapshot))
    assert found is not None
    assert (found.lines[0].answer.state, found.lines[0].answer.shown()) == (State.UNDECIDED, "97.21 – 102.07 %")
    looks = _look(listed, one, _source(tmp_path, "two", "58000"))
    found = list_coverage(ListQuestion(exchange="Generic", liabilities=liabilities, found=looks.snapshot))
    assert found is not None
    assert found.claim.state is State.FAILED


def test_before_a_look_up_nothing_counts_as_seen(listed: str, liabilities: Verdict) -> None:
    ownership = judge(VerifyRequest(files=(listed,)), Progress())
    question = ListQuestion(exchange="Generic", liabilities=liabilities, listed=listed_sums(ownership))
    found = list_coverage(question)
    assert found is not None
    (line,) = found.lines
    assert (line.answer.state, line.answer.low, line.answer.high) == (State.UNDECIDED, None, None)
    assert line.answer.reserve.listed is not None
    assert found.usd.worth.reserves is None


def test_owed_assets_that_the_list_does_not_name_are_named(tmp_path: Path, liabilities: Verdict) -> None:
    path = tmp_path / "ether.csv"
    path.write_text(
        "chain,asset,address,amount\nethereum,ETH,0x52908400098527886e0f7030069857d2e4169ee7,5\n", encoding="utf-8"
    )
    looks = _look(str(path), _source(tmp_path, "one"))
    found = list_coverage(ListQuestion(exchange="Generic", liabilities=liabilities, found=looks.snapshot))
    assert found is not None
    assert (found.lines, found.unlisted, found.claim.state) == ((), ("BTC",), State.UNDECIDED)


def test_the_store_answers_where_no_liabilities_are_open(tmp_path: Path, listed: str) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    question = ListQuestion(exchange="northsea", listed={"BTC": "62000"}, db=url)
    assert list_coverage(question) is None
    with Store(url, clock=lambda: 1) as store:
        year.fill(store)
    found = list_coverage(question)
    assert found is not None
    assert found.source == "northsea-tree, --published"
    assert [one.asset for one in found.lines] == ["BTC"]
    assert list_coverage(replace(question, exchange="Elsewhere")) is None
    # A list that names nobody is nobody's: the store is not searched for a guess.
    assert list_coverage(replace(question, exchange="Generic")) is None


def test_proven_rows_of_the_table_are_the_proven_reserves(tmp_path: Path, listed: str, liabilities: Verdict) -> None:
    table = WalletTable()
    judge(VerifyRequest(files=(listed,)), Progress(), row_sink=table.add)
    assert table.proven() == frozenset()
    looks = _look(listed, _source(tmp_path, "one"), _source(tmp_path, "two"))
    proven = frozenset({("bitcoin", "BTC", year.WARM)})
    found = list_coverage(
        ListQuestion(exchange="Generic", liabilities=liabilities, found=looks.snapshot, proven=proven)
    )
    assert found is not None
    reserve = found.lines[0].answer.reserve
    assert reserve.proven is not None
    assert str(reserve.proven.low) == "2000"


@pytest.mark.parametrize(
    ("listed_by", "owed_by", "may"),
    [("", "OKX", True), ("Generic", "OKX", True), ("okx", "OKX", True), ("Bybit", "OKX", False)],
)
def test_a_list_goes_with_liabilities_of_its_own_exchange(listed_by: str, owed_by: str, may: bool) -> None:
    assert may_belong(listed_by, owed_by) is may
