"""The format ``hashed-list``: every row looked at, totals per asset, own rows by id or by the id a template makes.

A template is unconfirmed, whoever wrote it: a match is reported as found, and nothing is verified by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reserves_gui import limits
from reserves_gui.amounts import ZERO, add, is_plain, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.list_rows import report_rows
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.merkle.tree_checks import tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.hashed_list.rows import Row, looks_like_list, read_rows
from reserves_gui.publishers.leaf_presets import Preset, preset
from reserves_gui.publishers.leaf_template import FIELDS, render
from reserves_gui.publishers.port import Evidence, Family, Format, FormField, Given, Match
from reserves_gui.verdict import Checks, Findings, Guarantees, LeafIdentity, NegativeBalances, SumBinding

_ID = "hashed-list"
_LIST = "list"
_FORM = "form"
_FORM_SCHEMA = "reserves/form/1"
_MOST_ASSETS = 10_000
_ROWS_PER_LOOK = 2048
_UNNAMED = "COIN"

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.WHOLE_TREE,
    negative_balances=NegativeBalances.REJECTED,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: the id in the list (None: nobody), and whether a template made it."""

    id: str | None
    templated: bool
    unknown: bool


@dataclass(slots=True)
class _Found:
    rows: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    own: dict[str, Decimal] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    grammar: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    unique: Failures = field(default_factory=Failures)


def _recognise(document: Document) -> Match | None:
    if document.json_keys() >= {"schema", "format", "fields"}:
        value = document.json()
        fits = isinstance(value, dict) and value.get("schema") == _FORM_SCHEMA and value.get("format") == _ID
        return Match(_FORM) if fits else None
    return Match(_LIST, 1) if looks_like_list(document) else None


def _asked(evidence: Evidence, given: Given) -> dict[str, str]:
    """What the user gave, by name; a form stands below ``--user``. Raises ``usage``."""
    asked: dict[str, str] = {}
    form = evidence.one(_FORM)
    if form is not None:
        asked = {name: each.text() for name, each in form.shape()["fields"].items() if each.is_text}
    for name in given.user:
        value = given.secret(name)
        if value is not None:
            asked[name] = value
    return {name: value for name, value in asked.items() if value}


def _wanted(asked: Mapping[str, str], chosen: Preset | None) -> _Wanted:
    template = asked.get("template") or (chosen.template if chosen is not None else "")
    if template:
        text = render(template, {name: value for name, value in asked.items() if name in FIELDS})
        return _Wanted(text, templated=True, unknown=False)
    # A preset whose formula is unknown: an id that the user read elsewhere can still be looked up.
    return _Wanted(asked.get("uid"), templated=False, unknown=chosen is not None)


def _read(
    document: Document, asked: Mapping[str, str], wanted: str | None, progress: Progress, *, pieces: Sequence[str]
) -> _Found:
    found = _Found()
    seen: set[tuple[str, str]] = set()
    fixed = asked.get("asset", _UNNAMED)
    progress.stage(say("trees.stage_reading"))
    for row in read_rows(document, asked.get("columns")):
        if found.rows % _ROWS_PER_LOOK == 0:
            progress.checkpoint()
        if found.rows >= limits.MEMORY_LEAVES:
            message = say("error.limit_entries", limit=limits.MEMORY_LEAVES)
            raise ReservesError(ErrorCode.LIMIT_SIZE, message, document.name)
        asset = fixed if row.asset is None else row.asset
        if not row.fits or not row.id or not asset or not is_plain(row.amount):
            found.grammar.add_line(row.line)
            continue
        if (row.id, asset) in seen and not pieces:
            found.unique.add_line(row.line)
        seen.add((row.id, asset))
        _count(found, row, asset, wanted, document)
    return found


