"""Checks, claims, verdicts and guarantees: what an engine may say (contract sections 1 to 3).

States are derived from checks and never stored, so that no two of them can disagree. A check that was not made never
counts as passed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from reserves_gui.evidence import LeafSizes, PathPicture, SnapshotView
from reserves_gui.messages import Message


class Outcome(StrEnum):
    """What one check found. ``PARTIAL``: some items passed, none failed; the reason says how many."""

    PASSED = "passed"
    FAILED = "failed"
    PARTIAL = "partial"
    NOT_CHECKED = "not_checked"


class State(StrEnum):
    """What a claim, or a whole run, amounts to."""

    VERIFIED = "verified"
    UNDECIDED = "undecided"
    FAILED = "failed"


class ExitCode(IntEnum):
    """Exit codes of every command."""

    VERIFIED = 0
    FAILED = 1
    UNUSABLE = 2
    UNDECIDED = 3
    CANCELLED = 130


_EXIT = {State.VERIFIED: ExitCode.VERIFIED, State.FAILED: ExitCode.FAILED, State.UNDECIDED: ExitCode.UNDECIDED}

CLAIM_ORDER = ("leaf", "path", "tree", "root", "total", "proof", "ownership", "balances", "coverage")


def exit_code(state: State) -> ExitCode:
    """The exit code of a run that ended in ``state``."""
    return _EXIT[state]


def worst(states: Iterable[State]) -> State:
    """``failed`` before ``undecided`` before ``verified``; ``undecided`` when there is none."""
    seen = set(states)
    for state in (State.FAILED, State.UNDECIDED, State.VERIFIED):
        if state in seen:
            return state
    return State.UNDECIDED


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    ``id`` is ``claim.thing`` (contract section 1.1). ``required`` false marks a check that the claim does not need,
    because the file or the user gave nothing to compare; a failed one fails the claim all the same.
    ``expected`` and ``seen`` are full texts where two values were compared. ``private`` marks a check whose values
    identify the user: a redacted report leaves them out.
    """

    id: str
    outcome: Outcome
    reason: Message
    expected: str | None = None
    seen: str | None = None
    required: bool = True
    private: bool = False

    @property
    def claim(self) -> str:
        """The claim this check belongs to."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Claim:
    """One question with the checks that were made for it. ``ceiling`` is the best state the format allows."""

    id: str
    checks: tuple[Check, ...]
    ceiling: State = State.VERIFIED

    @property
    def state(self) -> State:
        """``failed`` if a check failed; ``verified`` if required checks exist and all passed; else ``undecided``."""
        if any(check.outcome is Outcome.FAILED for check in self.checks):
            return State.FAILED
        required = [check.outcome for check in self.checks if check.required]
        if not required or any(outcome is not Outcome.PASSED for outcome in required):
            return State.UNDECIDED
        return self.ceiling

    def with_checks(self, *checks: Check) -> "Claim":
        """The same claim with more checks."""
        return replace(self, checks=self.checks + checks)


class SumBinding(StrEnum):
    """What ties the total to everybody's balance."""

    CHILDREN = "children"
    SUM_ONLY = "sum_only"
    NONE = "none"
    ZERO_KNOWLEDGE = "zero_knowledge"
    WHOLE_TREE = "whole_tree"


class NegativeBalances(StrEnum):
    """Whether negative amounts of others can hide liabilities."""

    REJECTED = "rejected"
    HIDDEN = "hidden"
    VISIBLE = "visible"


