"""Rows whose owner accounts signed for a contract, looked up on chain: do these accounts control it?

One source suffices; several must say the same. What was not found out leaves a row ``owner_unlinked``. An account that
signed for itself but is a contract is remarked on: its key then says who deployed it, not who controls it.
"""

from collections.abc import Sequence
from itertools import groupby
from types import TracebackType
from typing import NamedTuple, Self

from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.chains import Chain, Kind, chain_named
from reserves_gui.chain.evm import Evm
from reserves_gui.chain.owners import ContractQuestion, Control, who_controls
from reserves_gui.chain.recorded_calls import CallSource, NotedNode, OwnerAnswers, RecordedBeacon, RecordedNode
from reserves_gui.chain.sources import parse_source
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.lookup import Looking
from reserves_gui.services.probed import (
    OpenDoor,
    Probed,
    SourceReport,
    door_of,
    policy_of,
    probe_all,
    sources_json,
)
from reserves_gui.services.speakers import speaker_of
from reserves_gui.services.validators import Validators
from reserves_gui.wallets import kinds, secp256k1
from reserves_gui.wallets.chains import chain_of
from reserves_gui.wallets.row import Judged, RowState, WalletRow
from reserves_gui.wallets.rules.digests import digests
from reserves_gui.wallets.rules.plain import OwnerAccounts
from reserves_gui.wallets.rules.recoverable import Recoverable

_ACCOUNT_BYTES = 20
_VALIDATOR_BYTES = 48
_VALIDATOR = "validator"
_EVM_KINDS = frozenset({"evm", "evm-proof", "probe"})
OWNER_SOURCES = _EVM_KINDS | {"beacon"}
"""Kinds of sources that can show what owner accounts control."""

_NO_STATE = "chain.no_state"
OWNER_ANSWERS = "owner_answers"
"""The key of what nodes said of contracts and validators, among the additions of a verdict."""


class _Asked(NamedTuple):
    """A row that needs a look: its place in the chunk, the chain, the height (None: the newest), the question."""

    number: int
    chain: Chain
    height: int | None
    question: ContractQuestion


