"""Wrong figures, other chains and stale ones, of every kind of server: never an agreement."""

from pathlib import Path

import pytest

from reserves_gui.verdict import State
from tests.chain.honest import HONEST
from tests.chain.liars.kit import hosts, look
from tests.chain.liars.lies import IDENTITY, TOKEN, TOKEN_NAME, one_off, token_off


@pytest.mark.parametrize("kind", HONEST)
def test_two_honest_hosts_agree(kind: str, tmp_path: Path) -> None:
    """Else the tests below would say nothing."""
    with hosts(kind) as found:
        seen = look(kind, found, tmp_path)
    assert (seen.state, seen.rows, seen.alarms) == (State.VERIFIED, {"agree": 2}, [])


@pytest.mark.parametrize("off", [1, -1])
@pytest.mark.parametrize("kind", [kind for kind in HONEST if kind != "evm-proof"])
def test_one_smallest_unit_more_or_less_is_a_difference_that_shows_both_figures(
    kind: str, off: int, tmp_path: Path
) -> None:
    with hosts(kind, one_off(kind, off)) as found:
        seen = look(kind, found, tmp_path)
    address = HONEST[kind].addresses[0]
    true, false = (seen.told(name, address)["amount"] for name in ("honest", "liar"))
    assert true != false
    assert seen.state is State.UNDECIDED
    assert seen.rows["differ"] >= 1
    assert not seen.verdict.extra["assets"][HONEST[kind].coin]["agree"]  # type: ignore[index]
    assert true in seen.failures[0]
    assert false in seen.failures[0]
    assert "honest.onion" in seen.failures[0]
    assert "liar.onion" in seen.failures[0]


@pytest.mark.parametrize("off", [1, -1])
@pytest.mark.parametrize("kind", TOKEN)
def test_a_token_is_compared_to_the_smallest_unit_too(kind: str, off: int, tmp_path: Path) -> None:
    with hosts(kind, token_off(kind, off)) as found:
        seen = look(kind, found, tmp_path, asset=TOKEN_NAME[kind], held=dict.fromkeys(HONEST[kind].addresses[:1], "0"))
    assert seen.rows["differ"] >= 1
    assert all("honest.onion" in reason and "liar.onion" in reason for reason in seen.failures)
    assert not seen.verdict.extra["assets"][TOKEN_NAME[kind]]["agree"]  # type: ignore[index]


@pytest.mark.parametrize("kind", IDENTITY)
def test_a_host_of_another_chain_is_refused_and_the_rows_have_one_source_less(kind: str, tmp_path: Path) -> None:
    with hosts(kind, IDENTITY[kind]) as found:
        seen = look(kind, found, tmp_path)
    assert seen.source("liar")["code"] == "source.wrong_chain"
    assert seen.rows == {"single_source": 2}
    assert seen.state is (State.VERIFIED if kind == "evm-proof" else State.UNDECIDED)
