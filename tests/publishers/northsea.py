"""A made-up exchange as a third party would write it: a sum tree of a known family, declared as data."""

from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import FileKeys, IdRule, LevelDirection, LevelRule, Merge, SideRule, SumRules, SumScheme
from reserves_gui.publishers.port import Sample
from reserves_gui.publishers.sum_file import SumFile, field, sum_format
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( clientHash#K )      K = BTC:x,ETH:y by code point
# node  H( l#r#K#level )       level 0 at the leaves
SCHEME = SumScheme(
    keys=FileKeys(path="siblings", own="client", level="level", snapshot="snapshot"),
    ids=(IdRule(key="clientHash", user="client_id", hex_digits=64),),
    rules=(
        SumRules(
            leaf="{clientHash}#{balances}",
            node="{l}#{r}#{balances}#{level}",
            leaf_text=BalanceText.NAMED,
            leaf_numbers=NumberRule.VERBATIM,
            node_text=BalanceText.NAMED,
            sum_numbers=NumberRule.STRIP,
        ),
    ),
    order=CoinOrder.CODE_POINT,
    merge=Merge.UNION,
    sides=SideRule(),
    levels=LevelRule(direction=LevelDirection.UP, base=0),
)
GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)
FORMATS = (
    sum_format(
        SumFile(id="northsea-merkle", exchange="Northsea", scheme=SCHEME, guarantees=GUARANTEES),
        since="2026-11-01",
        recognise=lambda value: 3 if field(value, "client", "clientHash") and field(value, "siblings") else 0,
        guide="northsea",
        unbound=("snapshot",),
        sample=Sample.SPECIFICATION,
    ),
)
