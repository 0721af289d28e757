"""TopOne, 2025-02: a tree of hashes over one USDT balance a user, entered by hand.

Source of the rules: TopOne-API/proof-of-reserves@a53ad81.
"""

from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.merkle.scheme import AssetForm, PlainNumber, PlainScheme, StepForm
from reserves_gui.publishers.plain_file import PlainFile, plain_format, uid_ids
from reserves_gui.publishers.port import FormField
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( hex(H(uid)) ,USDT:v )
# node  H( raw l || raw r );  a step is one digit and a hash: 1 = sibling right, 0 = left
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.RAW),
    leaf="{uid_hash},{balances}",
    steps=StepForm.DIGIT,
    left="0",
    right="1",
    leaf_key="leaf",
    assets=AssetForm.SINGLE,
    assets_key="usdt",
    coins=("USDT",),
    numbers=PlainNumber.TRIMMED,
    negative=False,
    typed=True,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)

FORMATS = (
    plain_format(
        PlainFile(
            id="topone-merkle",
            exchange="TopOne",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=uid_ids,
            form=(
                FormField(name="uid", required=False),
                FormField(name="hashed_uid", kind="hex", required=False),
                FormField(name="usdt", kind="amount"),
                FormField(name="path", kind="path"),
                FormField(name="root", kind="hex"),
                FormField(name="leaf", kind="hex", required=False),
            ),
        ),
        since="2025-02-01",
        guide="topone",
        user_fields=("uid",),
    ),
)
