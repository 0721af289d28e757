"""Which block belongs to a time, and the rule that says so.

Bitcoin-like: header times are not monotone, the median time is: height_at(T) = the largest h with mediantime(h) <= T.
Other chains: block times rise: the largest h with time(h) <= T. Both h and h + 1 are looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.port import Block, unusable
from reserves_gui.errors import ReservesError
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
        low, high = _around(guess, (low, high), lambda height: when(height) <= time)
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


def _around(guess: int, ends: tuple[int, int], is_past: Callable[[int], bool]) -> tuple[int, int]:
    """Ends near the guess, by steps that double: few looks where it is nearly right, whichever way it is wrong."""
    low, high = ends
    step = 1
    if is_past(guess):
        low = guess
        while low + step < high:
            if not is_past(low + step):
                return low, low + step
            low, step = low + step, step * 2
    else:
        high = guess
        while high - step > low:
            if is_past(high - step):
                return high - step, high
            high, step = high - step, step * 2
    return low, high


def heights_at(
    times: Sequence[int],
    chain: Chain,
    tip: Block,
    block: Callable[[int, Progress], Block],
    progress: Progress,
) -> list[Block | None]:
    """The block of every one of ``times`` (seconds UTC, rising), each guessed from those before it.

    None for times before the first block. Raises ``source.unusable`` where the source does not date its blocks.
    """
    known: dict[int, Block] = {}

    def once(height: int, watched: Progress) -> Block:
        if height not in known:
            known[height] = block(height, watched)
        return known[height]

    found: list[Block | None] = []
    per_block = Fraction(chain.block_seconds)
    last: tuple[int, int] | None = None
    for time in times:
        guess = None if last is None else min(last[1] + int((time - last[0]) / per_block), tip.height - 1)
        try:
            at = height_at(time, chain, tip, once, progress, guess=guess).block
        except ReservesError as error:
            if error.message.key != "chain.before_start":
                raise
            found.append(None)
            continue
        if last is not None and last[1] < at.height < tip.height:
            per_block = Fraction(time - last[0], at.height - last[1])
        last = (time, at.height)
        found.append(at)
    return found
