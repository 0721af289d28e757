"""MEXC: a sum tree with 128-bit hashes whose siblings are found by level.

Source of the rules: mexcmerkle/mexc-merkle-proof-of-reserves@9af26ec.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.hashing import HashRule
from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import (
    Absence,
    FileKeys,
    IdRule,
    LevelDirection,
    LevelRule,
    Lookup,
    Merge,
    SideRule,
    SideSource,
    SumRules,
    SumScheme,
)
from reserves_gui.messages import say
from reserves_gui.publishers.port import Sample
from reserves_gui.publishers.sum_file import SumFile, field, sum_format
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H32( proofId , accountId , BTC:x,ETH:y )
# node  H32( l , r , BTC:x,ETH:y )        r is the empty text where there is no right child
SCHEME = SumScheme(
    keys=FileKeys(path="pathList", level="level", snapshot="proofId"),
    hash=HashRule(digits=32),
    ids=(IdRule(key="proofId", never_hex=32), IdRule(key="accountId")),
    rules=(
        SumRules(
            leaf="{proofId},{accountId},{balances}",
            node="{l},{r},{balances}",
            lone="{own},,{balances}",
            leaf_text=BalanceText.NAMED,
            leaf_numbers=NumberRule.VERBATIM,
            node_text=BalanceText.NAMED,
            sum_numbers=NumberRule.STRIP,
        ),
    ),
    order=CoinOrder.CODE_POINT,
    merge=Merge.UNION,
    added=("BTC", "USDT", "ETH", "USDC"),
    sides=SideRule(source=SideSource.CURRENT),
    levels=LevelRule(direction=LevelDirection.UP, base=0),
    lookup=Lookup.LEVEL,
    absence=Absence.EMPTY_HASH,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=128,
    domain_separation=False,
    per_asset=True,
)


def _strength(value: Mapping[str, JsonValue]) -> int:
    return 3 if isinstance(value.get("pathList"), list) and isinstance(field(value, "self"), dict) else 0


FORMATS = (
    sum_format(
        SumFile(
            id="mexc-merkle",
            exchange="MEXC",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            notes=(say("paths.note_hash_bits", bits=128, half=64),),
        ),
        since="2023-01-01",
        recognise=_strength,
        guide="mexc",
        unbound=(),
        sample=Sample.OFFICIAL,
    ),
)
