"""Which block belongs to a time, and the rule that says so.

Bitcoin-like: header times are not monotone, the median time is: height_at(T) = the largest h with mediantime(h) <= T.
Other chains: block times rise: the largest h with time(h) <= T. Both h and h + 1 are looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.port import Block, unusable
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress


@dataclass(frozen=True, slots=True)
class HeightFound:
    """The last block at or before a time, the one after it if there is one, and the rule used."""

    block: Block
    following: Block | None
    rule: Message


def height_at(
    time: int,
    chain: Chain,
    tip: Block,
    block: Callable[[int, Progress], Block],
    progress: Progress,
    *,
    guess: int | None = None,
) -> HeightFound:
    """The largest height whose time by the chain's rule is at most ``time`` (seconds UTC), in about 20 looks.

    Raises ``source.unusable`` where the time lies before the first block, or the source does not date its blocks.
    """
    known: dict[int, Block] = {}

    def when(height: int) -> int:
        progress.checkpoint()
        if height not in known:
            known[height] = block(height, progress)
        found = known[height].median_time if chain.kind is Kind.BITCOIN else known[height].time
        if found is None:
            raise unusable("chain.undated", height=height)
        return found

    low, high = 0, tip.height
    if when(low) > time:
        raise unusable("chain.before_start")
    if guess is not None and low < guess < high:
        # A guess from elsewhere only narrows the search; it is verified like any other height.
        if when(guess) <= time:
            low = guess
            high = guess + 1 if when(guess + 1) > time else high
        else:
            high = guess
    if when(tip.height) <= time:
        low = high = tip.height
    while high - low > 1:
        middle = (low + high) // 2
        if when(middle) <= time:
            low = middle
        else:
            high = middle
    key = "chain.rule_median" if chain.kind is Kind.BITCOIN else "chain.rule_time"
    following = known.get(low + 1) if low < tip.height else None
    return HeightFound(known[low], following, say(key, height=low))
