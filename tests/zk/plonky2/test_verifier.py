"""Complete proofs by a prover of our own: honest ones are accepted, every changed field is refused."""

import random
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pytest

from reserves_gui.errors import Cancelled
from reserves_gui.messages import render
from reserves_gui.progress import Progress, silent
from reserves_gui.verdict import Check, Outcome
from reserves_gui.zk import goldilocks as gl
from reserves_gui.zk.plonky2 import parameters
from reserves_gui.zk.plonky2.circuit import CircuitData, CircuitUndecodable, CircuitUnknown, Gate, GateKind, decode
from reserves_gui.zk.plonky2.fri import fold
from reserves_gui.zk.plonky2.proof import Proof
from reserves_gui.zk.plonky2.verifier import check_argument, check_digest, check_parameters, check_shape, circuit_digest
from tests.zk.plonky2.encoding import circuit_bytes
from tests.zk.plonky2.plans import EVERY_GATE, TINY, VARIED
from tests.zk.plonky2.prover import Plan, build


@cache
def _built(plan: Plan) -> tuple[CircuitData, Proof]:
    return build(plan)


def _argument(circuit: CircuitData, proof: Proof, executor: Executor | None = None) -> dict[str, Outcome]:
    shape = check_shape(circuit, proof)
    if shape.outcome is Outcome.FAILED:
        return {"proof.shape": Outcome.FAILED}
    return {check.id: check.outcome for check in check_argument(circuit, proof, silent(), executor)}


def _failed(outcomes: dict[str, Outcome]) -> set[str]:
    return {name for name, outcome in outcomes.items() if outcome is not Outcome.PASSED}


@pytest.mark.parametrize("plan", VARIED.values(), ids=VARIED.keys())
def test_an_honest_proof_is_accepted_whatever_the_sizes(plan: Plan) -> None:
    assert _failed(_argument(*_built(plan))) == set()


def test_a_circuit_with_every_known_gate_is_proven_and_verified() -> None:
    circuit, proof = _built(EVERY_GATE)
    assert {gate.kind for gate in circuit.gates} == set(GateKind)
    assert _failed(_argument(circuit, proof)) == set()


