"""What is shipped is pinned: every run-time package has a version, and every file for this platform a hash."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "packaging" / "constraints.txt"
LOCKS = sorted((ROOT / "packaging" / "locks").glob("*.txt"))
_LOCKED = re.compile(r"([A-Za-z0-9._-]+)==([^ ]+) --hash=sha256:([0-9a-f]{64})")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned() -> dict[str, str]:
    lines = PINS.read_text(encoding="utf-8").splitlines()
    return {_plain(line.partition("==")[0]): line.partition("==")[2] for line in lines if "==" in line}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_holds_the_pinned_versions_and_everything_the_project_asks_for(lock: Path) -> None:
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    matches = [_LOCKED.fullmatch(line) for line in lines]
    assert all(matches)
    locked = {_plain(match[1]): match[2] for match in matches if match}
    pinned = _pinned()
    assert {name: version for name, version in locked.items() if pinned.get(name, version) != version} == {}
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*table["dependencies"], *table["optional-dependencies"]["zk"], "pyinstaller"]
    names = {_plain(re.split(r"[<>=\[]", line)[0]) for line in asked}
    assert names - locked.keys() == set()
    assert names - pinned.keys() == set()


def test_there_is_a_lock() -> None:
    assert LOCKS


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
