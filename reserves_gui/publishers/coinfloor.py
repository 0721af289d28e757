"""Coinfloor (2014 to 2021): a text report with a hash and a balance per account, its SHA-256 put into a transaction.

Described on a web page of the exchange; unconfirmed.

    line 1: Unix timestamp        then: <40 hex> <balance>        id = hex SHA1( timestamp text || session cookie text )
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha1

from reserves_gui import limits
from reserves_gui.amounts import ZERO, add, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.list_rows import report_rows
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.merkle.tree_checks import tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match
from reserves_gui.verdict import Checks, Findings, Guarantees, LeafIdentity, NegativeBalances, Snapshot, SumBinding

_ID = "coinfloor-list"
_LIST = "list"
_STAMP = re.compile(rb"[1-9][0-9]{8,12}")
_LINE = re.compile(rb"([0-9a-f]{40})[ \t](-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)")
# The reports were of one coin, which they do not name.
_ASSET = "BTC"
_LINES_PER_LOOK = 4096

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.WHOLE_TREE,
    negative_balances=NegativeBalances.REJECTED,
    leaf_identity=LeafIdentity.RECOMPUTED,
    # Chosen-prefix collisions of SHA-1 cost about 2^63.
    hash_bits=126,
    domain_separation=True,
    per_asset=True,
)


@dataclass(slots=True)
class _List:
    stamp: str
    rows: int = 0
    total: Decimal = ZERO
    own: list[tuple[int, Decimal]] = field(default_factory=list)
    grammar: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    unique: Failures = field(default_factory=Failures)


def _recognise(document: Document) -> Match | None:
    lines = document.head[: limits.LINE_BYTES].removeprefix(b"\xef\xbb\xbf").split(b"\n", 2)
    if len(lines) < 2 or _STAMP.fullmatch(lines[0].rstrip(b"\r")) is None:
        return None
    return Match(_LIST) if _LINE.fullmatch(lines[1].rstrip(b"\r")) else None


def own_id(stamp: str, cookie: str) -> str:
    """The id of an account in the report of that timestamp."""
    # The report's own hash; what it is worth stands among the guarantees.
    return sha1((stamp + cookie).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _read(document: Document, cookie: str | None, progress: Progress) -> _List:
    listed = _List(document.first_line.decode("ascii"))
    wanted = None if cookie is None else own_id(listed.stamp, cookie).encode("ascii")
    seen: set[bytes] = set()
    progress.stage(say("trees.stage_reading"), document.size)
    position = 0
    with document.open() as stream:
        for number, line in read_lines(stream, limits.LINE_BYTES):
            position += len(line) + 1
            if number % _LINES_PER_LOOK == 0:
                progress.advance(min(position, document.size))
            if number == 1:
                continue
            match = _LINE.fullmatch(line)
            if match is None or len(match[2]) > limits.NUMBER_CHARS:
                listed.grammar.add_line(number)
                continue
            if listed.rows >= limits.MEMORY_LEAVES:
                message = say("error.limit_entries", limit=limits.MEMORY_LEAVES)
                raise ReservesError(ErrorCode.LIMIT_SIZE, message, document.name)
            value = Decimal(match[2].decode("ascii"))
            if value < 0:
                listed.negative.add_line(number)
            if match[1] in seen:
                listed.unique.add_line(number)
            seen.add(match[1])
            if match[1] == wanted:
                listed.own.append((listed.rows, value))
            listed.total = add(listed.total, value)
            listed.rows += 1
    return listed


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    document = evidence.one(_LIST)
    if document is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("error.unrecognised"))
    cookie, asset = given.secret("key"), given.secret("asset") or _ASSET
    listed = _read(document, cookie, progress)
    checks = Checks()
    report_rows(checks, "tree.grammar", listed.grammar, passed=say("lists.grammar_passed", rows=listed.rows))
    report_rows(checks, "tree.negative", listed.negative, passed=say("lists.negative_passed", rows=listed.rows))
    report_rows(checks, "tree.unique", listed.unique, passed=say("lists.unique_passed"))
    if listed.rows:
        checks.passed("tree.complete", say("lists.complete_passed", rows=listed.rows))
    else:
        checks.failed("tree.complete", say("lists.complete_failed"))
    own = _own(listed, checks, looked=cookie is not None)
    check_expected(checks, given.expected, None if own is None else {asset: own})
    if tree_stands(checks):
        checks.passed("total.bound", say("lists.total_ok"))
    else:
        checks.not_checked("total.bound", say("lists.total_without_list"))
    return Findings(
        format=_ID,
        exchange="Coinfloor",
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total"),
        guarantees=_GUARANTEES,
        snapshot=Snapshot(id=listed.stamp, time=listed.stamp),
        root=document.digest(progress),
        balances={} if own is None else {asset: stripped(own)},
        total={asset: stripped(listed.total)},
        leaves=tuple(at for at, _ in listed.own) if cookie is not None else None,
        leaf_count=listed.rows,
        notes=(say("trees.weak_hash"), say("trees.subset_sums")),
    )


def _own(listed: _List, checks: Checks, *, looked: bool) -> Decimal | None:
    if not looked:
        checks.not_checked("leaf.found", say("coinfloor.no_key"))
        return None
    if len(listed.own) == 1:
        checks.passed("leaf.hash", say("coinfloor.id"), private=True)
        checks.passed("leaf.found", say("coinfloor.found"), private=True)
        return listed.own[0][1]
    if not listed.own and listed.grammar:
        checks.not_checked("leaf.found", say("coinfloor.among_bad_lines"), private=True)
    else:
        checks.failed("leaf.found", say("lists.not_unique_id", count=len(listed.own)), private=True)
    return None


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="Coinfloor",
        family=Family.WHOLE_TREE,
        since="2014-03-01",
        guarantees=_GUARANTEES,
        recognise=_recognise,
        verify=_verify,
        guide="coinfloor",
        user_fields=("key", "asset"),
    ),
)
