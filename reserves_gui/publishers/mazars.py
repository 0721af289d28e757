"""Silver Sixpence and Mazars (Binance 2022-11 among others): a tree of hashes, entered by hand or as level files.

Source of the rules: silversixpence-crypto/merkletree-verify@d4ec2fc. Its read-me says that an odd node is doubled; code
and published data carry it up unchanged.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.hashing import ChildEncoding, HashRule, sha256_text
from reserves_gui.merkle.level_files import LevelRow, LevelTree, judge, read_tree
from reserves_gui.merkle.numbers import Amount
from reserves_gui.merkle.scheme import AssetForm, PlainScheme, StepForm
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.plain_file import (
    Ids,
    PlainFile,
    identity_checks,
    live_text,
    recognise_form,
    verify_plain,
)
from reserves_gui.publishers.port import Evidence, Family, Format, FormField, Given, Match
from reserves_gui.publishers.sum_file import PROOF
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    State,
    SumBinding,
)

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
    for name in (*_PARTS, "record"):
        typed = fields.get(name)
        texts = [text for text in (None if typed is None else typed.text(), given.secret(name)) if text is not None]
        agree = agree and len(set(texts)) < 2
        if texts:
            values[name] = texts[0]
    record = values.pop("record", None)
    whole = all(name in values for name in _PARTS) and fields.get("balances") is not None
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


_FILE = PlainFile(
    id="mazars-merkle",
    exchange="Mazars",
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
)
_LEVEL = "level"
_ROW = re.compile(rb"([0-9a-f]{64}),([1-9][0-9]?),([0-9a-f]{64}),([0-9a-f]{64})")
_LONGEST_ROW = 256


def recognise(document: Document) -> Match | None:
    """A form, or a file of ``tree-levelN.csv``: rows of a parent, the level and two children."""
    if document.first_line[:65].endswith(b",") and _ROW.fullmatch(document.first_line):
        return Match(_LEVEL)
    return recognise_form(_FILE.id, document)


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge a form, the published level files, or both together."""
    files = evidence.all(_LEVEL)
    proof = evidence.one(PROOF)
    if proof is None and not files:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("paths.no_proof"))
    path = None if proof is None else verify_plain(_FILE, evidence, given, progress)
    if path is not None and not files:
        return path
    record = given.secret("record")
    own = None if record is None else bytes.fromhex(sha256_text(record))
    tree = read_tree(_levels(files), own, progress)
    checks = Checks()
    judge(tree, checks)
    if path is not None:
        return _together(path, tree, checks)
    _check_found(checks, tree, record)
    amounts = {} if record is None else record_amounts(record, given.secret("audit_id") or "")
    values = {coin: amount.value for coin, amount in amounts.items()} if amounts else None
    check_expected(checks, given.expected, values)
    checks.not_checked("total.bound", say("mpath.no_totals"))
    return Findings(
        format=_FILE.id,
        exchange=_FILE.exchange,
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total", ceilings={"total": State.UNDECIDED}),
        guarantees=GUARANTEES,
        root=tree.root,
        balances={coin: amount.text for coin, amount in amounts.items()},
        leaves=tuple(tree.found) if record is not None else None,
        leaf_count=tree.leaves,
    )


def _check_found(checks: Checks, tree: LevelTree, record: str | None) -> None:
    if record is None:
        checks.not_checked("leaf.found", say("mpath.record_none"), private=True)
    elif tree.found:
        checks.passed("leaf.found", say("mpath.record_found", index=tree.found[0]), private=True)
    else:
        checks.failed("leaf.found", say("mpath.record_missing"), seen=sha256_text(record), private=True)


def _together(path: Findings, tree: LevelTree, checks: Checks) -> Findings:
    """A form beside the whole tree: the path must end in the tree's root."""
    same = tree.root is not None and tree.root == path.root
    outcome = Outcome.PASSED if same else Outcome.FAILED
    reason = say("mpath.same_tree" if same else "mpath.other_tree")
    check = Check("path.snapshot", outcome, reason, expected=tree.root, seen=path.root)
    claims = tuple(claim.with_checks(check) if claim.id == "path" else claim for claim in path.claims)
    return replace(path, claims=(*claims, *checks.claims("tree")), leaf_count=tree.leaves)


def _levels(files: Sequence[Document]) -> list[Iterator[LevelRow]]:
    """The rows of each file, lowest level first. Raises ``format.shape`` where a level is missing or there twice."""
    by_level: dict[int, Document] = {}
    for document in files:
        match = _ROW.fullmatch(document.first_line)
        level = int(match[2]) if match is not None else 0
        if level in by_level:
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("paths.level_twice_file", level=level), document.name)
        by_level[level] = document
    for number, level in enumerate(sorted(by_level), 1):
        if number != level:
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("paths.level_missing", level=number), files[0].name)
    return [_rows(by_level[level], level) for level in sorted(by_level)]


def _rows(document: Document, level: int) -> Iterator[LevelRow]:
    wanted = str(level).encode()
    with document.open() as stream:
        for number, line in read_lines(stream, _LONGEST_ROW):
            match = _ROW.fullmatch(line)
            if match is None or match[2] != wanted:
                place = f"{document.name}: line {number}"
                raise ReservesError(ErrorCode.FORMAT_SHAPE, say("paths.level_row", level=level), place)
            parent, left, right = (bytes.fromhex(match[index].decode()) for index in (1, 3, 4))
            yield LevelRow(f"{document.name}: line {number}", parent, left, right)


FORMATS = (
    Format(
        id=_FILE.id,
        exchange=_FILE.exchange,
        exchanges=("Mazars", "Silver Sixpence", "Binance"),
        family=Family.PLAIN_PATH,
        since="2022-11-01",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=PROOF,
        guide="mazars",
        user_fields=("record", "client_id", "audit_id"),
        form=_FILE.form,
        leaf_text=partial(live_text, _FILE),
    ),
)
