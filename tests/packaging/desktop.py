"""A display without a screen, and what a person would do with its windows."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SIZE = "1400x900x24"


@contextmanager
def display(home: Path) -> Iterator[dict[str, str]]:
    """An X server of its own; gives the environment for programs that are to use it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "PYTHON", "XDG_"))}
        folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "CACHE", "STATE")}
        yield {**kept, **folders, "DISPLAY": f":{number}", "HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


def window_named(name: str, environment: Mapping[str, str], seconds: float = 30) -> str:
    """The id of the first visible window of that name."""
    command = ["xdotool", "search", "--sync", "--onlyvisible", "--name", name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=True)
    return done.stdout.split()[0]


def photographed(window: str, target: Path, environment: Mapping[str, str], seconds: float = 6) -> int:
    """Take pictures of a window until it stops changing; the number of colours in the last one."""
    subprocess.run(["xdotool", "windowsize", "--sync", window, "1280", "860"], env=environment, timeout=10, check=False)
    previous, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.7)
        subprocess.run(["import", "-window", window, str(target)], env=environment, timeout=20, check=True)
        current = target.read_bytes()
        if current == previous:
            break
        previous = current
    told = subprocess.run(
        ["identify", "-format", "%k", str(target)], capture_output=True, text=True, timeout=20, check=True
    )
    return int(told.stdout)


def process_of(window: str, environment: Mapping[str, str]) -> int:
    """The process that a window belongs to."""
    command = ["xdotool", "getwindowpid", window]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=10, check=True)
    return int(done.stdout)


def gone(process: int, seconds: float = 15) -> bool:
    """Whether a process has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
