"""Sources opened and asked who they are, before any question is put to them."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.chains import Chain
from reserves_gui.chain.policy import Policy, shown_url
from reserves_gui.chain.port import BalanceSource, Standing
from reserves_gui.chain.providers import service_maker
from reserves_gui.chain.sources import SourceUrl, open_source, parse_source
from reserves_gui.chain.transport import Budget, Transport
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, render, say
from reserves_gui.progress import Progress
from reserves_gui.services.ways import proxy_of

CACHE_FILE = "chain.sqlite"
"""What is kept of chains, in the cache folder."""

OpenDoor = Callable[[Policy], Transport]


def forget_kept(folder: Path) -> int:
    """Let go of everything that is kept of chains in the cache ``folder``; how many answers that were."""
    if not (folder / CACHE_FILE).exists():
        return 0
    with closing(Cache(folder / CACHE_FILE)) as cache:
        return cache.clear()


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source text and the ``host:port`` that consent is asked for; None for a recorded file."""

    text: str
    host: str | None


def named_sources(texts: Sequence[str]) -> tuple[NamedSource, ...]:
    """The sources with their hosts. Raises ``source.unusable`` for a text that can never be used."""
    return tuple(NamedSource(text, parse_source(text).authority) for text in texts)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source as it was found: its name, the chain it is on, what is to be said about it, why it was not used."""

    name: str
    chain: str | None
    tip: int | None
    notes: tuple[Message, ...] = ()
    problem: Message | None = None
    code: ErrorCode | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A source that answered its probe."""

    source: BalanceSource
    standing: Standing


@dataclass(slots=True)
class Probed:
    """The sources that stood up to their probe, how each was found, and what kept the others out, by chain if known."""

    ready: list[Ready] = field(default_factory=list)
    reports: list[SourceReport] = field(default_factory=list)
    failures: list[tuple[Chain | None, ReservesError]] = field(default_factory=list)

    def probe(self, source: BalanceSource, wanted: Sequence[Chain], progress: Progress) -> None:
        """Ask an open source who it is. Raises what its probe raises."""
        standing = source.probe(wanted, progress)
        self.ready.append(Ready(source, standing))
        self.reports.append(
            SourceReport(
                source.speaker.name, standing.chain.name, standing.tip.height, standing.notes, standing.problem
            )
        )

    @property
    def distrusted(self) -> frozenset[str]:
        """The names of sources that answered but have a problem (stale)."""
        return frozenset(one.source.speaker.name for one in self.ready if one.standing.problem is not None)


def probe_all(
    sources: Sequence[SourceUrl],
    wanted: Sequence[Chain],
    transport: Transport,
    cache_folder: Path | None,
    progress: Progress,
) -> Probed:
    """Open and probe every source; one that fails is reported and left out. ``wanted``: the chains asked about."""
    found = Probed()
    folder = cache_folder or Path(os.devnull).parent
    for number, source in enumerate(sources):
        # A source that is followed header by header has a stage of its own.
        progress.stage(say("progress.sources"), len(sources))
        progress.advance(number)
        name = shown_url(source.url) if source.kind != "file" else f"file:{Path(source.url).name}"
        try:
            for one in open_source(source, transport, service_maker(folder / "bitcoinlib"), progress):
                name = one.speaker.name
                found.probe(one, wanted, progress)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            found.failures.append((source.chain, error))
            found.reports.append(SourceReport(name, None, None, (), error.message, error.code))
    return found


def sources_json(reports: Sequence[SourceReport], *, requests: int, budget: int) -> dict[str, Any]:
    """The sources of a run and the requests it made, for the JSON object."""
    return {
        "sources": [
            {
                "name": report.name,
                "chain": report.chain,
                "tip": report.tip,
                "notes": [render(note) for note in report.notes],
                "problem": None if report.problem is None else render(report.problem),
                "code": None if report.code is None else report.code.value,
            }
            for report in reports
        ],
        "requests": {"made": requests, "budget": budget},
    }


def policy_of(sources: Sequence[SourceUrl], *, offline: bool, proxy: str | None) -> Policy:
    """Naming a source is the user's consent to contact it in this run, and nothing else."""
    return policy_for((source.authority for source in sources), offline=offline, proxy=proxy)


def policy_for(authorities: Iterable[str | None], *, offline: bool, proxy: str | None) -> Policy:
    """The policy of a run that may contact ``authorities`` (None: a file) and nothing else, by the proxy of the run."""
    consented = frozenset(one for one in authorities if one is not None)
    return Policy(offline=offline, consented=consented, proxy=proxy_of(proxy))


def door_of(cache: Cache, requests_per_run: int, told: Callable[[str], None] | None) -> OpenDoor:
    """The way to the network of one run. ``told`` hears the host of every request as it leaves."""
    record = None if told is None else lambda sent: told(sent.host)
    return lambda policy: Transport(policy, cache=cache, budget=Budget(requests_per_run), record=record)
