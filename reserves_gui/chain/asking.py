"""What the sources share: stamping an observation with who said it and when."""

from dataclasses import dataclass

from reserves_gui.chain.chains import Chain
from reserves_gui.chain.port import (
    Account,
    Asset,
    Block,
    How,
    Observation,
    Outpoint,
    OutputFound,
    OutputSeen,
    Seen,
    Speaker,
)
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say


@dataclass(frozen=True, slots=True)
class Stamp:
    """The fixed part of the observations of one asset at one block by one speaker."""

    chain: Chain
    asset: Asset
    speaker: Speaker
    at: Block
    asked_at: str

    def seen(self, account: Account, amount: int, decimals: int, how: How = How.POINT) -> Observation:
        """The account held ``amount`` smallest units."""
        return Observation(
            chain=self.chain.name,
            asset=self.asset.name,
            address=account.address,
            speaker=self.speaker,
            asked_at=self.asked_at,
            outcome=Seen.SEEN,
            amount=amount,
            decimals=decimals,
            height=self.at.height,
            block_hash=self.at.hash,
            how=how,
        )

    def unknown(self, account: Account, reason: Message, code: ErrorCode = ErrorCode.SOURCE_UNUSABLE) -> Observation:
        """There is no usable answer for the account."""
        return self._without(account, Seen.UNKNOWN, reason, code)

    def failed(self, account: Account, error: ReservesError) -> Observation:
        """The question failed with ``error``."""
        return self._without(account, Seen.UNKNOWN, error.message, error.code)

    def unsupported(self, account: Account, reason: Message | None = None) -> Observation:
        """The source cannot be asked that."""
        return self._without(account, Seen.UNSUPPORTED, reason or say("chain.asset_unsupported"), None)

    def _without(self, account: Account, outcome: Seen, reason: Message, code: ErrorCode | None) -> Observation:
        return Observation(
            chain=self.chain.name,
            asset=self.asset.name,
            address=account.address,
            speaker=self.speaker,
            asked_at=self.asked_at,
            outcome=outcome,
            height=self.at.height,
            block_hash=self.at.hash,
            reason=reason,
            code=code,
        )


@dataclass(frozen=True, slots=True)
class OutputStamp:
    """The fixed part of what one speaker says of outputs after one block."""

    chain: Chain
    speaker: Speaker
    at: Block
    asked_at: str

    def seen(self, outpoint: Outpoint, found: OutputFound) -> OutputSeen:
        """That is what became of the output."""
        return self._made(outpoint, found, None, None)

    def failed(self, outpoint: Outpoint, error: ReservesError) -> OutputSeen:
        """The question failed with ``error``."""
        return self._made(outpoint, None, error.message, error.code)

    def _made(
        self, outpoint: Outpoint, found: OutputFound | None, reason: Message | None, code: ErrorCode | None
    ) -> OutputSeen:
        return OutputSeen(
            chain=self.chain.name,
            outpoint=outpoint,
            speaker=self.speaker,
            asked_at=self.asked_at,
            height=self.at.height,
            block_hash=self.at.hash,
            found=found,
            reason=reason,
            code=code,
        )
