"""BingX, 2022-11: a tree of hashes; balances, path and root are shown on a page and entered by hand.

Source of the rules: BingX-API/BingX-proof-of-reserves@43ef338.
"""

from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.merkle.scheme import AssetForm, PlainNumber, PlainScheme, StepForm
from reserves_gui.publishers.plain_file import PlainFile, plain_format, uid_ids
from reserves_gui.publishers.port import FormField
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( hex(H(uid)) ,BTC:x,ETH:y,USDT:z,USDC:w,Total:t )
# node  H( hex l || hex r )
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.HEX),
    leaf="{uid_hash},{balances},Total:{total}",
    steps=StepForm.PREFIXED,
    left="l",
    right="r",
    leaf_key="leaf",
    assets=AssetForm.PAIRS,
    amounts=("total",),
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
            id="bingx-merkle",
            exchange="BingX",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=uid_ids,
            form=(
                FormField(name="uid", required=False),
                FormField(name="hashed_uid", kind="hex", required=False),
                FormField(name="assets", kind="assets"),
                FormField(name="total", kind="amount"),
                FormField(name="path", kind="path"),
                FormField(name="root", kind="hex"),
                FormField(name="leaf", kind="hex", required=False),
            ),
        ),
        since="2022-11-01",
        guide="bingx",
        user_fields=("uid",),
    ),
)
