"""Several looks of a run walk an address's changes once, as long as the source says the same of it."""

from collections.abc import Iterator

import pytest

from reserves_gui.chain.port import Account, Delta, unusable
from reserves_gui.chain.walking import Walks, walked_back
from reserves_gui.errors import ReservesError

ACCOUNT = Account("one")


class Source:
    """Ten changes of one coin each; ``fails`` at a height."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.fails = -1

    def changes(self) -> Iterator[Delta]:
        for height in range(10, 0, -1):
            self.asked.append(height)
            if height == self.fails:
                raise unusable("chain.moving", source="s")
            yield Delta(f"{height}", height, 1)


def test_a_deeper_walk_goes_on_where_the_one_before_ended() -> None:
    source, walks = Source(), Walks()
    found = [walked_back(10, walks.walk(ACCOUNT, "same", source.changes), down_to) for down_to in (7, 2, 5, 0)]
    assert found == [7, 2, 5, 0]
    assert source.asked == list(range(10, 0, -1))


def test_a_change_of_what_is_there_now_begins_anew() -> None:
    source, walks = Source(), Walks()
    for bound in ("before", "after"):
        assert walked_back(10, walks.walk(ACCOUNT, bound, source.changes), 8) == 8
    assert source.asked == [10, 9, 8, 10, 9, 8]


def test_a_walk_that_failed_is_not_taken_for_a_whole_one() -> None:
    source, walks = Source(), Walks()
    source.fails = 6
    for _ in range(2):
        with pytest.raises(ReservesError):
            walked_back(10, walks.walk(ACCOUNT, "same", source.changes), 3)
    source.fails = -1
    assert walked_back(10, walks.walk(ACCOUNT, "same", source.changes), 3) == 3
