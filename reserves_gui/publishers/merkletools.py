"""Proofs as merkletools and related libraries write them (Tierion and others).

Source of the rules: Tierion/pymerkletools@f10d71e. An odd last node is carried up without a step.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.merkle.scheme import PlainScheme, StepForm
from reserves_gui.publishers.plain_file import Ids, PlainFile, plain_format
from reserves_gui.publishers.port import Given
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  any text, hashed once;  node  H( raw l || raw r )
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.RAW),
    leaf=None,
    steps=StepForm.KEYED,
    left="left",
    right="right",
    path_key="proof",
    root_key="merkleRoot",
    leaf_key="targetHash",
    leaf_key_required=True,
    empty_path=True,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.NONE,
    hash_bits=256,
    domain_separation=False,
    per_asset=False,
)


def identify(fields: Shape, given: Given) -> Ids:  # noqa: ARG001 - the port's signature
    """The text of the leaf, if the user has it."""
    return Ids(text=given.secret("record"))


def _strength(value: Mapping[str, JsonValue]) -> int:
    return 3 if {"targetHash", "merkleRoot", "proof"} <= value.keys() else 0


FORMATS = (
    plain_format(
        PlainFile(
            id="merkletools-proof",
            exchange="merkletools",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=identify,
        ),
        since="2016-01-01",
        guide="merkletools",
        recognise=_strength,
        user_fields=("record",),
    ),
)
