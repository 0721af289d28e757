"""Writes `packaging/locks/SYSTEM-cpXY.txt`: exact versions and file hashes of what is installed, for every system.

    python packaging/lock.py [NAME]...      all lists, or those whose names begin like one of the arguments

Asks pip itself which files it would take on each system under `packaging/constraints.txt`, without downloading more of
them than their metadata. Run it after `dev.py pin`; what is set up and packaged from then on consists of these files or
nothing. A system for which a package has no file is said and gets no list.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "packaging" / "constraints.txt"
sys.path.insert(0, str(ROOT / "packaging"))
from dev import EXTRAS, OPTIONAL_EXTRAS, WITHOUT_DEPENDENCIES  # noqa: E402 - found only with the line above
from freeze import EXTRAS as SHIPPED_EXTRAS  # noqa: E402
from freeze import FREEZER  # noqa: E402
from locked import BUILDERS, FOR_DEVELOPERS, LOCKS, SHIPPED, plain  # noqa: E402
from sbom import project_requirements  # noqa: E402

PYTHONS = ("3.11", "3.12", "3.13")
# Debian 12, Ubuntu 22.04 and later. The newest is the last choice: Qt for ARM has no file for an older one.
GLIBC = ("2_34", "2_31", "2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5", "2_39")


@dataclass(frozen=True)
class System:
    """``tags``: what pip calls the system; ``markers``: what requirements ask about it."""

    name: str
    tags: tuple[str, ...]
    markers: dict[str, str]


def _linux(machine: str) -> System:
    tags = (*(f"manylinux_{version}_{machine}" for version in GLIBC), f"manylinux2014_{machine}", f"linux_{machine}")
    markers = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": machine}
    return System(f"linux-{machine.replace('_', '-')}", tags, markers)


def _macos(machine: str) -> System:
    markers = {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": machine}
    return System(f"macos-{machine.replace('_', '-')}", (f"macosx_14_0_{machine}",), markers)


SYSTEMS = (
    _linux("x86_64"),
    _linux("aarch64"),
    _macos("arm64"),
    _macos("x86_64"),
    System(
        "windows-amd64",
        ("win_amd64",),
        {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    ),
)


def main(wanted: list[str]) -> int:
    """Write the lists."""
    LOCKS.mkdir(exist_ok=True)
    missing = 0
    for system in SYSTEMS:
        for python in PYTHONS:
            name = f"{system.name}-cp{python.replace('.', '')}"
            if wanted and not any(name.startswith(one) for one in wanted):
                continue
            try:
                text, built = _List(system, python).text()
            except subprocess.CalledProcessError as error:
                missing += 1
                print(f"{name}: no list: {_reason(error.stderr)}", flush=True)
                continue
            (LOCKS / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
            sources = f", built from sources: {', '.join(built)}" if built else ""
            print(f"{name}: {text.count('==')} files{sources}", flush=True)
    return int(missing > 0)


class _List:
    """The files of one system and Python, found by asking again until no package needs another one."""

    def __init__(self, system: System, python: str) -> None:
        self._system = system
        self._python = python
        self._entries: dict[str, dict] = {}
        self._markers = {
            **system.markers,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
        }
        lines = PINS.read_text(encoding="utf-8").splitlines()
        self._pins = {plain(line.partition("==")[0]): line for line in lines if "==" in line}

    def text(self) -> tuple[str, list[str]]:
        """The list, and the packages in it that come as sources."""
        optional = [name for name in OPTIONAL_EXTRAS if self._has_files(project_requirements_of(name))]
        shipped_extras = [name for name in SHIPPED_EXTRAS if name in optional or name not in OPTIONAL_EXTRAS]
        shipped = self._closure([*project_requirements(shipped_extras), FREEZER, *BUILDERS])
        every = self._closure(
            [*project_requirements([*EXTRAS, *optional]), FREEZER, *BUILDERS], alone=WITHOUT_DEPENDENCIES
        )
        lines = ["# Written by packaging/lock.py.", SHIPPED, *self._lines(shipped)]
        lines += [FOR_DEVELOPERS, *self._lines(every - shipped)]
        return "\n".join(lines) + "\n", sorted(name for name in every if not self._url(name).endswith(".whl"))

    def _has_files(self, requirements: list[str]) -> bool:
        try:
            self._ask(requirements, "--only-binary", ":all:")
        except subprocess.CalledProcessError:
            return False
        return True

    def _closure(self, requirements: Iterable[str], alone: tuple[str, ...] = ()) -> set[str]:
        """Every package that ``requirements`` come to. ``alone``: without what they say they need."""
        extras: dict[str, set[str]] = {}
        waiting = [Requirement(one) for one in requirements]
        unneeded = {plain(name) for name in alone}
        waiting += [Requirement(name) for name in alone]
        while waiting:
            fresh = [one for one in waiting if self._applies(one) and not _covered(one, extras)]
            self._ask([str(self._pinned(one)) for one in fresh if plain(one.name) not in self._entries])
            waiting = []
            for one in fresh:
                extras.setdefault(plain(one.name), set()).update(one.extras)
                if plain(one.name) not in unneeded:
                    waiting += self._needs(plain(one.name), one.extras)
        return set(extras)

    def _applies(self, requirement: Requirement) -> bool:
        return requirement.marker is None or requirement.marker.evaluate({**self._markers, "extra": ""})

    def _needs(self, name: str, extras: set[str]) -> list[Requirement]:
        found = []
        for text in self._entries[name]["metadata"].get("requires_dist", []):
            one = Requirement(text)
            asked = (
                [one.marker.evaluate({**self._markers, "extra": extra}) for extra in ("", *extras)]
                if one.marker
                else [True]
            )
            if any(asked):
                one.marker = None
                found.append(one)
        return found

    def _pinned(self, requirement: Requirement) -> str:
        return self._pins.get(plain(requirement.name)) or f"{requirement.name}{requirement.specifier}"

    def _ask(self, requirements: list[str], *options: str) -> None:
        """What pip would install for ``requirements``, without what they need, added to what is known."""
        if not requirements:
            return
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            tags = [word for tag in self._system.tags for word in ("--platform", tag)]
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--dry-run"]
            command += ["--ignore-installed", "--no-deps", "--report", str(report), "--target", str(Path(folder) / "t")]
            command += ["--python-version", self._python, "--implementation", "cp", *tags, *options, "-c", str(PINS)]
            subprocess.run([*command, *requirements], check=True, capture_output=True, text=True)
            for entry in json.loads(report.read_text(encoding="utf-8"))["install"]:
                self._entries[plain(entry["metadata"]["name"])] = entry

    def _url(self, name: str) -> str:
        return self._entries[name]["download_info"]["url"].partition("#")[0]

    def _lines(self, names: Iterable[str]) -> list[str]:
        lines = []
        for name in names:
            entry = self._entries[name]
            digest = entry["download_info"]["archive_info"]["hashes"]["sha256"]
            lines.append(f"{entry['metadata']['name']}=={entry['metadata']['version']} --hash=sha256:{digest}")
        return sorted(lines, key=str.casefold)


def project_requirements_of(extra: str) -> list[str]:
    """What one extra asks for."""
    return [line for line in project_requirements([extra]) if line not in project_requirements([])]


def _covered(requirement: Requirement, known: dict[str, set[str]]) -> bool:
    return plain(requirement.name) in known and requirement.extras <= known[plain(requirement.name)]


def _reason(text: str) -> str:
    errors = [line for line in text.splitlines() if line.startswith("ERROR")]
    return errors[-1] if errors else text.strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