class OwnerLookUp:
    """One look-up over all lists of a run. Sources are opened when the first row needs them, and not before."""

    def __init__(
        self,
        looking: Looking,
        progress: Progress,
        *,
        door: OpenDoor | None = None,
        recorded: OwnerAnswers | None = None,
    ) -> None:
        """Raises ``source.unusable`` for a source text that can never be used.

        ``recorded``: what nodes answered in an earlier run; they are asked the same once more.
        """
        sources = [parse_source(text) for text in looking.sources]
        self._evm = [source for source in sources if source.kind in _EVM_KINDS]
        beacons = [source for source in sources if source.kind == "beacon"]
        self._unused = len(sources) - len(self._evm) - len(beacons)
        self._looking = looking
        self._progress = progress
        self._cache = looking.cache()
        policy = policy_of(sources, offline=looking.offline, proxy=looking.proxy)
        self._transport = (door or door_of(self._cache, looking.requests_per_run, looking.told))(policy)
        self._noted = OwnerAnswers()
        self._validators = Validators(beacons, self._transport, self._noted)
        self._found: Probed | None = None
        self._known: dict[tuple[str, int | None, ContractQuestion], Control] = {}
        self._differed = 0
        self._recorded: list[tuple[str, RecordedNode]] | None = None
        if recorded is not None:
            nodes = dict.fromkeys((one.chain, one.source) for one in recorded.calls.values())
            self._recorded = [(chain, RecordedNode(chain, speaker_of(name), recorded)) for chain, name in nodes]
            beacons_then = dict.fromkeys(one.source for one in recorded.withdrawals.values())
            self._validators.use([RecordedBeacon(speaker_of(name), recorded) for name in beacons_then])
        self._not_asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._transport.close()
        self._cache.close()

    def look(self, rows: Sequence[tuple[WalletRow, Judged]]) -> Sequence[Judged]:
        """The judgements after the look (``wallets.owners.OwnerLinks``). Raises only ``Cancelled``."""
        results = [judged for _, judged in rows]
        asked = []
        for number, (row, judged) in enumerate(rows):
            chain = evm_chain(row.chain)
            question = None if chain is None else self._question(row, judged)
            if chain is not None and question is not None:
                asked.append(_Asked(number, chain, _height(row), question))
        asked += self._staked(rows, results)
        for (_, height), group in groupby(sorted(asked, key=_by_place), key=_by_place):
            together = list(group)
            chain = together[0].chain
            controls = self._answers(chain, height if height >= 0 else None, [one.question for one in together])
            for one, control in zip(together, controls, strict=True):
                results[one.number] = _after(results[one.number], control)
        return results

    # Questions ---------------------------------------------------------------------------------------------------

    def _question(self, row: WalletRow, judged: Judged) -> ContractQuestion | None:
        """What the chain is asked about a row, if anything."""
        if len(judged.normal) != _ACCOUNT_BYTES:
            return None
        if judged.state is RowState.OWNER_UNLINKED and isinstance(row.rule, OwnerAccounts):
            return _owner_question(row, row.rule, judged.normal)
        plain = judged.state is RowState.VERIFIED and isinstance(row.rule, Recoverable)
        if not plain:
            return None
        if 2 * self._transport.budget.spent > self._looking.requests_per_run:
            # A remark on plain accounts must not use up what owner accounts need.
            self._not_asked += 1
            return None
        return ContractQuestion(contract=judged.normal)

    def _staked(self, rows: Sequence[tuple[WalletRow, Judged]], results: list[Judged]) -> list[_Asked]:
        """Validators: settled where their stake goes to the signer itself, else asked who owns what it goes to."""
        staked = [
            (number, row, judged.normal)
            for number, (row, judged) in enumerate(rows)
            if judged.state is RowState.OWNER_UNLINKED and len(judged.normal) == _VALIDATOR_BYTES
        ]
        if not staked:
            return []
        goes_to = self._validators.withdrawals(list(dict.fromkeys(key for _, _, key in staked)), self._progress)
        asked = []
        for number, row, key in staked:
            signer, between = kinds.decode("evm", row.owners[0]), kinds.decode("evm", row.contract)
            target, chain = goes_to[key], evm_chain(row.chain)
            if isinstance(target, Message):
                control = Control(None, target)
            elif target.address == signer:
                control = Control(True, say("wallets.owner.withdrawal", slot=str(target.slot)))
            elif chain is None or signer is None or (row.contract and target.address != between):
                control = Control(False, say("wallets.owner.withdrawal_other"))
            else:
                question = ContractQuestion(contract=target.address, signers=(signer,), pod=True)
                asked.append(_Asked(number, chain, _height(row), question))
                continue
            results[number] = _after(results[number], control)
        return asked

    # Answers -----------------------------------------------------------------------------------------------------

    def _answers(self, chain: Chain, height: int | None, questions: Sequence[ContractQuestion]) -> list[Control]:
        unknown = [one for one in dict.fromkeys(questions) if (chain.name, height, one) not in self._known]
        if unknown:
            for question, control in zip(unknown, self._fresh(chain, height, unknown), strict=True):
                self._known[chain.name, height, question] = control
        return [self._known[chain.name, height, question] for question in questions]

    def _fresh(self, chain: Chain, height: int | None, questions: Sequence[ContractQuestion]) -> list[Control]:
        usable = self._usable(chain)
        if not usable:
            return [Control(None, self._missing(chain))] * len(questions)
        newest = min(tip for tip, _ in usable)
        said = [self._said(chain, source, newest if height is None else height, questions) for _, source in usable]
        if height is not None and all(one.reason.key == _NO_STATE for answers in said for one in answers):
            # No archive node is there: the newest block is what can be seen, and the reason names it.
            said = [self._said(chain, source, newest, questions) for _, source in usable]
        return [self._agreed(answers) for answers in zip(*said, strict=True)]

    def _said(
        self, chain: Chain, source: CallSource, height: int, questions: Sequence[ContractQuestion]
    ) -> list[Control]:
        try:
            at = source.block(height, self._progress)
            noted = OwnerAnswers()
            found = who_controls(NotedNode(source, chain.name, at, noted), questions, at, self._progress)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            return [Control(None, error.message)] * len(questions)
        self._note(noted, questions)
        return found

    def _note(self, noted: OwnerAnswers, questions: Sequence[ContractQuestion]) -> None:
        """Keep the answers, but for those that plain accounts are no contracts: most rows of a list are such."""
        signed = {"0x" + one.contract.hex() for one in questions if one.signers}
        self._noted.calls |= {
            key: one for key, one in noted.calls.items() if one.data or one.to in signed or one.result != "0x"
        }

    def _agreed(self, answers: Sequence[Control]) -> Control:
        definite = [one for one in answers if one.holds is not None]
        if len({one.holds for one in definite}) > 1:
            self._differed += 1
            return Control(None, say("wallets.owner.differ"))
        return definite[0] if definite else answers[0]

    def _usable(self, chain: Chain) -> list[tuple[int, CallSource]]:
        """The nodes of ``chain`` with the height of their newest block."""
        if self._recorded is not None:
            return [(node.tip.height, node) for name, node in self._recorded if name == chain.name]
        if self._found is None:
            self._found = probe_all(self._evm, [chain], self._transport, None, self._progress)
        return [
            (ready.standing.tip.height, ready.source)
            for ready in self._found.ready
            if ready.standing.chain == chain and ready.standing.problem is None and isinstance(ready.source, Evm)
        ]

    def _missing(self, chain: Chain) -> Message:
        """Why nobody could be asked."""
        for report in self.reports:
            if report.problem is not None and report.chain in (None, chain.name):
                return report.problem
        return say("wallets.owner.no_source", chain=chain.name)

    # What came of it ---------------------------------------------------------------------------------------------

    @property
    def reports(self) -> tuple[SourceReport, ...]:
        """The sources as they were found; none where no row needed them."""
        return (*(() if self._found is None else self._found.reports), *self._validators.reports)

    @property
    def notes(self) -> tuple[Message, ...]:
        """What is to be said about the sources."""
        found = [note for report in self.reports for note in report.notes]
        found += [report.problem for report in self.reports if report.problem is not None]
        used = [report.name for report in self.reports if report.problem is None]
        if used:
            found.append(say("wallets.owner.sources", sources=", ".join(used)))
        if self._unused:
            found.append(say("wallets.owner.unused", count=self._unused))
        if self._not_asked:
            found.append(say("wallets.owner.not_asked", count=self._not_asked))
        return tuple(dict.fromkeys(found))

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What stands on top of a result."""
        count = self._differed + self._validators.differed
        return (say("wallets.owner.alarm", count=count),) if count else ()

    @property
    def extra(self) -> dict[str, object]:
        """The sources and what they were asked, for the JSON object."""
        spent = self._transport.budget.spent
        told = {OWNER_ANSWERS: self._noted.json} if self._noted else {}
        return {**sources_json(self.reports, requests=spent, budget=self._looking.requests_per_run), **told}


def _by_place(one: _Asked) -> tuple[str, int]:
    return one.chain.name, -1 if one.height is None else one.height


def evm_chain(name: str) -> Chain | None:
    """The EVM chain behind a list's name for it, None for any other."""
    named = chain_of(name)
    chain = chain_named(name if named is None else named.name)
    return chain if chain is not None and chain.kind is Kind.EVM else None


