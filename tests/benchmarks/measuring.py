"""Times, memory, and the table they end in. A figure is a median; nothing here passes or fails by its value."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024
HEADINGS = ("what", "ours", "beside it, in the same run", "its figure", "ratio", "peak", "CPU")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. ``ratio``: ours over the other's, so that below 1 is better for times."""

    what: str
    ours: str
    other: str = ""
    others: str = ""
    ratio: float | None = None
    peak: float | None = None
    """MiB, of a process of its own."""
    cpu: float | None = None
    """Seconds that the process kept processors busy: what a busy machine distorts least."""

    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        peak = "" if self.peak is None else f"{self.peak:.0f} MiB"
        cpu = "" if self.cpu is None else duration(self.cpu)
        return (self.what, self.ours, self.other, self.others, ratio, peak, cpu)


@dataclass
class Table:
    """What a run measured, in order."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)

    def processes(self, what: str, ours: "Child", other: str, others: float) -> None:
        """A process of ours beside another time."""
        self.add(
            Figure(
                what=what,
                ours=duration(ours.seconds),
                other=other,
                others=duration(others),
                ratio=ours.seconds / others,
                peak=ours.peak,
                cpu=ours.cpu,
            )
        )

    def compare(self, what: str, seconds: float, other: str, others: float) -> None:
        """A time beside another time."""
        self.add(
            Figure(
                what=what,
                ours=duration(seconds),
                other=other,
                others=duration(others),
                ratio=seconds / others,
            )
        )

    def lines(self) -> list[str]:
        rows = [HEADINGS, *(figure.cells() for figure in self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def duration(seconds: float) -> str:
    """A time in the unit that a reader expects."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} us"


def median_of(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the median run; one run before it warms up."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


@dataclass(frozen=True, slots=True)
class Child:
    """How one process went: seconds of wall time and of processors, peak memory in MiB, exit code."""

    seconds: float
    cpu: float
    peak: float
    code: int


def as_installed() -> dict[str, str]:
    """The environment of a program whose compiled code is kept, as that of an installed one is."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def child(arguments: Sequence[str | Path]) -> Child:
    """Run a program by itself, start-up included.

    The memory is what the process itself says at its end where it can (:func:`reserves` makes it): what the system
    reports afterwards also counts the copy of this process that it began as.
    """
    with tempfile.NamedTemporaryFile() as told:
        began = time.perf_counter()
        started = subprocess.Popen(
            [str(word) for word in arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**as_installed(), "RESERVES_BENCH_PEAK": told.name},
        )
        _, status, used = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - began
        own = told.read()
    started.returncode = os.waitstatus_to_exitcode(status)
    peak = int(own) / 1024 if own else used.ru_maxrss / (MIB if sys.platform == "darwin" else 1024)
    return Child(seconds, used.ru_utime + used.ru_stime, peak, started.returncode)


def median_child(arguments: Sequence[str | Path], runs: int = 3) -> Child:
    """The run with the median time; the memory is the largest seen."""
    made = sorted((child(arguments) for _ in range(runs)), key=lambda one: one.seconds)
    middle = made[len(made) // 2]
    return Child(middle.seconds, middle.cpu, max(one.peak for one in made), middle.code)


_TELL = """
import atexit, os, pathlib
def tell():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    kept = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    pathlib.Path(os.environ["RESERVES_BENCH_PEAK"]).write_text(kept)
if pathlib.Path("/proc/self/status").exists():
    atexit.register(tell)
"""


def reserves(*words: str | Path, without: Sequence[str] = ()) -> list[str | Path]:
    """The command line as a process of its own, as if the packages ``without`` were not installed."""
    hidden = "".join(f"sys.modules[{name!r}] = None\n" for name in without)
    start = f"import sys\n{hidden}{_TELL}\nfrom reserves_gui.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", start, *words]
