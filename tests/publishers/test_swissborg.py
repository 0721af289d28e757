"""The audit of several currencies: every honest user verifies, every altered file is noticed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reserves_gui.evidence import NodeState
from tests.encoders import swissborg as encode
from tests.encoders.altering import unnoticed
from tests.publishers.judging import failed, judge, outcome, states

_ID = "swissborg-merkle"


def data(value: Any) -> bytes:
    return json.dumps(value).encode()


def given(audit: encode.Audit, user: int) -> dict[str, Any]:
    return {"user": {"credential": (audit.credentials[user],)}}


@pytest.mark.parametrize("oldest", [False, True])
@pytest.mark.parametrize("users", [1, 2, 7, 33, 200])
def test_every_user_of_an_honest_audit_is_verified(users: int, oldest: bool) -> None:
    audit = encode.make(users, users, oldest=oldest)
    for at in range(0, users, 1 + users // 20):
        findings = judge(_ID, data(audit.roots), data(audit.users[at]), **given(audit, at))
        assert states(findings) == {"leaf": "verified", "path": "verified", "total": "verified"}
        assert findings.root == audit.root
        alone = judge(_ID, data(audit.roots), data(audit.users[at]))
        assert states(alone)["leaf"] == "undecided"
        assert states(alone)["path"] == "verified"


# A missing nonce is made again from the credential, the time is in no hash, and further keys are none of the format's.
_KEYS = {"audit", "id", "commitment", "digest", "partitions", "currency", "liability", "audit_id", "user_id"}
_KEYS |= {"liabilities", "audit_partition_id", "proof", "leaf_index", "witnesses"}


def known(value: Any) -> Any:
    """A document without what no hash covers."""
    if isinstance(value, dict):
        return {key: known(each) for key, each in value.items() if key in _KEYS}
    return [known(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("altered", [0, 1])
def test_no_changed_character_goes_unnoticed(altered: int) -> None:
    audit = encode.make(5, 6)
    files = [data(audit.roots), data(audit.users[2])]
    for text in unnoticed(_ID, files, altered, seed=altered, count=400, **given(audit, 2)):
        assert known(json.loads(text)) == known(json.loads(files[altered]))


def _entry(user: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in user["liabilities"] if one["liability"] != "0")


ALTERED: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], object], str]] = {
    "amount": (lambda _, user: _entry(user).update(liability="77"), "path.hash"),
    "spelling": (
        lambda _, user: _entry(user).update(
            liability=_entry(user)["liability"] + ("0" if "." in _entry(user)["liability"] else ".0")
        ),
        "path.hash",
    ),
    "user": (lambda _, user: user.update(user_id="someone"), "path.hash"),
    "nonce": (lambda _, user: _entry(user)["proof"].update(nonce="00" * 32), "leaf.hash"),
    "audit": (lambda _, user: user.update(audit_id="OTHER"), "path.snapshot"),
    "partition": (lambda _, user: _entry(user).update(audit_partition_id="x"), "path.partition"),
    "twice": (lambda _, user: user["liabilities"].append(_entry(user)), "leaf.duplicate"),
    "empty": (lambda _, user: user["liabilities"].clear(), "leaf.found"),
    "no witness": (lambda _, user: _entry(user)["proof"]["witnesses"].clear(), "path.length"),
    "far": (
        lambda _, user: _entry(user)["proof"].update(leaf_index=_entry(user)["proof"]["leaf_index"] + 2**20),
        "path.position",
    ),
    "negative": (lambda _, user: _entry(user)["proof"]["witnesses"][0].update(liability="-1"), "path.negative"),
    "total": (lambda roots, _: roots["audit"]["partitions"][0]["commitment"].update(liability="1"), "root.commitment"),
    "listed twice": (
        lambda roots, _: roots["audit"]["partitions"].append(roots["audit"]["partitions"][0]),
        "path.partition",
    ),
}


@pytest.mark.parametrize("name", ALTERED)
def test_each_defect_fails_its_own_check(name: str) -> None:
    audit = encode.make(11, 8)
    roots, user = audit.roots, audit.users[3]
    if not any(one["liability"] != "0" for one in user["liabilities"]):
        pytest.fail("the made-up user holds nothing")
    change, check = ALTERED[name]
    change(roots, user)
    assert check in failed(judge(_ID, data(roots), data(user), **given(audit, 3)))


def test_a_wrong_credential_fails_the_leaf() -> None:
    audit = encode.make(12, 3)
    findings = judge(_ID, data(audit.roots), data(audit.users[0]), user={"credential": ("other",)})
    assert {"leaf.hash", "path.hash"} <= failed(findings)


def test_a_proof_without_a_nonce_needs_the_credential() -> None:
    audit = encode.make(13, 3)
    for entry in audit.users[0]["liabilities"]:
        del entry["proof"]["nonce"]
    with_it = judge(_ID, data(audit.roots), data(audit.users[0]), **given(audit, 0))
    assert states(with_it)["leaf"] == states(with_it)["path"] == "verified"
    without = judge(_ID, data(audit.roots), data(audit.users[0]))
    assert outcome(without, "path.hash") == "not_checked"


def test_either_file_alone_verifies_nothing() -> None:
    audit = encode.make(14, 3)
    assert set(states(judge(_ID, data(audit.roots))).values()) == {"undecided"}
    alone = judge(_ID, data(audit.users[0]), **given(audit, 0))
    assert set(states(alone).values()) == {"undecided"}
    assert alone.root is None


def test_every_liability_has_its_own_path_and_failing_ones_come_first() -> None:
    audit = encode.make(5, 6)
    user = audit.users[2]
    findings = judge(_ID, data(audit.roots), data(user), **given(audit, 2))
    assert findings.picture is not None
    assert len(findings.picture.each) == len(user["liabilities"])
    assert all(path.nodes[-1].state is NodeState.RECOMPUTED for path in findings.picture.each)
    user["liabilities"][-1]["proof"]["witnesses"][0]["digest"] = "ab" * 32
    altered = judge(_ID, data(audit.roots), data(user), **given(audit, 2)).picture
    assert altered is not None
    assert [path.nodes[-1].state is NodeState.FAILED for path in altered.each] == [True] + [False] * (
        len(user["liabilities"]) - 1
    )
