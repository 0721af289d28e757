"""Headers followed from a known block to the newest one: every one links to the one before and has its work.

How far a source was followed is kept, so that the next run goes on from there; the newest hundred blocks may still be
replaced and are followed again.
"""

from collections.abc import Callable, Sequence

from reserves_gui import limits
from reserves_gui.chain.bitcoin_wire import Header, read_header
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.checkpoints import Checkpoint, newest_checkpoint
from reserves_gui.chain.port import Speaker, unusable
from reserves_gui.chain.standing import Identified, check_header
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

AT_ONCE = 2016
"""Headers that an Electrum server gives in one answer."""

# (first height, count) to that many headers of 80 bytes.
Fetch = Callable[[int, int], Sequence[bytes]]


class Follower:
    """One source's headers. ``fetch`` asks it for some in a row."""

    def __init__(self, found: Identified, speaker: Speaker, fetch: Fetch, cache: Cache, now: Callable[[], str]) -> None:
        self._found = found
        self._speaker = speaker
        self._fetch = fetch
        self._cache = cache
        self._now = now

    def follow(self, height: int, tip: Header, progress: Progress) -> Message | None:
        """Follow up to ``tip`` at ``height``; what is to be noted about it.

        Raises ``source.unusable`` for a header that does not follow or lacks work. An own node, a test chain and a
        chain whose headers are hashed in a way not known here are not followed.
        """
        known = newest_checkpoint(self._found, height)
        if known is None or self._speaker.own or not self._found.chain.counts_work:
            return None
        start, previous = self._start(known, height)
        if height - start <= limits.HEADERS_FOLLOWED:
            self._keep(self._walk(start, previous, height, tip, progress))
            return None
        start = height - limits.HEADERS_UNLINKED
        self._walk(start, "", height, tip, progress)
        return say("chain.headers_gap", source=self._speaker.name, first=known.height, last=start)

    def _start(self, known: Checkpoint, height: int) -> tuple[int, str]:
        """(height, hash) of the block to go on from: where the last run stopped if it still stands, else the known."""
        row = self._cache.get(self._key())
        fields = [] if row is None else row[0].split(" ")
        if len(fields) == 2 and fields[0].isdecimal() and known.height < int(fields[0]) <= height:
            start = int(fields[0])
            if read_header(self._some(start, 1)[0]).hash == fields[1]:
                return start, fields[1]
        return known.height, known.hash

    def _walk(self, start: int, previous: str, height: int, tip: Header, progress: Progress) -> tuple[int, str] | None:
        """Headers ``start`` to ``height``; the first has the hash ``previous`` (empty: nothing is known of it).

        (height, hash) of the newest one that is deep enough to be kept.
        """
        total = height - start + 1
        if total > AT_ONCE:
            progress.stage(say("progress.headers", source=self._speaker.name), total)
        last: Header | None = None
        deep: tuple[int, str] | None = None
        at = start
        while at <= height:
            for raw in self._some(at, min(AT_ONCE, height - at + 1)):
                header = read_header(raw)
                if last is None:
                    check_header(header, self._found, hash_given=previous or None)
                else:
                    check_header(header, self._found, hash_given=None, previous=last.hash)
                last = header
                if height - at >= limits.DEEP_BLOCK:
                    deep = at, header.hash
                at += 1
            progress.checkpoint()
            if total > AT_ONCE:
                progress.advance(at - start)
        if last is None or last.hash != tip.hash:
            raise unusable("chain.header_link")
        return deep

    def _keep(self, deep: tuple[int, str] | None) -> None:
        if deep is not None:
            value = f"{deep[0]} {deep[1]}"
            self._cache.put(self._key(), value, source=self._speaker.name, asked_at=self._now())

    def _some(self, start: int, count: int) -> Sequence[bytes]:
        found = self._fetch(start, count)
        if not 1 <= len(found) <= count:
            raise unusable("chain.answer_shape", place="headers")
        return found

    def _key(self) -> str:
        return f"headers\x1f{self._speaker.name}\x1f{self._found.chain.name}"
