"""Bitunix: a sum tree whose sums are cut to a number of decimals that each file states per coin.

Source of the rules: BitunixOfficial/proof-of-reserves@5a00ad8.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import (
    FileKeys,
    IdRule,
    LevelDirection,
    LevelRule,
    Merge,
    SideRule,
    SumRules,
    SumScheme,
)
from reserves_gui.publishers.port import Sample
from reserves_gui.publishers.sum_file import SumFile, field, sum_format
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( encryptUid , nonce , {"BTC":"x",...} )
# node  H( l || r , {"BTC":"x",...} , height )      sums cut to the precision of each coin; height = the node's own
SCHEME = SumScheme(
    keys=FileKeys(hash="merkleLeaf", snapshot=None, precisions="precisions"),
    ids=(IdRule(key="encryptUid"), IdRule(key="nonce", user="nonce")),
    rules=(
        SumRules(
            leaf="{encryptUid},{nonce},{balances}",
            node="{l}{r},{balances},{level}",
            leaf_text=BalanceText.QUOTED,
            leaf_numbers=NumberRule.VERBATIM,
            node_text=BalanceText.QUOTED,
            sum_numbers=NumberRule.CUT_FIXED,
        ),
    ),
    order=CoinOrder.HASH_MAP,
    merge=Merge.LEFT,
    sides=SideRule(),
    levels=LevelRule(direction=LevelDirection.DOWN, base=1),
    sibling_leaf=True,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def _strength(value: Mapping[str, JsonValue]) -> int:
    own = field(value, "self")
    return 3 if isinstance(own, dict) and {"merkleLeaf", "precisions"} <= own.keys() else 0


FORMATS = (
    sum_format(
        SumFile(id="bitunix-merkle", exchange="Bitunix", scheme=SCHEME, guarantees=GUARANTEES),
        since="2024-01-01",
        recognise=_strength,
        guide="bitunix",
        unbound=(),
        sample=Sample.OFFICIAL,
    ),
)