def _height(row: WalletRow) -> int | None:
    return int(row.height) if row.height.isascii() and row.height.isdigit() and len(row.height) < 12 else None


def _owner_question(row: WalletRow, rule: OwnerAccounts, contract: bytes) -> ContractQuestion | None:
    """Who signed, and what: the contract itself may be able to judge that."""
    signers = [kinds.decode("evm", owner) for owner in row.owners if owner]
    known = tuple(dict.fromkeys(one for one in signers if one is not None))
    if len(signers) != sum(one is not None for one in signers) or not known:
        return None
    signatures: list[bytes] = []
    digest = b""
    if isinstance(rule.inner, Recoverable):
        digest = digests(rule.inner.text, rule.inner.prefix, row.message)[0][1]
        for text in (row.signature, row.signature2)[: len(signers)]:
            signature = secp256k1.from_rsv(text)
            if signature is not None:
                signatures.append(signature.rs + bytes([27 + signature.recovery]))
    return ContractQuestion(
        contract=contract,
        signers=known,
        digest=digest,
        signatures=tuple(signatures) if len(signatures) == len(signers) else (),
        pod=rule.kind == _VALIDATOR,
    )


def _after(judged: Judged, control: Control) -> Judged:
    """The judgement with what the chain shows. Only a shown tie changes a state."""
    if judged.state is RowState.OWNER_UNLINKED:
        if control.holds:
            return judged._replace(state=RowState.VERIFIED, reason=control.reason, linked=True)
        return judged._replace(reason=control.reason)
    return judged._replace(notes=(*judged.notes, say("wallets.note.contract"))) if control.holds else judged
