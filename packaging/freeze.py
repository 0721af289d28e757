"""The packaged application: `dev.py package` builds it, `dev.py package -- --check` also starts it and removes it.

1. an environment of its own with what the program needs and nothing else, every file held to its pinned hash where
   `packaging/locks` has a list for this platform
2. icons, manual pages, the list of components, the record of the sources
3. one folder with two programs (PyInstaller), slimmed
4. `.tar.xz` and `.deb` on Linux; `.exe` installer on Windows; `.app` and `.dmg` on macOS
5. what checkers are installed look at the results

Results go to `dist/`.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0:0] = [str(ROOT), str(ROOT / "packaging")]
from frozen.deb import make_deb  # noqa: E402 - found only with the line above
from locked import BUILDERS, SHIPPED, lines_of, lock_file, plain  # noqa: E402

from reserves_gui import __version__  # noqa: E402
from reserves_gui.services.build import RECORDED, source_sha256  # noqa: E402

WORK, OUT = ROOT / "build", ROOT / "dist"
PREPARED = WORK / "prepared"
METAINFO = ROOT / "packaging" / "linux" / "reserves.metainfo.xml"
FREEZER = "pyinstaller"
EXTRAS = ("zk", "postgres")


def main() -> int:
    """Build, and check if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="install, start, look at and remove what was built")
    parser.add_argument("--only-check", action="store_true", help="check what was built before")
    options = parser.parse_args()
    if not options.only_check:
        build()
    if options.check or options.only_check:
        return check()
    return 0


def build() -> None:
    """All steps up to the packages."""
    OUT.mkdir(exist_ok=True)
    step("environment", prepare_environment)
    step("icons, manual, components", prepare_files)
    step("one folder, two programs", freeze)
    step("packages", pack)
    step("checkers", inspect)


def step(title: str, action) -> None:
    print(f"== {title}", flush=True)
    action()


def release_date() -> str:
    """The day of the newest release, which has to be the version built."""
    newest = next(ET.parse(METAINFO).getroot().iter("release"))
    if newest.attrib["version"] != __version__:
        sys.exit(f"{METAINFO.name} says nothing about version {__version__}")
    return newest.attrib["date"]


