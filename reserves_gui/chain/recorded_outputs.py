"""What sources told of single outputs, as it stands in a file of recorded observations under ``outputs``."""

from dataclasses import dataclass

from reserves_gui.chain.answers import Answer
from reserves_gui.chain.bitcoin_wire import MOST_UNITS
from reserves_gui.chain.port import Fate, OutputFound, unusable

_MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedOutput:
    """One answer of one source about one output after the block at ``height``; amounts in the smallest unit."""

    chain: str
    transaction: str
    index: int
    height: int
    block_hash: str | None
    found: OutputFound
    asked_at: str
    source: str

    @property
    def data(self) -> dict[str, object]:
        """As JSON."""
        return {
            "chain": self.chain,
            "transaction": self.transaction,
            "index": self.index,
            "height": self.height,
            "block_hash": self.block_hash,
            "fate": self.found.fate.value,
            "units": None if self.found.amount is None else str(self.found.amount),
            "created": self.found.created,
            "spent": self.found.spent,
            "asked_at": self.asked_at,
            "source": self.source,
        }


def read_outputs(answer: Answer) -> list[RecordedOutput]:
    """The outputs of a file. Raises ``source.unusable`` for another shape, and for one output told of twice."""
    told = answer.get("outputs")
    found = [read_output(one) for one in ([] if told is None else told.entries(_MOST))]
    keys = {(one.source, one.chain, one.transaction, one.index, one.height) for one in found}
    if len(keys) != len(found):
        raise unusable("chain.answer_shape", place="outputs")
    return found


def read_output(entry: Answer) -> RecordedOutput:
    """One entry. Raises ``source.unusable``."""
    fate = entry["fate"].text(20)
    amount, block_hash = entry.get("units"), entry.get("block_hash")
    if fate not in set(Fate) or (fate == Fate.UNSPENT) != (amount is not None):
        entry.refuse()
    return RecordedOutput(
        chain=entry["chain"].text(40),
        transaction=entry["transaction"].hash(),
        index=entry["index"].integer(high=2**32),
        height=entry["height"].integer(high=2**40),
        block_hash=None if block_hash is None else block_hash.hash(),
        found=OutputFound(
            Fate(fate),
            None if amount is None else amount.digits(high=MOST_UNITS),
            _height(entry, "created"),
            _height(entry, "spent"),
        ),
        asked_at=entry["asked_at"].text(40),
        source=entry["source"].text(400),
    )


def _height(entry: Answer, name: str) -> int | None:
    told = entry.get(name)
    return None if told is None else told.integer(high=2**40)
