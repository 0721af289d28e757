"""What nodes said of contracts and validators: noted, kept in files of recorded observations, and given again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reserves_gui.chain.answers import Answer
from reserves_gui.chain.jsonrpc import Call, RpcError
from reserves_gui.chain.port import Block, Speaker, unusable
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_MOST = 1_000_000
_WORDS = 300
# Of a contract's code only its beginning says anything here.
_CODE_LETTERS = 2 + 2 * 23

CallKey = tuple[str, str, int, str, str]


class CallSource(Protocol):
    """A node that is asked single questions about contracts."""

    @property
    def speaker(self) -> Speaker:
        """Who answers."""
        ...

    def block(self, height: int, progress: Progress) -> Block:
        """The block at ``height``."""
        ...

    def ask(self, calls: Sequence[Call], progress: Progress) -> list[Answer | ReservesError]:
        """The answers in their order; only a question that failed is an error."""
        ...


class WithdrawalSource(Protocol):
    """A beacon node."""

    @property
    def speaker(self) -> Speaker:
        """Who answers."""
        ...

    def withdrawal_addresses(
        self, validators: Sequence[bytes], progress: Progress
    ) -> tuple[int, Mapping[bytes, bytes | None]]:
        """(slot, public key -> withdrawal address), as :meth:`Beacon.withdrawal_addresses`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """One answer about a contract after the block at ``height``. ``data``: what it was called with; empty: its code.

    ``result``: hex with 0x; None where the node refused the call with ``number`` and ``words``.
    """

    chain: str
    source: str
    height: int
    block_hash: str | None
    to: str
    data: str
    result: str | None
    number: int = 0
    words: str = ""

    @property
    def key(self) -> CallKey:
        """What was asked of whom."""
        return self.chain, self.source, self.height, self.to, self.data

    @property
    def json(self) -> dict[str, object]:
        """As it stands in the file."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedWithdrawal:
    """Where the stake of a validator goes in the state of ``slot``. ``address`` empty: nowhere; None: no validator."""

    source: str
    slot: int
    validator: str
    address: str | None

    @property
    def json(self) -> dict[str, object]:
        """As it stands in the file."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(slots=True)
class OwnerAnswers:
    """All that was noted of one run, or read from files."""

    calls: dict[CallKey, RecordedCall] = field(default_factory=dict)
    withdrawals: dict[tuple[str, str], RecordedWithdrawal] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.calls) + len(self.withdrawals)

    def add(self, other: "OwnerAnswers") -> None:
        """Take over what ``other`` holds."""
        self.calls |= other.calls
        self.withdrawals |= other.withdrawals

    @property
    def json(self) -> dict[str, object]:
        """As it stands in a file of recorded observations, and in a report."""
        return {
            "calls": [self.calls[key].json for key in sorted(self.calls)],
            "withdrawals": [self.withdrawals[key].json for key in sorted(self.withdrawals)],
        }


class NotedNode:
    """A node whose answers are noted in ``answers`` as they come. Failures of the connection are no answers."""

    def __init__(self, source: CallSource, chain: str, at: Block, answers: OwnerAnswers) -> None:
        self._source = source
        self._chain = chain
        self._at = at
        self._answers = answers
        self.speaker = source.speaker

    def block(self, height: int, progress: Progress) -> Block:
        """The node's own word."""
        return self._source.block(height, progress)

    def ask(self, calls: Sequence[Call], progress: Progress) -> list[Answer | ReservesError]:
        """The node's answers."""
        found = self._source.ask(calls, progress)
        for call, answer in zip(calls, found, strict=True):
            to, data = _asked(call)
            result, number, words = None, 0, ""
            if isinstance(answer, RpcError):
                number, words = answer.number, answer.text
            elif isinstance(answer, Answer) and isinstance(answer.value, str):
                result = str(answer.value) if data else str(answer.value)[:_CODE_LETTERS]
            else:
                continue
            noted = RecordedCall(
                chain=self._chain,
                source=self.speaker.name,
                height=self._at.height,
                block_hash=self._at.hash,
                to=to,
                data=data,
                result=result,
                number=number,
                words=words,
            )
            self._answers.calls[noted.key] = noted
        return found


