"""The formats ``tnf-tree`` and ``bitso-tree``: all leaves of a tree, each eight bytes of a hash, in one text file.

There are no sums: the list can prove one's own path and nothing about the total.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reserves_gui.amounts import stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.lists import rebuild_root, repeated
from reserves_gui.merkle.tree_checks import report_grammar
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.leaf_presets import preset
from reserves_gui.publishers.leaf_template import FIELDS, render
from reserves_gui.publishers.port import Evidence, Family, Format, FormField, Given, Sample
from reserves_gui.publishers.short_leaves.account import form_account, read_account
from reserves_gui.publishers.short_leaves.listing import (
    FORM,
    LEAF_BYTES,
    LIST,
    ROOT,
    TOTALS,
    LeafList,
    Recogniser,
    leaf_index,
    read_list,
    read_totals,
    root_file,
)
from reserves_gui.publishers.short_leaves.rules import (
    Account,
    Reading,
    Rule,
    named_text,
    other_splits,
    readings,
)
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

_TNF = "tnf-tree"
_BITSO = "bitso-tree"

_LEAF = re.compile(r"[0-9a-f]{16}", re.ASCII)
_SPLITS_LISTED = 5


def _guarantees(*, per_asset: Rule | None) -> Guarantees:
    return Guarantees(
        sum_binding=SumBinding.NONE,
        negative_balances=NegativeBalances.HIDDEN,
        leaf_identity=LeafIdentity.RECOMPUTED,
        hash_bits=64,
        domain_separation=False,
        per_asset=per_asset in (Rule.NAMED, Rule.EIGHT_DECIMALS),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """Whose list it is when ``rule`` matched."""

    format: str
    exchange: str
    message: str


_NAMES = {
    Rule.NAMED: _Named(format=_TNF, exchange="The Network Firm", message="short_leaves.rule.a"),
    Rule.JOINED: _Named(format=_TNF, exchange="The Network Firm", message="short_leaves.rule.b"),
    Rule.EIGHT_DECIMALS: _Named(format=_TNF, exchange="Gate", message="short_leaves.rule.gate"),
    Rule.EACH_HASHED: _Named(format=_BITSO, exchange="Bitso", message="short_leaves.rule.bitso"),
}


def _verify_with(rules: Sequence[Rule], evidence: Evidence, given: Given, progress: Progress) -> Findings:
    document = evidence.one(LIST)
    if document is None:
        raise ReservesError(ErrorCode.USAGE, say("short_leaves.no_list"))
    account = read_account(evidence.one(FORM), given)
    listed = read_list(document, progress)
    checks = Checks()
    _tree_checks(listed, checks, progress)
    root = rebuild_root(listed.leaves, LEAF_BYTES, progress)
    templated = _template(given, account)
    if templated is not None:
        return _templated(templated, listed, root, evidence, checks, progress)
    reading, index = _look_up(listed, account, rules, progress)
    _leaf_checks(listed, account, reading, checks)
    amounts = {} if account is None else {asset: Decimal(text) for asset, text in account.balances}
    # What the user expects is what was hashed, unless balances were given apart from it.
    apart = account is not None and bool(given.user.get("balances"))
    check_expected(checks, given.expected if apart else (), amounts if reading is not None else None)
    totals = read_totals(evidence.one(TOTALS))
    reason = "short_leaves.total_stated" if totals else "short_leaves.no_total"
    checks.not_checked("total.bound", say(reason))
    named = _NAMES[reading.rule] if reading is not None else _NAMES[rules[0]]
    return Findings(
        format=named.format,
        exchange=named.exchange,
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "tree", "total", ceilings={"tree": State.UNDECIDED}),
        guarantees=_guarantees(per_asset=None if reading is None else reading.rule),
        root=None if root is None else root.hex(),
        root_checks=root_file(evidence.one(ROOT), root),
        balances={asset: stripped(value) for asset, value in amounts.items() if value} if reading is not None else {},
        total=totals,
        leaves=None if account is None else (() if index is None else (index,)),
        leaf_count=listed.count,
        notes=_notes(account, reading),
    )


@dataclass(frozen=True, slots=True)
class _Templated:
    """A leaf made by a template: ``exchange`` of the preset, ``leaf`` None while a field is missing."""

    exchange: str
    leaf: str | None
    balances: tuple[tuple[str, str], ...]


def _template(given: Given, account: Account | None) -> _Templated | None:
    """The leaf that a preset's or the user's own template makes; None where neither was asked for. Raises ``usage``."""
    name, own = given.secret("preset"), given.secret("template")
    if name is None and own is None:
        return None
    chosen = None if name is None else preset(name)
    fields = {key: value for key in FIELDS if (value := given.secret(key)) is not None}
    if account is not None:
        fields.setdefault("balances", ",".join(f"{asset}:{text}" for asset, text in account.balances))
    text = render(own or (chosen.template if chosen is not None else ""), fields)
    exchange = _NAMES[Rule.NAMED].exchange if chosen is None else chosen.exchange
    return _Templated(exchange, text or None, () if account is None else account.balances)


def _templated(
    templated: _Templated, listed: LeafList, root: bytes | None, evidence: Evidence, checks: Checks, progress: Progress
) -> Findings:
    """A match through a template is shown and verifies nothing; no match shows nothing."""
    index = None
    if templated.leaf is not None and _LEAF.fullmatch(templated.leaf):
        index = leaf_index(listed.leaves, bytes.fromhex(templated.leaf), progress)
    if index is None:
        checks.not_checked("leaf.found", say("short_leaves.template_no_match"))
    else:
        checks.passed("leaf.found", say("short_leaves.found", leaves=listed.count), private=True)
    checks.not_checked("leaf.hash", say("short_leaves.template_unconfirmed"))
    checks.not_checked("path.hash", say("short_leaves.template_unconfirmed"))
    totals = read_totals(evidence.one(TOTALS))
    checks.not_checked("total.bound", say("short_leaves.total_stated" if totals else "short_leaves.no_total"))
    found = {asset: stripped(Decimal(text)) for asset, text in templated.balances} if index is not None else {}
    return Findings(
        format=_TNF,
        exchange=templated.exchange,
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "tree", "total", ceilings={"tree": State.UNDECIDED}),
        guarantees=replace(_guarantees(per_asset=None), leaf_identity=LeafIdentity.OPAQUE),
        root=None if root is None else root.hex(),
        root_checks=root_file(evidence.one(ROOT), root),
        balances=found,
        total=totals,
        leaves=() if index is None else (index,),
        leaf_count=listed.count,
        notes=(say("short_leaves.padding_unknown"), say("short_leaves.template_unconfirmed")),
        extra={"template": "unconfirmed"},
    )


def _tree_checks(listed: LeafList, checks: Checks, progress: Progress) -> None:
    passed = say("trees.grammar_passed", lines=listed.lines)
    report_grammar(checks, listed.grammar, passed=passed, rule=say("short_leaves.grammar_failed"))
    # levels = ceil(log2 n) + 1, n = 1: 1
    wanted = max(0, listed.lines - 1).bit_length() + 1
    if listed.gap is not None:
        line, expected, seen = listed.gap
        reason = say("short_leaves.gap", line=line, expected=expected, seen=seen)
        checks.failed("tree.complete", reason, expected=str(expected), seen=str(seen))
    elif listed.levels - {wanted}:
        seen = min(listed.levels - {wanted})
        reason = say("short_leaves.levels", expected=wanted, seen=seen, leaves=listed.lines)
        checks.failed("tree.complete", reason, expected=str(wanted), seen=str(seen))
    elif not listed.lines:
        checks.failed("tree.complete", say("short_leaves.empty"))
    else:
        checks.passed("tree.complete", say("short_leaves.complete", leaves=listed.lines, levels=wanted))
    doubles = repeated(listed.leaves, LEAF_BYTES, progress)
    if doubles:
        reason = say("short_leaves.repeated", leaf=doubles[0].hex(), count=len(doubles))
        checks.failed("tree.unique", reason, seen=doubles[0].hex())
    else:
        checks.passed("tree.unique", say("short_leaves.unique"))


def _look_up(
    listed: LeafList, account: Account | None, rules: Sequence[Rule], progress: Progress
) -> tuple[Reading | None, int | None]:
    if account is None:
        return None, None
    for reading in readings(account, rules):
        index = leaf_index(listed.leaves, bytes.fromhex(reading.leaf), progress)
        if index is not None:
            return reading, index
    return None, None


def _leaf_checks(listed: LeafList, account: Account | None, reading: Reading | None, checks: Checks) -> None:
    if account is None:
        checks.not_checked("leaf.found", say("short_leaves.no_user"))
        checks.not_checked("path.hash", say("short_leaves.no_user"))
        return
    if reading is None:
        checks.failed("leaf.found", say("short_leaves.not_found"))
        checks.not_checked("path.hash", say("short_leaves.no_path"))
        return
    message = Message(_NAMES[reading.rule].message, {"texts": ", ".join(reading.shown)})
    checks.passed("leaf.hash", message, private=True)
    checks.passed("leaf.found", say("short_leaves.found", leaves=listed.count), private=True)
    if checks.outcome("tree.grammar") is Outcome.PASSED and checks.outcome("tree.complete") is Outcome.PASSED:
        checks.passed("path.hash", say("short_leaves.path", leaves=listed.count))
    else:
        checks.not_checked("path.hash", say("short_leaves.path_broken"))


def _notes(account: Account | None, reading: Reading | None) -> tuple[Message, ...]:
    notes = [say("short_leaves.padding_unknown")]
    if account is None or reading is None:
        return tuple(notes)
    if reading.rule is Rule.JOINED and len(reading.shown) > 1:
        splits = other_splits(reading.shown, _SPLITS_LISTED)
        if splits:
            listed = "; ".join(" + ".join(split) for split in splits)
            notes.append(say("short_leaves.other_splits", splits=listed))
    if reading.rule is Rule.EACH_HASHED:
        notes.append(say("short_leaves.same_leaf", texts=", ".join(reading.shown)))
    return tuple(notes)


def _any_rule(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    return _verify_with((Rule.NAMED, Rule.JOINED, Rule.EIGHT_DECIMALS, Rule.EACH_HASHED), evidence, given, progress)


def _bitso_rule(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    return _verify_with((Rule.EACH_HASHED,), evidence, given, progress)


def _named_leaf_text(fields: Mapping[str, object]) -> str | None:
    account = form_account(fields)
    return None if account is None else named_text(account)


def _bitso_leaf_text(fields: Mapping[str, object]) -> str | None:
    account = form_account(fields)
    return None if account is None else next(readings(account, (Rule.EACH_HASHED,))).text


_FIELDS = (FormField(name="uid"), FormField(name="balances", kind="assets"))
_USER_FIELDS = ("uid", "balances", "asset")

FORMATS: tuple[Format, ...] = (
    Format(
        id=_TNF,
        exchange="The Network Firm",
        exchanges=("Armanino", "The Network Firm", "Gate", "Ledn", "Kraken"),
        family=Family.WHOLE_TREE,
        since="2020-05-01",
        guarantees=_guarantees(per_asset=Rule.NAMED),
        recognise=Recogniser(_TNF, 3),
        verify=_any_rule,
        anchors=(ROOT,),
        guide="network-firm",
        user_fields=(*_USER_FIELDS, "preset", "template"),
        form=_FIELDS,
        leaf_text=_named_leaf_text,
        sample=Sample.OFFICIAL,
    ),
    Format(
        id=_BITSO,
        exchange="Bitso",
        family=Family.WHOLE_TREE,
        since="2022-12-01",
        guarantees=_guarantees(per_asset=None),
        # The same header: without a word from the user the list goes to the format above, which tries this rule too.
        recognise=Recogniser(_BITSO, 2),
        verify=_bitso_rule,
        anchors=(ROOT,),
        guide="bitso",
        user_fields=_USER_FIELDS,
        form=_FIELDS,
        leaf_text=_bitso_leaf_text,
        sample=Sample.OFFICIAL,
    ),
)
