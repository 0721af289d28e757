"""The global proof file of the second generation, read into the values that the verifier works on.

Numbers are u64 as JSON numbers and may be at or above the field's modulus: they are reduced. A number outside u64 or a
pair that is no pair does not raise: the proof is misshapen, which is a failed check.
"""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import JsonNumber
from reserves_gui.intake.shape import Shape, wrong_type
from reserves_gui.messages import Message, say
from reserves_gui.zk.goldilocks import Ext, P
from reserves_gui.zk.plonky2.proof import FoldingStep, InitialOpening, Openings, Proof, Query
from reserves_gui.zk.poseidon_goldilocks import Hash

DEPTH = 32
_U64 = 2**64
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_NO_HASH: Hash = (0, 0, 0, 0)
_CAPS = ("wires_cap", "plonk_zs_partial_products_cap", "quotient_polys_cap")
_OPENINGS = (
    "constants",
    "plonk_sigmas",
    "wires",
    "plonk_zs",
    "plonk_zs_next",
    "partial_products",
    "quotient_polys",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalProof:
    """One global proof file. ``fault`` is the first place where a number or a fixed-size list is not what it must be.

    ``circuit`` is None where the file leaves the circuit data out; ``levels`` then too.
    """

    document: Document
    round_number: int
    branching: int
    batch_size: int
    tokens: int
    digest: Hash
    circuit: bytes | None
    levels: int | None
    proof: Proof
    fault: Message | None

    @property
    def root(self) -> Hash | None:
        """Public inputs 2..5, if they are there."""
        inputs = self.proof.public_inputs
        return (inputs[2], inputs[3], inputs[4], inputs[5]) if len(inputs) == 6 else None


class _Reader:
    """Reads numbers, pairs and hashes; remembers the first fault instead of raising for it."""

    def __init__(self) -> None:
        self.fault: Message | None = None

    def number(self, value: Any, where: str) -> int:
        """An element of F."""
        if not isinstance(value, JsonNumber):
            _refuse(wrong_type("number"), where)
        if not _INTEGER.fullmatch(value):
            raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=value[:40]), where)
        number = int(value)
        if not 0 <= number < _U64:
            self.remember(where)
        return number % P

    def numbers(self, value: Any, where: str) -> tuple[int, ...]:
        """A list of elements of F."""
        return tuple([self.number(entry, where) for entry in _list(value, where)])

    def ext(self, value: Any, where: str) -> Ext:
        """An element of K."""
        pair = self.numbers(value, where)
        if len(pair) != 2:
            self.remember(where)
            return 0, 0
        return pair[0], pair[1]

    def exts(self, value: Any, where: str) -> tuple[Ext, ...]:
        """A list of elements of K."""
        return tuple([self.ext(entry, where) for entry in _list(value, where)])

    def hash(self, value: Any, where: str) -> Hash:
        """A hash object."""
        elements = self.numbers(_key(value, "elements", where), where)
        if len(elements) != 4:
            self.remember(where)
            return _NO_HASH
        return elements[0], elements[1], elements[2], elements[3]

    def hashes(self, value: Any, where: str) -> tuple[Hash, ...]:
        """A list of hash objects."""
        return tuple([self.hash(entry, where) for entry in _list(value, where)])

    def remember(self, where: str) -> None:
        """Keep the first fault."""
        self.fault = self.fault or say("okx_stark_v2.shape.fault", where=where)


def _refuse(message: Message, where: str) -> NoReturn:
    raise ReservesError(ErrorCode.FORMAT_SHAPE, message, where)


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        _refuse(wrong_type("array"), where)
    return value


def _key(value: Any, key: str, where: str) -> Any:
    if not isinstance(value, dict):
        _refuse(wrong_type("object"), where)
    if key not in value:
        _refuse(say("error.missing_key", key=key), where)
    return value[key]


