"""States follow from checks, and a check that was not made never counts as passed."""

import itertools

import pytest

from reserves_gui.messages import say
from reserves_gui.verdict import Check, Checks, Claim, ExitCode, Outcome, State, Verdict, worst

SAID = say("progress.start")


def _check(outcome: Outcome, *, required: bool = True) -> Check:
    return Check("leaf.hash", outcome, SAID, required=required)


def _verdict(**states: State) -> Verdict:
    outcomes = {State.VERIFIED: Outcome.PASSED, State.FAILED: Outcome.FAILED, State.UNDECIDED: Outcome.NOT_CHECKED}
    claims = tuple(Claim(name, (Check(f"{name}.x", outcomes[state], SAID),)) for name, state in states.items())
    return Verdict(
        format="f", exchange="e", decisive=("leaf", "path", "root"), claims=claims, guarantees=None, inputs=()
    )


@pytest.mark.parametrize(
    ("checks", "state"),
    [
        ([], State.UNDECIDED),
        ([_check(Outcome.PASSED)], State.VERIFIED),
        ([_check(Outcome.PASSED), _check(Outcome.NOT_CHECKED)], State.UNDECIDED),
        ([_check(Outcome.PASSED), _check(Outcome.PARTIAL)], State.UNDECIDED),
        ([_check(Outcome.PASSED), _check(Outcome.NOT_CHECKED, required=False)], State.VERIFIED),
        ([_check(Outcome.PASSED), _check(Outcome.FAILED, required=False)], State.FAILED),
        ([_check(Outcome.NOT_CHECKED, required=False)], State.UNDECIDED),
        ([_check(Outcome.FAILED), _check(Outcome.NOT_CHECKED)], State.FAILED),
    ],
)
def test_a_claim_is_what_its_checks_are(checks: list[Check], state: State) -> None:
    assert Claim("leaf", tuple(checks)).state is state


def test_a_ceiling_holds_a_claim_down_but_never_hides_a_failure() -> None:
    assert Claim("total", (_check(Outcome.PASSED),), State.UNDECIDED).state is State.UNDECIDED
    assert Claim("total", (_check(Outcome.FAILED),), State.UNDECIDED).state is State.FAILED


def test_only_all_decisive_claims_together_verify() -> None:
    for leaf, path, root, total in itertools.product(State, repeat=4):
        verdict = _verdict(leaf=leaf, path=path, root=root, total=total)
        if State.FAILED in (leaf, path, root, total):
            assert verdict.state is State.FAILED
            assert verdict.exit_code == ExitCode.FAILED
        elif {leaf, path, root} == {State.VERIFIED}:
            assert verdict.state is State.VERIFIED
        else:
            assert verdict.state is State.UNDECIDED
            assert verdict.exit_code == ExitCode.UNDECIDED


def test_a_missing_decisive_claim_is_not_verified() -> None:
    assert _verdict(leaf=State.VERIFIED, path=State.VERIFIED).state is State.UNDECIDED


def test_nothing_is_never_verified() -> None:
    assert worst([]) is State.UNDECIDED


def test_checks_are_grouped_by_claim_in_the_order_asked_for() -> None:
    checks = Checks()
    checks.passed("path.hash", SAID)
    checks.failed("leaf.hash", SAID, expected="a", seen="b")
    checks.not_checked("leaf.identity", SAID, required=False)
    leaf, path, total = checks.claims("leaf", "path", "total", ceilings={"path": State.UNDECIDED})
    assert [check.id for check in leaf.checks] == ["leaf.hash", "leaf.identity"]
    assert (leaf.state, path.state, total.state) == (State.FAILED, State.UNDECIDED, State.UNDECIDED)
    assert checks.outcome("leaf.hash") is Outcome.FAILED
    assert checks.outcome("leaf.sum") is None
