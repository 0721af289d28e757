"""Who is named on the other side of the listed wallets, and which odd addresses a changed list is told with."""

from decimal import Decimal

from reserves_gui.history.counterparties import LARGEST, counterparties
from reserves_gui.history.figures import HOUR, Point
from reserves_gui.history.list_changes import Holding, list_changes
from tests.history.rows import ASSET, CHAIN, listed, move, party

LISTS = [listed(0, "hot", "cold")]
WINDOW = (0, 48 * HOUR)


def _named(*rows: tuple[str, str, dict[str, str]]) -> list[tuple[str, str]] | None:
    """(address, amount) from (transaction, net change of the listed wallets, changes by address)."""
    moves = [move(5, name, net) for name, net, _ in rows]
    parties = [party(5, name, address, amount) for name, _, changes in rows for address, amount in changes.items()]
    found = counterparties(parties, moves, LISTS, ASSET, WINDOW)
    return None if found is None else [(one.address, str(one.amount)) for one in found]


def test_who_paid_while_the_wallets_gained_and_who_was_paid_while_they_lost() -> None:
    assert _named(
        ("in", "90", {"cold": "90", "lender": "-90"}),
        ("out", "-30", {"hot": "-40", "cold": "10", "customer": "29"}),
    ) == [("lender", "90"), ("customer", "-29")]


def test_several_transactions_of_one_address_add_up() -> None:
    rows = [("a", "5", {"lender": "-5", "cold": "5"}), ("b", "-2", {"lender": "2", "cold": "-2"})]
    assert _named(*rows) == [("lender", "3")]


def test_an_address_is_never_said_to_have_moved_more_than_the_wallets_gained() -> None:
    """It paid 50, of which 45 went to somebody else."""
    assert _named(("a", "5", {"lender": "-50", "cold": "5", "else": "45"})) == [("lender", "5")]


def test_listed_addresses_are_no_counterparties_and_what_moves_inside_names_nobody() -> None:
    assert _named(("a", "0", {"hot": "-7", "cold": "7"}), ("b", "-1", {"hot": "-8", "cold": "7", "x": "1"})) == [
        ("x", "-1")
    ]


def test_the_largest_five_are_named() -> None:
    rows = [(f"t{at}", str(at), {f"a{at}": str(-at), "cold": str(at)}) for at in range(1, 10)]
    found = _named(*rows)
    assert found is not None
    assert [address for address, _ in found] == ["a9", "a8", "a7", "a6", "a5"]
    assert len(found) == LARGEST


def test_nothing_kept_is_not_nobody() -> None:
    assert _named() is None
    parties = [party(5, "a", "lender", "-5")]
    assert counterparties(parties, [move(5, "a", "5")], LISTS, ASSET, (6 * HOUR, 9 * HOUR)) is None
    assert counterparties([party(5, "a", "cold", "5")], [move(5, "a", "5")], LISTS, ASSET, WINDOW) == ()


def _series(**amounts: str) -> dict[tuple[str, str], list[Point]]:
    return {(CHAIN, name): [Point(10 * HOUR, Decimal(text))] for name, text in amounts.items()}


def test_an_address_that_left_and_still_holds_more_than_a_thousandth_is_named() -> None:
    lists = [listed(0, "hot", "cold", "old", "dust"), listed(20, "hot", "cold")]
    (change,) = list_changes(lists, ASSET, _series(hot="10", cold="990", old="1.001", dust="1"))
    assert (change.added, change.removed, change.addresses) == (0, 2, 2)
    assert change.holding == (Holding(CHAIN, "old", Decimal("1.001"), 10 * HOUR),)


def test_an_address_that_joined_and_was_paid_by_a_listed_one_within_48_hours_is_named() -> None:
    lists = [listed(0, "hot", "cold", "gone"), listed(100, "hot", "cold", "new", "other")]
    parties = [
        party(52, "early", "cold", "-3"),
        party(52, "early", "new", "3"),
        party(60, "inside", "cold", "-30"),
        party(60, "inside", "new", "29"),
        party(61, "left", "gone", "-5"),
        party(61, "left", "new", "5"),
        party(90, "stranger", "somebody", "-7"),
        party(90, "stranger", "other", "7"),
        party(148, "after", "hot", "-2"),
        party(148, "after", "other", "2"),
    ]
    (change,) = list_changes(lists, ASSET, parties=parties)
    assert [(one.address, one.by, str(one.amount), one.transaction) for one in change.funded] == [
        ("new", "cold", "29", "inside"),
        ("other", "hot", "2", "after"),
    ]


def test_the_same_list_again_is_no_change() -> None:
    assert list_changes([listed(0, "a"), listed(9, "a")], ASSET) == []
    assert list_changes([listed(0, "a")], ASSET) == []
    assert list_changes([], ASSET) == []
