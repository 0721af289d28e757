"""One honest and one lying public host of a kind, asked by the real service about the same list."""

import re
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from reserves_gui.chain.pacing import Clock
from reserves_gui.chain.policy import Policy
from reserves_gui.chain.transport import Budget, Sent, Transport
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_balances
from reserves_gui.verdict import State, Verdict
from tests.chain.faults import Answering, Fault
from tests.chain.honest import HONEST, NOW
from tests.chain.servers import Town, town


@dataclass
class Skipping:
    """A clock that runs as the real one but skips every wait, and notes it."""

    today: float
    skipped: float = 0.0
    waited: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        def skip(seconds: float) -> None:
            self.skipped += seconds

        class Noting(Clock):
            def wait(inner, seconds: float, progress: Progress) -> None:  # noqa: N805
                if seconds > 0:
                    self.waited.append(seconds)
                super().wait(seconds, progress)

        return Noting(
            now=lambda: time.monotonic() + self.skipped, today=lambda: self.today, sleep=skip, jitter=lambda: 1.0
        )


@dataclass(frozen=True)
class Seen:
    """What came of one look-up by both hosts."""

    verdict: Verdict
    waited: list[float]
    sent: list[Sent]

    @property
    def state(self) -> State:
        return self.verdict.state

    @property
    def rows(self) -> dict[str, int]:
        """The counts of the rows' answers that are not 0."""
        return {name: count for name, count in self.verdict.extra["rows"].items() if count}  # type: ignore[attr-defined]

    @property
    def alarms(self) -> list[str]:
        return [alarm.key for alarm in self.verdict.warnings]

    @property
    def failures(self) -> list[str]:
        return [one["reason"] for one in self.verdict.extra["failures"]]  # type: ignore[attr-defined]

    def source(self, name: str) -> Mapping[str, Any]:
        """The source as it was found."""
        return next(one for one in self.verdict.extra["sources"] if f"//{name}.onion" in one["name"])  # type: ignore[attr-defined]

    def why(self, name: str) -> set[str]:
        """The keys of the reasons for which a source gave no amount."""
        reasons = [one["reason"] for one in self.verdict.extra["observations"] if f"//{name}.onion" in one["source"]]  # type: ignore[attr-defined]
        return {key_of(reason) for reason in reasons if reason}

    def told(self, name: str, address: str) -> Mapping[str, Any]:
        """What one source said of an address: outcome, amount and reason."""
        return next(
            one
            for one in self.verdict.extra["observations"]  # type: ignore[attr-defined]
            if f"//{name}.onion" in one["source"] and one["address"] == address
        )


@cache
def _templates() -> list[tuple[str, re.Pattern[str]]]:
    messages = resources.files("reserves_gui.resources") / "messages" / "en" / "chain.toml"
    found = tomllib.loads(messages.read_text("utf-8"))
    return [(key, re.compile(".*".join(map(re.escape, re.split(r"\{[^}]*\}", one))))) for key, one in found.items()]


def key_of(sentence: str) -> str:
    """The key of a rendered sentence about a source."""
    return next(key for key, template in _templates() if template.fullmatch(sentence))


@contextmanager
def hosts(
    kind: str,
    *faults: Fault,
    liar: Callable[[], Answering] | None = None,
    honest: Callable[[], Answering] | None = None,
) -> Iterator[Town]:
    """``honest`` and ``liar`` of a kind; ``liar`` answers by itself or as an honest one with these faults."""
    make = honest or HONEST[kind].make
    with town(honest=make(), liar=(liar or make)()) as found:
        found["liar"].faults += [replace(fault) for fault in faults]
        yield found


@contextmanager
def crowd(kind: str, faults: Sequence[Fault], *, make: Callable[[], Answering] | None = None) -> Iterator[Town]:
    """``honest`` and one liar for each fault: ``liar0``, ``liar1``, …"""
    make = make or HONEST[kind].make
    with town(honest=make(), **{f"liar{number}": make() for number in range(len(faults))}) as found:
        for number, fault in enumerate(faults):
            found[f"liar{number}"].faults.append(replace(fault))
        yield found


