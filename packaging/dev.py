#!/usr/bin/env python3
"""Everything a developer, a curious user and CI do with a clone. Standard library only, Python 3.11 or newer.

    python3 packaging/dev.py run             the window on a worked example; without a display, the same in the terminal
    python3 packaging/dev.py run -- ARGS     the command line with ARGS
    python3 packaging/dev.py test [--fast] [-- PYTEST ARGS]
    python3 packaging/dev.py lint | bench | nodes | package | pin | screenshots

Each verb does the set-up it needs: a virtual environment in `.venv` with exactly the files of this machine's list in
`packaging/locks` (without a list: with the pinned versions of `packaging/constraints.txt`), and on Debian as root the
system libraries. With nothing to do that takes under a second.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import locked

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STAMP = VENV / "reserves-setup"
EXTRAS = ("fast", "cluster", "postgres", "dev")
# No wheel for Linux on ARM: wanted everywhere, needed nowhere.
OPTIONAL_EXTRAS = ("zk",)
# Its declared dependency does not build on current Pythons and is not used for SHA-256.
WITHOUT_DEPENDENCIES = ("merkletools",)
QT_LIBRARIES = (
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libglib2.0-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "fonts-dejavu-core",
)
PACKAGE_TOOLS = (
    "appstream",
    "binutils",
    "desktop-file-utils",
    "imagemagick",
    "libglib2.0-bin",
    "libxml2-utils",
    "lintian",
    "nsis",
    "xdotool",
    "xvfb",
)
TEST_TOOLS = ("minisign", "poppler-utils", "postgresql", "xvfb")


def main() -> int:
    """Run one verb; its exit code is the program's."""
    words = sys.argv[1:]
    own, rest = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=sorted(VERBS))
    parser.add_argument("--fast", action="store_true", help="test: no real nodes, under a minute")
    options = parser.parse_args(own)
    if sys.version_info < (3, 11):  # noqa: UP036 - this very file runs on whatever Python a machine has
        return complain(f"Python 3.11 or newer is needed; this is {platform.python_version()}.")
    return VERBS[options.verb](options, rest)


def run(_options: argparse.Namespace, rest: list[str]) -> int:
    """The window on a worked example, or the command line."""
    set_up()
    if rest:
        return call(python(), "-m", "reserves_gui.cli", *rest)
    system_packages(QT_LIBRARIES)
    if has_display():
        return call(python(), "-m", "reserves_gui", "--example")
    print("No display here, so the worked example is verified in the terminal.\n", flush=True)
    return call(python(), str(ROOT / "packaging" / "demo.py"))


def test(options: argparse.Namespace, rest: list[str]) -> int:
    """Everything CI checks, in the order of how fast it fails; ends with pytest's summary."""
    started = time.monotonic()
    set_up()
    system_packages(QT_LIBRARIES + TEST_TOOLS)
    code = lint(options, [])
    if code:
        return code
    selection = [
        "-m",
        "not nodes and not benchmark and not package" if options.fast else "not benchmark and not package",
    ]
    if not options.fast:
        prepare_nodes()
    print(f"== pytest ({int(time.monotonic() - started)} s so far)", flush=True)
    return call(python(), "-m", "pytest", *selection, *rest, environment={"QT_QPA_PLATFORM": "offscreen"})