@pytest.mark.parametrize("seed", [2, 3])
def test_other_witnesses_and_public_inputs_verify_too(seed: int) -> None:
    plan = replace(TINY, seed=seed, public_inputs=(seed, 0, 1, 2, 3, gl.P - 1))
    assert _failed(_argument(*build(plan))) == set()


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if is_dataclass(value):
        for one in fields(value):
            yield from _leaves(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _leaves(entry, (*path, index))
    else:
        yield path


def _changed(value: Any, path: tuple[Any, ...], by: int) -> Any:
    if not path:
        return (value + by) % gl.P
    key, rest = path[0], path[1:]
    if is_dataclass(value):
        return replace(value, **{key: _changed(getattr(value, key), rest, by)})  # type: ignore[type-var]
    return (*value[:key], _changed(value[key], rest, by), *value[key + 1 :])


def _kinds(proof: Proof) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
    """Paths by field, numbers in them left out, so that every kind of field is changed somewhere."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for path in _leaves(proof):
        found.setdefault(tuple(part for part in path if isinstance(part, str)), []).append(path)
    return found


def test_any_single_number_of_the_proof_changed_is_refused() -> None:
    circuit, proof = _built(TINY)
    kinds = _kinds(proof)
    assert len(kinds) == 18
    draw = random.Random(7)
    for kind, paths in kinds.items():
        for path in {paths[0], paths[-1], *draw.sample(paths, min(4, len(paths)))}:
            assert _failed(_argument(circuit, _changed(proof, path, 1))), (kind, path)


EXPECTED = {
    ("openings", "wires"): {"proof.constraints"},
    ("public_inputs",): {"proof.constraints"},
    ("final_poly",): {"proof.fri"},
    ("queries", "initial", "leaf"): {"proof.branches"},
    ("queries", "initial", "siblings"): {"proof.branches"},
    ("queries", "steps", "siblings"): {"proof.branches"},
    ("queries", "steps", "evals"): {"proof.branches", "proof.fri"},
}


@pytest.mark.parametrize(("kind", "expected"), EXPECTED.items(), ids=lambda value: "-".join(map(str, value)))
def test_a_changed_field_fails_the_check_that_covers_it(kind: tuple[str, ...], expected: set[str]) -> None:
    circuit, proof = _built(TINY)
    path = _kinds(proof)[kind][0]
    assert expected <= _failed(_argument(circuit, _changed(proof, path, 5)))


def test_only_the_queried_leaf_fails_when_a_salt_changes() -> None:
    circuit, proof = _built(TINY)
    salt = ("queries", 0, "initial", 1, "leaf", circuit.num_wires)
    assert _failed(_argument(circuit, _changed(proof, salt, 1))) == {"proof.branches"}


def test_a_wrong_witness_of_work_fails_the_work() -> None:
    circuit, proof = _built(TINY)
    strict = replace(circuit, fri=replace(circuit.fri, work_bits=60), config_fri=replace(circuit.fri, work_bits=60))
    assert "proof.work" in _failed(_argument(strict, proof))


def _shortened(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return value[:-1]
    key, rest = path[0], path[1:]
    if is_dataclass(value):
        return replace(value, **{key: _shortened(getattr(value, key), rest)})  # type: ignore[type-var]
    return (*value[:key], _shortened(value[key], rest), *value[key + 1 :])


def _lists(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if is_dataclass(value):
        for one in fields(value):
            yield from _lists(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple) and not (len(value) in {2, 4} and all(isinstance(one, int) for one in value)):
        yield path
        for index, entry in enumerate(value):
            yield from _lists(entry, (*path, index))


def test_any_list_cut_short_is_misshapen() -> None:
    circuit, proof = _built(TINY)
    paths = list(_lists(proof))
    assert len(paths) > 50
    for path in paths:
        assert check_shape(circuit, _shortened(proof, path)).outcome is Outcome.FAILED, path


# What neither the digest nor any check covers: only the pin over all bytes sees these.
UNBOUND = {"num_config_constants", "security_bits", "max_quotient_degree_factor"}


def _variants(circuit: CircuitData, name: str) -> Iterator[CircuitData]:
    value = getattr(circuit, name)
    if isinstance(value, int):
        yield replace(circuit, **{name: value + 1})
        yield replace(circuit, **{name: max(0, value - 1)})
    elif name == "gates":
        yield replace(circuit, gates=(*value[:-1], Gate(GateKind.ARITHMETIC, (1,))))
        yield replace(circuit, gates=value[:-1])
    elif name in {"fri", "config_fri"}:
        for one in fields(value):
            yield replace(circuit, **{name: replace(value, **{one.name: getattr(value, one.name) + 1})})
    elif name == "groups":
        yield replace(circuit, groups=((0, 2), (2, 3)))
        yield replace(circuit, groups=((0, 4),))
        yield replace(circuit, groups=())
    elif name == "flags":
        yield replace(circuit, flags=(value[0], value[1], 1 - value[2]))
        yield replace(circuit, flags=(2, value[1], value[2]))
    elif name == "cap":
        yield replace(circuit, cap=(value[1], value[0]))
    else:
        yield replace(circuit, **{name: (*value[:-1], value[-1] + 1)})
        yield replace(circuit, **{name: value[:-1]})


def _judged(circuit: CircuitData, proof: Proof, digest: tuple[int, int, int, int]) -> set[str]:
    refused = [check for check in check_parameters(circuit, public_inputs=6) if check.outcome is Outcome.FAILED]
    floors = {"plonky2.parameters.floor"}
    found = {check.id for check in refused if check.reason.key not in floors}
    if check_digest(circuit, digest).outcome is Outcome.FAILED:
        found.add("proof.digest")
    return found or _failed(_argument(circuit, proof))


@pytest.mark.parametrize("name", [one.name for one in fields(CircuitData) if one.name not in UNBOUND])
def test_any_field_of_the_circuit_changed_is_refused(name: str) -> None:
    circuit, proof = _built(TINY)
    variants = [one for one in _variants(circuit, name) if one != circuit]
    assert variants
    for variant in variants:
        assert _judged(variant, proof, circuit.digest), variant


@pytest.mark.parametrize("name", sorted(UNBOUND))
def test_what_no_check_covers_still_changes_the_bytes_that_are_pinned(name: str) -> None:
    circuit, proof = _built(TINY)
    variant = next(_variants(circuit, name))
    assert not _judged(variant, proof, circuit.digest)
    assert circuit_bytes(variant) != circuit_bytes(circuit)


def test_the_digest_covers_cap_and_degree_only() -> None:
    circuit, _ = _built(TINY)
    assert circuit.digest == circuit_digest(circuit)
    assert circuit_digest(replace(circuit, degree_bits=4)) != circuit.digest
    assert circuit_digest(replace(circuit, gates=())) == circuit.digest
    other = (circuit.digest[0] ^ 1, *circuit.digest[1:])
    assert check_digest(circuit, other).outcome is Outcome.FAILED


@pytest.mark.parametrize(("field", "weak"), [("rate_bits", 2), ("queries", 27), ("work_bits", 15)], ids=str)
def test_weak_parameters_are_refused(field: str, weak: int) -> None:
    sound = replace(TINY, queries=28, work_bits=16)
    circuit = replace(_built(TINY)[0], num_challenges=2)
    fri = replace(circuit.fri, queries=sound.queries, work_bits=sound.work_bits)
    strong = replace(circuit, fri=fri, config_fri=fri)
    assert [check.outcome for check in check_parameters(strong, public_inputs=6)] == [Outcome.PASSED]
    low = replace(fri, **{field: weak})
    checks = check_parameters(replace(circuit, fri=low, config_fri=low), public_inputs=6)
    assert "plonky2.parameters.floor" in {check.reason.key for check in checks}


def test_one_challenge_is_too_few() -> None:
    circuit, _ = build(replace(TINY, challenges=1))
    assert "plonky2.parameters.floor" in {check.reason.key for check in check_parameters(circuit, public_inputs=6)}


@pytest.mark.parametrize(
    "changes",
    [
        {"degree_bits": 40},
        {"degree_bits": 2**64 - 1},
        {"num_wires": 2**63},
        {"num_routed_wires": 0},
        {"quotient_degree_factor": 0},
        {"num_challenges": 2**40},
        {"arities": (0,)},
        {"arities": (2**63,)},
        {"arities": (9,)},
    ],
    ids=str,
)
def test_numbers_beyond_reason_are_refused_before_anything_is_computed(changes: dict[str, Any]) -> None:
    circuit = replace(_built(TINY)[0], **changes)
    checks = check_parameters(circuit, public_inputs=6)
    assert {check.outcome for check in checks} == {Outcome.FAILED}
    assert all("{" not in render(check.reason) for check in checks)


@pytest.mark.parametrize(
    "gate",
    [
        Gate(GateKind.LOW_DEGREE_INTERPOLATION, (60,)),
        Gate(GateKind.RANDOM_ACCESS, (63, 1, 1)),
        Gate(GateKind.ARITHMETIC, (0,)),
        Gate(GateKind.EXPONENTIATION, (2**64 - 1,)),
        Gate(GateKind.POSEIDON, ()),
        Gate(GateKind.CONSTANT, (3,)),
    ],
    ids=str,
)
def test_a_gate_that_reads_what_is_not_there_is_refused(gate: Gate) -> None:
    circuit = replace(_built(TINY)[0], gates=(gate, *TINY.gates[1:]))
    keys = {check.reason.key for check in check_parameters(circuit, public_inputs=6)}
    assert "plonky2.parameters.gate" in keys


def test_another_number_of_public_inputs_is_refused() -> None:
    circuit, _ = _built(TINY)
    keys = {check.reason.key for check in check_parameters(circuit, public_inputs=5)}
    assert "plonky2.parameters.inputs" in keys


@pytest.mark.parametrize("plan", [TINY, EVERY_GATE], ids=["tiny", "every gate"])
def test_circuit_data_are_decoded_as_they_were_written(plan: Plan) -> None:
    circuit, _ = _built(plan)
    assert decode(circuit_bytes(circuit)) == circuit


def test_circuit_data_that_end_early_or_leave_a_rest_are_undecodable() -> None:
    data = circuit_bytes(_built(TINY)[0])
    for length in range(len(data)):
        with pytest.raises(CircuitUndecodable):
            decode(data[:length])
    with pytest.raises(CircuitUndecodable):
        decode(data + b"\0")


def test_random_bytes_never_raise_anything_else() -> None:
    draw = random.Random(3)
    data = circuit_bytes(_built(TINY)[0])
    for _ in range(400):
        at = draw.randrange(len(data))
        noise = data[:at] + draw.randbytes(draw.randrange(1, 9)) + data[at + draw.randrange(9) :]
        try:
            circuit = decode(noise)
        except (CircuitUndecodable, CircuitUnknown):
            continue
        assert check_parameters(circuit, public_inputs=6)


@pytest.mark.parametrize("tag", [3, 6, 7, 17, 2**32 - 1])
def test_an_unknown_gate_ends_the_decoding(tag: int) -> None:
    data = circuit_bytes(_built(TINY)[0])
    # The last gate is Arithmetic(2): a tag of four bytes and one parameter.
    with pytest.raises(CircuitUnknown) as caught:
        decode(data[:-12] + tag.to_bytes(4, "little") + data[-8:])
    assert (caught.value.what, caught.value.tag) == ("gate", tag)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_folding_is_the_value_of_the_interpolated_polynomial(bits: int) -> None:
    draw = random.Random(bits)
    coefficients = [(draw.randrange(gl.P), draw.randrange(gl.P)) for _ in range(1 << bits)]
    start, beta = draw.randrange(1, gl.P), (draw.randrange(gl.P), draw.randrange(gl.P))
    g = gl.root_of_unity(bits)
    evals = [gl.ZERO] * (1 << bits)
    for k in range(1 << bits):
        evals[gl.reverse_bits(k, bits)] = gl.combine(coefficients, (start * pow(g, k, gl.P) % gl.P, 0))
    assert fold(evals, bits, start, beta) == gl.combine(coefficients, beta)


def test_folding_at_one_of_its_points_divides_by_zero_and_fails() -> None:
    assert fold([gl.ONE] * 4, 2, 9, (9 * gl.root_of_unity(2) % gl.P, 0)) is None


def test_queries_spread_over_workers_give_the_same_answer() -> None:
    circuit, proof = _built(VARIED["one group, one chunk"])
    bad = _changed(proof, ("queries", 9, "initial", 0, "leaf", 0), 1)
    with ThreadPoolExecutor(2) as executor:
        assert _argument(circuit, proof, executor) == _argument(circuit, proof)
        assert _argument(circuit, bad, executor) == _argument(circuit, bad)
        assert _failed(_argument(circuit, bad, executor)) == {"proof.branches", "proof.fri"}


class _Lost(Executor):
    """Loses every task, as a pool does whose worker was killed."""

    def submit(self, *_: object, **__: object) -> Future[Any]:  # type: ignore[override]
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor())
        return future


def test_a_lost_worker_changes_nothing() -> None:
    circuit, proof = _built(TINY)
    assert _failed(_argument(circuit, proof, _Lost())) == set()


@pytest.mark.parametrize("executor", [None, "threads"])
def test_the_work_stops_when_asked_to(executor: str | None) -> None:
    circuit, proof = _built(TINY)
    progress = Progress()
    progress.cancel()
    pool = None if executor is None else ThreadPoolExecutor(1)
    with pytest.raises(Cancelled):
        check_argument(circuit, proof, progress, pool)
    if pool is not None:
        pool.shutdown()


def test_every_reason_can_be_shown() -> None:
    circuit, proof = _built(TINY)
    checks: list[Check] = [
        *check_parameters(circuit, public_inputs=6),
        check_digest(circuit, circuit.digest),
        check_shape(circuit, proof),
        *check_argument(circuit, proof, silent(), None),
        *check_parameters(replace(circuit, k_is=()), public_inputs=6),
    ]
    assert all("{" not in render(check.reason) for check in checks)
    assert parameters.FLOOR_QUERIES == 28
