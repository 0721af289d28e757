"""``okx-stark-v1``: user proofs and STARK sum proofs, published from 2023-04-27 to 2024-08-08.

Values are in one common unit whose scale is unpublished: they are shown as value units, never as coins.
Source: okx/proof-of-reserves zk_STARK @2962a895.
"""

from reserves_gui.intake.document import Document
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.verdict import Findings, Guarantees, LeafIdentity, NegativeBalances, SumBinding

FORMAT_ID = "okx-stark-v1"
EXCHANGE = "OKX"
USER, SUM_PROOF, SUM_VALUES, CONFIG = "user", "sum_proof", "sum_values", "config"
TOTAL = "total_value"
"""The name of the total beside the coins."""

_USER_KEYS = (b'"batch_inclusion_proof"', b'"trunk_inclusion_proof"')
_PROOF_KEYS = (b'"l_mtree_root"', b'"low_degree_proof"', b'"mtree_entries_data"')
_CONFIG_KEY = b'"main_coins_num"'
_TOTAL_KEY = f'"{TOTAL}"'.encode()
# Sums and configurations are short files; anything larger is something else.
_SMALL_BYTES = 256 * 1024

GUARANTEES = Guarantees(
    sum_binding=SumBinding.ZERO_KNOWLEDGE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def recognise(document: Document) -> Match | None:
    """One of the round's four kinds of file, by keys that no other format has."""
    if not document.looks_like_json:
        return None
    head = document.head
    if any(key in head for key in _USER_KEYS):
        return Match(USER)
    if any(key in head for key in _PROOF_KEYS):
        return Match(SUM_PROOF)
    if document.size > _SMALL_BYTES:
        return None
    if _CONFIG_KEY in head:
        return Match(CONFIG)
    if document.name.endswith("sum_values.json") and _TOTAL_KEY in head:
        return Match(SUM_VALUES, 2)
    return None


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge what was given. Loaded when it is needed: every file is held against every format, few are of this one."""
    from reserves_gui.publishers.okx.stark_v1_judging import verify

    return verify(evidence, given, progress)


FORMATS = (
    Format(
        id=FORMAT_ID,
        exchange=EXCHANGE,
        family=Family.ZERO_KNOWLEDGE,
        since="2023-04-27",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=USER,
        guide="okx-stark",
        unbound=("config.main_coins_num",),
        sample=Sample.OFFICIAL,
    ),
)

__all__ = ["FORMATS", "FORMAT_ID", "GUARANTEES", "recognise", "verify"]
