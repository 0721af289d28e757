"""Hotcoin, 2026-09: a sum tree with domain bytes, and an anchor file published for everyone.

Source of the rules: hotcoinexchange/proof-of-reserves@75e9098.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from reserves_gui import limits
from reserves_gui.amounts import parse_integer, parse_plain, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import Side
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape, wrong_type
from reserves_gui.merkle.asked import check_expected, check_identity
from reserves_gui.merkle.numbers import Amount
from reserves_gui.merkle.tagged_path import (
    Anchor,
    TaggedEntry,
    TaggedProof,
    commitment,
    judge,
    picture,
    snapshot_view,
    walk,
)
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.publishers.sum_file import PROOF, content_digest
from reserves_gui.verdict import (
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Snapshot,
    State,
    SumBinding,
)

PROTOCOL = "HOTCOIN-POR-SUM"
ANCHOR = "anchor"
_COIN = re.compile(r"[A-Z][A-Z0-9]{0,15}", re.ASCII)
_SNAPSHOT = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_LEAF_NUMBER_CHARS = 100
_MOST_ASSETS = 32
_MOST_DECIMALS = 30
_Assets = tuple[tuple[str, int], ...]

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def recognise(document: Document) -> Match | None:
    """Both files name the protocol; a proof has ``self``, an anchor a ``root``."""
    keys = document.json_keys()
    if "protocol" not in keys:
        return None
    value = document.json()
    if not isinstance(value, dict) or value.get("protocol") != PROTOCOL:
        return None
    return Match(ANCHOR) if "root" in keys and "self" not in keys else Match(PROOF)


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge one proof, with the anchors published for everyone (``--published``) or found beside it."""
    document = evidence.one(PROOF)
    if document is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("paths.no_proof"))
    proof = _read_proof(document.shape())
    published = [_read_anchor(each) for each in given.published if recognise(each) == Match(ANCHOR)]
    beside = [_read_anchor(each) for each in evidence.all(ANCHOR)]
    walked = walk(proof, progress)
    checks = Checks()
    judge(proof, walked, (*published, *beside), checks)
    check_expected(checks, given.expected, {coin: amount.value for coin, amount in proof.balances.items()})
    check_identity(checks, {"nonce": given.secret("nonce")}, {"nonce": proof.nonce})
    return Findings(
        format="hotcoin-merkle",
        exchange="Hotcoin",
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "total", ceilings={"total": State.UNDECIDED}),
        guarantees=GUARANTEES,
        snapshot=Snapshot(id=proof.snapshot_id),
        root=walked.root,
        root_checks=tuple(commitment(proof, anchor) for anchor in published),
        balances={coin: amount.text for coin, amount in proof.balances.items()},
        total={coin: stripped(amount.value) for coin, amount in walked.totals.items()},
        leaves=(proof.index,),
        leaf_count=proof.count,
        picture=picture(proof, walked),
        view=snapshot_view("hotcoin-merkle", proof, walked, checks, content_digest(document)),
    )


def _read_proof(shape: Shape) -> TaggedProof:
    shape.exact_keys({"protocol", "assets", "self", "path"})
    assets = _read_assets(shape["assets"])
    own = shape["self"]
    own.exact_keys({"snapshotId", "accountId", "nonce", "balances", "leafHash", "leafIndex", "leafCount"})
    path = []
    for number, entry in enumerate(shape["path"].entries(limits.PATH_ENTRIES)):
        entry.exact_keys({"position", "hash", "balances"})
        position = entry["position"].text(longest=20)
        if position not in ("LEFT", "RIGHT"):
            entry.refuse(say("paths.side", marker=position, left="LEFT", right="RIGHT"))
        side = Side.LEFT if position == "LEFT" else Side.RIGHT
        balances = _read_balances(entry["balances"], assets, limits.NUMBER_CHARS)
        path.append(TaggedEntry(f"path[{number}]", side, entry["hash"].hex(64), balances))
    return TaggedProof(
        protocol=PROTOCOL,
        assets=assets,
        snapshot_id=_read_snapshot(own["snapshotId"]),
        account_id=own["accountId"].hex(64),
        nonce=own["nonce"].hex(64),
        balances=_read_balances(own["balances"], assets, _LEAF_NUMBER_CHARS),
        leaf_hash=own["leafHash"].hex(64),
        index=_read_count(own["leafIndex"]),
        count=_read_count(own["leafCount"]),
        path=tuple(path),
    )


def _read_anchor(document: Document) -> Anchor:
    shape = document.shape()
    shape.exact_keys({"protocol", "assets", "snapshotId", "root", "leafCount", "userTotals"})
    assets = _read_assets(shape["assets"])
    return Anchor(
        name=document.name,
        assets=assets,
        snapshot_id=_read_snapshot(shape["snapshotId"]),
        root=shape["root"].hex(64),
        count=_read_count(shape["leafCount"]),
        totals=_read_balances(shape["userTotals"], assets, limits.NUMBER_CHARS),
    )


def _read_assets(shape: Shape) -> _Assets:
    assets: list[tuple[str, int]] = []
    for entry in shape.entries(_MOST_ASSETS):
        entry.exact_keys({"coin", "decimals"})
        coin = entry["coin"].text(longest=64)
        if _COIN.fullmatch(coin) is None:
            entry.refuse(say("paths.coin_name", coin=coin[:40]))
        assets.append((coin, _number(entry["decimals"], below=_MOST_DECIMALS + 1)))
    coins = [coin for coin, _ in assets]
    if not coins or len(set(coins)) != len(coins):
        shape.refuse(say("paths.coin_list"))
    return tuple(assets)


def _number(shape: Shape, *, below: int | None = None) -> int:
    if not shape.is_number:
        shape.refuse(wrong_type("number"))
    return parse_integer(shape.digits(), shape.where, below=below)


def _read_count(shape: Shape) -> int:
    return _number(shape)


def _read_snapshot(shape: Shape) -> str:
    text = shape.text(longest=64)
    if _SNAPSHOT.fullmatch(text) is None and not _is_moment(text):
        shape.refuse(say("paths.snapshot_id"))
    return text


def _is_moment(text: str) -> bool:
    if _MOMENT.fullmatch(text) is None:
        return False
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - only the form is looked at
    except ValueError:
        return False
    return True


def _read_balances(shape: Shape, assets: _Assets, longest: int) -> Mapping[str, Amount]:
    decimals = dict(assets)
    shape.exact_keys(set(decimals))
    return {coin: _read_amount(shape[coin], decimals[coin], longest) for coin, _ in assets}


def _read_amount(shape: Shape, decimals: int, longest: int) -> Amount:
    text = shape.text(longest=limits.MIB)
    value = parse_plain(text, shape.where)
    written = len(text.partition(".")[2])
    # A minus sign is judged (total.negative); any other departure from the one canonical text is unusable.
    if len(text) > longest or written > decimals or stripped(value) != text:
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("paths.canonical", decimals=decimals), shape.where)
    return Amount(text, value)


FORMATS = (
    Format(
        id="hotcoin-merkle",
        exchange="Hotcoin",
        family=Family.SUM_PATH,
        since="2026-09-01",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=PROOF,
        anchors=(ANCHOR,),
        guide="hotcoin",
        user_fields=("nonce",),
        sample=Sample.OFFICIAL,
    ),
)
