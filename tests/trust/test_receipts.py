"""Receipts: blinded, canonical, and conflicting exactly where two users were shown different things."""

from dataclasses import replace

import pytest

from reserves_gui.evidence import SnapshotView
from reserves_gui.trust.odds import chance_of_catching, chance_of_sibling_conflict, chance_with_suppression
from reserves_gui.trust.receipts import Difference, Receipt, compare_receipts, node_claim, node_key, receipt_of

H = bytes([0x11]) * 32


def _receipt(**changes: object) -> Receipt:
    plain = Receipt(exchange="Northsea", format="f", snapshot="s", root="aa", leaf="01", nodes={"01": "c1", "02": "c2"})
    return replace(plain, **changes)


def test_known_key_and_claim() -> None:
    assert node_key(H) == "533b5baa77cd3d86280aa37bb37e64eb5d434e7d71fc8ee062f53652ff14a7b7"
    expected = "26ce454911536204c28f4c812d82ea3cf5938d49f13623448526eebf39553318"
    assert node_claim(H, {"ETH": "0", "BTC": "1.5"}) == node_claim(H, {"BTC": "1.500", "ETH": "-0.00"}) == expected


def test_a_receipt_holds_no_amount_hash_or_name() -> None:
    view = SnapshotView(
        format="f", snapshot_id="s", usable=True, root="ab" * 32, leaf=H.hex(), nodes={H.hex(): {"BTC": "31337.25"}}
    )
    receipt = receipt_of(view, exchange="Northsea", total=None, root_source=None, seen="2026-10-31")
    text = receipt.encoded().decode()
    assert "31337" not in text
    assert H.hex() not in text
    assert receipt.nodes.keys() == {receipt.leaf}
    assert receipt.short().nodes == {}
    assert len(receipt.short().encoded()) < 400


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        ({"leaf": "02", "nodes": {"02": "other"}}, {Difference.BALANCE}),
        ({"leaf": "09", "root": "bb", "nodes": {}}, {Difference.ROOT}),
        ({"nodes": {"01": "c1"}}, {Difference.LEAF}),
        ({"leaf": "09", "nodes": {"09": "c9"}}, set()),
    ],
)
def test_each_conflict_is_named(other: dict[str, object], kinds: set[Difference]) -> None:
    conflicts, compared = compare_receipts([_receipt(), _receipt(**other)])
    assert {one.kind for one in conflicts} == kinds
    assert compared == 2


def test_two_totals_under_one_root_conflict_by_value_and_not_by_text() -> None:
    first = _receipt(total={"BTC": "1.50", "ETH": "0"}, leaf="01")
    assert compare_receipts([first, _receipt(total={"BTC": "1.5"}, leaf="05")])[0] == ()
    conflicts, _ = compare_receipts([first, _receipt(total={"BTC": "1.6"}, leaf="05")])
    assert [one.kind for one in conflicts] == [Difference.TOTAL]


def test_other_snapshots_other_formats_and_equal_receipts_have_nothing_to_compare() -> None:
    for other in ({"snapshot": "t"}, {"format": "g"}, {"exchange": "Fjordline"}, {}):
        assert compare_receipts([_receipt(), _receipt(**other)]) == ((), 0)


@pytest.mark.parametrize(("share", "users"), [(10, 29), (20, 59), (100, 299), (1000, 2995)])
def test_users_needed_to_catch_a_share(share: int, users: int) -> None:
    leaves = 10_000_000
    assert chance_of_catching(leaves=leaves, cheated=leaves // share, users=users) >= 0.95
    assert chance_of_catching(leaves=leaves, cheated=leaves // share, users=users - 2) < 0.9505


def test_catching_odds_at_known_points() -> None:
    assert chance_of_catching(leaves=1000, cheated=10, users=299) == pytest.approx(0.9719, abs=5e-5)
    assert chance_of_catching(leaves=10, cheated=3, users=8) == 1.0
    assert chance_with_suppression(leaves=100, cheated=1, users=1000, public=0.1) == pytest.approx(0.632, abs=5e-4)
    assert chance_of_sibling_conflict(leaves=65_536, receipts=300) == pytest.approx(0.496, abs=1e-3)
    assert chance_of_sibling_conflict(leaves=10_000_000, receipts=10_000) == pytest.approx(0.993, abs=5e-4)
    with pytest.raises(ValueError, match="more"):
        chance_of_catching(leaves=10, cheated=11, users=1)
