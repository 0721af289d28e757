"""Bitbase, 2026: a tree of hashes; each file carries the text of its leaf.

Source of the rules: BitbaseGlobal/proof-of-reserves-verifier@771ea1a.
"""

from collections.abc import Mapping

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.merkle.path import id_problem
from reserves_gui.merkle.scheme import AssetForm, IdRule, PlainScheme, StepForm
from reserves_gui.messages import say
from reserves_gui.publishers.plain_file import Ids, PlainFile, plain_format
from reserves_gui.publishers.port import Given, Sample
from reserves_gui.verdict import Check, Guarantees, LeafIdentity, NegativeBalances, Outcome, SumBinding

VERSION = "POR_V1"

# leaf  H( POR_V1|auditId=A|recordId=R|BTC=b|ETH=e|USDT=u|USDC=c )
# node  H( hex l || hex r )
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.HEX),
    leaf="POR_V1|auditId={auditId}|recordId={recordId}|{balances}",
    steps=StepForm.POSITIONED,
    left="LEFT",
    right="RIGHT",
    path_key="proof",
    root_key="rootHash",
    leaf_key="leafHash",
    leaf_key_required=True,
    assets=AssetForm.OBJECT,
    assets_key="balances",
    coins=("BTC", "ETH", "USDT", "USDC"),
    decimals=8,
    pair_sign="=",
    pair_joint="|",
    snapshot_key="auditId",
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def identify(fields: Shape, given: Given) -> Ids:  # noqa: ARG001 - the port's signature
    """The version is fixed, the record id a hash, the audit id a number or plain text."""
    if fields["version"].text() != VERSION:
        message = say("paths.unknown_version", version=fields["version"].text()[:40])
        raise ReservesError(ErrorCode.FORMAT_NEWER, message, fields.where)
    audit = fields["auditId"].digits()
    problem = id_problem(IdRule(key="auditId", longest=64), audit)
    if problem is None and "|" in audit:
        problem = say("mpath.id_text", key="auditId")
    outcome = Outcome.PASSED if problem is None else Outcome.FAILED
    check = Check("leaf.id_shape", outcome, problem or say("mpath.id_shape_ok"), private=True)
    return Ids(values={"auditId": audit, "recordId": fields["recordId"].hex(64)}, checks=(check,))


def _strength(value: Mapping[str, JsonValue]) -> int:
    return 3 if {"version", "recordId", "rootHash", "leafPayload", "proof"} <= value.keys() else 0


FORMATS = (
    plain_format(
        PlainFile(
            id="bitbase-merkle",
            exchange="Bitbase",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=identify,
            shown_text_key="leafPayload",
            notes=(say("paths.note_unbound", fields="period, snapshotTime"),),
        ),
        since="2026-01-01",
        guide="bitbase",
        recognise=_strength,
        unbound=("period", "snapshotTime"),
        sample=Sample.OFFICIAL,
    ),
)
