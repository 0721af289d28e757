"""Reading one user's path of a plain tree, from a file or a form, as its :class:`PlainScheme` says."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from reserves_gui import limits
from reserves_gui.amounts import parse_plain, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.hashing import sha256_text
from reserves_gui.merkle.numbers import Amount
from reserves_gui.merkle.path import id_problem
from reserves_gui.merkle.plain_path import PlainProof, judge, picture, snapshot_view
from reserves_gui.merkle.scheme import AssetForm, IdRule, PlainNumber, PlainScheme
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.plain_steps import read_hash, read_steps, typed_hash
from reserves_gui.publishers.port import Evidence, Family, Format, FormField, Given, Match, Sample
from reserves_gui.publishers.sum_file import PROOF, content_digest
from reserves_gui.verdict import Check, Checks, Findings, Guarantees, LeafIdentity, Outcome, Snapshot, State

FORM_SCHEMA = "reserves/form/1"
_COIN = re.compile(r"[A-Za-z0-9_.$-]{1,32}", re.ASCII)
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """What the ids of one proof amount to.

    ``values`` fill the leaf template; ``text`` replaces the whole template where the user has the leaf's text.
    ``complete`` false: the leaf's text cannot be made. ``own``: the user's own id went into it. ``amounts`` are the
    balances that such a text names, where the file states none by themselves.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    complete: bool = True
    own: bool = False
    checks: tuple[Check, ...] = ()
    amounts: Mapping[str, Amount] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFile:
    """What a publisher says about its plain tree beside the scheme. ``identify`` reads the ids of a file or form."""

    id: str
    exchange: str
    scheme: PlainScheme
    guarantees: Guarantees
    identify: Callable[[Shape, Given], Ids]
    shown_text_key: str | None = None
    own_raises: bool = False
    form: tuple[FormField, ...] = ()
    notes: tuple[Message, ...] = ()


def plain_format(
    file: PlainFile,
    *,
    since: str,
    guide: str,
    recognise: Callable[[Mapping[str, JsonValue]], int] | None = None,
    user_fields: tuple[str, ...] = (),
    unbound: tuple[str, ...] = (),
    sample: Sample = Sample.SPECIFICATION,
) -> Format:
    """The :class:`Format` of a plain tree; one with a form is recognised by the form's schema and format id."""
    return Format(
        id=file.id,
        exchange=file.exchange,
        family=Family.PLAIN_PATH,
        since=since,
        guarantees=file.guarantees,
        recognise=partial(recognise_form, file.id) if recognise is None else partial(_recognise, recognise),
        verify=partial(verify_plain, file),
        per_user=PROOF,
        guide=guide,
        user_fields=user_fields,
        form=file.form,
        leaf_text=partial(live_text, file) if file.form else None,
        unbound=unbound,
        sample=sample,
    )


def recognise_form(format_id: str, document: Document) -> Match | None:
    """A ``reserves/form/1`` document of that format."""
    if not {"schema", "format", "fields"} <= document.json_keys():
        return None
    value = document.json()
    fits = isinstance(value, dict) and value.get("schema") == FORM_SCHEMA and value.get("format") == format_id
    return Match(PROOF) if fits else None


def _recognise(strength: Callable[[Mapping[str, JsonValue]], int], document: Document) -> Match | None:
    if not document.json_keys():
        return None
    value = document.json()
    found = strength(value) if isinstance(value, dict) else 0
    return Match(PROOF, found) if found else None


