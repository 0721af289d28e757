"""The text report with a hash and a balance per account."""

import hashlib

import pytest

from tests.encoders import flat_lists as encode
from tests.publishers.judging import failed, judge, states

_ID = "coinfloor-list"


@pytest.mark.parametrize("users", [1, 2, 50, 200])
def test_every_user_of_an_honest_report_is_found(users: int) -> None:
    report, people = encode.stamped(users, users)
    for cookie, amount in people[:: 1 + users // 10]:
        findings = judge(_ID, report, user={"key": (cookie,)}, expected=(("BTC", amount),))
        assert states(findings) == {"leaf": "verified", "tree": "verified", "total": "verified"}
        assert findings.root == hashlib.sha256(report).hexdigest()


def test_every_changed_character_changes_the_root() -> None:
    report, people = encode.stamped(3, 5)
    root = judge(_ID, report, user={"key": (people[0][0],)}).root
    for at in range(11, len(report) - 1, 7):
        changed = report[:at] + (b"1" if report[at : at + 1] != b"1" else b"2") + report[at + 1 :]
        findings = judge(_ID, changed, user={"key": (people[0][0],)})
        assert findings.root != root


def test_each_defect_fails_its_own_check() -> None:
    report, people = encode.stamped(4, 5)
    user = {"key": (people[0][0],)}
    row = report.splitlines()[1]
    assert failed(judge(_ID, report + row + b"\n")) == {"tree.unique"}
    assert failed(judge(_ID, report + b"0" * 40 + b" -1\n", user=user)) == {"tree.negative"}
    assert failed(judge(_ID, report + b"0" * 40 + b" 1.\n", user=user)) == {"tree.grammar"}
    assert failed(judge(_ID, report + b"\n", user=user)) == {"tree.grammar"}
    assert failed(judge(_ID, report, user={"key": ("other",)})) == {"leaf.found"}
    assert failed(judge(_ID, report, user=user, expected=(("BTC", "77"),))) == {"leaf.expected"}
    assert states(judge(_ID, report))["leaf"] == "undecided"
