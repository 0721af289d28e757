"""Wrong figures, other chains and stale ones, of every kind of server: never an agreement."""

from pathlib import Path

import pytest

from reserves_gui.verdict import State
from tests.chain.honest import HONEST, LOWER, NOW, TOP
from tests.chain.honest.bitcoin import ALICE
from tests.chain.liars.kit import hosts, look
from tests.chain.liars.lies import IDENTITY, TOKEN, TOKEN_NAME, one_off, token_off


@pytest.mark.parametrize("kind", HONEST)
def test_two_honest_hosts_agree(kind: str, tmp_path: Path) -> None:
    """Else the tests below would say nothing."""
    with hosts(kind) as found:
        seen = look(kind, found, tmp_path)
        received = [one.body for host in found.hosts.values() for one in host.log]
    assert (seen.state, seen.rows, seen.alarms) == (State.VERIFIED, {"agree": 2}, [])
    # What the program writes down of its requests is what was received.
    assert sorted(one.body for one in seen.sent) == sorted(body.rstrip(b"\n") for body in received)


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


FORKING = [kind for kind in HONEST if kind != "solana"]
_WEEK = 7 * 24 * 3600


@pytest.mark.parametrize("kind", FORKING)
def test_another_block_at_the_height_raises_an_alarm_and_decides_nothing(kind: str, tmp_path: Path) -> None:
    with hosts(kind, liar=lambda: HONEST[kind].make(fork=b"other")) as found:
        seen = look(kind, found, tmp_path)
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"differ": 2})
    assert seen.alarms == ["balances.alarm_chains"]
    assert "different chains" in seen.failures[0]


@pytest.mark.parametrize("kind", HONEST)
def test_a_host_that_is_far_behind_is_stale_and_drags_nobody_down(kind: str, tmp_path: Path) -> None:
    with hosts(kind, liar=lambda: HONEST[kind].make(top=8)) as found:
        seen = look(kind, found, tmp_path)
        past = look(kind, found, tmp_path, at={HONEST[kind].chain: 8})
    assert "stale" in seen.source("liar")["problem"]
    assert seen.verdict.snapshot.height == TOP
    assert seen.told("honest", HONEST[kind].addresses[0])["height"] == TOP
    assert seen.rows == {"single_source": 2}
    assert "agree" not in past.rows


@pytest.mark.parametrize("kind", HONEST)
def test_an_old_block_dated_now_is_no_newest_block(kind: str, tmp_path: Path) -> None:
    """Else one liar could have every list judged by what its addresses held long ago."""
    late = 12 * (600 if HONEST[kind].chain == "bitcoin" else 60)
    with hosts(kind, liar=lambda: HONEST[kind].make(top=8, tip_time=NOW + late)) as found:
        seen = look(kind, found, tmp_path)
    assert seen.state is State.UNDECIDED
    assert "agree" not in seen.rows
    assert seen.alarms in (["balances.alarm_times"], ["balances.alarm_chains"])


@pytest.mark.parametrize("kind", HONEST)
def test_a_newest_block_of_next_week_is_no_newest_block(kind: str, tmp_path: Path) -> None:
    with hosts(kind, liar=lambda: HONEST[kind].make(tip_time=NOW + _WEEK)) as found:
        seen = look(kind, found, tmp_path)
    assert "future" in seen.source("liar")["problem"]
    assert "agree" not in seen.rows
    assert seen.state is not State.FAILED


_MIXED = ["esplora", "electrum", "bitcoind"]


@pytest.mark.parametrize(("honest", "liar"), [(honest, liar) for honest in _MIXED for liar in _MIXED if honest != liar])
def test_kinds_of_one_chain_are_held_against_each_other(honest: str, liar: str, tmp_path: Path) -> None:
    kinds = {"honest": honest, "liar": liar}
    with hosts(honest, liar=HONEST[liar].make) as found:
        seen = []
        for fault in ([], [one_off(liar, 1)]):
            found["liar"].faults[:] = fault
            seen.append(look(honest, found, tmp_path, kinds=kinds, at={"bitcoin": LOWER}, held={ALICE: "0.000006"}))
    assert [(one.state, one.rows) for one in seen] == [
        (State.VERIFIED, {"agree": 1}),
        (State.UNDECIDED, {"differ": 1}),
    ]
