"""Time stamps over reports (OpenTimestamps): that a file existed when a block was made.

Stamping sends a calendar 32 bytes, SHA-256(the file's SHA-256 || a random nonce), and nothing else. Checking takes the
block's header from the sources the user names, its hash and work looked at. A time stamp says nothing about who made
the file, nor whether anything in it is true.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from reserves_gui import limits
from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.bitcoin_wire import Header, read_header
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.chains import chain_named
from reserves_gui.chain.policy import host_of, offline_by_environment
from reserves_gui.chain.port import BalanceSource, HeaderSource, unusable
from reserves_gui.chain.providers import service_maker
from reserves_gui.chain.sources import open_source, parse_source
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.opening import open_path
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import data_folder, shown_time
from reserves_gui.services.probed import NamedSource, OpenDoor, door_of, named_sources, policy_for
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.opentimestamps import (
    PROOF_BYTES,
    InBlock,
    TimeProof,
    blinded,
    first_proof,
    proof_path,
    read_proof,
    upgraded,
)
from reserves_gui.verdict import ExitCode, State, exit_code

_HEADERS = {"Accept": "application/vnd.opentimestamps.v1", "Content-Type": "application/octet-stream"}
_NONCE = 16
_SHOW_HEADERS = frozenset({"bitcoind", "electrum", "esplora", "probe"})


__all__ = [
    "Asking",
    "StampCheck",
    "calendar_host",
    "check_stamp",
    "header_sources",
    "known_stamp",
    "proof_path",
    "stamp_file",
    "upgrade_stamp",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who may be asked. Naming a calendar or source is the user's consent to contact it in this run.

    ``told`` hears the host of every request as it leaves, from the thread that asks.
    """

    sources: tuple[str, ...] = ()
    offline: bool = False
    proxy: str | None = None
    told: Callable[[str], None] | None = None

    @classmethod
    def online(cls, told: Callable[[str], None], sources: tuple[str, ...] = ()) -> "Asking":
        """For a switch that is on: only the environment can still say offline."""
        return cls(sources=sources, offline=offline_by_environment(), told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampCheck:
    """What a time stamp is worth: the earliest block that every source asked agrees on.

    ``time`` is that block's (ISO 8601 UTC), so the file is at least as old; block times may be off by two hours.
    ``findings`` says, block by block and source by source, what was seen.
    """

    state: State
    digest: str
    height: int | None = None
    time: str | None = None
    pending: tuple[str, ...] = ()
    findings: tuple[Message, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that says the same."""
        return exit_code(self.state)


def calendar_host(calendar: str) -> str:
    """The ``host:port`` behind a calendar's URL; nothing is contacted. Raises ``source.unusable`` for no such URL."""
    return host_of(calendar).authority


def header_sources(sources: Sequence[str]) -> tuple[NamedSource, ...]:
    """Those of ``sources`` that can show block headers. Raises ``source.unusable`` for a text that is no source."""
    return tuple(one for one in named_sources(sources) if parse_source(one.text).kind in _SHOW_HEADERS)


def known_stamp(path: Path, progress: Progress) -> StampCheck | None:
    """What the time stamp beside the file says by itself, with nobody asked; None where there is none.

    Raises what :func:`check_stamp` raises.
    """
    return check_stamp(path, None, Asking(offline=True), progress) if proof_path(path).exists() else None


def stamp_file(path: Path, calendar: str, asking: Asking, progress: Progress, *, door: OpenDoor | None = None) -> Path:
    """Ask a calendar to time the file; the proof lies beside it, pending until a block holds it.

    Raises ``input.*`` and ``source.unusable``; an existing proof is not replaced (``usage``).
    """
    place = proof_path(path)
    if place.exists():
        raise ReservesError(ErrorCode.USAGE, say("stamp.exists"), str(place))
    digest = bytes.fromhex(_digest(path, progress))
    nonce = secrets.token_bytes(_NONCE)
    with _door(asking, (host_of(calendar).authority,), door) as transport:
        body = blinded(digest, nonce)
        answer = _ask(transport, f"{calendar.rstrip('/')}/digest", progress, body=body)
    write_atomically(place, first_proof(digest, nonce, answer, calendar))
    return place


def upgrade_stamp(
    path: Path, calendar: str, asking: Asking, progress: Progress, *, door: OpenDoor | None = None
) -> bool:
    """Ask a calendar whether a block holds its promise by now; whether the proof was completed.

    Only promises of this very calendar are asked about: the proof file decides about no connection.
    """
    place = proof_path(path)
    data = _proof_bytes(place)
    mine = [one for one in read_proof(data, str(place)).pending if one.calendar.rstrip("/") == calendar.rstrip("/")]
    if not mine:
        raise ReservesError(ErrorCode.USAGE, say("stamp.not_promised", calendar=calendar[:200]), str(place))
    with _door(asking, (host_of(calendar).authority,), door) as transport:
        # The last first, so that the places of the others stay what they are.
        for promise in sorted(mine, key=lambda one: one.place, reverse=True):
            url = f"{calendar.rstrip('/')}/timestamp/{promise.commitment.hex()}"
            reply = transport.fetch(url, progress, headers=_HEADERS)
            if reply.status == 404:
                return False
            if reply.status != 200:
                raise unusable("stamp.refused", status=reply.status)
            data = upgraded(data, promise, reply.body, calendar)
    write_atomically(place, data)
    return True


def check_stamp(
    path: Path, proof: Path | None, asking: Asking, progress: Progress, *, door: OpenDoor | None = None
) -> StampCheck:
    """Whether the file at ``path`` existed when a block was made. Raises ``input.*``, ``format.*``, ``limit.size``.

    ``verified``: every source that answered shows the block the proof leads to. ``failed``: the proof is of another
    file, or a block has another root. ``undecided``: pending, or no source showed the block.
    """
    place = proof or proof_path(path)
    found = read_proof(_proof_bytes(place), str(place))
    digest = _digest(path, progress)
    pending = tuple(one.calendar for one in found.pending)
    if found.digest.hex() != digest:
        reason = (say("stamp.other_file"),)
        return StampCheck(state=State.FAILED, digest=digest, pending=pending, findings=reason)
    if not found.blocks:
        waiting = tuple(say("stamp.pending", calendar=one[:200]) for one in pending)
        return StampCheck(state=State.UNDECIDED, digest=digest, pending=pending, findings=waiting)
    return _looked_up(found, digest, asking, progress, door)


def _looked_up(found: TimeProof, digest: str, asking: Asking, progress: Progress, door: OpenDoor | None) -> StampCheck:
    pending = tuple(one.calendar for one in found.pending)
    findings: list[Message] = []
    times: dict[InBlock, set[int]] = {}
    wrong = False
    parsed = [parse_source(text) for text in asking.sources]
    authorities = tuple(one.authority for one in parsed if one.authority is not None)
    with _door(asking, authorities, door) as transport:
        for block, name, header in _shown(found.blocks, asking.sources, transport, findings, progress):
            if header.merkle_root != block.root:
                wrong = True
                findings.append(say("stamp.not_in_block", source=name, chain=block.chain, height=block.height))
                continue
            times.setdefault(block, set()).add(header.time)
            when = shown_time(header.time)
            findings.append(say("stamp.in_block", source=name, chain=block.chain, height=block.height, time=when))
    if not asking.sources:
        findings += [say("stamp.no_source", chain=one.chain, height=one.height) for one in found.blocks]
    agreed = {block: seen.pop() for block, seen in times.items() if len(seen) == 1}
    if wrong or not agreed:
        state = State.FAILED if wrong else State.UNDECIDED
        return StampCheck(state=state, digest=digest, pending=pending, findings=tuple(findings))
    earliest = min(agreed, key=lambda block: agreed[block])
    return StampCheck(
        state=State.VERIFIED,
        digest=digest,
        height=earliest.height,
        time=shown_time(agreed[earliest]),
        pending=pending,
        findings=tuple(findings),
    )


def _shown(
    blocks: Sequence[InBlock],
    sources: Sequence[str],
    transport: Transport,
    findings: list[Message],
    progress: Progress,
) -> Iterator[tuple[InBlock, str, Header]]:
    """Every block as every source shows it, by the source's name; what a source could not do is said."""
    wanted = [chain for one in blocks if (chain := chain_named(one.chain)) is not None]
    for text in sources:
        try:
            made = service_maker(data_folder() / "bitcoinlib")
            for source in open_source(parse_source(text), transport, made, progress):
                if not _has_headers(source):
                    findings.append(say("stamp.no_headers", source=source.speaker.name))
                    continue
                standing = source.probe(wanted, progress)
                for block in blocks:
                    if standing.chain.name == block.chain:
                        yield block, source.speaker.name, read_header(source.header(block.height, progress))
        except ReservesError as error:
            if not is_unusable(error) and error.code is not ErrorCode.SOURCE_WRONG_CHAIN:
                raise
            findings.append(error.message)


def _has_headers(source: BalanceSource) -> TypeGuard[HeaderSource]:
    return hasattr(source, "header")


def _ask(transport: Transport, url: str, progress: Progress, *, body: bytes) -> bytes:
    reply = transport.fetch(url, progress, body=body, headers=_HEADERS)
    if reply.status != 200:
        raise unusable("stamp.refused", status=reply.status)
    return reply.body


def _door(asking: Asking, authorities: Sequence[str], door: OpenDoor | None) -> Transport:
    policy = policy_for(authorities, offline=asking.offline, proxy=asking.proxy)
    return (door or door_of(Cache(), limits.REQUESTS_PER_RUN, asking.told))(policy)


def _digest(path: Path, progress: Progress) -> str:
    """The SHA-256 of the file itself, a case or archive unopened."""
    state = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(limits.BLOCK_BYTES):
                state.update(block)
                progress.checkpoint()
    except OSError:
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), str(path)) from None
    return state.hexdigest()


def _proof_bytes(place: Path) -> bytes:
    return open_path(place)[0].read(PROOF_BYTES)
