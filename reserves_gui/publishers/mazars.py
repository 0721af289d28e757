"""Silver Sixpence and Mazars (Binance 2022-11 among others): a tree of hashes, entered by hand or as level files.

Source of the rules: silversixpence-crypto/merkletree-verify@d4ec2fc. Its read-me says that an odd node is doubled; code
and published data carry it up unchanged.
"""

import re
from decimal import Decimal

from reserves_gui.amounts import is_plain
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.merkle.numbers import Amount
from reserves_gui.merkle.scheme import AssetForm, PlainScheme, StepForm
from reserves_gui.publishers.plain_file import Ids, PlainFile, identity_checks, plain_format
from reserves_gui.publishers.port import FormField, Given
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

# leaf  H( clientId || salt || auditId || BTC=1.0000|ETH=2.0000|... )
# node  H( raw l || raw r )
SCHEME = PlainScheme(
    hash=HashRule(children=ChildEncoding.RAW),
    leaf="{client_id}{salt}{audit_id}{balances}",
    steps=StepForm.KEYED,
    left="left",
    right="right",
    leaf_key="leaf",
    assets=AssetForm.TEXT,
    assets_key="balances",
    pair_sign="=",
    pair_joint="|",
    snapshot_key="audit_id",
    typed=True,
)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)

_LAST_LETTERS = re.compile(r"[A-Z]{2,12}\Z", re.ASCII)
_PARTS = ("client_id", "salt", "audit_id")


def identify(fields: Shape, given: Given) -> Ids:
    """The record as a whole or from its parts; where both are there they must agree (``leaf.identity``)."""
    values: dict[str, str] = {}
    agree = True
    for name in (*_PARTS, "record", "balances"):
        typed = fields.get(name)
        texts = [text for text in (None if typed is None else typed.text(), given.secret(name)) if text is not None]
        agree = agree and len(set(texts)) < 2
        if texts:
            values[name] = texts[0]
    record = values.pop("record", None)
    whole = all(name in values for name in (*_PARTS, "balances"))
    client = values.get("client_id")
    if record is not None and client is not None:
        start = "".join(values.get(name, "") for name in _PARTS) if whole else client
        agree = agree and record.startswith(start)
    checks = identity_checks(client is not None or not agree, agree)
    own = client is not None and agree
    amounts = None if record is None else record_amounts(record, values.get("audit_id", ""))
    return Ids(values=values, text=record, complete=whole, own=own, checks=checks, amounts=amounts)


def record_amounts(record: str, audit_id: str) -> dict[str, Amount]:
    """The balances at the end of a record ``...BTC=1.0000|ETH=2.0000``.

    Nothing separates the audit id from the first coin: without a known audit id, the letters behind the last other
    character are taken for the coin.
    """
    amounts: dict[str, Amount] = {}
    for position, part in enumerate(record.split("|")):
        name, _, text = part.rpartition("=")
        if position == 0:
            known = name.rpartition(audit_id)[2] if audit_id and audit_id in name else ""
            match = _LAST_LETTERS.search(name)
            name = known or (match[0] if match else "")
        if name and is_plain(text):
            amounts[name] = Amount(text, Decimal(text))
    return amounts


FORMATS = (
    plain_format(
        PlainFile(
            id="mazars-merkle",
            exchange="Binance",
            scheme=SCHEME,
            guarantees=GUARANTEES,
            identify=identify,
            own_raises=True,
            form=(
                FormField(name="record", kind="secret", required=False),
                FormField(name="client_id", required=False),
                FormField(name="salt", kind="secret", required=False),
                FormField(name="audit_id", required=False),
                FormField(name="balances", kind="assets", required=False),
                FormField(name="path", kind="path"),
                FormField(name="root", kind="hex"),
                FormField(name="leaf", kind="hex", required=False),
            ),
        ),
        since="2022-11-01",
        guide="mazars",
        user_fields=("record", "client_id"),
    ),
)
