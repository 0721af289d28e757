"""Inclusion proofs and public roots as JSON; 32 bytes stand as hex text or as an array of numbers."""

from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import say
from reserves_gui.publishers.dapol.hashes import TreeNode
from reserves_gui.zk.ristretto import ORDER, decode

_BYTES = 32
_VALUE_LIMIT = 2**64
# A tree of 64 levels has x coordinates of 63 bits.
_HIGHEST = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: ``y`` levels above the leaves, ``x`` from the left."""

    y: int
    x: int


@dataclass(frozen=True, slots=True)
class RangeProofs:
    """How many range proofs stand in the file. ``together``: nodes of the one aggregated proof, as its factor says."""

    individual: int
    aggregated: bool
    together: frozenset[int]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """One user's proof: own leaf with its opening, siblings from the leaf up, and the range proofs' numbers."""

    place: Place
    leaf: TreeNode
    liability: int
    blinding: int
    siblings: tuple[tuple[Place, TreeNode], ...]
    ranges: RangeProofs
    bound_bits: int


@dataclass(frozen=True, slots=True)
class PublicRoot:
    """The root as published: hash and, if stated, commitment."""

    hash: bytes
    commitment: bytes | None


def read_inclusion(document: Document) -> Inclusion:
    """A proof file. Raises ``format.shape``, ``number.grammar``, ``limit.entries``."""
    shape = document.shape()
    leaf = shape["leaf_node"]
    content = leaf["content"]
    siblings = shape["path_siblings"].entries(limits.PATH_ENTRIES)
    blinding = int.from_bytes(thirty_two(content["blinding_factor"]), "little")
    if blinding >= ORDER:
        content["blinding_factor"].refuse(say("dapol.scalar"))
    return Inclusion(
        place=_place(leaf["coord"]),
        leaf=_node(content),
        liability=content["liability"].integer(below=_VALUE_LIMIT),
        blinding=blinding,
        siblings=tuple((_place(one["coord"]), _node(one["content"])) for one in siblings),
        ranges=_ranges(shape, len(siblings) + 1),
        bound_bits=shape["upper_bound_bit_length"].integer(below=256),
    )


def read_public_root(document: Document) -> PublicRoot:
    """A root file. Raises ``format.shape``."""
    shape = document.shape()
    commitment = shape.get("commitment")
    return PublicRoot(thirty_two(shape["hash"]), None if commitment is None else thirty_two(commitment))


def thirty_two(shape: Shape) -> bytes:
    """32 bytes, written as 64 hex digits (``0x`` allowed) or as 32 numbers. Raises ``format.shape``."""
    if shape.is_list:
        numbers = [entry.integer(below=256) for entry in shape.entries(_BYTES)]
        if len(numbers) != _BYTES:
            shape.refuse(say("dapol.bytes"))
        return bytes(numbers)
    return bytes_of(shape.text(longest=80), shape.where)


def bytes_of(text: str, where: str) -> bytes:
    """32 bytes from hex text. Raises ``format.shape``."""
    digits = text.removeprefix("0x")
    try:
        data = bytes.fromhex(digits) if digits.isascii() and len(digits) == 2 * _BYTES else b""
    except ValueError:
        data = b""
    if len(data) != _BYTES:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("dapol.bytes"), where)
    return data


def _place(shape: Shape) -> Place:
    return Place(shape["y"].integer(below=_HIGHEST), shape["x"].integer(below=_VALUE_LIMIT))


def _node(shape: Shape) -> TreeNode:
    point = decode(thirty_two(shape["commitment"]))
    if point is None:
        shape["commitment"].refuse(say("dapol.point"))
    return TreeNode(point, thirty_two(shape["hash"]))


def _ranges(shape: Shape, height: int) -> RangeProofs:
    individual = shape.get("individual_range_proofs")
    aggregated = shape.get("aggregated_range_proof")
    factor = shape.get("aggregation_factor")
    together = {height}
    if factor is not None and factor.is_object:
        for kind, value in factor.items():
            number = value.integer(below=256)
            if kind == "Divisor":
                together = {height // number} if number else {0}
            elif kind == "Percent":
                # The source rounds; which way is not settled by a sample.
                together = {height * number // 100, -(-height * number // 100)}
            elif kind == "Number":
                together = {min(number, height)}
            else:
                factor.refuse(say("error.unknown_key", key=kind[:40]))
    count = 0 if individual is None else len(individual.entries(2 * limits.PATH_ENTRIES))
    return RangeProofs(count, aggregated is not None, frozenset(together))
