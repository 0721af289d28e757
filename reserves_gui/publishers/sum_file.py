"""Reading one user's file of a sum tree as its :class:`SumScheme` says, and turning the judgement into findings."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from reserves_gui import limits
from reserves_gui.amounts import parse_exponent, parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import JsonValue
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.asked import check_expected, check_identity
from reserves_gui.merkle.numbers import Amount, Balances, CoinOrder
from reserves_gui.merkle.path import id_problem, judge
from reserves_gui.merkle.scheme import Absence, Grammar, Lookup, Merge, RootPlace, SumEntry, SumProof, SumScheme
from reserves_gui.merkle.sum_view import picture, snapshot_view, texts
from reserves_gui.merkle.sum_walk import per_coin
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.verdict import Findings, Guarantees, LeafIdentity, Snapshot, State

PROOF = "proof"
_COIN = re.compile(r"[A-Za-z0-9_.$-]{1,32}", re.ASCII)
_DECIMALS_LIMIT = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class SumFile:
    """What a publisher says about its sum tree beside the scheme: names, guarantees, and the notes always shown."""

    id: str
    exchange: str
    scheme: SumScheme
    guarantees: Guarantees
    notes: tuple[Message, ...] = ()


def sum_format(
    file: SumFile,
    *,
    since: str,
    recognise: Callable[[Mapping[str, JsonValue]], int],
    guide: str,
    unbound: tuple[str, ...],
    sample: Sample,
) -> Format:
    """The :class:`Format` of a sum tree. ``recognise`` gives the strength of a match for a JSON object, 0 for none."""
    names = {rule.user for rule in file.scheme.ids if rule.user is not None}
    return Format(
        id=file.id,
        exchange=file.exchange,
        family=Family.SUM_PATH,
        since=since,
        guarantees=file.guarantees,
        recognise=partial(_recognise, recognise),
        verify=partial(_verify, file),
        per_user=PROOF,
        guide=guide,
        user_fields=tuple(sorted(names)),
        unbound=unbound,
        sample=sample,
    )


def field(value: object, *path: str) -> object:
    """The value at a key path of parsed JSON, None where there is none. For recognition only: it never raises."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def content_digest(document: Document) -> str:
    """SHA-256 of the JSON content in canonical form, so that the same content counts as one however it is laid out."""
    canonical = json.dumps(document.json(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _recognise(strength: Callable[[Mapping[str, JsonValue]], int], document: Document) -> Match | None:
    if not document.json_keys():
        return None
    value = document.json()
    found = strength(value) if isinstance(value, dict) else 0
    return Match(PROOF, found) if found else None


def _verify(file: SumFile, evidence: Evidence, given: Given, progress: Progress) -> Findings:
    document = evidence.one(PROOF)
    if document is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("paths.no_proof"))
    scheme = file.scheme
    proof = read_sum_proof(scheme, document.shape(), file.exchange)
    judgement = judge(scheme, proof, progress)
    own = proof.own.balances or {}
    values = {coin: amount.value for coin, amount in {**per_coin(scheme, own), **own}.items()}
    check_expected(judgement.checks, given.expected, values)
    ids = {rule.user: proof.own.ids[rule.key] for rule in scheme.ids if rule.user is not None}
    known = check_identity(judgement.checks, {name: given.secret(name) for name in ids}, ids)
    guarantees = file.guarantees
    if guarantees.leaf_identity is LeafIdentity.RECOMPUTED and not known:
        guarantees = replace(guarantees, leaf_identity=LeafIdentity.OPAQUE)
    rule_note = (say(judgement.walk.rules.name),) if judgement.walk.rules.name else ()
    return Findings(
        format=file.id,
        exchange=file.exchange,
        decisive=("leaf", "path", "root"),
        claims=judgement.checks.claims("leaf", "path", "total", ceilings={"total": State.UNDECIDED}),
        guarantees=guarantees,
        snapshot=Snapshot(id=proof.own.snapshot),
        root=judgement.walk.root,
        root_digits=scheme.hash.digits,
        balances={coin: amount.text for coin, amount in own.items()},
        total=texts(judgement.walk.totals),
        notes=file.notes + rule_note,
        picture=picture(scheme, proof, judgement),
        view=snapshot_view(file.id, scheme, proof, judgement, content_digest(document)),
    )


def read_sum_proof(scheme: SumScheme, shape: Shape, exchange: str) -> SumProof:
    """The typed content of a proof file. Raises ``format.shape``, ``format.newer``, ``number.grammar``, ``limit.*``."""
    keys = scheme.keys
    own = _own(scheme, shape[keys.own])
    entries = shape[keys.path].entries(limits.PATH_ENTRIES)
    if scheme.root is RootPlace.KEY:
        root: SumEntry | None = _entry(scheme, shape[keys.root], is_root=True)
    else:
        root = _entry(scheme, entries[-1], is_root=True) if entries else None
        entries = entries[:-1]
    siblings = [_entry(scheme, entry, is_root=False) for entry in entries]
    proof = SumProof(own=own, siblings=tuple(siblings), root=root, depth=len(siblings))
    if scheme.lookup is Lookup.LEVEL:
        proof = _by_level(proof, shape[keys.path])
    return _with_coins(scheme, proof, shape, exchange)


def _own(scheme: SumScheme, shape: Shape) -> SumEntry:
    ids = {rule.key: _id_text(shape[rule.key]) for rule in scheme.ids}
    keys = scheme.keys
    return SumEntry(
        place=_place(shape),
        hash=shape[keys.hash].hex(scheme.hash.digits) if keys.hash_in_self else None,
        balances=_balances(scheme, shape[keys.balances]),
        side=shape[keys.side].digits() if keys.side_in_self else None,
        level=shape[keys.level].integer() if keys.level is not None and keys.hash_in_self else None,
        snapshot=_snapshot(scheme, shape),
        ids=ids,
    )


def _entry(scheme: SumScheme, shape: Shape, *, is_root: bool) -> SumEntry:
    keys = scheme.keys
    if not is_root and scheme.absence is Absence.EMPTY_OBJECT and shape.is_object and not shape.keys():
        return SumEntry(place=_place(shape), hash=None, balances=None, absent=True)
    absent = not is_root and _is_absent(scheme, shape[keys.hash])
    optional = absent or is_root
    stated = shape.get(keys.balances) if optional else shape[keys.balances]
    side: str | None = None
    if not (is_root and scheme.root is RootPlace.KEY):
        marker = shape.get(keys.side) if is_root and None in scheme.sides.root else shape[keys.side]
        side = None if marker is None else marker.digits()
    has_ids = scheme.sibling_leaf and all(shape.get(rule.key) is not None for rule in scheme.ids)
    return SumEntry(
        place=_place(shape),
        hash=None if absent else shape[keys.hash].hex(scheme.hash.digits),
        balances=None if stated is None else _balances(scheme, stated),
        side=side,
        level=shape[keys.level].integer() if keys.level is not None else None,
        snapshot=_snapshot(scheme, shape),
        ids={rule.key: _id_text(shape[rule.key]) for rule in scheme.ids} if has_ids else {},
        absent=absent,
    )


def _is_absent(scheme: SumScheme, shape: Shape) -> bool:
    if scheme.absence is Absence.EMPTY_HASH:
        return shape.value == ""
    return scheme.absence is Absence.NULL_HASH and shape.is_null


def _id_text(shape: Shape) -> str:
    text = shape.digits()
    if len(text) > limits.LINE_BYTES:
        shape.refuse(say("error.text_too_long", limit=limits.LINE_BYTES))
    return text


def _snapshot(scheme: SumScheme, shape: Shape) -> str | None:
    named = shape.get(scheme.keys.snapshot) if scheme.keys.snapshot is not None else None
    return None if named is None else _id_text(named)


def _place(shape: Shape) -> str:
    """The key path without the file's name: what a reason names."""
    start = max(shape.where.rfind(".self"), shape.where.rfind(".path"), shape.where.rfind(".root"))
    return shape.where[start + 1 :] if start >= 0 else shape.where


def _balances(scheme: SumScheme, shape: Shape) -> dict[str, Amount]:
    parse: Callable[[str, str], Decimal] = parse_exponent if scheme.grammar is Grammar.EXPONENT else parse_plain
    amounts: dict[str, Amount] = {}
    for coin, value in shape.items():
        if len(amounts) >= limits.PATH_COINS:
            raise ReservesError(
                ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.PATH_COINS), shape.where
            )
        parts = coin.split(scheme.account_separator) if scheme.account_separator is not None else [coin]
        if len(parts) > 2 or any(_COIN.fullmatch(part) is None for part in parts):
            shape.refuse(say("paths.coin_name", coin=coin[:40]))
        amounts[coin] = Amount(*value.amount(parse))
    return amounts


