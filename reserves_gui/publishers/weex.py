"""WEEX: numbered files of all users' lines and of the platform's, and a metadata file for one user.

Source: the exchange's Java verifier, com.por.VerifyBalance (2025-10); read, not run; no sample is published.

    leaf = hex SHA256( line text )       parent = hex SHA256( hexL || hexR )       an odd level repeats its last hash
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import PurePosixPath

from reserves_gui import limits
from reserves_gui.amounts import ZERO, add, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.list_rows import rebuild_repeating, report_rows
from reserves_gui.merkle.lists import repeated, repeats_its_tail
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match
from reserves_gui.verdict import (
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    State,
    SumBinding,
)

_ID = "weex-list"
_USERS = "users"
_PLATFORM = "platform"
_META = "metadata"
_NAME = re.compile(r"por_(USER|PLATFORM)_[^_]+_[^_]+_([1-9][0-9]{0,5})-([1-9][0-9]{0,5})(?:\.(?:txt|csv))?", re.ASCII)
_LINE = re.compile(rb"([^,]+),(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)")
_HEADS = {b"POR[user]", b"POR[platform]"}
_COIN = re.compile(r"[A-Za-z0-9]{1,16}", re.ASCII)
_UNNAMED = "COIN"
_WIDTH = 32
_LINES_PER_LOOK = 4096

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.WHOLE_TREE,
    negative_balances=NegativeBalances.REJECTED,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)


@dataclass(frozen=True, slots=True)
class _Meta:
    user_root: str
    user_files: int
    platform_root: str
    platform_files: int
    head: str
    lines: int


@dataclass(slots=True)
class _Side:
    """One side's lines, across its files in order. ``heads``: where the own first line stands; ``own``: its amounts."""

    files: int
    numbers: list[tuple[int, int]]
    leaves: bytearray = field(default_factory=bytearray)
    total: Decimal = ZERO
    heads: list[int] = field(default_factory=list)
    own: list[Decimal] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.leaves) // _WIDTH

    @property
    def complete(self) -> bool:
        """Whether the files are numbers 1 to M of M."""
        return self.numbers == [(number, self.files) for number in range(1, self.files + 1)] and self.files > 0


def _recognise(document: Document) -> Match | None:
    match = _NAME.fullmatch(PurePosixPath(document.name).name)
    if match is not None:
        return Match(_USERS if match[1] == "USER" else _PLATFORM)
    return Match(_META) if {"userMerkleRoot", "platformMerkleRoot"} <= document.json_keys() else None


def _read_meta(document: Document) -> _Meta:
    shape = document.shape()
    shape["userId"].digits()
    return _Meta(
        shape["userMerkleRoot"].hex(64),
        shape["userFileCount"].integer(below=limits.FOLDER_FILES + 1),
        shape["platformMerkleRoot"].hex(64),
        shape["platformFileCount"].integer(below=limits.FOLDER_FILES + 1),
        shape["userHeadHash"].text(),
        shape["n"].integer(below=limits.MEMORY_LEAVES),
    )


def _numbers(document: Document) -> tuple[int, int]:
    match = _NAME.fullmatch(PurePosixPath(document.name).name)
    return (int(match[2]), int(match[3])) if match else (0, 0)


def _read_side(
    documents: Sequence[Document], meta: _Meta | None, grammar: Failures, negative: Failures, progress: Progress
) -> _Side:
    ordered = sorted(documents, key=_numbers)
    side = _Side(len(ordered), [_numbers(one) for one in ordered])
    head = None if meta is None else meta.head.encode("utf-8", "surrogatepass")
    wanted = 0 if meta is None else meta.lines
    for document in ordered:
        position = 0
        progress.stage(say("trees.stage_reading"), document.size)
        with document.open() as stream:
            for number, line in read_lines(stream, limits.LINE_BYTES):
                position += len(line) + 1
                if number % _LINES_PER_LOOK == 0:
                    progress.advance(min(position, document.size))
                if line in _HEADS:
                    continue
                _row(side, line, number, head, wanted, grammar, negative, document.name)
    return side


