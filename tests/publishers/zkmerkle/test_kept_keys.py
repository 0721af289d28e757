"""Verifying keys kept with earlier rounds: they count in other rounds, never in their own, and a changed one is said."""

import pytest

from reserves_gui.intake.document import from_bytes
from reserves_gui.publishers.port import KeptKey
from reserves_gui.verdict import Findings, Outcome
from tests.publishers.zkmerkle.judging import judge, outcomes, pins_of, states
from tests.publishers.zkmerkle.rounds import Round, pair_round
from tests.zk.simulated import Setup

ANOTHER_ROUND = "ab" * 32


@pytest.fixture(scope="module")
def made() -> Round:
    return pair_round(1)


def _kept(made: Round, *, root: str, sha256: str | None = None) -> tuple[KeptKey, ...]:
    return tuple(KeptKey(name, sha256 or pin, root) for name, pin in zip(made.keys, pins_of(made.keys), strict=True))


def _said(found: Findings) -> set[str]:
    return {message.key for message in found.warnings}


def test_a_key_of_another_round_counts_as_pinned(made: Round) -> None:
    found = judge(made.documents(), kept_keys=_kept(made, root=ANOTHER_ROUND))
    assert states(found)["proof"].value == "verified"
    assert "zkmerkle.warn_key_changed" not in _said(found)


def test_a_round_does_not_vouch_for_its_own_key(made: Round) -> None:
    root = judge(made.documents()).root
    assert root is not None
    found = judge(made.documents(), kept_keys=_kept(made, root=root))
    assert outcomes(found)["proof.key"] is Outcome.NOT_CHECKED
    assert states(found)["proof"].value == "undecided"


def test_a_changed_key_is_said_and_counts_for_nothing(made: Round) -> None:
    found = judge(made.documents(), kept_keys=_kept(made, root=ANOTHER_ROUND, sha256="cd" * 32))
    assert "zkmerkle.warn_key_changed" in _said(found)
    assert outcomes(found)["proof.key"] is Outcome.NOT_CHECKED


def test_only_keys_that_proofs_were_checked_under_are_named_as_used(made: Round) -> None:
    stranger = from_bytes("stranger.vk", Setup(99, public=1).key())
    found = judge([*made.documents(), stranger])
    assert outcomes(found)["proof.groth16"] is Outcome.PASSED
    used = {one["sha256"]: one["used"] for one in found.extra["keys"]}  # type: ignore[attr-defined]
    assert used == {**dict.fromkeys(pins_of(made.keys), True), stranger.sha256: False}


def test_of_two_keys_of_one_name_only_the_one_that_was_taken_is_used(made: Round) -> None:
    (name,) = made.keys
    stranger = from_bytes(f"other/{name}", Setup(99, public=1).key())
    found = judge([stranger, *made.documents()])
    used = {one["sha256"]: one["used"] for one in found.extra["keys"]}  # type: ignore[attr-defined]
    assert used[stranger.sha256] is False
