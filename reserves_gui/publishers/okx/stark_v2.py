"""``okx-stark-v2``: user proofs and global plonky2 proofs, published since 2024-09-27.

The leaf commits to two sums, equity and debt, over all tokens: "your total value is included", never a token's amount.
Source: okx/proof-of-reserves-v2 @eebb640.
"""

from reserves_gui.intake.document import Document
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.verdict import Findings, Guarantees, LeafIdentity, NegativeBalances, SumBinding

FORMAT_ID = "okx-stark-v2"
EXCHANGE = "OKX"
USER, GLOBAL = "user", "global"

_USER_KEYS = (b'"sum_tree_siblings"', b'"recursive_tree_siblings"')
_GLOBAL_KEYS = (b'"recursion_branchout_num"', b'"root_vd_digest"', b'"root_verifier_data_hex"', b'"circuits_info"')

GUARANTEES = Guarantees(
    sum_binding=SumBinding.ZERO_KNOWLEDGE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=False,
    per_asset=False,
)


def recognise(document: Document) -> Match | None:
    """A user's file or a global proof file, by keys that no other format has."""
    if not document.looks_like_json:
        return None
    if any(key in document.head for key in _USER_KEYS):
        return Match(USER)
    if any(key in document.head for key in _GLOBAL_KEYS):
        return Match(GLOBAL)
    return None


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge what was given. Loaded when it is needed: every file is held against every format, few are of this one."""
    from reserves_gui.publishers.okx.stark_v2_judging import verify

    return verify(evidence, given, progress)


FORMATS = (
    Format(
        id=FORMAT_ID,
        exchange=EXCHANGE,
        family=Family.ZERO_KNOWLEDGE,
        since="2024-09-27",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=USER,
        guide="okx-stark",
        unbound=("general", "recursive_circuit_configs", "account.equity[i]", "account.debt[i]"),
        sample=Sample.OFFICIAL,
    ),
)

__all__ = ["FORMATS", "FORMAT_ID", "GUARANTEES", "recognise", "verify"]
