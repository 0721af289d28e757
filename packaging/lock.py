"""Writes `packaging/locks/PLATFORM.txt`: exact versions and file hashes of what goes into the bundle here.

    python packaging/lock.py

Asks pip itself what it would install under `packaging/constraints.txt`, so the hashes are those of the very files that
this platform gets. Run it after `dev.py pin`; the packages built from then on contain these files or nothing.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))
from freeze import EXTRAS, FREEZER, lock_file  # noqa: E402 - found only with the line above
from sbom import project_requirements  # noqa: E402


def main() -> int:
    """Write the list for this platform."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pins = str(ROOT / "packaging" / "constraints.txt")
        asked = [*project_requirements(list(EXTRAS)), FREEZER]
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run(
            [*pip, "--dry-run", "--ignore-installed", "--report", str(report), "-c", pins, *asked], check=True
        )
        text = listed(json.loads(report.read_text(encoding="utf-8")))
    target = lock_file()
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {text.count('==')} files")
    return 0


def listed(report: dict) -> str:
    """pip's report as a requirements file with hashes, one package a line."""
    lines = []
    for entry in report["install"]:
        name, version = entry["metadata"]["name"], entry["metadata"]["version"]
        digest = entry["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{name}=={version} --hash=sha256:{digest}")
    return "# Written by packaging/lock.py.\n" + "\n".join(sorted(lines, key=str.casefold)) + "\n"


if __name__ == "__main__":
    sys.exit(main())
