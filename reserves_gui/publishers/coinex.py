"""CoinEx: a sum tree without levels; a node with one child is hashed by one of two rules.

Source of the rules: coinexcom/proof-of-reserves@52c6cf4. Its published program doubles a lone child and so rejects its
own example, which holds when the child is hashed once.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import (
    Absence,
    FileKeys,
    IdRule,
    Merge,
    RootPlace,
    SideRule,
    SumRules,
    SumScheme,
)
from reserves_gui.publishers.port import Sample
from reserves_gui.publishers.sum_file import SumFile, field, sum_format
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( nonce || {"BTC":"x",...} )
# node  H( l || r || {"BTC":"x",...} )      with one child h: H( h || ... ), or H( h || h || ... )


def _rules(name: str, lone: str) -> SumRules:
    return SumRules(
        name=name,
        leaf="{nonce}{balances}",
        node="{l}{r}{balances}",
        lone=lone,
        leaf_text=BalanceText.QUOTED,
        leaf_numbers=NumberRule.STRIP,
        node_text=BalanceText.QUOTED,
        sum_numbers=NumberRule.STRIP,
    )


SCHEME = SumScheme(
    keys=FileKeys(side="pos", level=None, snapshot=None, hash_in_self=False, side_in_self=False),
    ids=(IdRule(key="nonce", user="nonce", longest=64),),
    rules=(
        _rules("paths.rule_lone_once", "{own}{balances}"),
        _rules("paths.rule_lone_twice", "{own}{own}{balances}"),
    ),
    order=CoinOrder.CODE_POINT,
    merge=Merge.UNION,
    sides=SideRule(left="left", sibling=frozenset({"left", "right"})),
    levels=None,
    root=RootPlace.KEY,
    absence=Absence.EMPTY_OBJECT,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)


def _strength(value: Mapping[str, JsonValue]) -> int:
    keys = {"root", "self", "path"} <= value.keys()
    return 2 if keys and isinstance(field(value, "self", "balances"), dict) else 0


FORMATS = (
    sum_format(
        SumFile(id="coinex-merkle", exchange="CoinEx", scheme=SCHEME, guarantees=GUARANTEES),
        since="2022-12-01",
        recognise=_strength,
        guide="coinex",
        unbound=(),
        sample=Sample.OFFICIAL,
    ),
)