def read_global(document: Document) -> GlobalProof:
    """The global proof file. Raises ``format.shape``, ``number.grammar``, ``json.*`` and ``limit.*``."""
    shape = document.shape(limits.JSON_GLOBAL_BYTES)
    _refuse_depth(shape.value, document.name)
    reader = _Reader()
    general = shape["general"]
    circuit, levels = _read_circuit(shape, reader)
    digest = reader.hash(shape["root_vd_digest"].value, f"{document.name}.root_vd_digest")
    proof = _read_proof(shape["proof"], reader)
    return GlobalProof(
        document=document,
        round_number=_count(general, "round_num"),
        branching=_count(general, "recursion_branchout_num"),
        batch_size=_count(general, "batch_size"),
        tokens=_count(general, "token_num"),
        digest=digest,
        circuit=circuit,
        levels=levels,
        proof=proof,
        fault=reader.fault,
    )


def _count(shape: Shape, key: str) -> int:
    entry = shape[key]
    if not entry.is_number:
        entry.refuse(wrong_type("number"))
    return entry.integer(below=_U64)


def _read_circuit(shape: Shape, reader: _Reader) -> tuple[bytes | None, int | None]:
    info = shape["circuits_info"]
    if info.is_null:
        return None, None
    if not info["batch_circuit_config"].is_object:
        info["batch_circuit_config"].refuse(wrong_type("object"))
    levels = len(info["recursive_circuit_configs"].entries(limits.PATH_ENTRIES))
    place = info["root_verifier_data_hex"]
    text = place.text(longest=limits.MIB)
    if _HEX.fullmatch(text) is None:
        reader.remember(place.where)
        return b"", levels
    return bytes.fromhex(text), levels


def _read_proof(shape: Shape, reader: _Reader) -> Proof:
    inner = shape["proof"]
    caps = [reader.hashes(inner[name].value, inner[name].where) for name in _CAPS]
    opened = inner["openings"]
    openings = {name: reader.exts(opened[name].value, opened[name].where) for name in _OPENINGS}
    low_degree = inner["opening_proof"]
    commit = low_degree["commit_phase_merkle_caps"]
    coefficients = low_degree["final_poly"]["coeffs"]
    witness = low_degree["pow_witness"]
    inputs = shape["public_inputs"]
    return Proof(
        public_inputs=reader.numbers(inputs.value, inputs.where),
        wires_cap=caps[0],
        zs_cap=caps[1],
        quotient_cap=caps[2],
        openings=Openings(**openings),
        commit_caps=tuple([reader.hashes(cap.value, cap.where) for cap in commit.entries()]),
        queries=tuple([_read_query(query, reader) for query in low_degree["query_round_proofs"].entries()]),
        final_poly=reader.exts(coefficients.value, coefficients.where),
        work_witness=reader.number(witness.value, witness.where),
    )


def _read_query(shape: Shape, reader: _Reader) -> Query:
    initial: list[InitialOpening] = []
    for opening in shape["initial_trees_proof"]["evals_proofs"].entries():
        parts = opening.entries()
        if len(parts) != 2:
            reader.remember(opening.where)
            continue
        siblings = parts[1]["siblings"]
        initial.append(
            InitialOpening(
                reader.numbers(parts[0].value, parts[0].where),
                reader.hashes(siblings.value, siblings.where),
            )
        )
    steps: list[FoldingStep] = []
    for step in shape["steps"].entries():
        evals, siblings = step["evals"], step["merkle_proof"]["siblings"]
        steps.append(FoldingStep(reader.exts(evals.value, evals.where), reader.hashes(siblings.value, siblings.where)))
    return Query(tuple(initial), tuple(steps))


def _refuse_depth(value: Any, where: str) -> None:
    """Global files nest nine deep; anything deeper than 32 is ``json.depth``."""
    level: list[Any] = [value]
    for _ in range(DEPTH):
        level = [
            entry
            for container in level
            for entry in (container.values() if isinstance(container, dict) else container)
            if isinstance(entry, (dict, list))
        ]
        if not level:
            return
    raise ReservesError(ErrorCode.JSON_DEPTH, say("error.json_depth", limit=DEPTH), where)
