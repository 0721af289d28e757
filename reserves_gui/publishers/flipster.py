"""Flipster: a tree of hashes without ids; files made before 2025-03-10 used another leaf rule, which is not known.

Source of the rules: teamprex/proof-of-reserves@83b8525.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.merkle.scheme import AssetForm, PlainScheme, StepForm
from reserves_gui.messages import say
from reserves_gui.publishers.plain_file import PlainFile, no_ids, plain_format
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( |BTC:b|ETH:e|... )      file order, amounts verbatim
# node  H( raw l || raw r );  index even = sibling right; then halve
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.RAW),
    leaf="|{balances}",
    steps=StepForm.BASE64,
    path_key="proofs",
    index_key="leaf_index",
    assets=AssetForm.RECORDS,
    pair_joint="|",
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.NONE,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)


def _strength(value: Mapping[str, JsonValue]) -> int:
    return 3 if {"leaf_index", "assets", "root", "proofs"} <= value.keys() else 0


FORMATS = (
    plain_format(
        PlainFile(
            id="flipster-merkle",
            exchange="Flipster",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=no_ids,
            notes=(say("paths.note_shared_leaf"),),
        ),
        since="2025-03-10",
        guide="flipster",
        recognise=_strength,
    ),
)
