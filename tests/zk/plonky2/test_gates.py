"""Every gate accepts what it is for, and refuses a row with any bound value changed."""

import pytest

from reserves_gui.zk.goldilocks import P
from reserves_gui.zk.plonky2.circuit import Gate, GateKind
from reserves_gui.zk.plonky2.gates import Row, evaluate, needs
from tests.zk.plonky2.rows import GATES, valid_row

_HASH = (11, 12, 13, 14)
_ALL = (*GATES, Gate(GateKind.PUBLIC_INPUT, ()))


def _constraints(gate: Gate, wires: list[int], constants: list[int]) -> list[tuple[int, int]]:
    return evaluate(gate, Row([(x, 0) for x in wires], [(x, 0) for x in constants], _HASH))


def _name(gate: Gate) -> str:
    return f"{gate.kind.name}{gate.parameters}"


@pytest.mark.parametrize("gate", _ALL, ids=_name)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_valid_row_satisfies_every_constraint(gate: Gate, seed: int) -> None:
    found = _constraints(gate, *valid_row(gate, seed, _HASH))
    assert found == [(0, 0)] * len(found)


@pytest.mark.parametrize("gate", _ALL, ids=_name)
def test_the_number_of_constraints_is_the_one_declared(gate: Gate) -> None:
    need = needs(gate)
    assert need is not None
    assert len(_constraints(gate, *valid_row(gate, 3, _HASH))) == need.constraints


def _unread(gate: Gate, wires: list[int]) -> set[int]:
    """Wires inside the declared width that a valid change leaves valid: entries of a list nobody selected."""
    if gate.kind is not GateKind.RANDOM_ACCESS:
        return set()
    bits, copies, _ = gate.parameters
    size = 1 << bits
    return {(2 + size) * k + 2 + item for k in range(copies) for item in range(size) if item != wires[(2 + size) * k]}


@pytest.mark.parametrize("gate", [gate for gate in _ALL if gate.kind is not GateKind.NOOP], ids=_name)
def test_every_wire_a_gate_reads_is_bound(gate: Gate) -> None:
    wires, constants = valid_row(gate, 5, _HASH)
    need = needs(gate)
    assert need is not None
    free = _unread(gate, wires)
    for at in range(need.wires):
        changed = [*wires]
        changed[at] = (changed[at] + 12345) % P
        broken = any(value != (0, 0) for value in _constraints(gate, changed, constants))
        assert broken is (at not in free), at


@pytest.mark.parametrize("gate", _ALL, ids=_name)
def test_no_gate_reads_beyond_the_wires_it_declares(gate: Gate) -> None:
    wires, constants = valid_row(gate, 7, _HASH)
    need = needs(gate)
    assert need is not None
    row = Row([(x, 0) for x in wires[: need.wires]], [(x, 0) for x in constants[: need.constants]], _HASH)
    assert len(evaluate(gate, row)) == need.constraints


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (GateKind.ARITHMETIC, (0,)),
        (GateKind.BASE_SUM, (2**40,)),
        (GateKind.LOW_DEGREE_INTERPOLATION, (0,)),
        (GateKind.LOW_DEGREE_INTERPOLATION, (40,)),
        (GateKind.RANDOM_ACCESS, (2**63, 1, 0)),
        (GateKind.RANDOM_ACCESS, (0, 1, 0)),
        (GateKind.RANDOM_ACCESS, (1, 0, 0)),
        (GateKind.RANDOM_ACCESS, (1, 1, 2**64 - 1)),
    ],
)
def test_senseless_parameters_are_refused_before_anything_is_formed(
    kind: GateKind, parameters: tuple[int, ...]
) -> None:
    assert needs(Gate(kind, parameters)) is None
