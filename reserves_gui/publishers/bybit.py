"""Bybit, 2022-12 to today: a sum tree over a fixed coin set that changes from time to time.

Source of the rules: bybit-exchange/merkle-proof@3f0e2da. The coin sets are in ``resources/coins/bybit.toml``.
"""

import tomllib
from collections.abc import Mapping
from importlib import resources

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


def _coin_sets() -> tuple[CoinSet, ...]:
    text = (resources.files("reserves_gui.resources") / "coins" / "bybit.toml").read_text(encoding="utf-8")
    sets = []
    for entry in tomllib.loads(text)["set"]:
        order = tuple(entry["order"].split())
        decimals = {coin: entry.get("decimals_of", {}).get(coin, entry["decimals"]) for coin in order}
        sets.append(CoinSet(name=entry["name"], order=order, decimals=decimals))
    return tuple(sets)


# leaf  H( userHash || amounts joined )
# node  H( l || r || sums joined || height )
SCHEME = SumScheme(
    keys=FileKeys(balances="balance"),
    ids=(IdRule(key="userHash", hex_digits=64),),
    rules=(
        SumRules(
            leaf="{userHash}{balances}",
            node="{l}{r}{balances}{level}",
            leaf_text=BalanceText.JOINED,
            leaf_numbers=NumberRule.VERBATIM,
            node_text=BalanceText.JOINED,
            sum_numbers=NumberRule.CUT_FIXED,
        ),
    ),
    order=CoinOrder.LISTED,
    merge=Merge.EXACT,
    coin_sets=_coin_sets(),
    exact_decimals=True,
    sides=SideRule(sibling=frozenset({"1", "2", "4"}), padding="4"),
    levels=LevelRule(direction=LevelDirection.UP, base=1),
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
    own = field(value, "self")
    return 3 if isinstance(own, dict) and {"balance", "userHash"} <= own.keys() else 0


FORMATS = (
    sum_format(
        SumFile(
            id="bybit-merkle",
            exchange="Bybit",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            notes=(say("paths.note_unbound", fields="auditId, nonce"),),
        ),
        since="2022-12-08",
        recognise=_strength,
        guide="bybit",
        unbound=("auditId", "nonce"),
        sample=Sample.OFFICIAL,
    ),
)
