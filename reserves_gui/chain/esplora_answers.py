"""What Esplora answers (Blockstream/electrs src/rest.rs), read: statistics, transactions, single outputs."""

from dataclasses import dataclass

from reserves_gui.chain.answers import Answer
from reserves_gui.chain.bitcoin_wire import MOST_UNITS
from reserves_gui.chain.port import Account, Delta, Fate, Outpoint, OutputFound, unusable

# Inputs or outputs of one transaction: a block holds fewer.
MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Stats:
    """Confirmed statistics of an address; amounts in the smallest unit."""

    transactions: int
    funded: int
    spent: int

    @property
    def balance(self) -> int:
        """Funded less spent."""
        return self.funded - self.spent


def stats_of(answer: Answer, source: str) -> Stats:
    """The confirmed statistics of ``/address/:a``; refused where they cannot be true."""
    found = answer["chain_stats"]
    stats = Stats(
        transactions=found["tx_count"].integer(high=2**40),
        funded=found["funded_txo_sum"].integer(high=2**62),
        spent=found["spent_txo_sum"].integer(high=2**62),
    )
    if stats.balance < 0 or stats.balance > MOST_UNITS or (stats.transactions == 0 and stats.funded):
        raise unusable("chain.stats", source=source)
    return stats


def delta_of(entry: Answer, account: Account, source: str) -> Delta:
    """Σ outputs to the account − Σ inputs from it, by script where it is known, else by the address text."""
    status = entry["status"]
    if not status["confirmed"].flag():
        raise unusable("chain.unconfirmed_listed", source=source)
    amount = 0
    for output in entry["vout"].entries(MOST_ENTRIES):
        amount += value_of(output) if _pays(output, account) else 0
    for spent in entry["vin"].entries(MOST_ENTRIES):
        previous = spent.get("prevout")
        if previous is not None and _pays(previous, account):
            amount -= value_of(previous)
    time = status.get("block_time")
    return Delta(
        entry["txid"].hash(),
        status["block_height"].integer(high=2**31),
        amount,
        None if time is None else time.integer(high=2**34),
    )


def value_of(entry: Answer) -> int:
    """The amount of an output."""
    return entry["value"].integer(high=MOST_UNITS)


def _pays(entry: Answer, account: Account) -> bool:
    if account.key is not None:
        script = entry.get("scriptpubkey")
        if script is not None:
            return script.hex() == account.key
    address = entry.get("scriptpubkey_address")
    return address is not None and address.text(200) == account.address


def summary_of(entry: Answer) -> Delta:
    """One line of ``/txs/summary``."""
    time = entry.get("time")
    return Delta(
        entry["txid"].hash(),
        entry["height"].integer(high=2**31),
        entry["value"].integer(low=-MOST_UNITS, high=MOST_UNITS),
        None if time is None else time.integer(high=2**34),
    )


def output_of(entry: Answer, spends: Answer, outpoint: Outpoint, height: int) -> OutputFound:
    """An output after block ``height``, by its transaction (``/tx/:id``) and what spends it (``/tx/:id/outspends``)."""
    if entry["txid"].hash() != outpoint.transaction:
        entry.refuse()
    outputs, status = entry["vout"].entries(MOST_ENTRIES), entry["status"]
    if not status["confirmed"].flag() or outpoint.index >= len(outputs):
        return OutputFound(Fate.GONE)
    created, output = status["block_height"].integer(high=2**31), outputs[outpoint.index]
    if created > height:
        return OutputFound(Fate.GONE, created=created)
    if outpoint.script is not None and output["scriptpubkey"].hex() != outpoint.script:
        return OutputFound(Fate.OTHER, created=created)
    told = spends.entries(MOST_ENTRIES)
    if len(told) != len(outputs):
        spends.refuse()
    spent = _spent_at(told[outpoint.index])
    if spent is not None and spent < created:
        spends.refuse()
    if spent is not None and spent <= height:
        return OutputFound(Fate.GONE, created=created, spent=spent)
    return OutputFound(Fate.UNSPENT, value_of(output), created, spent)


def _spent_at(entry: Answer) -> int | None:
    """The block that spent an output; a transaction in no block has spent nothing yet."""
    if not entry["spent"].flag() or not entry["status"]["confirmed"].flag():
        return None
    return entry["status"]["block_height"].integer(high=2**31)