def _row(
    side: _Side,
    line: bytes,
    number: int,
    head: bytes | None,
    wanted: int,
    grammar: Failures,
    negative: Failures,
    name: str,
) -> None:
    match = _LINE.fullmatch(line)
    if match is None or len(match[2]) > limits.NUMBER_CHARS:
        grammar.add_line(number)
        return
    if side.rows >= limits.MEMORY_LEAVES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_entries", limit=limits.MEMORY_LEAVES), name)
    value = Decimal(match[2].decode("ascii"))
    if value < 0:
        negative.add_line(number)
    if match[1] == head:
        side.heads.append(side.rows)
    if side.heads and side.rows - side.heads[0] < wanted:
        side.own.append(value)
    side.total = add(side.total, value)
    side.leaves += sha256(line).digest()


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    meta_file = evidence.one(_META)
    meta = None if meta_file is None else _read_meta(meta_file)
    if not evidence.all(_USERS):
        raise ReservesError(ErrorCode.USAGE, say("weex.no_list"))
    grammar, negative = Failures(), Failures()
    users = _read_side(evidence.all(_USERS), meta, grammar, negative, progress)
    platform = _read_side(evidence.all(_PLATFORM), None, grammar, negative, progress)
    checks = Checks()
    rows = users.rows + platform.rows
    report_rows(checks, "tree.grammar", grammar, passed=say("lists.grammar_passed", rows=rows))
    report_rows(checks, "tree.negative", negative, passed=say("lists.negative_passed", rows=rows))
    _complete(users, platform, meta, checks)
    _unique(users, progress, checks)
    root = rebuild_repeating(users.leaves, progress)
    _roots(root, rebuild_repeating(platform.leaves, progress), meta, checks)
    own = _own(users, meta, checks)
    asset = _asset(given.secret("asset"), evidence)
    check_expected(checks, given.expected, None if own is None else {asset: own})
    checks.not_checked("total.bound", say("weex.total", rows=users.rows))
    extra: dict[str, object] = {}
    if platform.rows:
        extra["platform_total"] = {asset: stripped(platform.total)}
    return Findings(
        format=_ID,
        exchange="WEEX",
        decisive=("leaf", "path", "root"),
        claims=checks.claims(
            "leaf", "path", "tree", "total", ceilings={"tree": State.UNDECIDED, "total": State.UNDECIDED}
        ),
        guarantees=_GUARANTEES,
        root=root,
        balances={} if own is None else {asset: stripped(own)},
        total={asset: stripped(users.total)},
        leaves=None if own is None else tuple(range(users.heads[0], users.heads[0] + len(users.own))),
        leaf_count=users.rows,
        notes=(say("weex.platform", total=stripped(platform.total), asset=asset),) if platform.rows else (),
        extra=extra,
    )


def _complete(users: _Side, platform: _Side, meta: _Meta | None, checks: Checks) -> None:
    counts = (users.files, platform.files)
    wanted = counts if meta is None else (meta.user_files, meta.platform_files)
    whole = users.complete and (platform.complete or (platform.files == 0 and wanted[1] == 0))
    if meta is None and platform.files == 0:
        whole = users.complete
    if not whole or counts != wanted:
        reason = say("weex.files_bad", users=counts[0], platform=counts[1])
        checks.failed("tree.complete", reason, expected=f"{wanted[0]} / {wanted[1]}", seen=f"{counts[0]} / {counts[1]}")
    elif not users.rows:
        checks.failed("tree.complete", say("lists.complete_failed"))
    else:
        checks.passed("tree.complete", say("weex.files_ok", users=counts[0], platform=counts[1]))


def _unique(users: _Side, progress: Progress, checks: Checks) -> None:
    if repeats_its_tail(users.leaves, _WIDTH):
        checks.failed("tree.unique", say("weex.tail_repeated"))
    elif doubles := repeated(users.leaves, _WIDTH, progress):
        checks.failed("tree.unique", say("weex.line_twice", count=len(doubles)), seen=doubles[0].hex())
    else:
        checks.passed("tree.unique", say("lists.unique_passed"))


def _roots(root: str | None, platform_root: str | None, meta: _Meta | None, checks: Checks) -> None:
    if meta is None:
        checks.not_checked("path.hash", say("weex.no_metadata"))
        return
    for check_id, side, seen, stated in (
        ("path.hash", say("weex.side.user"), root, meta.user_root),
        ("tree.hash", say("weex.side.platform"), platform_root, meta.platform_root),
    ):
        if seen is None and check_id == "tree.hash" and not meta.platform_files:
            checks.not_checked(check_id, say("weex.no_platform"), required=False)
        elif seen == stated:
            checks.passed(check_id, say("weex.root_ok", side=side), expected=stated, seen=seen)
        else:
            checks.failed(check_id, say("weex.root_bad", side=side), expected=stated, seen=seen)


def _own(users: _Side, meta: _Meta | None, checks: Checks) -> Decimal | None:
    if meta is None:
        checks.not_checked("leaf.found", say("weex.no_metadata"))
        return None
    if len(users.heads) != 1 or not meta.lines:
        checks.failed("leaf.found", say("lists.not_unique_id", count=len(users.heads)), private=True)
        return None
    if len(users.own) < meta.lines:
        reason = say("weex.lines_missing", count=len(users.own), wanted=meta.lines)
        checks.failed("leaf.found", reason, private=True)
        return None
    checks.passed("leaf.found", say("weex.found", count=meta.lines), private=True)
    if checks.outcome("path.hash") is Outcome.PASSED:
        checks.passed("leaf.hash", say("weex.leaf_ok"), private=True)
    else:
        checks.not_checked("leaf.hash", say("weex.leaf_unbound"), private=True)
    total = ZERO
    for value in users.own:
        total = add(total, value)
    return total


def _asset(given: str | None, evidence: Evidence) -> str:
    """The coin: as given, else the folder's name, where that looks like one."""
    if given is not None:
        return given
    document = evidence.all(_USERS)[0]
    folder = PurePosixPath(document.name).parent.name or (document.path.parent.name if document.path else "")
    return folder.upper() if _COIN.fullmatch(folder) else _UNNAMED


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="WEEX",
        family=Family.WHOLE_TREE,
        since="2025-10-01",
        guarantees=_GUARANTEES,
        recognise=_recognise,
        verify=_verify,
        guide="weex",
        user_fields=("asset",),
        unbound=("userId",),
    ),
)
