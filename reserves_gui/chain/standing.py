"""Is a source on the right chain, and is it up to date? Asked before any of its figures is used."""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.chain.bitcoin_wire import Header, has_work
from reserves_gui.chain.chains import Chain, Kind, chains
from reserves_gui.chain.port import Block, Speaker, Standing, unusable
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say

# A tip may be this many usual block times old before the source counts as stale.
_STALE_BLOCKS = 3
# Quick chains: a minute of network delay and clock difference is no staleness.
_STALE_FLOOR = 120


@dataclass(frozen=True, slots=True)
class Identified:
    """The chain of a source, and what must be said about how it was identified."""

    chain: Chain
    notes: tuple[Message, ...] = ()
    test: bool = False


def identify(
    kind: Kind, identity: str | None, *, speaker: Speaker, wanted: Sequence[Chain], fixed: Chain | None
) -> Identified:
    """The chain behind ``identity`` (genesis hash, chain id; None: the source did not say).

    ``fixed`` is the chain written in front of the source. A public source must identify itself; an own node may be on
    the test chain or silent, which is noted. Raises ``source.wrong_chain``.
    """
    candidates = [fixed] if fixed is not None else _candidates(kind, wanted)
    if identity is not None:
        for chain in candidates:
            if chain.identity == identity:
                return Identified(chain)
    if speaker.own:
        for chain in candidates:
            if identity is not None and chain.test_identity == identity:
                return Identified(chain, (say("chain.test_chain", source=speaker.name),), test=True)
        if identity is None and candidates:
            return Identified(candidates[0], (say("chain.not_identified", source=speaker.name),), test=True)
    message = say("chain.wrong_chain", source=speaker.name, chain=fixed.name if fixed else kind.value)
    raise ReservesError(ErrorCode.SOURCE_WRONG_CHAIN, message)


def _candidates(kind: Kind, wanted: Sequence[Chain]) -> list[Chain]:
    """Chains of the kind: wanted ones first, then in table order (Bitcoin before those that share its start)."""
    asked = [chain for chain in wanted if chain.kind is kind]
    return asked + [chain for chain in chains().values() if chain.kind is kind and chain not in asked]


def judge_tip(found: Identified, tip: Block, *, speaker: Speaker, today: float) -> Standing:
    """The standing of a source with that newest block: a stale public source has a problem, an own one a note."""
    notes = [*found.notes, *_unchecked(found.chain, speaker)]
    problem = None
    limit = max(_STALE_BLOCKS * found.chain.block_seconds, _STALE_FLOOR)
    if tip.time is None:
        message = say("chain.tip_undated", source=speaker.name)
    elif today - tip.time > limit:
        message = say("chain.stale", source=speaker.name, height=tip.height, minutes=int((today - tip.time) // 60))
    elif tip.time - today > limit + 7200:
        message = say("chain.tip_future", source=speaker.name, height=tip.height)
    else:
        return Standing(chain=found.chain, tip=tip, notes=tuple(notes))
    if speaker.own:
        notes.append(message)
    else:
        problem = message
    return Standing(chain=found.chain, tip=tip, notes=tuple(notes), problem=problem)


def _unchecked(chain: Chain, speaker: Speaker) -> tuple[Message, ...]:
    """What of a chain's headers cannot be checked here."""
    if chain.kind is not Kind.BITCOIN or chain.counts_work:
        return ()
    key = "chain.work_unchecked" if chain.names_headers else "chain.headers_unchecked"
    return (say(key, source=speaker.name, chain=chain.name),)


def check_header(header: Header, found: Identified, *, hash_given: str | None, previous: str | None = None) -> None:
    """Raise unless the header hashes to ``hash_given``, follows ``previous`` and has the work its chain demands.

    Of a chain whose blocks are named by a hash that is not computed here nothing is checked; its sources say so.
    """
    if not found.chain.names_headers:
        return
    if hash_given is not None and header.hash != hash_given:
        raise unusable("chain.header_hash")
    if previous is not None and header.previous != previous:
        raise unusable("chain.header_link")
    easiest = 0 if found.test else found.chain.easiest_bits
    if not has_work(header, found.chain, easiest_bits=easiest):
        raise unusable("chain.header_work")
