"""Bitget, 2022-12 to today: a sum tree with 64-bit hashes, written by two number rules.

Source of the rules: BitgetLimited/proof-of-reserves@86209a9 (validators up to v1.0.3, and v1.0.4 of 2025-11).
"""

from collections.abc import Mapping

from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.merkle.hashing import HashRule
from reserves_gui.merkle.numbers import BalanceText, CoinOrder, NumberRule
from reserves_gui.merkle.scheme import (
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

# leaf  H16( encryptUid , nonce , J )
# node  H16( l || r , J , level )       level = the node's own, root 1
_LEAF = "{encryptUid},{nonce},{balances}"
_NODE = "{l}{r},{balances},{level}"

SCHEME = SumScheme(
    keys=FileKeys(hash="merkelLeaf", side="role", level="level"),
    hash=HashRule(digits=16),
    ids=(IdRule(key="encryptUid"), IdRule(key="nonce", user="nonce")),
    rules=(
        SumRules(
            name="paths.rule_quoted",
            leaf=_LEAF,
            node=_NODE,
            leaf_text=BalanceText.QUOTED,
            leaf_numbers=NumberRule.STRIP,
            node_text=BalanceText.QUOTED,
            sum_numbers=NumberRule.STRIP,
        ),
        SumRules(
            name="paths.rule_bare",
            leaf=_LEAF,
            node=_NODE,
            leaf_text=BalanceText.BARE,
            leaf_numbers=NumberRule.JAVA,
            node_text=BalanceText.BARE,
            sum_numbers=NumberRule.JAVA,
        ),
    ),
    order=CoinOrder.HASH_MAP,
    merge=Merge.UNION,
    grammar=Grammar.EXPONENT,
    sides=SideRule(sibling=frozenset({"0", "1", "2"}), root=frozenset({"3", None}), padding="0"),
    levels=LevelRule(direction=LevelDirection.DOWN, base=1),
    sibling_leaf=True,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=64,
    domain_separation=True,
    per_asset=True,
)


def _strength(value: Mapping[str, JsonValue]) -> int:
    own = field(value, "self")
    if not isinstance(own, dict) or "merkelLeaf" not in own or "parentMerkelLeaf" in own:
        return 0
    path = value.get("path")
    if isinstance(path, list) and any(isinstance(entry, dict) and "parentMerkelLeaf" in entry for entry in path):
        return 0
    audit = own.get("auditId")
    if isinstance(audit, str) and audit[:1] == "A" and audit[1:2].isdigit():
        return 0
    return 3 if isinstance(audit, str) and audit.startswith("Au") else 2


FORMATS = (
    sum_format(
        SumFile(
            id="bitget-merkle",
            exchange="Bitget",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            notes=(say("paths.note_hash_bits", bits=64, half=32), say("paths.note_unbound", fields="auditId")),
        ),
        since="2022-12-01",
        recognise=_strength,
        guide="bitget",
        unbound=("auditId",),
        sample=Sample.OFFICIAL,
    ),
)
