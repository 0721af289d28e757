"""A report as ready sentences in one language: what HTML, text and PDF set, each in its own way.

Amounts and hashes are plain: files and copies carry no thousands sign.
"""

from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.evidence import LeafSizes, PathPicture
from reserves_gui.messages import Argument, Message, render, visible
from reserves_gui.report.caveats import left_open, not_shown
from reserves_gui.report.coverage import coverage_facts, coverage_sentences
from reserves_gui.report.coverage_layout import CoverageBar, coverage_bars
from reserves_gui.report.headline import failed_first, headline, shown_time
from reserves_gui.report.looked import looked_facts, looked_sentences
from reserves_gui.report.model import Disclosure, Report
from reserves_gui.report.path_layout import picture_of, shortened
from reserves_gui.report.prices import price_facts, price_sentences
from reserves_gui.report.wallet_rows import wallet_rows
from reserves_gui.verdict import Check, Claim, Guarantees, InputRecord, Outcome, Verdict

_ROW_STATES = ("verified", "signature_only", "owner_unlinked", "unsupported", "failed")
# As many as a printed report can hold; its data has more.
_FAILURES_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value under its label; ``exact`` values (hashes, amounts) are set in the fixed font."""

    label: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One check. ``outcome`` is the contract's word, ``word`` the language's."""

    outcome: str
    word: str
    id: str
    reason: str
    expected: str | None
    seen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCard:
    """One claim with all its checks, failed ones on top. ``state`` is the contract's word."""

    state: str
    word: str
    name: str
    question: str
    count: str
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file that was read."""

    name: str
    use: str
    sha256: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A title over sentences; ``bars`` stand below it, ``facts`` below those, label beside value."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    bars: tuple[tuple[str, CoverageBar], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one user's proof (or one whole tree) came to."""

    title: str
    claims: tuple[ClaimCard, ...]
    balances: tuple[Fact, ...]
    picture: PathPicture | None
    leaf_sizes: LeafSizes | None

    @property
    def paths(self) -> tuple[PathPicture, ...]:
        """The paths to draw."""
        return () if self.picture is None else tuple(path for path in self.picture.each if path.nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole report in one language, in reading order."""

    language: str
    title: str
    kind: str
    headline: str
    facts: tuple[Fact, ...]
    not_shown_title: str
    not_shown: tuple[str, ...]
    parts: tuple[Part, ...]
    files_title: str
    files: tuple[FileRow, ...]
    listings: tuple[Listing, ...]
    reference_label: str
    reference: str
    reference_note: str
    made: str
    labels: "Labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words that every rendering needs."""

    expected: str
    seen: str
    checks: str
    claims: str
    balances: str
    path: str
    sizes: str
    file: str
    use: str
    size: str
    data: str


def sheet(report: Report, reference: str, language: str) -> Sheet:
    """The report in ``language``; ``reference`` is the hash of its canonical content."""
    verdict = report.verdict
    said = _Speaker(language)
    parts: tuple[Part, ...] = (_part(verdict, said.say("report.part.all") if verdict.proofs else "", said),)
    parts += tuple(
        _part(one, said.say("report.part.proof", number=at), said) for at, one in enumerate(verdict.proofs, start=1)
    )
    redacted = report.disclosure is Disclosure.REDACTED
    return Sheet(
        language=language,
        title=_title(verdict, said),
        kind=said.say("report.kind.redacted" if redacted else "report.kind.full"),
        headline=said.message(headline(verdict)),
        facts=_facts(verdict, said),
        not_shown_title=said.say("report.not_shown"),
        not_shown=tuple(said.message(one) for one in not_shown(verdict)),
        parts=parts,
        files_title=said.say("report.files"),
        files=_files(report, said),
        listings=_listings(report, said),
        reference_label=said.say("report.reference"),
        reference=reference,
        reference_note=said.say("report.reference_note"),
        made=said.say("report.made", version=report.program, time=shown_time(report.created)),
        labels=_labels(said),
    )


@dataclass(frozen=True, slots=True)
class _Speaker:
    language: str

    def say(self, key: str, **args: Argument) -> str:
        return render(Message(key, args), self.language)

    def message(self, message: Message) -> str:
        return render(message, self.language)


def _title(verdict: Verdict, said: _Speaker) -> str:
    when = verdict.snapshot.time or verdict.snapshot.id
    if when is None:
        return said.say("report.title", exchange=_label(verdict.exchange))
    return said.say("report.title_at", exchange=_label(verdict.exchange), time=_label(shown_time(when)))


def _facts(verdict: Verdict, said: _Speaker) -> tuple[Fact, ...]:
    found = [
        Fact(label=said.say("report.fact.verdict"), value=said.say(f"report.state.{verdict.state.value}")),
        Fact(label=said.say("report.fact.format"), value=visible(verdict.format), exact=True),
    ]
    if verdict.snapshot.id is not None:
        found.append(Fact(label=said.say("report.fact.snapshot"), value=_label(verdict.snapshot.id), exact=True))
    if verdict.snapshot.time is not None:
        time = _label(shown_time(verdict.snapshot.time))
        found.append(Fact(label=said.say("report.fact.time"), value=time))
    if verdict.snapshot.height is not None:
        found.append(Fact(label=said.say("report.fact.height"), value=str(verdict.snapshot.height), exact=True))
    if verdict.leaf_count is not None:
        found.append(Fact(label=said.say("report.fact.leaves"), value=str(verdict.leaf_count), exact=True))
    if verdict.padding_leaves is not None:
        found.append(Fact(label=said.say("report.fact.padding"), value=str(verdict.padding_leaves), exact=True))
    if verdict.root is not None:
        found.append(Fact(label=said.say("report.fact.root"), value=visible(verdict.root), exact=True))
    return tuple(found)


def _part(verdict: Verdict, title: str, said: _Speaker) -> Part:
    return Part(
        title=title,
        claims=tuple(_claim(claim, said) for claim in failed_first(verdict.claims)),
        balances=tuple(
            Fact(label=asset_label(asset), value=visible(amount), exact=True)
            for asset, amount in verdict.balances.items()
        ),
        picture=picture_of(verdict),
        leaf_sizes=verdict.leaf_sizes,
    )


def _claim(claim: Claim, said: _Speaker) -> ClaimCard:
    passed = sum(check.outcome is Outcome.PASSED for check in claim.checks)
    ordered = sorted(claim.checks, key=lambda check: check.outcome is not Outcome.FAILED)
    return ClaimCard(
        state=claim.state.value,
        word=said.say(f"report.state.{claim.state.value}"),
        name=said.say(f"report.claim.{claim.id}"),
        question=said.say(f"report.question.{claim.id}"),
        count=said.say("report.count", passed=passed, total=len(claim.checks)),
        checks=tuple(_check(check, said) for check in ordered),
    )


def _check(check: Check, said: _Speaker) -> CheckRow:
    return CheckRow(
        outcome=check.outcome.value,
        word=said.say(f"report.outcome.{check.outcome.value}"),
        id=visible(check.id),
        reason=said.message(check.reason),
        expected=None if check.expected is None else visible(check.expected),
        seen=None if check.seen is None else visible(check.seen),
    )


def _files(report: Report, said: _Speaker) -> tuple[FileRow, ...]:
    return tuple(_file(one, said.say("report.use.input"), said) for one in report.verdict.inputs) + tuple(
        _file(one, said.say("report.use.published"), said) for one in report.settings.published
    )


def _file(record: InputRecord, use: str, said: _Speaker) -> FileRow:
    size = said.say("report.bytes", count=record.bytes)
    return FileRow(name=_label(record.name), use=use, sha256=visible(record.sha256), size=size)


def _listings(report: Report, said: _Speaker) -> tuple[Listing, ...]:
    verdict = report.verdict
    found = []
    if verdict.total is not None:
        facts = tuple(
            Fact(label=asset_label(asset), value=visible(amount), exact=True) for asset, amount in verdict.total.items()
        )
        found.append(Listing(title=said.say("report.total"), sentences=(said.say("report.total_note"),), facts=facts))
    covered = coverage_facts(verdict.extra, said.language)
    if covered:
        found.append(
            Listing(
                title=said.say("report.coverage"),
                sentences=coverage_sentences(verdict.extra, said.language),
                facts=tuple(Fact(label=asset_label(name), value=visible(value), exact=True) for name, value in covered),
                bars=tuple((asset_label(asset), bar) for asset, bar in coverage_bars(verdict.extra)),
            )
        )
    priced = price_facts(verdict.extra, said.language)
    if priced:
        found.append(
            Listing(
                title=said.say("report.prices"),
                sentences=tuple(visible(one) for one in price_sentences(verdict.extra, said.language)),
                facts=tuple(Fact(label=asset_label(name), value=visible(value), exact=True) for name, value in priced),
            )
        )
    seen = looked_sentences(verdict.extra, said.language)
    if seen:
        found.append(
            Listing(
                title=said.say("report.looked"),
                sentences=tuple(visible(one) for one in seen),
                facts=tuple(
                    Fact(label=visible(name), value=visible(value), exact=True)
                    for name, value in looked_facts(verdict.extra, said.language)
                ),
            )
        )
    found += _wallet_listings(verdict, said)
    missing = [
        f"{check.id}: {said.message(check.reason)}"
        for claim in verdict.claims
        for check in claim.checks
        if check.outcome is Outcome.NOT_CHECKED
    ]
    if missing:
        found.append(Listing(title=said.say("report.not_checked"), sentences=tuple(missing)))
    if verdict.guarantees is not None:
        found.append(Listing(title=said.say("report.guarantees"), facts=guarantee_facts(verdict.guarantees, said)))
    open_questions = tuple(said.message(one) for one in left_open(verdict))
    if open_questions:
        found.append(Listing(title=said.say("report.left_open"), sentences=open_questions))
    remarks = tuple(said.message(one) for one in (*verdict.warnings, *verdict.notes))
    if remarks:
        found.append(Listing(title=said.say("report.notes"), sentences=remarks))
    if report.removed:
        found.append(
            Listing(title=said.say("report.removed"), sentences=tuple(said.message(one) for one in report.removed))
        )
    found.append(
        Listing(title=said.say("report.again"), sentences=(said.say("report.again_note"),), facts=_again(report, said))
    )
    return tuple(found)


def _wallet_listings(verdict: Verdict, said: _Speaker) -> list[Listing]:
    """Of a wallet list: rows per state, amounts per asset, and the rows that failed with their reasons."""
    rows = wallet_rows(verdict)
    found = []
    if rows.states:
        facts = tuple(
            Fact(label=said.say(f"row.state.{state}"), value=str(rows.states[state]), exact=True)
            for state in _ROW_STATES
            if state in rows.states
        )
        found.append(Listing(title=said.say("report.rows"), sentences=(said.say("report.rows_note"),), facts=facts))
    amounts = tuple(
        Fact(label=f"{asset_label(asset)}, {said.say(f'row.total.{name}')}", value=visible(amount), exact=True)
        for asset, table in rows.assets.items()
        for name in ("listed", *_ROW_STATES)
        for amount in (table.get(name),)
        if amount is not None
    )
    if amounts:
        found.append(Listing(title=said.say("report.row_totals"), facts=amounts))
    if rows.failures:
        sentences = tuple(
            said.say(
                "report.row_failed",
                line=one.line,
                coin=_label(one.coin),
                address=_label(one.address),
                reason=one.reason,
            )
            for one in rows.failures[:_FAILURES_LISTED]
        )
        more = len(rows.failures) - len(sentences)
        if more:
            sentences += (said.say("report.rows_more", count=more),)
        found.append(Listing(title=said.say("report.row_failures"), sentences=sentences))
    return found


def guarantee_facts(guarantees: Guarantees, said: _Speaker) -> tuple[Fact, ...]:
    """What the format itself can prove, in plain words (contract section 2)."""
    values = {
        "sum_binding": f"sum_binding.{guarantees.sum_binding.value}",
        "negative_balances": f"negative.{guarantees.negative_balances.value}",
        "leaf_identity": f"identity.{guarantees.leaf_identity.value}",
        "domain_separation": f"domains.{'yes' if guarantees.domain_separation else 'no'}",
        "per_asset": f"per_asset.{'yes' if guarantees.per_asset else 'no'}",
    }
    facts = [
        Fact(label=said.say(f"report.guarantee.{name}"), value=said.say(f"report.guarantee.{value}"))
        for name, value in values.items()
    ]
    bits = said.say("report.guarantee.bits", bits=guarantees.hash_bits)
    facts.insert(3, Fact(label=said.say("report.guarantee.hash_bits"), value=bits))
    return tuple(facts)


def _again(report: Report, said: _Speaker) -> tuple[Fact, ...]:
    settings = report.settings
    given = {
        "report.again.format": settings.format or "",
        "report.again.roots": ", ".join(settings.roots),
        "report.again.expected": ", ".join(f"{asset}={amount}" for asset, amount in settings.expected),
        "report.again.user": ", ".join(settings.user),
        "report.again.pins": ", ".join(settings.pins),
        "report.again.proofs": "" if settings.proofs == "all" else settings.proofs,
        "report.again.log_head": report.log_head or "",
        "report.again.chains": ", ".join(settings.chains),
        "report.again.message": settings.message or "",
    }
    return tuple(Fact(label=said.say(key), value=visible(value), exact=True) for key, value in given.items() if value)


def _labels(said: _Speaker) -> Labels:
    return Labels(
        expected=said.say("report.expected"),
        seen=said.say("report.seen"),
        checks=said.say("report.checks"),
        claims=said.say("report.claims"),
        balances=said.say("report.balances"),
        path=said.say("report.path.title"),
        sizes=said.say("report.sizes"),
        file=said.say("report.file"),
        use=said.say("report.use"),
        size=said.say("report.size"),
        data=said.say("report.data"),
    )


def _label(text: str) -> str:
    """A label from a file: controls made visible, very long ones cut in the middle."""
    return shortened(visible(text), limits.LABEL_CHARS)


def asset_label(asset: str) -> str:
    """An asset's name; one that is not plain ASCII with its code points, so that no look-alike passes for another."""
    if asset.isascii():
        return _label(asset)
    points = " ".join(f"U+{ord(char):04X}" for char in asset[:16] if not char.isascii())
    return f"{_label(asset)} [{points}]"