def _by_level(proof: SumProof, shape: Shape) -> SumProof:
    depth = proof.root.level if proof.root is not None and proof.root.level is not None else 0
    if depth > limits.PATH_ENTRIES:
        raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.PATH_ENTRIES), shape.where)
    placed: list[SumEntry | None] = [None] * depth
    strays: list[SumEntry] = []
    seen = {depth}
    for sibling in proof.siblings:
        level = sibling.level if sibling is not None and sibling.level is not None else 0
        if sibling is None:
            continue
        if level in seen:
            shape.refuse(say("paths.level_twice", level=level))
        seen.add(level)
        if level < depth:
            placed[level] = sibling
        else:
            strays.append(sibling)
    return replace(proof, siblings=tuple(placed), depth=depth, strays=tuple(strays))


def _with_coins(scheme: SumScheme, proof: SumProof, shape: Shape, exchange: str) -> SumProof:
    own = proof.own.balances or {}
    if scheme.coin_sets:
        chosen = next((each for each in scheme.coin_sets if own.keys() == set(each.order)), None)
        if chosen is None:
            message = say("paths.unknown_coins", exchange=exchange, count=len(own))
            raise ReservesError(ErrorCode.FORMAT_NEWER, message, shape.where)
        _require_same_coins(proof, shape)
        proof = replace(proof, listed=chosen.order, decimals=chosen.decimals)
        if scheme.exact_decimals:
            _require_decimals(scheme, proof, shape)
    if scheme.keys.precisions is not None:
        stated = shape[scheme.keys.own][scheme.keys.precisions]
        decimals = {coin: value.integer(below=_DECIMALS_LIMIT) for coin, value in stated.items()}
        for coin in own:
            if coin not in decimals:
                stated.refuse(say("error.missing_key", key=coin))
        proof = replace(proof, decimals=decimals)
    if scheme.merge is Merge.LISTED and scheme.order is not CoinOrder.LISTED:
        proof = replace(proof, listed=_all_coins(scheme, proof, shape))
    return proof