class LeafIdentity(StrEnum):
    """What ties the leaf to one user."""

    RECOMPUTED = "recomputed"
    OPAQUE = "opaque"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantees:
    """What a format itself can prove, whatever the verdict. ``hash_bits``: effective output size."""

    sum_binding: SumBinding
    negative_balances: NegativeBalances
    leaf_identity: LeafIdentity
    hash_bits: int
    domain_separation: bool
    per_asset: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Which audit a file belongs to, as the file states it. ``time``: ISO 8601 UTC text; ``height``: a block height."""

    id: str | None = None
    time: str | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class InputRecord:
    """One file that was read: shown name, SHA-256 of its bytes, size in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What an engine found in one set of files, before any root from elsewhere is compared.

    ``claims`` holds everything but the comparison of ``root``: root checks that the format itself allows go into
    ``root_checks`` and the caller adds ``root.match``. ``root`` is the recomputed root as lower-case hex (or None).
    ``root_digits`` is the number of hex digits a root of this format has. ``decisive`` names the claims that must hold
    for the whole run to be ``verified``. Amounts are texts in plain notation, keyed by asset. ``leaves`` are own leaf
    indexes. ``guarantees`` is None for wallet lists. ``view`` is what several users' files are compared by.
    ``warnings`` are dated notes on the format version.
    """

    format: str
    exchange: str
    decisive: tuple[str, ...]
    claims: tuple[Claim, ...]
    guarantees: Guarantees | None
    snapshot: Snapshot = field(default_factory=Snapshot)
    root: str | None = None
    root_digits: int = 64
    root_checks: tuple[Check, ...] = ()
    balances: Mapping[str, str] = field(default_factory=dict)
    total: Mapping[str, str] | None = None
    leaves: tuple[int, ...] | None = None
    leaf_count: int | None = None
    padding_leaves: int | None = None
    snapshot_height_bound: bool | None = None
    warnings: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    picture: PathPicture | None = None
    leaf_sizes: LeafSizes | None = None
    view: SnapshotView | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to one run: findings with the root compared, the inputs, and the state derived from the claims.

    ``proofs`` holds each user's own verdict when several proofs were pooled. ``extra`` holds JSON-ready additions of
    a format or command (row counts, failures, per-asset figures); its keys stand at the top level of the JSON object.
    """

    format: str
    exchange: str
    decisive: tuple[str, ...]
    claims: tuple[Claim, ...]
    guarantees: Guarantees | None
    inputs: tuple[InputRecord, ...]
    snapshot: Snapshot = field(default_factory=Snapshot)
    root: str | None = None
    balances: Mapping[str, str] = field(default_factory=dict)
    total: Mapping[str, str] | None = None
    leaves: tuple[int, ...] | None = None
    leaf_count: int | None = None
    padding_leaves: int | None = None
    snapshot_height_bound: bool | None = None
    warnings: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    picture: PathPicture | None = None
    leaf_sizes: LeafSizes | None = None
    proofs: tuple["Verdict", ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """``failed`` if any claim failed; ``verified`` if every decisive claim is; else ``undecided``."""
        states = {claim.id: claim.state for claim in self.claims}
        if State.FAILED in states.values():
            return State.FAILED
        if self.decisive and all(states.get(name) is State.VERIFIED for name in self.decisive):
            return State.VERIFIED
        return State.UNDECIDED

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that says the same."""
        return exit_code(self.state)

    def claim(self, claim_id: str) -> Claim | None:
        """The claim of that id, if this run looked at it."""
        return next((claim for claim in self.claims if claim.id == claim_id), None)


class Checks:
    """Collects checks in the order they are made and groups them into claims."""

    def __init__(self) -> None:
        self._made: list[Check] = []

    def passed(self, check_id: str, reason: Message, **values: str | bool | None) -> None:
        """Record a passed check."""
        self.add(Check(check_id, Outcome.PASSED, reason, **values))  # type: ignore[arg-type]

    def failed(self, check_id: str, reason: Message, **values: str | bool | None) -> None:
        """Record a failed check."""
        self.add(Check(check_id, Outcome.FAILED, reason, **values))  # type: ignore[arg-type]

    def not_checked(self, check_id: str, reason: Message, **values: str | bool | None) -> None:
        """Record a check that could not be made; the reason says why."""
        self.add(Check(check_id, Outcome.NOT_CHECKED, reason, **values))  # type: ignore[arg-type]

    def add(self, check: Check) -> None:
        """Record ``check``."""
        self._made.append(check)

    def outcome(self, check_id: str) -> Outcome | None:
        """The outcome recorded last for ``check_id``, if any."""
        return next((check.outcome for check in reversed(self._made) if check.id == check_id), None)

    def __iter__(self) -> Iterator[Check]:
        return iter(self._made)

    def claims(self, *claim_ids: str, ceilings: Mapping[str, State] | None = None) -> tuple[Claim, ...]:
        """The recorded checks as claims, in the order of ``claim_ids``; a claim without checks is ``undecided``."""
        best = ceilings or {}
        return tuple(
            Claim(
                claim_id,
                tuple(check for check in self._made if check.claim == claim_id),
                best.get(claim_id, State.VERIFIED),
            )
            for claim_id in claim_ids
        )
