"""Pionex, 2022-11: a tree of hashes whose leaves are keyed with a secret of the user, entered by hand.

Source of the rules: pionex-official/proof-of-reserves@7ef31be.
"""

from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.hashing import ChildEncoding, HashRule, hmac_sha256_text
from reserves_gui.merkle.scheme import AssetForm, PlainScheme, StepForm
from reserves_gui.publishers.plain_file import Ids, PlainFile, identity_checks, plain_format, shape_checks
from reserves_gui.publishers.plain_steps import typed_hash
from reserves_gui.publishers.port import FormField, Given
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# recordId  HMAC-SHA256( key = nonce, message = proofId,userId )
# leaf      H( recordId ,ASSET:amount,...,Total:t )
# node      H( raw l || raw r );  a step is index:HEX, the index counted from the root 1
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.RAW),
    leaf="{record_id},{balances},Total:{total}",
    steps=StepForm.INDEXED,
    leaf_key="leaf",
    assets=AssetForm.PAIRS,
    sorted_coins=True,
    amounts=("total",),
    typed=True,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)

_OWN = ("proof_id", "user_id", "nonce")


def identify(fields: Shape, given: Given) -> Ids:
    """The record id as stated, as made from the user's three ids, or both; a contradiction fails ``leaf.identity``."""
    own: dict[str, str] = {}
    agree = True
    for name in _OWN:
        typed = fields.get(name)
        texts = [text for text in (None if typed is None else typed.text(), given.secret(name)) if text is not None]
        agree = agree and len(set(texts)) < 2
        if texts:
            own[name] = texts[0]
    stated = fields.get("record_id")
    record = None if stated is None else typed_hash(stated.text(longest=200), stated)
    whole = len(own) == len(_OWN)
    if record is None:
        for name in _OWN:
            if name not in own:
                fields[name].text()
    made = hmac_sha256_text(own["nonce"], f"{own['proof_id']},{own['user_id']}") if whole else None
    agree = agree and (made is None or record is None or made == record)
    value = record if record is not None else made or ""
    checks = (
        *identity_checks(whole or not agree, agree),
        *shape_checks([(name, text) for name, text in own.items() if name != "nonce"]),
    )
    return Ids(values={"record_id": value}, own=whole and agree, checks=checks)


FORMATS = (
    plain_format(
        PlainFile(
            id="pionex-merkle",
            exchange="Pionex",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=identify,
            form=(
                FormField(name="proof_id", required=False),
                FormField(name="user_id", required=False),
                FormField(name="nonce", kind="secret", required=False),
                FormField(name="record_id", kind="hex", required=False),
                FormField(name="assets", kind="assets"),
                FormField(name="total", kind="amount"),
                FormField(name="path", kind="path"),
                FormField(name="root", kind="hex"),
                FormField(name="leaf", kind="hex", required=False),
            ),
        ),
        since="2022-11-01",
        guide="pionex",
        user_fields=_OWN,
    ),
)
