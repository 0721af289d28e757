"""Where the stake of a validator goes when it leaves: withdrawal credentials from a beacon node's HTTP interface.

ethereum/beacon-APIs, under /eth/v1/beacon: genesis, headers/finalized, states/finalized/validators.
Credentials are 01 (or 02, EIP-7251) ‖ eleven zero bytes ‖ the 20 bytes of the withdrawal address.
"""

from collections.abc import Mapping, Sequence

from reserves_gui.chain.answers import Answer
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import Speaker, unusable
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

# genesis_validators_root of the main network (eth-clients/mainnet metadata).
_MAIN = "4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"
_PER_REQUEST = 30
_TRIES = 3
_TO_ADDRESS = (0x01, 0x02)


class Beacon:
    """One beacon node of Ethereum. ``base`` is its URL without ``/eth/v1``."""

    def __init__(self, base: str, transport: Transport) -> None:
        self._base = base.rstrip("/")
        self._transport = transport
        host = host_of(base)
        self.speaker = Speaker(name=f"beacon+{shown_url(base)}", operator=host.operator, own=host.own)

    def probe(self, progress: Progress) -> tuple[Message, ...]:
        """Which network this is; what is to be noted about it. Raises ``source.wrong_chain``."""
        root = self._ask("/genesis", progress)["data"]["genesis_validators_root"].data(32).hex()
        if root == _MAIN:
            return ()
        if self.speaker.own:
            return (say("chain.test_chain", source=self.speaker.name),)
        message = say("chain.wrong_chain", source=self.speaker.name, chain="ethereum")
        raise ReservesError(ErrorCode.SOURCE_WRONG_CHAIN, message)

    def withdrawal_addresses(
        self, validators: Sequence[bytes], progress: Progress
    ) -> tuple[int, Mapping[bytes, bytes | None]]:
        """(slot, public key -> withdrawal address) in the newest finalised state.

        None: credentials that name no address. A key that is not in the mapping is no validator there. The slot is the
        same before and after the questions. Raises ``source.unusable``.
        """
        for _ in range(_TRIES):
            slot = self._slot(progress)
            found: dict[bytes, bytes | None] = {}
            for start in range(0, len(validators), _PER_REQUEST):
                progress.checkpoint()
                found.update(self._part(validators[start : start + _PER_REQUEST], progress))
            if self._slot(progress) == slot:
                return slot, found
        raise unusable("chain.moving", source=self.speaker.name)

    def _slot(self, progress: Progress) -> int:
        return self._ask("/headers/finalized", progress)["data"]["header"]["message"]["slot"].digits()

    def _part(self, validators: Sequence[bytes], progress: Progress) -> Mapping[bytes, bytes | None]:
        wanted = ",".join("0x" + key.hex() for key in validators)
        found: dict[bytes, bytes | None] = {}
        for entry in self._ask(f"/states/finalized/validators?id={wanted}", progress)["data"].entries(len(validators)):
            key = entry["validator"]["pubkey"].data(48)
            if key in found or key not in validators:
                entry.refuse()
            found[key] = _address(entry["validator"]["withdrawal_credentials"].data(32))
        return found

    def _ask(self, path: str, progress: Progress) -> Answer:
        reply = self._transport.fetch(f"{self._base}/eth/v1/beacon{path}", progress)
        if reply.status != 200:
            raise unusable("chain.status", source=self.speaker.name, status=reply.status)
        answer = reply.answer()
        optimistic = answer.get("execution_optimistic")
        if optimistic is not None and optimistic.flag():
            # The node follows headers whose content it has not checked itself.
            raise unusable("chain.beacon_optimistic", source=self.speaker.name)
        return answer


def _address(credentials: bytes) -> bytes | None:
    return credentials[12:] if credentials[0] in _TO_ADDRESS and not any(credentials[1:12]) else None
