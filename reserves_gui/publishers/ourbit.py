"""Ourbit: a sum tree with 128-bit hashes over coins that are kept in several accounts.

Source of the rules: expo20999-ship-it/merkle_validate@0fa84ed.
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.hashing import HashRule
from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import (
    Absence,
    FileKeys,
    Grammar,
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

# leaf  H32( PR-snapshotDate , uid , BTC:x,ETH:y )     accounts of one coin added up, coins without an amount left out
# node  H32( l , r , BTC:x,ETH:0,... )                 over all coins of allCurrencies
SCHEME = SumScheme(
    keys=FileKeys(side="role", level="level", snapshot="snapshotDate", listed="allCurrencies"),
    hash=HashRule(digits=32),
    ids=(IdRule(key="snapshotDate"), IdRule(key="uid", user="uid")),
    rules=(
        SumRules(
            leaf="PR-{snapshotDate},{uid},{balances}",
            node="{l},{r},{balances}",
            lone="{own},,{balances}",
            leaf_text=BalanceText.NAMED,
            leaf_numbers=NumberRule.STRIP,
            node_text=BalanceText.NAMED,
            sum_numbers=NumberRule.STRIP,
        ),
    ),
    order=CoinOrder.CODE_POINT,
    merge=Merge.LISTED,
    grammar=Grammar.EXPONENT,
    account_separator=":",
    zero_coins_dropped=True,
    sides=SideRule(),
    levels=LevelRule(direction=LevelDirection.UP, base=0),
    absence=Absence.NULL_HASH,
    absent_marker="0",
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=128,
    domain_separation=True,
    per_asset=True,
)


def _strength(value: Mapping[str, JsonValue]) -> int:
    own = field(value, "self")
    return 3 if isinstance(own, dict) and "snapshotDate" in own and "path" in value else 0


FORMATS = (
    sum_format(
        SumFile(
            id="ourbit-merkle",
            exchange="Ourbit",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            notes=(say("paths.note_hash_bits", bits=128, half=64), say("paths.note_accounts")),
        ),
        since="2024-06-01",
        recognise=_strength,
        guide="ourbit",
        unbound=("accounts",),
        sample=Sample.OFFICIAL,
    ),
)