def look(
    kind: str,
    found: Town,
    folder: Path,
    *,
    asset: str | None = None,
    held: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
    kinds: Mapping[str, str] | None = None,
    door: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    today: float = NOW + 30,
    **options: Any,
) -> Seen:
    """Look the addresses of a kind up, as a list says they hold it, at the newest block or as ``options`` say.

    ``kinds``: the kinds of hosts that are of another one than ``kind``.
    """
    honest = HONEST[kind]
    path = folder / "wallets.csv"
    rows = "".join(
        f"{honest.chain},{asset or honest.coin},{address},{amount}\n"
        for address, amount in (held or honest.held).items()
    )
    path.write_text(f"chain,asset,address,amount\n{rows}", encoding="utf-8")
    asked = {name: HONEST[(kinds or {}).get(name, kind)] for name in names or found.hosts}
    sources = tuple(one.source(f"{name}.onion") for name, one in asked.items())
    clock, sent = Skipping(today), list[Sent]()

    def opened(policy: Policy) -> Transport:
        # A wait that one host skips is time that passes for the others, too: no answer is late for it.
        how = {"answer_seconds": 1e6, **(door or {})}
        return Transport(policy, clock=clock.clock(), budget=Budget(), record=sent.append, **how)

    request = BalancesRequest(**{"files": (str(path),), **options}, sources=sources, proxy=found.proxy)
    verdict = observe_balances(request, progress or Progress(), door=opened)
    return Seen(verdict, clock.waited, sent)


def no_answers(
    kind: str, faults: Mapping[str, Fault], folder: Path, reasons: Mapping[str, str] | set[str], **options: Any
) -> Seen:
    """One look at an honest host beside a liar for each fault: no liar gave an amount for any row, each for its reason.

    ``reasons``: the key of each liar's reason, or all keys that any may have.
    """
    with crowd(kind, list(faults.values())) as found:
        seen = look(kind, found, folder, **options)
    wrong = {}
    for number, name in enumerate(faults):
        told = [one for one in seen.verdict.extra["observations"] if f"//liar{number}.onion" in one["source"]]  # type: ignore[attr-defined]
        allowed = {reasons[name]} if isinstance(reasons, Mapping) else reasons
        if any(one["amount"] is not None or one["outcome"] != "unknown" for one in told) or not told:
            wrong[name] = [one["amount"] for one in told]
        elif not seen.why(f"liar{number}") <= allowed:
            wrong[name] = sorted(seen.why(f"liar{number}"))
    assert wrong == {}
    assert set(seen.rows) <= {"single_source", "unknown"}
    assert seen.why("honest") <= {"chain.now_only"}
    return seen


def result(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A change of what a JSON-RPC answer results in, single or in a batch."""

    def changed(answer: Any) -> Any:
        if isinstance(answer, list):
            return [changed(one) for one in answer]
        return {**answer, "result": change(answer["result"])} if "result" in answer else answer

    return changed


def error(code: int, message: str) -> Callable[[Any], Any]:
    """A change of a JSON-RPC answer into an error object."""
    return lambda answer: {"jsonrpc": "2.0", "id": answer["id"], "error": {"code": code, "message": message}}


def put(*path: str | int, value: Any = None, by: Callable[[Any], Any] | None = None) -> Callable[[Any], Any]:
    """A change of the one value under ``path``: to ``value``, or ``by`` a function of it."""

    def changed(answer: Any) -> Any:
        if not path:
            return value if by is None else by(answer)
        first, rest = path[0], path[1:]
        inner = put(*rest, value=value, by=by)
        if isinstance(answer, list):
            return [inner(one) if place == first else one for place, one in enumerate(answer)]
        return {**answer, first: inner(answer.get(first))}

    return changed