def _require_same_coins(proof: SumProof, shape: Shape) -> None:
    own = (proof.own.balances or {}).keys()
    for entry in (*proof.siblings, proof.root):
        if entry is None or entry.balances is None:
            continue
        odd = sorted(own ^ entry.balances.keys())
        if odd:
            message = say("paths.coins_differ", place=entry.place, coin=odd[0])
            raise ReservesError(ErrorCode.FORMAT_SHAPE, message, shape.where)


def _require_decimals(scheme: SumScheme, proof: SumProof, shape: Shape) -> None:
    if any(id_problem(rule, proof.own.ids[rule.key]) for rule in scheme.ids):
        return
    for coin, amount in (proof.own.balances or {}).items():
        wanted = proof.decimals[coin]
        if len(amount.text.partition(".")[2]) != wanted:
            message = say("paths.decimals", coin=coin, decimals=wanted)
            raise ReservesError(ErrorCode.NUMBER_GRAMMAR, message, shape[scheme.keys.own].where)


def _all_coins(scheme: SumScheme, proof: SumProof, shape: Shape) -> tuple[str, ...]:
    stated = shape.get(scheme.keys.listed) if scheme.keys.listed is not None else None
    if stated is not None:
        coins = [entry.text(longest=32) for entry in stated.entries(limits.PATH_COINS)]
        wrong = next((coin for coin in coins if _COIN.fullmatch(coin) is None), None)
        if wrong is not None or len(set(coins)) != len(coins):
            stated.refuse(say("paths.coin_list"))
        return tuple(sorted(coins))
    held: list[Balances | None] = [proof.own.balances, proof.root.balances if proof.root else None]
    held += [entry.balances for entry in proof.siblings if entry]
    return tuple(sorted({coin for balances in held for coin in per_coin(scheme, balances)}))
