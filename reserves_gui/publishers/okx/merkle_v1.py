"""OKX and OKCoin, audits of 2022-11 to 2023-03: the first sum tree.

Source of the rules: okx/proof-of-reserves common/merkle.go@2962a89.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import (
    CoinSet,
    FileKeys,
    IdRule,
    LevelDirection,
    LevelRule,
    Merge,
    SideRule,
    SumRules,
    SumScheme,
)
from reserves_gui.messages import say
from reserves_gui.publishers.port import Sample
from reserves_gui.publishers.sum_file import SumFile, field, sum_format
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

_COINS = ("BTC", "ETH", "USDT")

# leaf  H( nonce || {"BTC":"b","ETH":"e","USDT":"u"} )
# node  H( l || r || b || e || u || height )
SCHEME = SumScheme(
    keys=FileKeys(),
    ids=(IdRule(key="nonce", user="nonce"),),
    rules=(
        SumRules(
            leaf="{nonce}{balances}",
            node="{l}{r}{balances}{level}",
            leaf_text=BalanceText.QUOTED,
            leaf_numbers=NumberRule.VERBATIM,
            node_text=BalanceText.JOINED,
            sum_numbers=NumberRule.CUT_STRIP,
        ),
    ),
    order=CoinOrder.LISTED,
    merge=Merge.EXACT,
    coin_sets=(CoinSet(name="3", order=_COINS, decimals=dict.fromkeys(_COINS, 8)),),
    sides=SideRule(sibling=frozenset({"1", "2", "4"}), padding="4"),
    levels=LevelRule(direction=LevelDirection.UP, base=1),
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
    balances = field(value, "self", "balances")
    keys = all(field(value, "self", key) is not None for key in ("nonce", "hash", "height", "type"))
    if not keys or not isinstance(balances, dict) or field(value, "self", "userHash") is not None:
        return 0
    return 3 if balances.keys() == set(_COINS) else 1


FORMATS = (
    sum_format(
        SumFile(
            id="okx-merkle-v1",
            exchange="OKX",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            notes=(say("paths.note_joined_sums"), say("paths.note_unbound", fields="auditId")),
        ),
        since="2022-11-22",
        recognise=_strength,
        guide="okx-merkle-v1",
        unbound=("auditId",),
        sample=Sample.OFFICIAL,
    ),
)
