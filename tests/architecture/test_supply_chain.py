"""What is installed is pinned: every package has a version, and every file a hash, on each of the usual systems."""

import hashlib
import json
import platform
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "packaging" / "constraints.txt"
LOCKED = runpy.run_path(str(ROOT / "packaging" / "locked.py"))
LOCKS = sorted((ROOT / "packaging" / "locks").glob("*.txt"))
_LOCKED = re.compile(r"([A-Za-z0-9._-]+)==([^ ]+) --hash=sha256:([0-9a-f]{64})")


SYSTEMS = ("linux-x86-64", "linux-aarch64", "macos-arm64", "macos-x86-64", "windows-amd64")
WITHOUT_ZK = {f"linux-aarch64-cp{python}" for python in ("311", "312", "313")}


class _Version(NamedTuple):
    major: int
    minor: int
    micro: int


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _names(requirements: list[str]) -> set[str]:
    return {_plain(re.split(r"[<>=\[]", line)[0]) for line in requirements}


def _locked(lock: Path, part: str | None = None) -> dict[str, str]:
    matches = [_LOCKED.fullmatch(line) for line in LOCKED["lines_of"](lock, part)]
    assert matches
    assert all(matches)
    return {_plain(match[1]): match[2] for match in matches if match}


def _pinned() -> dict[str, str]:
    lines = PINS.read_text(encoding="utf-8").splitlines()
    return {_plain(line.partition("==")[0]): line.partition("==")[2] for line in lines if "==" in line}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_holds_the_pinned_versions_and_everything_the_project_asks_for(lock: Path) -> None:
    shipped, every = _locked(lock, LOCKED["SHIPPED"]), _locked(lock)
    pinned = _pinned()
    assert {name: version for name, version in every.items() if pinned.get(name, version) != version} == {}
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = table["optional-dependencies"]
    # Groth16 goes without mclbn256 where nobody built it: slower, with the same verdicts.
    fast = [] if lock.stem in WITHOUT_ZK else extras["zk"]
    names = _names([*table["dependencies"], *extras["postgres"], *fast, "pyinstaller"])
    assert names - shipped.keys() == set()
    assert names - pinned.keys() == set()
    assert _names([*extras["dev"], *extras["fast"], *extras["cluster"], "merkletools"]) - every.keys() == set()


def test_every_usual_system_has_its_list() -> None:
    wanted = {f"{system}-cp{python}" for system in SYSTEMS for python in ("311", "312", "313")}
    assert wanted == {lock.stem for lock in LOCKS}


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "linux-x86-64"),
        ("linux", "aarch64", "linux-aarch64"),
        ("darwin", "arm64", "macos-arm64"),
        ("darwin", "x86_64", "macos-x86-64"),
        ("win32", "AMD64", "windows-amd64"),
    ],
)
def test_each_machine_finds_its_own_list(system: str, machine: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(sys, "version_info", _Version(3, 12, 4))
    assert LOCKED["lock_file"]().stem == f"{name}-cp312"
    assert name in SYSTEMS
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert LOCKED["lock_file"]().exists() == (system != "linux")


def test_a_file_that_is_not_on_the_list_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very call of the set-up, with one hash changed."""
    wheel = tmp_path / "northsea-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("northsea-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: northsea\nVersion: 1\n")
        archive.writestr("northsea-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("northsea-1.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    dev = runpy.run_path(str(ROOT / "packaging" / "dev.py"))
    asked: list[tuple[str, ...]] = []
    dev["install_locked"].__globals__["must"] = lambda *command: asked.append(command)
    lock = tmp_path / "lock.txt"
    lock.write_text(f"northsea==1 --hash=sha256:{digest}\n", encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--quiet", "install", "--no-index", "--find-links", str(tmp_path))
    dev["install_locked"]((*pip, "--target", str(tmp_path / "installed")), lock)
    call = next(command for command in asked if str(lock) in command)
    codes = [subprocess.run(call, capture_output=True, timeout=120, check=False).returncode]
    lock.write_text(f"northsea==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    codes.append(subprocess.run(call, capture_output=True, timeout=120, check=False).returncode)
    assert codes == [0, 1]


def test_the_list_of_parts_is_complete_and_the_same_each_time(tmp_path: Path) -> None:
    made = []
    for name in ("one.json", "two.json"):
        out = tmp_path / name
        command = [sys.executable, str(ROOT / "packaging" / "sbom.py"), str(out)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        made.append(out.read_bytes())
    assert made[0] == made[1]
    bill = json.loads(made[0])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    parts = {part["bom-ref"]: part for part in bill["components"]}
    assert all(part.get("licenses") and part["version"] for part in parts.values())
    own = bill["metadata"]["component"]["bom-ref"]
    for entry in bill["dependencies"]:
        assert entry["ref"] in {own, *parts}
        assert set(entry["dependsOn"]) <= parts.keys()
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(bill["dependencies"][0]["dependsOn"]) == len(table["dependencies"])


def test_the_metadata_names_the_version() -> None:
    freeze = runpy.run_path(str(ROOT / "packaging" / "freeze.py"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", freeze["release_date"]())


def test_an_environment_of_another_python_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    same = runpy.run_path(str(ROOT / "packaging" / "dev.py"))["same_python"]
    same.__globals__["VENV"] = tmp_path
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    for version, answer in ((f"{own}.99", True), ("3.9.18", False), (f"{own}1.0", False)):
        text = f"home = /somewhere\nversion = {version}\nexecutable = /somewhere/python\n"
        (tmp_path / "pyvenv.cfg").write_text(text, encoding="utf-8")
        assert same() == answer