def build_python() -> str:
    return str(WORK / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def prepare_environment() -> None:
    """`build/venv`, made again whenever what goes into it changed."""
    from sbom import project_requirements

    lock, pins = lock_file(), ROOT / "packaging" / "constraints.txt"
    wanted = hashlib.sha256()
    for path in (lock, pins, ROOT / "pyproject.toml"):
        wanted.update(path.read_bytes() if path.exists() else b"")
    stamp = WORK / "venv" / "stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted.hexdigest():
        return
    shutil.rmtree(WORK / "venv", ignore_errors=True)
    run(sys.executable, "-m", "venv", str(WORK / "venv"))
    pip = (build_python(), "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    if lock.exists():
        builders = [line for line in lines_of(lock, SHIPPED) if plain(line.partition("==")[0]) in BUILDERS]
        for name, lines in (("builders.txt", builders), ("files.txt", lines_of(lock, SHIPPED))):
            (WORK / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
            run(*pip, "--no-deps", "--require-hashes", "--no-build-isolation", "-r", str(WORK / name))
    else:
        print(f"No pinned hashes for this platform ({lock.name}): versions are pinned, files are not.", flush=True)
        run(*pip, "-c", str(pins), *project_requirements(list(EXTRAS)), FREEZER)
    stamp.write_text(wanted.hexdigest(), encoding="utf-8")


def prepare_files() -> None:
    """What goes into the bundle and the packages beside the program."""
    shutil.rmtree(PREPARED, ignore_errors=True)
    PREPARED.mkdir(parents=True)
    own = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    tools = ROOT / "packaging"
    run(build_python(), str(tools / "frozen" / "pictures.py"), str(PREPARED), environment=own)
    run(
        build_python(), str(tools / "frozen" / "manual.py"), str(PREPARED), __version__, release_date(), environment=own
    )
    run(build_python(), str(tools / "sbom.py"), str(PREPARED / "reserves.cdx.json"), *EXTRAS)
    record = {"version": __version__, "source": source_sha256(ROOT / "reserves_gui")}
    (PREPARED / RECORDED).write_text(json.dumps(record) + "\n", encoding="utf-8")


def freeze() -> None:
    """The folder `build/frozen/reserves`."""
    shutil.rmtree(bundle(), ignore_errors=True)
    own = {"RESERVES_PREPARED": str(PREPARED), "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"}
    spec = str(ROOT / "packaging" / "frozen" / "reserves.spec")
    folders = ("--distpath", str(WORK / "frozen"), "--workpath", str(WORK / "freezing"))
    run(build_python(), "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *folders, spec, environment=own)
    if sys.platform == "linux" and shutil.which("strip"):
        strip()
    size = sum(path.stat().st_size for path in bundle().rglob("*") if path.is_file() and not path.is_symlink())
    print(f"{size // 2**20} MiB in {bundle().relative_to(ROOT)}")


def bundle() -> Path:
    return WORK / "frozen" / "reserves"


def strip() -> None:
    """Take debugging symbols out. Libraries that were rewritten after linking (`*.libs`) would break and stay."""
    for path in sorted(bundle().rglob("*.so*")):
        if (
            path.is_file()
            and not path.is_symlink()
            and ".libs" not in str(path.parent.name)
            and "PySide6" not in path.parts
        ):
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=False, stderr=subprocess.DEVNULL)


def pack() -> None:
    """The packages of this system."""
    release_date()
    if sys.platform == "linux":
        print(pack_archive().relative_to(ROOT))
        if shutil.which("dpkg-deb"):
            print(make_deb(bundle(), PREPARED, WORK, OUT, __version__, release_date()).relative_to(ROOT))
        else:
            print("No .deb: dpkg-deb is not installed.")
    elif sys.platform == "win32":
        compiler = shutil.which("makensis")
        if compiler is None:
            sys.exit("The Windows installer needs NSIS.")
        run(
            compiler,
            f"/DVERSION={__version__}",
            f"/DBUNDLE={bundle()}",
            f"/DOUT={OUT}",
            str(ROOT / "packaging/windows/reserves.nsi"),
        )
    elif sys.platform == "darwin":
        run(
            "sh",
            str(ROOT / "packaging/macos/make_dmg.sh"),
            str(WORK / "frozen" / "Reserves.app"),
            str(OUT),
            __version__,
        )
    shutil.copyfile(PREPARED / "reserves.cdx.json", OUT / f"reserves-{__version__}.cdx.json")


def pack_archive() -> Path:
    """`reserves-VERSION-PLATFORM.tar.xz`: the same bundle gives the same bytes."""
    target = OUT / f"reserves-{__version__}-{sysconfig.get_platform()}.tar.xz"

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = 0
        return member

    with tarfile.open(target, "w:xz", preset=6) as archive:
        for path in [bundle(), *sorted(bundle().rglob("*"))]:
            archive.add(path, f"reserves-{__version__}/{path.relative_to(bundle())}", recursive=False, filter=plain)
    return target


def inspect() -> None:
    """Hand the results to the checkers that are installed; a complaint ends the run, a missing one is said."""
    linux = ROOT / "packaging" / "linux"
    checks = [
        ("desktop-file-validate", str(linux / "reserves.desktop")),
        ("appstreamcli", "validate", "--no-net", str(METAINFO)),
        ("xmllint", "--noout", str(linux / "reserves-mime.xml")),
    ]
    checks += [
        ("lintian", "--fail-on", "error,warning", "--tag-display-limit", "0", str(path)) for path in OUT.glob("*.deb")
    ]
    if sys.platform != "win32" and (compiler := shutil.which("makensis")):
        # Whether the script holds: over a few files, since these programs are not for Windows anyway.
        script = str(ROOT / "packaging" / "windows" / "reserves.nsi")
        given = {"VERSION": __version__, "BUNDLE": PREPARED, "OUT": WORK, "PREPARED": PREPARED}
        checks.append((compiler, "-V2", *(f"-D{name}={value}" for name, value in given.items()), script))
    for name, *arguments in checks:
        if shutil.which(name) is None:
            print(f"{Path(name).name}: not installed, not checked")
            continue
        run(name, *arguments)
        print(f"{Path(name).name}: ok")


def check() -> int:
    """The tests that need the packages: they are no part of the usual run, which has none."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-m", "package", "tests/packaging"]
    return subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode


def run(*command: str, environment: dict[str, str] | None = None) -> None:
    """Run a program that has to work."""
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode
    if code:
        sys.exit(f"{' '.join(command[:4])} … ended with {code}")


if __name__ == "__main__":
    sys.exit(main())
