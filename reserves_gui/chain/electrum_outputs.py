"""Single outputs by an Electrum server: what made them, and what spent them if anything did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reserves_gui.chain.bitcoin_wire import Transaction
from reserves_gui.chain.port import Fate, Outpoint, OutputFound, unusable
from reserves_gui.chain.walking import Allowance
from reserves_gui.errors import ReservesError


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A transaction of a script's history; a height of 0 or less: it is in no block."""

    transaction: str
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Outputs after the block at ``height``, as the server ``source`` shows them.

    ``transaction`` fetches one in a block at or below a height, by its own bytes; ``history`` and ``unspent`` tell what
    a script has to do with (unspent: (transaction, place) to (amount, height)); ``prove`` raises unless a transaction
    is in its block. ``allowance``: a new one for each output whose spender is looked for.
    """

    source: str
    height: int
    transaction: Callable[[str, int], Transaction]
    history: Callable[[bytes], list[Entry]]
    unspent: Callable[[bytes], dict[tuple[str, int], tuple[int, int]]]
    prove: Callable[[Entry], None]
    allowance: Callable[[], Allowance]
    _known: dict[bytes, tuple[list[Entry], dict[tuple[str, int], tuple[int, int]]]] = field(default_factory=dict)

    def find(self, outpoint: Outpoint) -> OutputFound:
        """What became of one output. Raises ``source.unusable``."""
        try:
            transaction = self.transaction(outpoint.transaction, self.height)
        except ReservesError as error:
            if error.message.key != "chain.rpc_error" or outpoint.script is None:
                raise
            # Servers have no word for a transaction that is not there; the script's own history tells.
            if any(one.transaction == outpoint.transaction for one in self._held(outpoint.script)[0]):
                raise
            return OutputFound(Fate.GONE)
        if outpoint.index >= len(transaction.outputs):
            return OutputFound(Fate.GONE)
        output = transaction.outputs[outpoint.index]
        history, unspent = self._held(output.script)
        made = next((one for one in history if one.height > 0 and one.transaction == outpoint.transaction), None)
        if made is None or made.height > self.height:
            return OutputFound(Fate.GONE, created=None if made is None else made.height)
        self.prove(made)
        if outpoint.script not in (None, output.script):
            return OutputFound(Fate.OTHER, created=made.height)
        listed = unspent.get((outpoint.transaction, outpoint.index))
        if listed is not None:
            if listed != (output.amount, made.height):
                raise unusable("chain.unspent_other", source=self.source, outpoint=str(outpoint))
            return OutputFound(Fate.UNSPENT, output.amount, made.height)
        spent = self._spender(outpoint, history, made.height)
        if spent is not None and spent <= self.height:
            return OutputFound(Fate.GONE, created=made.height, spent=spent)
        return OutputFound(Fate.UNSPENT, output.amount, made.height, spent)

    def _held(self, script: bytes) -> tuple[list[Entry], dict[tuple[str, int], tuple[int, int]]]:
        if script not in self._known:
            self._known[script] = (self.history(script), self.unspent(script))
        return self._known[script]

    def _spender(self, outpoint: Outpoint, history: Sequence[Entry], above: int) -> int | None:
        """The block whose transaction spends the output; None where only a transaction in no block does."""
        allowance = self.allowance()
        # Transactions in no block come last.
        places = sorted((entry.height if entry.height > 0 else 2**32, entry) for entry in history)
        for place, entry in places:
            if place >= above:
                allowance.spend(len(history))
                transaction = self.transaction(entry.transaction, place)
                if (outpoint.transaction, outpoint.index) in transaction.spends:
                    if entry.height <= 0:
                        return None
                    self.prove(entry)
                    return entry.height
        raise unusable("chain.unspent_missing", source=self.source, outpoint=str(outpoint))