def lint(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Formatting, lint, types and import rules."""
    set_up()
    for title, *command in (
        ("ruff format", "-m", "ruff", "format", "--check", "--quiet", "."),
        ("ruff check", "-m", "ruff", "check", "--quiet", "."),
        ("mypy", "-m", "mypy"),
        ("import rules", "-c", "from importlinter.cli import lint_imports_command as run; run()"),
    ):
        print(f"== {title}", flush=True)
        code = call(python(), *command)
        if code:
            return code
    return 0


def bench(_options: argparse.Namespace, rest: list[str]) -> int:
    """Benchmarks: figures, never pass or fail."""
    set_up()
    return call(python(), "-m", "pytest", "-q", "-s", "-m", "benchmark", "tests/benchmarks", *rest)


def nodes(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Install the real nodes that the tests use."""
    set_up()
    return prepare_nodes()


def package(_options: argparse.Namespace, rest: list[str]) -> int:
    """The frozen application and its installers."""
    set_up()
    if sys.platform == "linux":
        system_packages(QT_LIBRARIES + PACKAGE_TOOLS)
    return call(python(), str(ROOT / "packaging" / "freeze.py"), *rest)


def pin(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Write the versions installed now into packaging/constraints.txt."""
    set_up()
    freeze = [python(), "-m", "pip", "freeze", "--exclude-editable"]
    done = subprocess.run(freeze, capture_output=True, text=True, check=True)
    lines = sorted((line for line in done.stdout.splitlines() if "==" in line), key=str.casefold)
    CONSTRAINTS.write_text("# Written by `packaging/dev.py pin`.\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} versions pinned")
    return 0


def screenshots(_options: argparse.Namespace, rest: list[str]) -> int:
    """Pictures of the window's main states into assets/screenshots."""
    set_up()
    system_packages(QT_LIBRARIES)
    environment = {"QT_QPA_PLATFORM": "offscreen"}
    return call(python(), str(ROOT / "packaging" / "screenshots.py"), *rest, environment=environment)


VERBS = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "nodes": nodes,
    "package": package,
    "pin": pin,
    "screenshots": screenshots,
}


def set_up() -> None:
    """The virtual environment with the package and its extras; does nothing when it is up to date."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted and Path(python()).exists():
        return
    print("Setting up .venv (a few minutes the first time)…", flush=True)
    if not Path(python()).exists() or not same_python():
        make_venv()
    pip = (python(), "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    lock = locked.lock_file()
    if lock.exists():
        install_locked(pip, lock)
    else:
        print(f"No pinned hashes for this machine ({lock.name}): versions are pinned, files are not.", flush=True)
        install_pinned(pip)
    STAMP.write_text(wanted, encoding="utf-8")


def install_locked(pip: tuple[str, ...], lock: Path) -> None:
    """Exactly the files of the list, and this package over them; whatever else is offered is refused."""
    builders = [line for line in locked.lines_of(lock) if locked.plain(line.partition("==")[0]) in locked.BUILDERS]
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "builders.txt"
        first.write_text("\n".join(builders) + "\n", encoding="utf-8")
        must(*pip, "--no-deps", "--require-hashes", "-r", str(first))
    # What builds sources is in place by now: in a place of its own it would be fetched again, by name alone.
    must(*pip, "--no-deps", "--require-hashes", "--no-build-isolation", "-r", str(lock))
    must(*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT))


def install_pinned(pip: tuple[str, ...]) -> None:
    """The pinned versions, from whatever files the index has for this machine."""
    pins = ("-c", str(CONSTRAINTS)) if CONSTRAINTS.exists() else ()
    must(*pip, *pins, "-e", f"{ROOT}[{','.join(EXTRAS)}]")
    for extra in OPTIONAL_EXTRAS:
        if call(*pip, "--only-binary", ":all:", *pins, *extra_requirements(extra)):
            print(f"The extra [{extra}] has no wheel for this machine; everything works without it, some of it slower.")
    must(*pip, "--no-deps", *pins, *WITHOUT_DEPENDENCIES)


def extra_requirements(extra: str) -> list[str]:
    """The requirements of one extra, read from pyproject.toml."""
    import tomllib

    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(table["project"]["optional-dependencies"][extra])


def same_python() -> bool:
    """Whether `.venv` was made with the Python that runs this: the files of its list are for no other."""
    lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    made = next((line.partition("=")[2].strip() for line in lines if line.partition("=")[0].strip() == "version"), "")
    return made.split(".")[:2] == [str(part) for part in sys.version_info[:2]]


def make_venv() -> None:
    """Create `.venv`; on Debian as root the missing venv module is installed first."""
    shutil.rmtree(VENV, ignore_errors=True)
    if call(sys.executable, "-m", "venv", str(VENV), quiet=True) == 0:
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    system_packages((f"python{version}-venv",))
    must(sys.executable, "-m", "venv", str(VENV))


def prepare_nodes() -> int:
    """Install the real nodes. CI must have them; elsewhere a missing one is said and its tests are skipped by name."""
    script = ROOT / "packaging" / "nodes.py"
    if not script.exists():
        return 0
    code = call(python(), str(script), "install")
    if code and os.environ.get("CI") == "true":
        sys.exit(complain("The real nodes could not be installed."))
    return code


def system_packages(wanted: tuple[str, ...]) -> None:
    """Install missing Debian packages as root; otherwise print the one command to run."""
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        return
    query = ["dpkg-query", "-W", "-f", "${binary:Package} ${db:Status-Status}\n", *wanted]
    listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    present = {line.split()[0].split(":")[0] for line in listed.splitlines() if line.endswith(" installed")}
    missing = [name for name in wanted if name not in present]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    if os.name == "posix" and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        print(f"Installing {', '.join(missing)}…", flush=True)
        call("apt-get", "update", "-qq", environment=quiet, quiet=True)
        if call(*command, environment=quiet, quiet=True):
            # One name that this release does not have must not keep the others away.
            for name in missing:
                call(*command[:5], name, environment=quiet, quiet=True)
    else:
        print(f"Missing system packages; if something does not start, run: sudo {' '.join(command)}", flush=True)


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def python() -> str:
    """The interpreter of the virtual environment."""
    return str(VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def fingerprint() -> str:
    """Changes whenever the set-up has to be made again."""
    state = hashlib.sha256(platform.python_version().encode())
    for path in (ROOT / "pyproject.toml", CONSTRAINTS, locked.lock_file()):
        state.update(path.read_bytes() if path.exists() else b"")
    return state.hexdigest()


def call(*command: str, environment: dict[str, str] | None = None, quiet: bool = False) -> int:
    """Run a program in the clone; its exit code."""
    sink = subprocess.DEVNULL if quiet else None
    merged = {**os.environ, **(environment or {})}
    return subprocess.run(command, cwd=ROOT, env=merged, stdout=sink, stderr=sink, check=False).returncode


def must(*command: str) -> None:
    """Run a program that has to work."""
    code = call(*command)
    if code:
        sys.exit(code)


def complain(text: str) -> int:
    """Say what is wrong; exit code 1."""
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
