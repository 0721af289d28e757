"""OKX's liabilities tree of 2022: the whole tree as text, and a user's pieces as JSON.

Source: okx/proof-of-reserves common/merklev2.go, example/ (2962a89).

    user hash   = hex SHA256( nonce text || '{"BTC":"b","ETH":"e","USDT":"u"}' of totalBalances )
    leaf hash   = hex SHA256( user hash text || b || e || u )
    parent hash = hex SHA256( hexL || hexR || B || E || U || H )      B, E, U and height H of the parent, as text

Sums are exact, then cut to 8 places. Amounts are held as whole numbers of 10^-30 coins.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from reserves_gui.amounts import scaled, stripped, units
from reserves_gui.amounts import total as exact_total
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape, not_hex
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.level_tree import LevelNode, LevelReport, LevelRules, verify_levels
from reserves_gui.merkle.tree_checks import each_node, failing_nodes, report_grammar, tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.verdict import (
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    SumBinding,
)

_ID = "okx-merkle-v2"
_COINS = ("BTC", "ETH", "USDT")
_DECIMALS = 30
_UNIT: int = 10**_DECIMALS
_CUT: int = 10 ** (_DECIMALS - 8)
_TREE = "tree"
_USER = "user"

_HEAD = re.compile(rb'[0-9a-f]{64},[0-9]+,\{"BTC":"')
_AMOUNT = rb"(-?(?:0|[1-9][0-9]{0,60})(?:\.[0-9]{0,29}[1-9])?)"
_LINE = re.compile(
    rb"([0-9a-f]{64}),([1-9][0-9]?),"
    rb'\{"BTC":"' + _AMOUNT + rb'","ETH":"' + _AMOUNT + rb'","USDT":"' + _AMOUNT + rb'"\}'
)
_HEX = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)

_WITH_TREE = Guarantees(
    sum_binding=SumBinding.WHOLE_TREE,
    negative_balances=NegativeBalances.REJECTED,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)
_USER_ALONE = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)


def _recognise(document: Document) -> Match | None:
    if _HEAD.match(document.first_line):
        return Match(_TREE)
    keys = document.json_keys()
    return Match(_USER) if {"nodes", "totalBalances"} <= keys else None


def _units(text: str) -> int:
    """An amount text of the line grammar as a whole number of 10^-30 coins."""
    whole, _, rest = text.partition(".")
    value = int(whole.removeprefix("-")) * _UNIT + (int(rest.ljust(_DECIMALS, "0")) if rest else 0)
    return -value if text.startswith("-") else value


def _read_line(line: bytes) -> LevelNode | None:
    match = _LINE.fullmatch(line)
    if match is None or b'"-0"' in line:
        return None
    texts = tuple(group.decode("ascii") for group in match.groups()[2:])
    return LevelNode(match[1].decode("ascii"), int(match[2]), texts, tuple(map(_units, texts)))


def _parent_hash(left: LevelNode, right: LevelNode, parent: LevelNode) -> str:
    message = left.hash + right.hash + "".join(parent.texts) + str(parent.height)
    return sha256(message.encode("ascii")).hexdigest()


def _cut(value: int) -> int:
    """Cut toward zero to 8 places."""
    return value // _CUT * _CUT if value >= 0 else -(-value // _CUT * _CUT)


def _sums(left: LevelNode, right: LevelNode) -> tuple[int, ...]:
    return tuple(_cut(one + other) for one, other in zip(left.units, right.units, strict=True))


def _amounts(values: Sequence[int]) -> dict[str, str]:
    return {coin: stripped(scaled(value, _DECIMALS)) for coin, value in zip(_COINS, values, strict=True)}


def _show(values: Sequence[int]) -> str:
    return ", ".join(f"{amount} {coin}" for coin, amount in _amounts(values).items())


_RULES = LevelRules(read=_read_line, parent_hash=_parent_hash, sums=_sums, show=_show)


@dataclass(frozen=True, slots=True)
class _Piece:
    hash: str
    texts: tuple[str, ...]
    values: tuple[Decimal, ...]

    @property
    def in_units(self) -> tuple[int, ...]:
        return tuple(units(value, _DECIMALS) for value in self.values)


@dataclass(frozen=True, slots=True)
class _User:
    hash: str
    nonce: str
    pieces: tuple[_Piece, ...]
    total: _Piece


def _read_user(document: Document) -> _User:
    shape = document.shape()
    return _User(
        _hex(shape["hash"]),
        shape["nonce"].text(),
        tuple(_piece(entry, _hex(entry["hash"]), entry["balances"]) for entry in shape["nodes"].entries(100_000)),
        _piece(shape, "", shape["totalBalances"]),
    )


def _hex(shape: Shape) -> str:
    text = shape.text()
    if _HEX.fullmatch(text) is None:
        shape.refuse(not_hex(64))
    return text.lower()


def _piece(entry: Shape, piece_hash: str, balances: Shape) -> _Piece:
    unknown = sorted(set(balances.keys()) - set(_COINS))
    if unknown:
        message = say("okx_v2.unknown_coin", coin=unknown[0][:40])
        raise ReservesError(ErrorCode.FORMAT_NEWER, message, entry.where)
    amounts = [balances[coin].amount() for coin in _COINS]
    for coin, (_, value) in zip(_COINS, amounts, strict=True):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -_DECIMALS:
            message = say("error.number_grammar", text=amounts[0][0][:40])
            raise ReservesError(ErrorCode.NUMBER_GRAMMAR, message, f"{balances.where}.{coin}")
    return _Piece(piece_hash, tuple(text for text, _ in amounts), tuple(value for _, value in amounts))


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    tree, user_file = _tree(evidence, given), evidence.one(_USER)
    user = None if user_file is None else _read_user(user_file)
    checks = Checks()
    wanted = [] if user is None else [(piece.hash, piece.in_units) for piece in user.pieces]
    report = None
    if tree is not None:
        report = verify_levels(tree.open, wanted, rules=_RULES, progress=progress, size=tree.size)
        _report(report, checks)
    else:
        checks.not_checked("tree.hash", say("okx_v2.no_tree"))
        checks.not_checked("total.bound", say("okx_v2.no_tree"))
    leaf_holds = False
    leaves: tuple[int, ...] | None = None
    if user is None:
        checks.not_checked("leaf.found", say("okx_v2.no_user"))
        check_expected(checks, given.expected, None)
    else:
        leaf_holds = _own_hashes(user, checks)
        leaves = _found(user, report, checks)
        check_expected(checks, given.expected, dict(zip(_COINS, user.total.values, strict=True)))
    root = None if report is None or report.root is None else report.root.hash
    return Findings(
        format=_ID,
        exchange="OKX",
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total"),
        guarantees=_USER_ALONE if tree is None else _WITH_TREE,
        root=root,
        balances={} if user is None else _stripped(user.total),
        total=None if report is None or report.total is None else _amounts(report.total),
        leaves=leaves,
        leaf_count=None if report is None or not report.hashed else report.leaf_count,
        padding_leaves=None if report is None or not report.hashed else report.padding_leaves,
        view=None if user_file is None or user is None else _view(user_file, user, root, usable=leaf_holds),
        extra={} if report is None else _failing(report),
    )


def _tree(evidence: Evidence, given: Given) -> Document | None:
    """The tree among the files, else the one given as published. Raises ``format.ambiguous``."""
    beside = evidence.one(_TREE)
    if beside is not None:
        return beside
    published = tuple(each for each in given.published if _recognise(each) == Match(_TREE))
    return Evidence({_TREE: published}).one(_TREE)


def _stripped(piece: _Piece) -> dict[str, str]:
    return {coin: stripped(value) for coin, value in zip(_COINS, piece.values, strict=True)}


def _view(document: Document, user: _User, root: str | None, *, usable: bool) -> SnapshotView:
    return SnapshotView(
        format=_ID,
        snapshot_id=None,
        usable=usable,
        root=root,
        leaf=user.hash,
        nodes={piece.hash: _stripped(piece) for piece in user.pieces},
        content=document.sha256,
    )


def _failing(report: LevelReport) -> dict[str, object]:
    listed = failing_nodes(hash=report.hash, sum=report.sum, negative=report.negative, padding=report.padding)
    return {"failing_nodes": listed} if listed else {}


def _report(report: LevelReport, checks: Checks) -> None:
    passed = say("trees.grammar_passed", lines=report.nodes)
    report_grammar(checks, report.grammar, passed=passed, rule=say("okx_v2.grammar_failed"))
    _complete(report, checks)
    unread = say("trees.unread_values", count=report.grammar.count) if report.grammar else None
    inner = report.nodes - report.leaf_count - report.padding_leaves
    negative_passed = say("trees.negative_passed", nodes=report.nodes)
    each_node(checks, "tree.negative", report.negative, passed=negative_passed, missing=unread)
    missing = None
    if not report.hashed:
        missing = say("trees.stopped_at_grammar")
    elif checks.outcome("tree.complete") is Outcome.FAILED:
        missing = say("okx_v2.levels_skipped")
    each_node(checks, "tree.hash", report.hash, passed=say("trees.hash_passed", nodes=inner), missing=missing)
    each_node(checks, "tree.sum", report.sum, passed=say("trees.sum_passed", nodes=inner), missing=missing)
    padding_passed = say("okx_v2.padding_passed", count=report.padding_leaves)
    each_node(checks, "tree.padding", report.padding, passed=padding_passed, missing=missing)
    _total(report, checks)


def _complete(report: LevelReport, checks: Checks) -> None:
    levels = report.levels
    sound = bool(levels) and report.broken_at is None and levels[0].count == 1 and levels[-1].height == 1
    if not report.hashed:
        checks.not_checked("tree.complete", say("trees.unread_values", count=report.grammar.count))
    elif sound:
        checks.passed("tree.complete", say("okx_v2.complete_passed", levels=len(levels), leaves=report.leaf_count))
    else:
        line = report.broken_at or report.nodes
        checks.failed("tree.complete", say("okx_v2.complete_failed", line=line))


def _total(report: LevelReport, checks: Checks) -> None:
    if report.total is None or report.root is None:
        checks.not_checked("total.bound", say("trees.no_total"))
        return
    expected, seen = _show(report.total), _show(report.root.units)
    if report.total != report.root.units:
        checks.failed(
            "total.bound", say("okx_v2.total_differs", expected=expected, seen=seen), expected=expected, seen=seen
        )
    elif tree_stands(checks):
        checks.passed("total.bound", say("okx_v2.total_bound", total=seen))
    else:
        checks.not_checked("total.bound", say("trees.total_without_tree"))


def _own_hashes(user: _User, checks: Checks) -> bool:
    """The user's own arithmetic: user hash, each piece's hash, the sum, and no piece twice."""
    joined = ",".join(f'"{coin}":"{text}"' for coin, text in zip(_COINS, user.total.texts, strict=True))
    user_hash = sha256(f"{user.nonce}{{{joined}}}".encode("utf-8", "surrogatepass")).hexdigest()
    wrong = [
        (number, digest, piece.hash)
        for number, piece in enumerate(user.pieces, 1)
        if (digest := sha256((user.hash + "".join(piece.texts)).encode("ascii")).hexdigest()) != piece.hash
    ]
    if user_hash != user.hash:
        checks.failed("leaf.hash", say("okx_v2.user_hash_differs"), expected=user_hash, seen=user.hash, private=True)
    elif wrong:
        number, expected, seen = wrong[0]
        reason = say("okx_v2.piece_hash_differs", number=number, count=len(wrong))
        checks.failed("leaf.hash", reason, expected=expected, seen=seen, private=True)
    elif user.pieces:
        checks.passed("leaf.hash", say("okx_v2.leaf_hash_passed", count=len(user.pieces)))
    if any(value < 0 for piece in (*user.pieces, user.total) for value in piece.values):
        checks.failed("leaf.range", say("okx_v2.piece_negative"))
    sums = [exact_total(piece.values[at] for piece in user.pieces) for at in range(len(_COINS))]
    expected_sum = ", ".join(f"{stripped(value)} {coin}" for coin, value in zip(_COINS, sums, strict=True))
    seen_sum = ", ".join(f"{amount} {coin}" for coin, amount in _stripped(user.total).items())
    if sums == list(user.total.values):
        checks.passed("leaf.sum", say("okx_v2.sum_passed"), private=True)
    else:
        reason = say("okx_v2.sum_differs", expected=expected_sum, seen=seen_sum)
        checks.failed("leaf.sum", reason, expected=expected_sum, seen=seen_sum, private=True)
    if len({(piece.hash, piece.in_units) for piece in user.pieces}) != len(user.pieces):
        checks.failed("leaf.duplicate", say("okx_v2.piece_twice"))
    else:
        checks.passed("leaf.duplicate", say("okx_v2.pieces_distinct"))
    return checks.outcome("leaf.hash") is Outcome.PASSED


def _found(user: _User, report: LevelReport | None, checks: Checks) -> tuple[int, ...] | None:
    """Every piece exactly once among the rows of height 1, with equal hash and equal amounts."""
    if report is None:
        checks.not_checked("leaf.found", say("okx_v2.no_tree"))
        return None
    if not user.pieces:
        checks.failed("leaf.found", say("okx_v2.no_pieces"))
        return ()
    missing = [number for number, places in enumerate(report.found, 1) if not places]
    repeated = [number for number, places in enumerate(report.found, 1) if len(set(places)) > 1]
    if missing and report.grammar:
        checks.not_checked("leaf.found", say("okx_v2.piece_among_bad_lines", number=missing[0]))
    elif missing:
        checks.failed("leaf.found", say("okx_v2.piece_missing", number=missing[0], count=len(missing)))
    elif repeated:
        checks.failed("leaf.found", say("okx_v2.piece_repeated", number=repeated[0]))
    else:
        checks.passed("leaf.found", say("okx_v2.pieces_found", count=len(user.pieces)))
    return tuple(sorted({place for places in report.found for place in places}))


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="OKX",
        family=Family.WHOLE_TREE,
        since="2022-12-01",
        guarantees=_WITH_TREE,
        recognise=_recognise,
        verify=_verify,
        per_user=_USER,
        anchors=(_TREE,),
        guide="okx-merkle-v2",
        sample=Sample.OFFICIAL,
    ),
)
