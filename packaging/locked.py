"""Which list of pinned files belongs to this machine, and its two parts. Standard library only.

`packaging/locks/SYSTEM-cpXY.txt` names every file that is installed there, by its hash: first what goes into the
package, then what only a developer needs. A machine without a list gets the pinned versions without hashes.
"""

import platform
import re
import sys
from pathlib import Path

LOCKS = Path(__file__).resolve().parent / "locks"
SHIPPED, FOR_DEVELOPERS = "# In the package.", "# For developers only."
BUILDERS = ("setuptools", "wheel")
"""What builds the few packages that come as sources, and this one."""
_SYSTEMS = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_NAME = re.compile(r"[-_.]+")


def plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return _NAME.sub("-", name).lower()


def lock_file() -> Path:
    """The list for this system, processor and Python, whether there is one or not."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    if system == "linux" and platform.libc_ver()[0] != "glibc":
        # The files listed for Linux are linked against it.
        system = "linux-other"
    machine = re.sub(r"[^a-z0-9]+", "-", platform.machine().lower())
    return LOCKS / f"{system}-{machine}-cp{sys.version_info.major}{sys.version_info.minor}.txt"


def lines_of(path: Path, part: str | None = None) -> list[str]:
    """The lines of a list, or of one of its parts."""
    found: list[str] = []
    current = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line in {SHIPPED, FOR_DEVELOPERS}:
            current = line
        elif line and not line.startswith("#") and part in {None, current}:
            found.append(line)
    return found