def verify_plain(file: PlainFile, evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge one proof of ``file``. Raises what its shape, numbers and limits make unusable."""
    document = evidence.one(PROOF)
    if document is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("paths.no_proof"))
    shape = document.shape()
    fields = _completed(file, shape["fields"], given) if file.form else shape
    scheme = file.scheme
    ids = file.identify(fields, given)
    assets = read_assets(scheme, fields) or dict(ids.amounts or {})
    proof = _proof(file, fields, ids, assets)
    checks = Checks()
    for check in ids.checks:
        checks.add(check)
    walked = judge(scheme.hash, proof, checks, progress)
    held = {coin: amount.value for coin, amount in assets.items()} if assets else None
    check_expected(checks, given.expected, held)
    negative = [coin for coin, amount in assets.items() if amount.value < 0]
    notes = tuple(say("paths.note_own_negative", coin=coin) for coin in negative[:1])
    snapshot = fields.get(scheme.snapshot_key) if scheme.snapshot_key is not None else None
    snapshot_id = None if snapshot is None else snapshot.digits()
    return Findings(
        format=file.id,
        exchange=file.exchange,
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "total", ceilings={"total": State.UNDECIDED}),
        guarantees=_guarantees(file, ids),
        snapshot=Snapshot(id=snapshot_id),
        root=walked.root,
        root_digits=scheme.hash.digits,
        balances={coin: amount.text for coin, amount in assets.items()},
        notes=file.notes + notes,
        picture=picture(proof, walked, checks),
        view=snapshot_view(file.id, snapshot_id, walked, checks, content_digest(document)),
    )


def _completed(file: PlainFile, fields: Shape, given: Given) -> Shape:
    """A form with what the user gave beside it, and without what was left blank.

    Raises ``usage`` where both state a value and the two differ; ids that differ are judged (``leaf.identity``).
    """
    values = {key: value.value for key, value in fields.items()}
    for one in file.form:
        if not one.required and values.get(one.name) == "":
            del values[one.name]
        typed = given.secret(one.name)
        if typed is None:
            continue
        if values.get(one.name) is None:
            values[one.name] = typed
        elif not _same(file.scheme, one, fields[one.name], Shape(typed, f"--user {one.name}")):
            raise ReservesError(ErrorCode.USAGE, say("error.user_twice", name=one.name))
    return Shape(values, fields.where)


def _same(scheme: PlainScheme, one: FormField, stated: Shape, typed: Shape) -> bool:
    if one.kind in ("text", "secret") or stated.value == typed.value:
        return True
    if one.kind == "hex":
        return typed_hash(stated.text(longest=200), stated) == typed_hash(typed.text(longest=200), typed)
    if one.kind != "assets":
        return False
    forms = (Shape({scheme.assets_key: each.value}, each.where) for each in (stated, typed))
    first, second = (list(read_assets(scheme, each).items()) for each in forms)
    return first == second


def _guarantees(file: PlainFile, ids: Ids) -> Guarantees:
    stated = file.guarantees.leaf_identity
    if stated is LeafIdentity.RECOMPUTED and not ids.own:
        return replace(file.guarantees, leaf_identity=LeafIdentity.OPAQUE)
    if file.own_raises and ids.own:
        return replace(file.guarantees, leaf_identity=LeafIdentity.RECOMPUTED)
    return file.guarantees


def _proof(file: PlainFile, fields: Shape, ids: Ids, assets: Mapping[str, Amount]) -> PlainProof:
    scheme = file.scheme
    steps, indexed, problem = read_steps(scheme, fields)
    stated = None
    if scheme.leaf_key is not None:
        named = fields[scheme.leaf_key] if scheme.leaf_key_required else fields.get(scheme.leaf_key)
        stated = None if named is None else read_hash(scheme, named)
    text = leaf_text(scheme, fields, ids, assets)
    if text is None and stated is None:
        fields.refuse(say("paths.no_leaf"))
    return PlainProof(
        leaf_text=text,
        stated_leaf=stated,
        steps=steps,
        root=read_hash(scheme, fields[scheme.root_key]),
        shown_text=None if file.shown_text_key is None else fields[file.shown_text_key].text(longest=limits.MIB),
        indexed=indexed,
        index_problem=problem,
        empty_path=scheme.empty_path,
    )


def leaf_text(scheme: PlainScheme, fields: Shape, ids: Ids, assets: Mapping[str, Amount]) -> str | None:
    """The preimage of the leaf, None where the ids or the format do not give it."""
    if ids.text is not None:
        return ids.text
    if scheme.leaf is None or not ids.complete:
        return None
    coins = sorted(assets) if scheme.sorted_coins else list(assets)
    pairs = [f"{coin}{scheme.pair_sign}{number_text(scheme, assets[coin])}" for coin in coins]
    values: dict[str, str] = {**ids.values, "balances": scheme.pair_joint.join(pairs)}
    for name in scheme.amounts:
        values[name] = number_text(scheme, _amount(scheme, fields[name]))
    return scheme.leaf.format_map(values)


def number_text(scheme: PlainScheme, amount: Amount) -> str:
    """An amount as it is hashed: as shown, or trimmed with zero as ``0.0``."""
    if scheme.numbers is PlainNumber.VERBATIM:
        return amount.text
    return "0.0" if amount.value == 0 else stripped(amount.value)


def _amount(scheme: PlainScheme, shape: Shape) -> Amount:
    text, value = shape.amount(partial(_parse, scheme))
    return Amount(text, value)


def _parse(scheme: PlainScheme, text: str, where: str) -> Decimal:
    value = parse_plain(text, where)
    wrong_sign = text.startswith("-") and not scheme.negative
    wrong_length = scheme.decimals is not None and len(text.partition(".")[2]) != scheme.decimals
    if wrong_sign:
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("paths.no_minus"), where)
    if wrong_length:
        message = say("paths.all_decimals", decimals=scheme.decimals or 0)
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, message, where)
    return value


def read_assets(scheme: PlainScheme, fields: Shape) -> dict[str, Amount]:
    """Own balances in the order in which they are shown. Raises ``format.shape``, ``number.grammar``."""
    if scheme.assets is AssetForm.NONE:
        return {}
    if scheme.assets is AssetForm.SINGLE:
        return {scheme.coins[0]: _amount(scheme, fields[scheme.assets_key])}
    if scheme.assets is AssetForm.TEXT and fields.get(scheme.assets_key) is None:
        return {}
    stated = fields[scheme.assets_key]
    amounts: dict[str, Amount] = {}
    for coin, amount in _pairs(scheme, stated):
        if len(amounts) >= limits.PATH_COINS:
            raise ReservesError(
                ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.PATH_COINS), stated.where
            )
        if _COIN.fullmatch(coin) is None:
            stated.refuse(say("paths.coin_name", coin=coin[:40]))
        if coin in amounts:
            stated.refuse(say("paths.coin_twice", coin=coin))
        amounts[coin] = _amount(scheme, amount)
    if not amounts:
        stated.refuse(say("paths.no_coins"))
    return amounts


def _pairs(scheme: PlainScheme, stated: Shape) -> list[tuple[str, Shape]]:
    if scheme.assets is AssetForm.OBJECT:
        stated.exact_keys(set(scheme.coins))
        return [(coin, stated[coin]) for coin in scheme.coins]
    if scheme.assets is AssetForm.RECORDS:
        return [(entry["currency"].text(longest=64), entry["balance"]) for entry in stated.entries()]
    if stated.is_text:
        text = stated.text(longest=limits.MIB)
        # COIN:amount,COIN:amount, or written as the leaf itself joins them.
        as_leaf = scheme.pair_sign != ":" and scheme.pair_sign in text
        sign, joint = (scheme.pair_sign, scheme.pair_joint) if as_leaf else (":", ",")
        parts = [part.strip(_BLANKS).partition(sign) for part in text.split(joint)]
        return [(coin, Shape(amount, stated.where)) for coin, _, amount in parts]
    pairs = []
    for entry in stated.entries():
        both = entry.entries()
        if len(both) != 2:
            entry.refuse(say("paths.asset_pair"))
        pairs.append((both[0].text(longest=64), both[1]))
    return pairs


def live_text(file: PlainFile, values: Mapping[str, object]) -> str | None:
    """The leaf text of a form as far as filled in, None while incomplete."""
    shape = Shape(dict(values), "form")
    try:
        ids = file.identify(shape, Given())
        return leaf_text(file.scheme, shape, ids, read_assets(file.scheme, shape))
    except ReservesError:
        return None


def uid_ids(fields: Shape, given: Given) -> Ids:
    """Ids of formats that hash a user number first: ``uid`` or ``hashed_uid`` of a form, ``uid`` of the user.

    hashed_uid = hex(H(uid)). Where both are there and disagree, ``leaf.identity`` fails.
    """
    typed = fields.get("uid")
    texts = (None if typed is None else typed.text(longest=200), given.secret("uid"))
    own = {text for text in texts if text is not None}
    stated = fields.get("hashed_uid")
    digest = None if stated is None else typed_hash(stated.text(longest=200), stated)
    if digest is None and not own:
        fields["uid"].text()
    hashes = {sha256_text(text) for text in own}
    agree = len(hashes | ({digest} if digest is not None else set())) == 1
    value = digest if digest is not None else sha256_text(min(own))
    checks = (*identity_checks(bool(own), agree), *shape_checks([("uid", text) for text in sorted(own)]))
    return Ids(values={"uid_hash": value}, own=bool(own) and agree, checks=checks)


def shape_checks(ids: Collection[tuple[str, str]]) -> tuple[Check, ...]:
    """``leaf.id_shape`` of typed ids, (name, text): not empty, no blanks or signs that could move their borders."""
    problem = next((found for name, text in ids if (found := id_problem(IdRule(key=name), text))), None)
    outcome = Outcome.PASSED if problem is None else Outcome.FAILED
    check = Check("leaf.id_shape", outcome, problem or say("mpath.id_shape_ok"), private=True)
    return (check,) if ids else ()


def identity_checks(given: bool, agree: bool) -> tuple[Check, ...]:  # noqa: FBT001 - two facts, not a switch
    """``leaf.identity`` from whether the user gave an id, and whether all that was given agrees."""
    if not given:
        reason = say("mpath.identity_none")
        return (Check("leaf.identity", Outcome.NOT_CHECKED, reason, required=False, private=True),)
    if agree:
        return (Check("leaf.identity", Outcome.PASSED, say("mpath.identity_own"), private=True),)
    return (Check("leaf.identity", Outcome.FAILED, say("mpath.identity_contradicts"), private=True),)


def no_ids(fields: Shape, given: Given) -> Ids:  # noqa: ARG001 - the port's signature
    """Formats whose leaves hold no id."""
    return Ids()
