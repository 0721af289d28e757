"""Listed validators: where their stake goes when they leave, asked of beacon nodes that must say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.beacon import Beacon
from reserves_gui.chain.recorded_calls import OwnerAnswers, WithdrawalSource, note_withdrawals
from reserves_gui.chain.sources import SourceUrl
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.probed import SourceReport


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Where the stake of a validator goes, seen in the state of ``slot``."""

    address: bytes
    slot: int


class Validators:
    """The beacon nodes of one run. They are asked who they are when the first validator is, and not before."""

    def __init__(self, sources: Sequence[SourceUrl], transport: Transport, answers: OwnerAnswers) -> None:
        """``answers``: where what the nodes say is noted."""
        self._sources = sources
        self._transport = transport
        self._answers = answers
        self._nodes: Sequence[WithdrawalSource] | None = None
        self.reports: list[SourceReport] = []
        self.differed = 0

    def use(self, nodes: Sequence[WithdrawalSource]) -> None:
        """Ask these and no others."""
        self._nodes = nodes

    def withdrawals(self, validators: Sequence[bytes], progress: Progress) -> Mapping[bytes, Withdrawal | Message]:
        """Public key -> where its stake goes in the newest finalised state, or the sentence why that is not known.

        Raises only ``Cancelled``.
        """
        if self._nodes is None:
            self._nodes = self._open(progress)
        said: list[tuple[int, Mapping[bytes, bytes | None]]] = []
        reason = say("wallets.owner.no_beacon")
        for node in self._nodes:
            try:
                slot, found = node.withdrawal_addresses(validators, progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                reason = error.message
            else:
                note_withdrawals(node.speaker.name, slot, validators, found, self._answers)
                said.append((slot, found))
        if not said:
            failed = next((report.problem for report in self.reports if report.problem is not None), reason)
            return dict.fromkeys(validators, failed)
        return {key: self._agreed(key, said) for key in validators}

    def _agreed(self, key: bytes, said: Sequence[tuple[int, Mapping[bytes, bytes | None]]]) -> Withdrawal | Message:
        found = {(key in one, one.get(key)) for _, one in said}
        if len(found) > 1:
            self.differed += 1
            return say("wallets.owner.differ")
        known, address = found.pop()
        if address is not None:
            return Withdrawal(address, min(slot for slot, _ in said))
        return say("wallets.owner.no_address" if known else "wallets.owner.no_validator")

    def _open(self, progress: Progress) -> Sequence[WithdrawalSource]:
        nodes = []
        for source in self._sources:
            node = Beacon(source.url, self._transport)
            try:
                notes = node.probe(progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                self.reports.append(SourceReport(node.speaker.name, None, None, (), error.message, error.code))
            else:
                self.reports.append(SourceReport(node.speaker.name, "ethereum", None, notes))
                nodes.append(node)
        return nodes
