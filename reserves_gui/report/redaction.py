"""A verdict without what identifies the user or shows her neighbours' data (attacks.md section 8).

Left out: ids and other values only the user knows, own leaf and first sibling, own leaf indexes, the balances, every
sum on the path below the root (a sum and the one above it give the sibling's), names of the input files, and the
values of checks that hold any of these. What remains can still be checked against the same files.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from reserves_gui.amounts import is_plain
from reserves_gui.evidence import LeafSizes, NodeKind, PathNode, PathPicture
from reserves_gui.messages import Argument, Message, say
from reserves_gui.report.model import Settings
from reserves_gui.verdict import Check, Claim, InputRecord, Outcome, Verdict

LEFT_OUT = "[left out]"
# Values of these claims are the user's own leaf, and nodes and sums of the neighbours.
_PERSONAL_CLAIMS = {"leaf", "path"}
# Their reasons may name the user's place in the tree or what she owns.
_PERSONAL_CHECKS = {"leaf.found", "leaf.expected", "leaf.identity", "leaf.order", "path.index", "path.position"}
# Additions of a command about published addresses; everything else may hold the user's data.
_PUBLIC_EXTRA = {"rows", "failures", "failures_omitted", "assets", "summary", "shared", "elsewhere"}
_PUBLIC_EXTRA |= {"coverage", "clean", "usd", "figures_from", "looked", "owner_answers"}
_NUMBER = re.compile(r"-?[0-9]+(?:[,\u202f\u00a0][0-9]{3})*(?:\.[0-9]+)?", re.ASCII)
# Names of --user values that are no secret of the user's: the snapshot, and amounts that a full report shows anyway.
_OPEN_NAMES = {"audit_id", "asset", "balances", "assets", "record"}
_SHORTEST_SECRET = 3


@dataclass(frozen=True, slots=True)
class Private:
    """Texts and amounts that must not be seen in any text of the verdict."""

    texts: tuple[str, ...]
    amounts: frozenset[Decimal] = frozenset()

    def masked(self, text: str) -> str:
        """``text`` with every private text, as a whole word, and every private amount left out."""
        for private in self.texts:
            if private in text:
                text = re.sub(rf"(?<![0-9A-Za-z]){re.escape(private)}(?![0-9A-Za-z])", LEFT_OUT, text)
        return _NUMBER.sub(self._number, text) if self.amounts else text

    def _number(self, match: re.Match[str]) -> str:
        digits = re.sub(r"[,\u202f\u00a0]", "", match[0])
        return LEFT_OUT if is_plain(digits) and Decimal(digits) in self.amounts else match[0]

    def message(self, message: Message) -> Message:
        """``message`` with its text arguments masked; whole numbers are counts and stay."""
        return Message(message.key, {name: self._argument(one) for name, one in message.args.items()})

    def _argument(self, value: Argument) -> Argument:
        if isinstance(value, Message):
            return self.message(value)
        if isinstance(value, tuple):
            return tuple(self.message(one) for one in value)
        return self.masked(value) if isinstance(value, str) else value


def secrets_of(user: Mapping[str, tuple[str, ...]]) -> Private:
    """The values only the user knows, longest first, so that one inside another is masked whole."""
    found = {
        one.strip()
        for name, values in user.items()
        if name not in _OPEN_NAMES
        for one in values
        if len(one.strip()) >= _SHORTEST_SECRET
    }
    return Private(_longest_first(found))


def with_names(secrets: Private, files: Iterable[InputRecord]) -> Private:
    """The same with the names of ``files``: a saved page may be named after its user, and reasons name pages."""
    return replace(secrets, texts=_longest_first({*secrets.texts, *(one.name for one in files)}))


def without_secrets(verdict: Verdict, secrets: Private) -> Verdict:
    """The verdict with every value only the user knows masked in its texts: the least that any report does."""
    if not secrets.texts:
        return verdict
    return replace(
        verdict,
        claims=tuple(_masked_claim(claim, secrets) for claim in verdict.claims),
        inputs=tuple(replace(one, name=secrets.masked(one.name)) for one in verdict.inputs),
        warnings=tuple(secrets.message(one) for one in verdict.warnings),
        notes=tuple(secrets.message(one) for one in verdict.notes),
        proofs=tuple(without_secrets(one, secrets) for one in verdict.proofs),
        extra={key: _masked_value(value, secrets) for key, value in verdict.extra.items()},
    )


def redacted(verdict: Verdict, secrets: Private) -> Verdict:
    """The verdict without anything that identifies the user or her neighbours."""
    private = _private_of(verdict, secrets)
    return replace(
        verdict,
        claims=tuple(_bare_claim(claim, private) for claim in verdict.claims),
        inputs=_numbered(verdict.inputs, "file"),
        balances={},
        leaves=None,
        warnings=tuple(private.message(one) for one in verdict.warnings),
        notes=tuple(private.message(one) for one in verdict.notes if not _on_own_holdings(one)),
        picture=None if verdict.picture is None else _upper_part(verdict.picture),
        leaf_sizes=None if verdict.leaf_sizes is None else _without_own(verdict.leaf_sizes),
        proofs=tuple(redacted(one, secrets) for one in verdict.proofs),
        extra={key: _masked_value(verdict.extra[key], private) for key in verdict.extra if key in _PUBLIC_EXTRA},
    )


def _on_own_holdings(note: Message) -> bool:
    """Notes whose key ends in ``.own_…`` name assets because the user holds them."""
    return note.key.rpartition(".")[2].startswith("own_")


def redacted_settings(settings: Settings) -> Settings:
    """Settings without the amounts the user expected and without names of files."""
    return replace(settings, expected=(), published=_numbered(settings.published, "published"))


def removed(verdict: Verdict, settings: Settings) -> tuple[Message, ...]:
    """What :func:`redacted` leaves out of this verdict, as sentences."""
    verdicts = verdict.proofs or (verdict,)
    nodes = [node for one in verdicts for node in _drawn(one)]
    said = [say("report.removed.names")]
    if settings.user:
        said.append(say("report.removed.user", names=", ".join(sorted(settings.user))))
    if any(one.balances for one in verdicts) or settings.expected:
        said.append(say("report.removed.balances"))
    if any(node.level == 0 for node in nodes):
        said.append(say("report.removed.leaf"))
    if any(node.sums for node in nodes if node.kind is not NodeKind.ROOT):
        said.append(say("report.removed.sums"))
    if any(one.leaves for one in verdicts):
        said.append(say("report.removed.indexes"))
    if any(check.private or claim.id in _PERSONAL_CLAIMS for claim in verdict.claims for check in claim.checks):
        said.append(say("report.removed.values"))
    said.append(say("report.removed.remains"))
    return tuple(said)


def _private_of(verdict: Verdict, secrets: Private) -> Private:
    texts = set(secrets.texts)
    amounts: set[str] = set(verdict.balances.values())
    for one in (verdict, *verdict.proofs):
        amounts.update(one.balances.values())
        for node in _drawn(one):
            if node.level == 0:
                texts.update(text for text in (node.hash, node.stated_hash) if text)
            if node.kind is not NodeKind.ROOT:
                amounts.update(node.sums.values())
                amounts.update((node.stated_sums or {}).values())
    for record in verdict.inputs:
        texts.add(record.name)
    public = {Decimal(text) for text in (verdict.total or {}).values() if is_plain(text)}
    values = {Decimal(text) for text in amounts if is_plain(text)} - public
    return Private(_longest_first(texts), frozenset(value for value in values if value))


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((text for text in texts if text), key=lambda text: (-len(text), text)))


def _masked_claim(claim: Claim, private: Private) -> Claim:
    return replace(claim, checks=tuple(_masked_check(check, private) for check in claim.checks))


def _masked_check(check: Check, private: Private) -> Check:
    return replace(
        check,
        reason=private.message(check.reason),
        expected=None if check.expected is None else private.masked(check.expected),
        seen=None if check.seen is None else private.masked(check.seen),
    )


def _bare_claim(claim: Claim, private: Private) -> Claim:
    return replace(claim, checks=tuple(_bare_check(check, private) for check in claim.checks))


def _bare_check(check: Check, private: Private) -> Check:
    if check.id in _PERSONAL_CHECKS and check.reason.args:
        return replace(check, reason=_BARE[check.outcome], expected=None, seen=None)
    if check.private and any(not isinstance(one, int) for one in check.reason.args.values()):
        return replace(check, reason=_BARE[check.outcome], expected=None, seen=None)
    if check.private or check.claim in _PERSONAL_CLAIMS:
        return replace(check, reason=private.message(check.reason), expected=None, seen=None)
    return _masked_check(check, private)


_BARE = {
    Outcome.PASSED: say("report.private.passed"),
    Outcome.FAILED: say("report.private.failed"),
    Outcome.PARTIAL: say("report.private.partial"),
    Outcome.NOT_CHECKED: say("report.private.not_checked"),
}


def _masked_value(value: object, private: Private) -> object:
    if isinstance(value, str):
        return private.masked(value)
    if isinstance(value, Mapping):
        return {key: _masked_value(item, private) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked_value(item, private) for item in value]
    return value


def _drawn(verdict: Verdict) -> tuple[PathNode, ...]:
    """Every node of the verdict's path pictures."""
    return () if verdict.picture is None else tuple(node for path in verdict.picture.each for node in path.nodes)


def _upper_part(picture: PathPicture) -> PathPicture | None:
    if picture.more:
        # A tree per asset: the paths name the assets that the user holds.
        return None
    nodes = tuple(
        node if node.kind is NodeKind.ROOT else replace(node, sums={}, stated_sums=None)
        for node in picture.nodes
        if node.level > 0 or node.kind is NodeKind.ROOT
    )
    return PathPicture(nodes, picture.assets)


def _without_own(sizes: LeafSizes) -> LeafSizes:
    return LeafSizes(sizes.counts, sizes.zeros, {}, sizes.unit_decimals)


def _numbered(records: tuple[InputRecord, ...], word: str) -> tuple[InputRecord, ...]:
    return tuple(replace(one, name=f"{word} {number}") for number, one in enumerate(records, start=1))
