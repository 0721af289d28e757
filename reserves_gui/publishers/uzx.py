"""UZX: a sum tree with 64-bit hashes and sparse balances, numbers as a Java program prints them.

Source of the rules: uzxlab/proof-of-reserves@00e99b4.
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

# leaf  H16( encryptUid , nonce , {"BTC":x,...} )
# node  H16( l || r , {"BTC":x,...} , level )       level = the node's own, root 1
SCHEME = SumScheme(
    keys=FileKeys(hash="merkelLeaf", side="role", level="level"),
    hash=HashRule(digits=16),
    ids=(IdRule(key="encryptUid"), IdRule(key="nonce", user="nonce")),
    rules=(
        SumRules(
            leaf="{encryptUid},{nonce},{balances}",
            node="{l}{r},{balances},{level}",
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
    audit = own.get("auditId")
    return 3 if isinstance(audit, str) and audit[:1] == "A" and audit[1:2].isdigit() else 0


FORMATS = (
    sum_format(
        SumFile(
            id="uzx-merkle",
            exchange="UZX",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            notes=(say("paths.note_hash_bits", bits=64, half=32), say("paths.note_unbound", fields="auditId")),
        ),
        since="2024-01-01",
        recognise=_strength,
        guide="uzx",
        unbound=("auditId",),
        sample=Sample.OFFICIAL,
    ),
)