class RecordedNode:
    """A node as it answered then. What it was not asked then, it has no state for."""

    def __init__(self, chain: str, speaker: Speaker, answers: OwnerAnswers) -> None:
        self._chain = chain
        self._calls = {
            one.key: one for one in answers.calls.values() if (one.chain, one.source) == (chain, speaker.name)
        }
        self.speaker = speaker

    @property
    def tip(self) -> Block:
        """The newest block it was asked about."""
        return self.block(max(one.height for one in self._calls.values()))

    def block(self, height: int, progress: Progress | None = None) -> Block:  # noqa: ARG002 - nothing is waited for
        """The block as it was named then."""
        hashes = {one.block_hash for one in self._calls.values() if one.height == height}
        return Block(height, hashes.pop() if len(hashes) == 1 else None)

    def ask(self, calls: Sequence[Call], progress: Progress) -> list[Answer | ReservesError]:
        """The same answers once more."""
        progress.checkpoint()
        return [self._answer(call) for call in calls]

    def _answer(self, call: Call) -> Answer | ReservesError:
        to, data = _asked(call)
        known = self._calls.get((self._chain, self.speaker.name, _height(call), to, data))
        if known is None:
            return unusable("chain.no_state", source=self.speaker.name)
        if known.result is not None:
            return Answer(known.result, "$.result")
        plain = unusable("chain.rpc_error", source=self.speaker.name)
        error = RpcError(plain.code, plain.message)
        error.number, error.text = known.number, known.words
        return error


class RecordedBeacon:
    """A beacon node as it answered then."""

    def __init__(self, speaker: Speaker, answers: OwnerAnswers) -> None:
        self._told = [one for one in answers.withdrawals.values() if one.source == speaker.name]
        self.speaker = speaker

    def withdrawal_addresses(
        self, validators: Sequence[bytes], progress: Progress
    ) -> tuple[int, Mapping[bytes, bytes | None]]:
        """The same once more. Raises ``source.unusable`` for a validator it was not asked about."""
        progress.checkpoint()
        told = {bytes.fromhex(one.validator): one for one in self._told}
        if not all(key in told for key in validators):
            raise unusable("chain.not_recorded", source=self.speaker.name, height=0)
        asked = {key: told[key] for key in validators}
        found = {key: bytes.fromhex(one.address) or None for key, one in asked.items() if one.address is not None}
        return min((one.slot for one in asked.values()), default=0), found


def note_withdrawals(
    source: str, slot: int, validators: Sequence[bytes], found: Mapping[bytes, bytes | None], answers: OwnerAnswers
) -> None:
    """Note what a beacon node answered."""
    for key in validators:
        address = None if key not in found else (found[key] or b"").hex()
        noted = RecordedWithdrawal(source=source, slot=slot, validator=key.hex(), address=address)
        answers.withdrawals[source, noted.validator] = noted


def read_owner_answers(answer: Answer) -> OwnerAnswers:
    """``calls`` and ``withdrawals`` of a file. Raises ``source.unusable`` for another shape."""
    found = OwnerAnswers()
    calls, withdrawals = answer.get("calls"), answer.get("withdrawals")
    for entry in [] if calls is None else calls.entries(_MOST):
        call = _call(entry)
        found.calls[call.key] = call
    for entry in [] if withdrawals is None else withdrawals.entries(_MOST):
        address = entry.get("address")
        told = RecordedWithdrawal(
            source=entry["source"].text(400),
            slot=entry["slot"].integer(),
            validator=entry["validator"].hex(48).hex(),
            address=None if address is None else address.hex(20 if address.text(40) else 0).hex(),
        )
        found.withdrawals[told.source, told.validator] = told
    return found


def _call(entry: Answer) -> RecordedCall:
    result, block_hash, data = entry.get("result"), entry.get("block_hash"), entry["data"].text(100_000)
    return RecordedCall(
        chain=entry["chain"].text(40),
        source=entry["source"].text(400),
        height=entry["height"].integer(high=2**40),
        block_hash=None if block_hash is None else block_hash.hash(),
        to="0x" + entry["to"].data(20).hex(),
        data="0x" + entry["data"].data().hex() if data else "",
        result=None if result is None else "0x" + result.data().hex(),
        number=entry["number"].integer(low=-(2**40), high=2**40),
        words=entry["words"].text(_WORDS),
    )


def _asked(call: Call) -> tuple[str, str]:
    """(contract, data) of a question of :mod:`owners`; no data: its code."""
    params = list(call.params)
    first = params[0]
    return (str(first["to"]), str(first["data"])) if isinstance(first, Mapping) else (str(first), "")


def _height(call: Call) -> int:
    return int(str(list(call.params)[1]), 16)