def _count(found: _Found, row: Row, asset: str, wanted: str | None, document: Document) -> None:
    value = Decimal(row.amount)
    if value < 0:
        found.negative.add_line(row.line)
    if row.id == wanted:
        found.own[asset] = add(found.own.get(asset, ZERO), value)
        found.places.append(found.rows)
    if asset not in found.totals and len(found.totals) >= _MOST_ASSETS:
        raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=_MOST_ASSETS), document.name)
    found.totals[asset] = add(found.totals.get(asset, ZERO), value)
    found.rows += 1


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    document = evidence.one(_LIST)
    if document is None:
        raise ReservesError(ErrorCode.USAGE, say("hashed_list.no_list"))
    asked = _asked(evidence, given)
    chosen = preset(asked["preset"]) if "preset" in asked else None
    wanted = _wanted(asked, chosen)
    pieces = ("pieces",) if chosen is not None and chosen.pieces else ()
    found = _read(document, asked, wanted.id, progress, pieces=pieces)
    checks = Checks()
    report_rows(checks, "tree.grammar", found.grammar, passed=say("lists.grammar_passed", rows=found.rows))
    report_rows(checks, "tree.negative", found.negative, passed=say("lists.negative_passed", rows=found.rows))
    report_rows(checks, "tree.unique", found.unique, passed=say("lists.unique_passed"))
    if found.rows:
        checks.passed("tree.complete", say("lists.complete_passed", rows=found.rows))
    else:
        checks.failed("tree.complete", say("lists.complete_failed"))
    _own(found, wanted, checks)
    check_expected(checks, given.expected, found.own if found.places else None)
    if tree_stands(checks):
        checks.passed("total.bound", say("lists.total_ok"))
    else:
        checks.not_checked("total.bound", say("lists.total_without_list"))
    unconfirmed = wanted.templated or chosen is not None
    return Findings(
        format=_ID,
        exchange="Generic" if chosen is None else chosen.exchange,
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total"),
        guarantees=replace(_GUARANTEES, leaf_identity=LeafIdentity.OPAQUE),
        root=document.digest(progress),
        balances={asset: stripped(amount) for asset, amount in found.own.items()},
        total={asset: stripped(amount) for asset, amount in found.totals.items()},
        leaves=tuple(found.places) if wanted.id is not None else None,
        leaf_count=found.rows,
        notes=(say("hashed_list.unconfirmed"),) if unconfirmed else (),
        extra={"template": "unconfirmed"} if unconfirmed else {},
    )


def _own(found: _Found, wanted: _Wanted, checks: Checks) -> None:
    unconfirmed = wanted.templated or wanted.unknown
    if wanted.id is None:
        reason = say("hashed_list.fields_missing" if wanted.templated else "hashed_list.no_uid")
        checks.not_checked("leaf.found", reason)
    elif found.places:
        checks.passed("leaf.found", say("hashed_list.found", count=len(found.places)), private=True)
        if unconfirmed:
            checks.not_checked("leaf.hash", say("hashed_list.unconfirmed"))
        else:
            checks.not_checked("leaf.hash", say("hashed_list.opaque"), required=False)
    elif unconfirmed:
        checks.not_checked("leaf.found", say("hashed_list.no_match"))
    elif found.grammar:
        checks.not_checked("leaf.found", say("hashed_list.among_bad_rows"))
    else:
        checks.failed("leaf.found", say("hashed_list.not_found"), private=True)


def _leaf_text(fields: Mapping[str, object]) -> str | None:
    """The id that the template of a form makes, live."""
    asked = {name: value for name, value in fields.items() if isinstance(value, str) and value}
    chosen = preset(asked["preset"]) if "preset" in asked else None
    return _wanted(asked, chosen).id


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="Generic",
        exchanges=("Generic", "Deribit", "Phemex"),
        family=Family.WHOLE_TREE,
        since="2014-01-01",
        guarantees=_GUARANTEES,
        recognise=_recognise,
        verify=_verify,
        guide="hashed-list",
        user_fields=(*sorted(FIELDS), "columns", "preset", "template"),
        form=(
            FormField(name="uid"),
            FormField(name="preset", required=False),
            FormField(name="template", required=False),
            FormField(name="balances", required=False),
            FormField(name="asset", required=False),
            FormField(name="columns", required=False),
        ),
        leaf_text=_leaf_text,
        experimental=True,
    ),
)
