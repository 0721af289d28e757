"""Filling the past: what watching would have kept, asked for afterwards; gaps, stops, and what is never asked twice."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from reserves_gui.chain.chains import chains
from reserves_gui.chain.heights import height_at, heights_at
from reserves_gui.chain.port import Block
from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.figures import DAY
from reserves_gui.history.kept_flows import whole_flow
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED, TRANSACTION, address_series, balances_at, is_balance
from reserves_gui.history.store import Store
from reserves_gui.progress import Progress
from reserves_gui.services.history_fill import FillRequest, fill
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.watch import WatchRequest, watch_round
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import serving
from tests.history import year

COLD, HOT = year.COLD, year.HOT
# Coins that come to (or leave) the two addresses, day by day; a day is four blocks.
DAYS = ((10, 5), (0, 1), (0, -2), (0, 0), (3, 0), (-4, 1), (0, 2), (1, -1), (0, -3), (2, 0), (0, 1), (0, 0))
NOW = 2**33


class Chain:
    """A chain with the days above, two servers on it, a wallet list and a store."""

    def __init__(self, folder: Path, urls: tuple[str, ...], ledger: MemoryLedger) -> None:
        self.ledger = ledger
        self.url = sqlite_url(folder / "filled.sqlite")
        self.list = folder / "list.csv"
        self.list.write_text(
            f"chain,asset,address,amount\nbitcoin,BTC,{COLD},1\nbitcoin,BTC,{HOT},1\n", encoding="utf-8"
        )
        self.sources = tuple(f"esplora+{url}" for url in urls)
        self.mined = 0
        ledger.mine(count=24)

    def live(self, days: int) -> None:
        for cold, hot in DAYS[self.mined : self.mined + days]:
            payments = [(at, coins * 10**8) for at, coins in ((COLD, cold), (HOT, hot)) if coins]
            self.ledger.mine(*payments, count=4)
        self.mined += days

    def day(self, number: int) -> str:
        return shown_time(self.moment(number))

    def moment(self, number: int) -> int:
        """The end of a day, as the chain's median time tells it."""
        return self.ledger.start + (24 + 4 * (number + 1)) * self.ledger.spacing - 5 * self.ledger.spacing

    def fill(self, first: int, last: int, **changes: object) -> object:
        request = FillRequest(
            files=(str(self.list),),
            exchange="Northsea",
            start=self.day(first),
            end=self.day(last),
            sources=self.sources,
            db=self.url,
        )
        return fill(replace(request, **changes), Progress(), clock=lambda: NOW)

    def watch(self) -> None:
        request = WatchRequest(files=(str(self.list),), exchange="Northsea", sources=self.sources, db=self.url)
        assert watch_round(request, Progress(), clock=lambda: NOW).fresh

    def rows(self) -> list[StoredObservation]:
        with Store(self.url, clock=lambda: 1) as store:
            assert store.integrity() is None
            return store.observations("Northsea", "BTC")

    def sums(self) -> dict[int, set[str | None]]:
        found: dict[int, set[str | None]] = {}
        for one in self.rows():
            if one.subject == LISTED and is_balance(one):
                found.setdefault(one.time, set()).add(one.amount)
        return found

    def held(self, address: str) -> list[Decimal]:
        """What an address held at the end of every day, by the days above."""
        at = (COLD, HOT).index(address)
        return [Decimal(one) for one in accumulate(day[at] for day in DAYS)]


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    ledger = MemoryLedger(spacing=DAY // 4)
    with serving(Facade(ledger)) as one, serving(Facade(ledger, summary=False)) as other:
        yield Chain(tmp_path, (one.url, other.url), ledger)


def _agrees_with_the_days(chain: Chain, count: int) -> None:
    """Sums and single addresses at every round are those of the days, and all flow is known to the last coin."""
    sums = chain.sums()
    assert len(sums) == count
    wanted = [sum(day) for day in zip(chain.held(COLD), chain.held(HOT), strict=True)]
    assert [(Decimal(one or 0),) for (one,) in (sums[time] for time in sorted(sums))] == [(one,) for one in wanted][
        :count
    ]
    rows = chain.rows()
    series = address_series(rows)
    for number, time in enumerate(sorted(sums)):
        held = balances_at(series, time)
        assert held["bitcoin", COLD] == chain.held(COLD)[number], number
        assert held["bitcoin", HOT] == chain.held(HOT)[number], number
    times = sorted(sums)
    whole = whole_flow(rows, times[0], times[-1])
    assert whole is not None
    assert whole.net == wanted[count - 1] - wanted[0]
    assert whole.inward == sum(one for day in DAYS[1:count] for one in day if one > 0)


def test_the_past_is_what_watching_would_have_kept(chain: Chain) -> None:
    chain.live(12)
    found = chain.fill(0, 11)
    assert len(found.kept) == 12
    assert found.stopped is None
    _agrees_with_the_days(chain, 12)
    # A row for an address only where its figure changed.
    cold = [one for one in chain.rows() if one.subject == COLD and one.source.endswith(chain.sources[0][-5:])]
    assert [one.amount for one in cold] == ["10", "13", "9", "10", "12"]


def test_a_second_fill_asks_for_nothing_again(chain: Chain) -> None:
    chain.live(12)
    chain.fill(0, 11)
    before = len(chain.rows())
    again = chain.fill(0, 11)
    assert (again.kept, again.before, again.whole) == ((), 12, True)
    assert len(chain.rows()) == before


def test_a_gap_between_rounds_of_watching_is_closed_and_its_figures_end_with_it(chain: Chain) -> None:
    """HOT: 5 6 4 4 4 5 7 6 3 …: what it held on a day in the gap must not be carried to the round after it."""
    chain.live(1)
    chain.watch()
    chain.live(1)
    chain.watch()
    chain.live(4)
    chain.watch()
    before = {one.time: one.amount for one in chain.rows() if one.subject == LISTED and is_balance(one)}
    found = chain.fill(0, 5)
    assert (len(found.kept), found.before) == (3, 3)
    _agrees_with_the_days(chain, 6)
    after = {one.time: one.amount for one in chain.rows() if one.subject == LISTED and is_balance(one)}
    assert before.items() <= after.items()


def test_an_address_that_came_back_to_its_figure_keeps_it_after_the_gap(chain: Chain) -> None:
    """COLD: 10 … 10 13 9 9 10: the same at both ends of the gap, so that the round after it wrote no row."""
    chain.live(4)
    chain.watch()
    chain.live(4)
    chain.watch()
    assert len([one for one in chain.rows() if one.subject == COLD]) == 2
    chain.fill(3, 7)
    series = address_series(chain.rows())["bitcoin", COLD]
    assert [one.amount for one in series] == [10, 13, 9, 10]


def test_what_was_stopped_goes_on_where_it_was(chain: Chain) -> None:
    chain.live(12)
    progress = Progress()
    request = FillRequest(
        files=(str(chain.list),),
        exchange="Northsea",
        start=chain.day(0),
        end=chain.day(11),
        sources=chain.sources,
        db=chain.url,
    )
    asked = []

    def told(host: str) -> None:
        asked.append(host)
        if len(asked) == 140:
            progress.cancel()

    with pytest.raises(Cancelled):
        fill(replace(request, told=told), progress, clock=lambda: NOW)
    some = chain.sums()
    assert 0 < len(some) < 12
    found = chain.fill(0, 11)
    assert (len(found.kept), found.before) == (12 - len(some), len(some))
    _agrees_with_the_days(chain, 12)


def test_transactions_of_filled_rounds_are_dated_by_their_blocks(chain: Chain) -> None:
    chain.live(6)
    chain.fill(0, 5)
    moves = {one.subject: one for one in chain.rows() if one.kind == TRANSACTION}
    assert sorted(one.amount or "" for one in moves.values()) == ["-2", "-4", "1", "1", "3"]
    assert all(one.time == chain.ledger.start + (one.height or 0) * chain.ledger.spacing for one in moves.values())


def test_a_block_from_long_before_is_no_round_of_the_time_asked_for(chain: Chain, tmp_path: Path) -> None:
    """A file knows one block of January and one of March; asked for February on, the first is not February's."""
    january, march = 1_704_067_200, 1_709_251_200
    lines = [
        f"bitcoin,{address},{height},BTC,{coins},{time}"
        for height, (time, coins) in enumerate(((january, 1), (march, 2)), 1)
        for address in (COLD, HOT)
    ]
    path = tmp_path / "seen.csv"
    path.write_text("\n".join(("chain,address,height,asset,amount,time", *lines)) + "\n", encoding="utf-8")
    chain.fill(0, 0, start="2024-02-01", end="2024-03-02", sources=(f"file:{path}",))
    assert chain.sums() == {march: {"4"}}


def test_no_round_of_nothing_is_kept_where_no_source_answers(chain: Chain) -> None:
    chain.live(3)
    found = chain.fill(0, 2, sources=("file:nowhere.csv",))
    assert (found.kept, found.whole) == ((), False)
    assert found.sources[0].code is not None
    assert chain.sums() == {}


@pytest.mark.parametrize(
    "changes",
    [{"hours": 0}, {"hours": 169}, {"end": "2001-01-01"}, {"sources": ()}, {"start": "1900-01-01", "hours": 1}],
)
def test_what_cannot_be_filled_is_refused(chain: Chain, changes: dict[str, object]) -> None:
    with pytest.raises(ReservesError) as caught:
        chain.fill(0, 1, **changes)
    assert caught.value.code is ErrorCode.USAGE


def test_many_times_cost_few_looks_each_and_give_the_same_blocks() -> None:
    bitcoin = chains()["bitcoin"]
    looked = set()

    def block(height: int, _progress: Progress) -> Block:
        looked.add(height)
        # Uneven, as mining is.
        time = height * 600 + (height * height) % 5000
        return Block(height, None, time, height * 600 - 3000)

    tip = block(200_000, Progress())
    times = [40_000_000 + number * DAY for number in range(365)]
    found = heights_at(times, bitcoin, tip, block, Progress())
    assert len(looked) < 365 * 3 + 40
    assert [one and one.height for one in found[:20]] == [
        height_at(time, bitcoin, tip, block, Progress()).block.height for time in times[:20]
    ]
    assert all(b.height - a.height == 144 for a, b in pairwise(found) if a and b)
    assert heights_at([-5000, 0], bitcoin, tip, block, Progress())[0] is None
